"""Edits by hand: what is decided for one film, its versions, and the parts of a film that they name."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.caption_schemas import CaptionsOut, SavedWishes, WaveformOut, Wishes
from api.dependencies import ActingAgency, IdempotencyKey, UseCases
from api.edit_schemas import CorrectedCaptions, EditsDiff, EditsList, EditsNow, EditsOut, NewEdits
from api.paging import Cursor, Limit, page_of
from api.turns import OneTurn
from editing.decision_list import DecisionList

Number = Annotated[int, Path(ge=1, le=10**6, description="The version's number.")]
Compared = Annotated[int | None, Query(ge=0, le=10**6)]

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Edits"])


@router.get("/projects/{project_id}/edits", operation_id="getEdits", summary="What is decided by hand")
def read_edits(project_id: str, service: UseCases, agency: ActingAgency) -> EditsNow:
    """The newest version, with what of it does not hold with the footage of now; version 0 before there is any."""
    return EditsNow.seen(project_id, service.edits.version(project_id, agency_id=agency))


@router.post("/projects/{project_id}/edits", status_code=201, operation_id="saveEdits", summary="Decide by hand")
def save_edits(
    project_id: str, body: NewEdits, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None
) -> EditsNow:
    """All edits of the film, as its next version; the storyboard stays as it is.

    New films are made with the newest; one in review by asking for changes. 422 for a new edit that cannot hold, such
    as a cut inside a word or other words of the Promise; 409 when `based_on` is not the newest version any more.
    """
    saved = service.edits.save(
        project_id,
        body.edits,
        author=body.author,
        note=body.note,
        based_on=body.based_on,
        agency_id=agency,
        idempotency_key=key,
    )
    return EditsNow.seen(project_id, saved)


@router.get("/projects/{project_id}/edits/versions", operation_id="listEdits", summary="All versions of the edits")
def list_edits(
    project_id: str, service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50
) -> EditsList:
    """Newest first."""
    page, following = page_of(service.edits.versions(project_id, agency_id=agency), cursor, limit)
    return EditsList(items=[EditsOut.of(version) for version in page], next=following)


@router.get(
    "/projects/{project_id}/edits/versions/{number}", operation_id="getEditsVersion", summary="One version of the edits"
)
def read_version(project_id: str, number: Number, service: UseCases, agency: ActingAgency) -> EditsNow:
    """Who saved it, when and why."""
    return EditsNow.seen(project_id, service.edits.version(project_id, number, agency_id=agency))


@router.get("/projects/{project_id}/edits/diff", operation_id="diffEdits", summary="What was decided anew, in words")
def read_diff(
    project_id: str, service: UseCases, agency: ActingAgency, old: Compared = None, new: Compared = None
) -> EditsDiff:
    """Between two versions; by default between the newest and the one before it. Version 0 has no edits."""
    before, after, changes = service.edits.differences(project_id, old, new, agency_id=agency)
    return EditsDiff(old=before, new=after, changes=list(changes))


@router.get("/jobs/{job_id}/decisions", operation_id="listDecisions", summary="A film's parts as edits name them")
def read_decisions(job_id: str, service: UseCases, agency: ActingAgency) -> DecisionList:
    """Beats with their cuts, cards, speakers and captions of the film as it was planned last; 409 before it is."""
    return service.cuts.listed(job_id, agency_id=agency)


@router.get("/jobs/{job_id}/captions", operation_id="listCaptions", summary="A film's captions and their limits")
def read_captions(job_id: str, service: UseCases, agency: ActingAgency) -> CaptionsOut:
    """With times, speakers and the pieces of the film they stand in, as it was planned last; 409 before it is."""
    return CaptionsOut.of(service.cuts.captions(job_id, agency_id=agency))


@router.post(
    "/jobs/{job_id}/captions/corrections", status_code=201, operation_id="correctCaptions", summary="Correct captions"
)
def correct_captions(
    job_id: str, body: CorrectedCaptions, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None
) -> EditsNow:
    """Captions of a film in review by their numbers, saved as the project's next edits; ask for changes to see them.

    409 when the film was planned again or other edits were saved since.
    """
    saved = service.cuts.correct_captions(
        job_id,
        {one.number: one.words for one in body.captions},
        body.reader,
        agency_id=agency,
        idempotency_key=key,
    )
    return EditsNow.seen(saved.version.project_id, saved)


@router.post("/jobs/{job_id}/captions/trial", operation_id="tryCaptions", summary="Try how captions would be")
def try_captions(job_id: str, body: Wishes, service: UseCases, agency: ActingAgency) -> CaptionsOut:
    """All captions of the film as these wishes would have them; nothing is saved.

    A wish that a rule of captions forbids changes nothing, and `refused` says which.
    """
    return CaptionsOut.of(service.cuts.captions_as(job_id, [one.wanted for one in body.captions], agency_id=agency))


@router.post("/jobs/{job_id}/captions/made", status_code=201, operation_id="makeCaptions", summary="Save captions")
def make_captions(
    job_id: str, body: SavedWishes, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None
) -> EditsNow:
    """How captions of a film in review read, are split, merged and timed, and who speaks: the project's next edits.

    422 for a wish that a rule of captions forbids; 409 when the film was planned again or other edits were saved since.
    """
    saved = service.cuts.save_captions(
        job_id,
        [one.wanted for one in body.captions],
        body.speakers,
        body.reader,
        agency_id=agency,
        idempotency_key=key,
    )
    return EditsNow.seen(saved.version.project_id, saved)


@router.get("/jobs/{job_id}/waveform", operation_id="getWaveform", summary="A film's speech for drawing")
def read_waveform(job_id: str, service: UseCases, agency: ActingAgency) -> WaveformOut:
    """Peaks of what is said, put together from those of its clips; 409 before the film is planned."""
    rate, peaks = service.cuts.waveform(job_id, agency_id=agency)
    return WaveformOut(rate=rate, peaks=peaks)
