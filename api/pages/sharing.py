"""The pages of share links: where an agency makes and revokes them, and what whoever has one sees."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.dependencies import UseCases
from api.limits import SHARED_ADDRESS, address_of, limits_of
from api.pages import words
from api.pages.guard import SignedIn, page
from api.pages.player import shared_player
from kit.errors import Conflict, Gone, InputRefused, NotFound
from pipeline.service import Service
from pipeline.shares import DEFAULT_DAYS, MOST_DAYS

TEXTS = {"captions.vtt": "text/vtt", "descriptions.vtt": "text/vtt", "transcript.txt": "text/plain"}
PRIVATE = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
"""What every answer about a shared film says beside."""

router = APIRouter()


def within_limits(request: Request) -> None:
    """Count requests of each address: nobody is to guess tokens, or to fetch films without end."""
    limits_of(request).spend(SHARED_ADDRESS, address_of(request))


Limited = Depends(within_limits)


@router.get("/s/{token}", dependencies=[Limited])
def shared_film(token: str, service: UseCases) -> Response:
    """The film of a link, to watch and to keep; 410 in plain words once the link holds no more."""
    try:
        shown = service.shares.show(token)
    except (Gone, NotFound) as error:
        return _closed(error)
    return _private(
        page(
            "shared.html",
            shown=shown,
            player=shared_player(f"/s/{token}", shown),
            here=f"/s/{token}",
            until=words.day(shown.until),
            size=words.size_of(shown.size),
        )
    )


@router.get("/s/{token}/film", dependencies=[Limited])
def save_shared_film(token: str, service: UseCases) -> Response:
    """Lead on to a link that saves the film."""
    try:
        return RedirectResponse(service.shares.download(token), 302, PRIVATE)
    except (Gone, NotFound) as error:
        return _closed(error)


@router.get("/s/{token}/text/{name}", dependencies=[Limited])
def read_shared_text(token: str, name: str, service: UseCases) -> Response:
    """Captions, descriptions and transcript from our own origin, where a player may load them."""
    try:
        if name not in TEXTS:
            raise NotFound("There is no such file.")
        return Response(service.shares.text(token, name), media_type=TEXTS[name], headers=PRIVATE)
    except (Gone, NotFound) as error:
        return _closed(error)


@router.get("/agencies/{agency_id}/jobs/{job_id}/sharing", dependencies=[SignedIn])
def sharing_page(agency_id: str, job_id: str, service: UseCases) -> Response:
    """How a film is shared, and who had it."""
    return _sharing(service, agency_id, job_id)


@router.post("/agencies/{agency_id}/jobs/{job_id}/sharing", dependencies=[SignedIn])
def make_link(agency_id: str, job_id: str, service: UseCases, days: Annotated[int, Form()] = DEFAULT_DAYS) -> Response:
    """Make a link and show its address, this once."""
    try:
        _, token = service.shares.make(job_id, days, agency_id=agency_id)
    except (InputRefused, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _sharing(service, agency_id, job_id, status=status, error=str(error))
    return _sharing(service, agency_id, job_id, made=service.shares.address_of(token))


@router.post("/agencies/{agency_id}/share-links/{link_id}/revoke", dependencies=[SignedIn])
def revoke_link(agency_id: str, link_id: str, service: UseCases) -> Response:
    """Let nobody in by a link any more."""
    link = service.shares.revoke(link_id, agency_id=agency_id)
    return RedirectResponse(f"/agencies/{agency_id}/jobs/{link.job_id}/sharing", 303)


def _sharing(
    service: Service,
    agency_id: str,
    job_id: str,
    *,
    made: str = "",
    status: int = 200,
    error: str | None = None,
) -> Response:
    now = service.shares.now()
    links = service.shares.of_job(job_id, agency_id=agency_id)
    return page(
        "sharing.html",
        status=status,
        signed_in=True,
        error=error,
        agency=service.read_agency(agency_id),
        here=f"/agencies/{agency_id}/jobs/{job_id}",
        made=made,
        default=DEFAULT_DAYS,
        most=MOST_DAYS,
        links=[(link, link.state(now)) for link in links],
        receipts=service.shares.receipts(job_id, agency_id=agency_id)[:200],
        day=words.day,
        minute=words.minute,
        stamp=words.stamp,
        times=_times,
    )


def _closed(error: Gone | NotFound) -> Response:
    gone = isinstance(error, Gone)
    title = "This link does not lead to the film any more" if gone else "There is no such link"
    return _private(page("shared_closed.html", status=410 if gone else 404, title=title, why=str(error)))


def _private(answer: HTMLResponse) -> HTMLResponse:
    answer.headers.update(PRIVATE)
    return answer


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
