"""The page of those who correct captions: all of a film's, beside the film."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.dependencies import Caller, UseCases
from api.pages.guard import SignedIn, page, to_public_name
from api.pages.player import player
from pipeline.jobs import JobState

router = APIRouter(dependencies=[SignedIn])


@router.get("/agencies/{agency_id}/jobs/{job_id}/captions")
def captions_page(request: Request, agency_id: str, job_id: str, service: UseCases, caller: Caller) -> Response:
    """The captions of a film in review, to be corrected all at once."""
    job = service.job_view(job_id, agency_id=agency_id).job
    agency = service.read_agency(agency_id).profile.name
    in_review = job.state is JobState.IN_REVIEW
    package = next(iter(service.packages.of_job(job_id, agency_id=agency_id)), None) if in_review else None
    names = {file.name for file in package.files} if package and not package.expired_at else set()
    here = f"/agencies/{agency_id}/jobs/{job_id}"
    return to_public_name(request) or page(
        "captions.html",
        signed_in=True,
        agency=agency,
        job=job,
        here=here,
        in_review=in_review,
        editor={"agency": agency_id, "job": job_id, "author": caller.name, "player": player(here, agency, names)},
    )
