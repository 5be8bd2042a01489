"""A film cut by hand: its parts on a timeline, what edits would make of it, and making it."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.cut_schemas import CutOut, TrialOut, WantedCard, WantedCut, WantedFilm
from api.dependencies import ActingAgency, IdempotencyKey, UseCases
from api.limits import SKETCHES, limited
from api.routes.sketches import JPEG, Drawn
from api.schemas import JobOut
from api.turns import OneTurn

router = APIRouter(prefix="/v1/jobs/{job_id}", route_class=OneTurn, tags=["Edits"])


@router.get("/cut", operation_id="getCut", summary="A film on a timeline")
def read_cut(job_id: str, service: UseCases, agency: ActingAgency) -> CutOut:
    """Its beats, cards and names as they were planned last, and all that it may be cut of; 409 before it is planned."""
    return CutOut.of(service.trials.cut(job_id, agency_id=agency))


@router.post(
    "/cut/trial", dependencies=[Depends(limited(SKETCHES))], operation_id="tryCut", summary="What edits would make"
)
def try_cut(job_id: str, body: WantedCut, service: UseCases, agency: ActingAgency) -> TrialOut:
    """The film as these edits would have it, which of its pieces are made again, and how long that takes.

    Nothing is saved and nothing is made. What lies in storage already is not made again; times are those that the
    newest steps of such films took, else scaled from films of another size, null before there were any. 422 when the
    edits make no film.
    """
    return TrialOut.of(service.trials.attempt(job_id, body.edits, agency_id=agency))


@router.post(
    "/cut/card",
    dependencies=[Depends(limited(SKETCHES))],
    operation_id="drawCard",
    summary="A card with other words as a picture",
    response_class=Response,
    response_description="The picture",
    responses={200: {"content": {JPEG: {}}}},
)
def draw_card(job_id: str, body: WantedCard, service: UseCases, agency: ActingAgency, sketches: Drawn) -> Response:
    """By the renderer that makes films, 960x540; 422 when the words do not fit on it."""
    picture = service.trials.card(job_id, body.card, body.nth, body.lines, sketches, agency_id=agency)
    return Response(picture, media_type=JPEG)


@router.post("/cut/film", operation_id="makeCut", summary="Make a film, or its preview, with edits")
def make_cut(
    job_id: str, body: WantedFilm, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None
) -> JobOut:
    """The film of this storyboard that is in review is planned again; else another job is made alike.

    409 while such a film is under way.
    """
    job = service.trials.make(
        job_id, preview=body.preview, edits_version=body.edits_version, agency_id=agency, idempotency_key=key
    )
    return JobOut.of(service.job_view(job.id, agency_id=agency))
