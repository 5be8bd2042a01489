"""The page of those who cut a film by hand: its timeline, its parts, and what changing them makes again."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.dependencies import Caller, UseCases
from api.pages.guard import SignedIn, page, to_public_name
from api.pages.player import player
from editing.decision_list import DecisionList
from kit.errors import Conflict, Gone, NotFound
from kit.timing import clock
from pipeline.jobs import GIVEN, JobState
from pipeline.service import Service

router = APIRouter(dependencies=[SignedIn])


@router.get("/agencies/{agency_id}/jobs/{job_id}/cut")
def cut_page(request: Request, agency_id: str, job_id: str, service: UseCases, caller: Caller) -> Response:
    """A film on a timeline, as a list for those without script."""
    job = service.job_view(job_id, agency_id=agency_id).job
    agency = service.read_agency(agency_id).profile.name
    made = job.state is JobState.IN_REVIEW or job.state in GIVEN
    package = next(iter(service.packages.of_job(job_id, agency_id=agency_id)), None) if made else None
    names = {file.name for file in package.files} if package and not package.expired_at else set()
    here = f"/agencies/{agency_id}/jobs/{job_id}"
    told = _listed(service, agency_id, job_id)
    return to_public_name(request) or page(
        "cut.html",
        signed_in=True,
        agency=agency,
        job=job,
        here=here,
        told=told,
        parts=sorted((*told.beats, *told.cards), key=lambda one: one.at) if told else (),
        moment=lambda frame: clock(frame / 30),
        desk={"agency": agency_id, "job": job_id, "author": caller.name, "player": player(here, agency, names)},
    )


def _listed(service: Service, agency_id: str, job_id: str) -> DecisionList | None:
    """The parts of a film; None of one that is not planned, or whose plan is not kept any more."""
    try:
        return service.cuts.listed(job_id, agency_id=agency_id)
    except (NotFound, Conflict, Gone):
        return None
