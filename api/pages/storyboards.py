"""The pages of those who write storyboards: which there are, and the editor of one."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.board_words import span
from api.dependencies import Caller, UseCases
from api.pages.guard import SignedIn, page
from api.security import only
from pipeline.people import Role
from pipeline.service import Service
from pipeline.versions import Version

EDITORS = Depends(only(Role.EDITOR, Role.ADMINISTRATOR))
MOST_TRIES = 50
"""Projects on which a storyboard may be tried from its page, the newest."""

Number = Annotated[int | None, Query(ge=1, le=10**6)]

router = APIRouter(dependencies=[SignedIn, EDITORS])


@router.get("/storyboards")
def storyboards_page(service: UseCases) -> Response:
    """The newest version of every storyboard."""
    return page("storyboards.html", signed_in=True, storyboards=service.storyboards.newest(), ago=ago)


@router.get("/storyboards/{storyboard_id}/edit")
def editor_page(
    storyboard_id: str,
    service: UseCases,
    caller: Caller,
    version: Number = None,
) -> Response:
    """A storyboard's text beside its beats, its versions, and what a change would look like."""
    versions = service.storyboards.versions(storyboard_id)
    opened = service.storyboards.version(storyboard_id, version)
    return page(
        "storyboard.html",
        signed_in=True,
        opened=opened,
        newest=versions[0],
        versions=versions,
        ago=ago,
        editor={
            "storyboard": storyboard_id,
            "text": opened.text,
            "opened": opened.number,
            "newest": versions[0].number,
            "author": caller.name,
            "tries": _tries(service),
        },
    )


@router.get("/storyboards/{storyboard_id}/changes")
def changes_page(storyboard_id: str, service: UseCases, old: Number = None, new: Number = None) -> Response:
    """What changed between two versions; by default between the newest and the one before it."""
    before, after, changes = service.storyboards.differences(storyboard_id, old, new)
    return page(
        "storyboard_changes.html",
        signed_in=True,
        before=before,
        after=after,
        changes=changes,
        versions=service.storyboards.versions(storyboard_id),
        ago=ago,
    )


def ago(version: Version) -> str:
    """How long ago a version was saved."""
    return span(time.time() - version.created_at)


def _tries(service: Service) -> list[dict[str, str]]:
    """Projects with footage, on which a storyboard may be tried, the newest first."""
    lines = [line for line in service.board.lines() if line.job_id or (line.clips and not line.clips_open)]
    named = {line.project_id: line for line in lines}
    newest = sorted(named.values(), key=lambda line: line.project_id, reverse=True)[:MOST_TRIES]
    return [
        {"agency": line.agency_id, "project": line.project_id, "label": f"{line.agency}: {line.project}"}
        for line in newest
    ]
