"""The page of the board, on which those who look after many films see what waits for whom."""

import time
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.board_schemas import Move, waits_of
from api.board_words import STAGES, span, standing
from api.dependencies import Caller, SeenAgency, UseCases
from api.pages.guard import SignedIn, page, to_public_name
from pipeline.board import Line, Poster, Stage, Waits, chosen, move_of, stage_of, waits_for
from pipeline.people import Role
from pipeline.service import Service

LINES_A_PAGE = 24
TONES = {Stage.FAILED: "bad", Stage.REVIEW: "warn", Stage.APPROVED: "good", Stage.DELIVERED: "good"}

router = APIRouter()

Wanted = Annotated[str, Query(pattern=f"^({'|'.join(Stage)})?$", max_length=16)]
Whose = Move | Literal[""]
Numbered = Annotated[int, Query(alias="page", ge=1, le=10**6)]


@router.get("/board", dependencies=[SignedIn])
def board_page(
    request: Request,
    service: UseCases,
    caller: Caller,
    agency: SeenAgency,
    stage: Wanted = "",
    waits: Whose = "",
    number: Numbered = 1,
) -> Response:
    """Every film and project that one may see, what needs attention first."""
    own = caller.role is Role.MEMBER
    lines = chosen(service.board.lines(agency), Stage(stage) if stage else None, None)
    counts = {whose: sum(waits_for(line) is whose for line in lines) for whose in Waits}
    wanted = chosen(lines, None, waits_of(waits or None, caller))
    last = max(-(-len(wanted) // LINES_A_PAGE), 1)
    number = min(number, last)
    shown = wanted[(number - 1) * LINES_A_PAGE : number * LINES_A_PAGE]
    posters = service.board.posters(shown)
    now = time.time()

    def here(**changed: object) -> str:
        """This page with another filter or number."""
        query = {"stage": stage, "agency": "" if own else agency or "", "waits": waits, **changed}
        filled = urlencode({name: value for name, value in query.items() if value})
        return f"/board?{filled}" if filled else "/board"

    return to_public_name(request) or page(
        "board.html",
        signed_in=True,
        own=own,
        lines=shown,
        total=len(wanted),
        tabs=_tabs(counts, move_of(caller), len(lines), own=own),
        stages=STAGES,
        agencies=[] if own else service.list_agencies(),
        titles={one.storyboard: one.title for one in service.storyboards.newest()},
        chosen={"stage": stage, "agency": agency, "waits": _same(waits, move_of(caller))},
        number=number,
        last=last,
        here=here,
        address_of=address_of,
        picture_of=lambda line: picture_of(line, posters[line.id]) if line.id in posters else "",
        standing=lambda line: standing(line, now, own=own),
        age=lambda line: span(now - line.created_at),
        stage_of=stage_of,
        calls=lambda line: waits_for(line) is move_of(caller),
        tone=lambda line: "" if line.superseded else TONES.get(stage_of(line), ""),
    )


def pictures_of(service: Service, agency_id: str | None = None) -> dict[str, str]:
    """Where the picture of each film lies, and of each project without one, by their ids; some have none."""
    lines = service.board.lines(agency_id)
    posters = service.board.posters(lines)
    return {line.id: picture_of(line, posters[line.id]) for line in lines if line.id in posters}


def address_of(line: Line) -> str:
    """The page on which a line goes on: of its film, or of its footage."""
    if line.job_id:
        return f"/agencies/{line.agency_id}/jobs/{line.job_id}"
    return f"/agencies/{line.agency_id}/projects/{line.project_id}"


def picture_of(line: Line, poster: Poster) -> str:
    """Where a line's picture lies."""
    if poster.clip_id is None:
        return f"{address_of(line)}/files/poster.jpg"
    return f"/v1/clips/{poster.clip_id}/renditions/poster.jpg?agency={line.agency_id}&of={poster.digest[:16]}"


def _same(waits: str, mine: Waits) -> str:
    return str(mine) if waits == "me" else waits


def _tabs(counts: dict[Waits, int], mine: Waits, every: int, *, own: bool) -> list[tuple[str, str, int]]:
    """What one may choose to see: the filter's value, its words, and how many there are."""
    words = {
        Waits.AGENCY: "Waiting for agencies",
        Waits.HOUSE: "Waiting for us",
        Waits.SERVICE: "Under way",
        Waits.NOBODY: "Done",
        mine: "Waiting for you",
    }
    theirs = [whose for whose in Waits if whose is not mine]
    told = [whose for whose in theirs if not own or whose is not Waits.HOUSE or counts[whose]]
    return [("", "Everything", every), *((str(whose), words[whose], counts[whose]) for whose in (mine, *told))]
