"""The opening card of a department's film, drawn as its name is typed; whoever signs on may have no account yet."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import Response

from api.dependencies import UseCases
from api.limits import OPENING_ADDRESS, OPENINGS, address_of, limits_of
from api.pages.guard import SignedIn
from api.profile import profile_of
from api.sketch_schemas import EXAMPLE
from pipeline.sketching import Sketches

STORYBOARD = "promise"


def within_limits(request: Request) -> None:
    """Count who asks: drawing keeps a processor busy."""
    limits_of(request).spend(OPENING_ADDRESS, address_of(request))
    limits_of(request).spend(OPENINGS)


router = APIRouter()


def drawn(request: Request) -> Sketches:
    """The drawing board of those who have no account, so that they keep no editor waiting."""
    sketches: Sketches = request.app.state.openings
    return sketches


Board = Annotated[Sketches, Depends(drawn)]


@router.get("/opening-card")
def opening_card(
    request: Request, service: UseCases, sketches: Board, name: Annotated[str, Query(max_length=200)] = EXAMPLE
) -> Response:
    """A JPEG of 960x540; 422 says why a name cannot stand on a card, 429 comes of asking too often."""
    agency = profile_of(name)
    within_limits(request)
    picture = sketches.opening(service.storyboards.current(STORYBOARD), agency)
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@router.post("/opening-card", dependencies=[SignedIn])
def sealed_card(
    request: Request,
    service: UseCases,
    sketches: Board,
    seal: Annotated[UploadFile, File()],
    name: Annotated[str, Form(max_length=200)] = EXAMPLE,
) -> Response:
    """The same with a seal, which is not kept; 422 says why it cannot stand on a card."""
    agency = profile_of(name)
    within_limits(request)
    picture = seal.file.read()
    shown = agency.model_copy(update={"seal": service.seals.check(picture)})
    card = sketches.opening(service.storyboards.current(STORYBOARD), shown, picture)
    return Response(card, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
