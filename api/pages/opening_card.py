"""The opening card of a department's film, drawn as its name is typed; whoever signs on may have no account yet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.dependencies import UseCases
from api.limits import OPENING_ADDRESS, OPENINGS, address_of, limits_of
from api.profile import profile_of
from api.sketch_schemas import EXAMPLE
from pipeline.sketching import Sketches

STORYBOARD = "promise"

router = APIRouter()


def drawn(request: Request) -> Sketches:
    """The drawing board of those who have no account, so that they keep no editor waiting."""
    sketches: Sketches = request.app.state.openings
    return sketches


@router.get("/opening-card")
def opening_card(
    request: Request,
    service: UseCases,
    sketches: Annotated[Sketches, Depends(drawn)],
    name: Annotated[str, Query(max_length=200)] = EXAMPLE,
) -> Response:
    """A JPEG of 960x540; 422 says why a name cannot stand on a card, 429 comes of asking too often."""
    agency = profile_of(name)
    limits_of(request).spend(OPENING_ADDRESS, address_of(request))
    limits_of(request).spend(OPENINGS)
    picture = sketches.opening(service.storyboards.current(STORYBOARD), agency)
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})
