"""The page of the audit trail, on which administrators read who did what."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.dependencies import UseCases
from api.pages import words
from api.pages.guard import SignedIn, page
from api.security import only
from pipeline.people import LONGEST_EMAIL, About, Happened, Role

LINES_A_PAGE = 50
KINDS: dict[About, str] = {
    "job": "Films",
    "project": "Projects",
    "clip": "Clips",
    "upload": "Uploads",
    "comment": "Comments",
    "share link": "Share links",
    "webhook": "Webhooks",
    "storyboard": "Storyboards",
    "agency": "Agencies",
    "application": "Departments that asked to join",
    "person": "People",
    "key": "API keys",
    "admin token": "The admin token",
}
"""What lines are about, as one chooses it."""
TYPED = f"^({'|'.join(KINDS)})?$"
"""A filter that is left empty is sent, too."""

router = APIRouter()


@router.get("/audit", dependencies=[SignedIn, Depends(only(Role.ADMINISTRATOR))])
def trail_page(
    service: UseCases,
    agency: Annotated[str, Query(max_length=64)] = "",
    about: Annotated[str, Query(pattern=TYPED)] = "",
    who: Annotated[str, Query(max_length=LONGEST_EMAIL)] = "",
    before: Annotated[int | None, Query(ge=1, le=(1 << 63) - 1)] = None,
) -> Response:
    """Who did what to which object, newest first."""
    kind = next((one for one in KINDS if one == about), None)
    asked = {"agency": agency, "about": about, "who": who.strip()}
    lines = service.trail(
        before=before, agency_id=agency or None, about=kind, who=asked["who"] or None, limit=LINES_A_PAGE + 1
    )
    shown = lines[:LINES_A_PAGE]
    agencies = service.list_agencies()

    def here(**changed: object) -> str:
        """This page with another filter, or further back."""
        filled = urlencode({name: value for name, value in {**asked, **changed}.items() if value})
        return f"/audit?{filled}" if filled else "/audit"

    return page(
        "trail.html",
        signed_in=True,
        lines=shown,
        further=here(before=shown[-1].id) if len(lines) > len(shown) else "",
        back=before is not None,
        here=here,
        asked=asked,
        kinds=KINDS,
        agencies=agencies,
        names={one.id: one.profile.name for one in agencies},
        address_of=address_of,
        told=told,
        minute=words.minute,
    )


def address_of(line: Happened) -> str:
    """The page of what a line is about; nothing where it has none of its own."""
    if line.object_kind in ("job", "project") and line.agency_id:
        return f"/agencies/{line.agency_id}/{line.object_kind}s/{line.object_id}"
    return f"/storyboards/{line.object_id}/edit" if line.object_kind == "storyboard" else ""


def told(line: Happened) -> str:
    """What else a line tells, as one reads it."""
    answers = {"True": "yes", "False": "no", "None": "none"}
    return ", ".join(
        f"{name.replace('_', ' ')}: {answers.get(str(value), value)}" for name, value in line.details.items()
    )
