"""Storyboards that are not saved yet, seen: the film they would make, and its cards by the real renderer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.limits import SKETCHES, limited
from api.profile import profile_of
from api.security import only
from api.sketch_schemas import SketchOut, WantedPicture, WantedSketch
from api.turns import OneTurn
from pipeline.people import Role
from pipeline.sketching import Sketches
from storyboards.outline import outline

EDITORS = Depends(only(Role.EDITOR, Role.ADMINISTRATOR))
RATED = Depends(limited(SKETCHES, by_agency=False))
JPEG = "image/jpeg"


def sketches_of(request: Request) -> Sketches:
    """The app's drawing board, with what was drawn last."""
    sketches: Sketches = request.app.state.sketches
    return sketches


Drawn = Annotated[Sketches, Depends(sketches_of)]

router = APIRouter(
    prefix="/v1/storyboards/sketch", route_class=OneTurn, tags=["Storyboards"], dependencies=[EDITORS, RATED]
)


@router.post("", operation_id="sketchStoryboard", summary="See a storyboard without saving it")
def sketch_storyboard(body: WantedSketch, sketches: Drawn) -> SketchOut:
    """How long its film would be, its cards and names, and where its beats stand in the text; 422 as `check` tells."""
    found = sketches.sketch(body.text, profile_of(body.department))
    return SketchOut.of(found, outline(body.text))


@router.post(
    "/picture",
    operation_id="drawSketch",
    summary="A card or a name of it as a picture",
    response_class=Response,
    response_description="The picture",
    responses={200: {"content": {JPEG: {}}}},
)
def draw_sketch(body: WantedPicture, sketches: Drawn) -> Response:
    """By the renderer that makes films, 960x540; 404 when the text has no picture of this key."""
    picture = sketches.picture(body.text, profile_of(body.department), body.key)
    return Response(picture, media_type=JPEG)
