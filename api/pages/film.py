"""The page of one film: how far it is, its review, and what is delivered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi.responses import Response

from api.pages import words
from api.pages.guard import page
from api.pages.player import player
from api.pages.shelves import shelved
from delivery.delivery import OPEN_FILM
from editing.decision_list import ListedCaption
from kit.errors import Conflict, Gone, NotFound
from kit.timing import clock
from pipeline.comments import LONGEST_COMMENT
from pipeline.jobs import AT_REST, GIVEN, Blame, JobState, Priority, StepKind, StepState
from pipeline.keeping import told_of_package
from pipeline.projects import JobView, Package
from pipeline.service import Service
from pipeline.shares import DEFAULT_DAYS


def film_page(
    service: Service,
    agency_id: str,
    view: JobView,
    typed: Mapping[int, str] = MappingProxyType({}),
    *,
    said: str = "",
    status: int = 200,
    error: str | None = None,
) -> Response:
    """A job's page as it stands: `typed` and `said` are what a person had entered when something was refused."""
    job, agency = view.job, service.read_agency(agency_id)
    in_review = job.state is JobState.IN_REVIEW
    packages = service.packages.of_job(job.id, agency_id=agency_id) if in_review or job.state in GIVEN else ()
    gone = told_of_package(packages[0]) if packages and packages[0].expired_at else ""
    package = packages[0] if packages and not gone else None
    given = _given(service, agency_id, view, package) if package and job.state in GIVEN else {}
    names = {file.name for file in package.files} if package else set()
    here = f"/agencies/{agency_id}/jobs/{job.id}"
    comments = service.comments.of_job(job.id, agency_id=agency_id) if package else ()
    return page(
        "delivery.html" if given else "job.html",
        status=status,
        signed_in=True,
        error=error,
        agency=agency,
        view=view,
        job=job,
        words=words.words_for(job, gone=bool(gone)),
        under_way=job.state not in AT_REST,
        progress={
            "agency": agency_id,
            "job": job.id,
            "state": job.state.value,
            "progress": round(view.progress, 4),
            "eta_s": view.eta_s,
            "stages": words.STAGES,
            "words": words.words_under_way(),
        },
        left=words.time_left(view.eta_s),
        first=job.priority is Priority.HIGH,
        theirs=job.blame is Blame.INPUT,
        stages=words.STAGES,
        stage_now=words.stage_now(job.state),
        package=package,
        gone=gone,
        kept=told_of_package(package) if package else "",
        names=names,
        player=player(here, agency.profile.name, names),
        here=here,
        size_of=words.size_of,
        captions=_captions(service, agency_id, job.id) if in_review else (),
        typed=typed,
        said=said,
        comments=comments,
        going_along=[{"at_s": one.at_s, "text": one.text} for one in comments if one.state == "open"],
        longest=LONGEST_COMMENT,
        based_on=_newest_edits(service, agency_id, job.project_id) if in_review else 0,
        clock=clock,
        **given,
    )


def _given(service: Service, agency_id: str, view: JobView, package: Package) -> dict[str, Any]:
    """What the page of an approved film shows beside the film: its files, its links, and who had it."""
    job, now = view.job.id, service.shares.now()
    films = {file.name: file for file in package.files}
    return {
        "main_film": films.get(OPEN_FILM) or package.files[0],
        "shelves": shelved(package.files),
        "zipping": any(
            step.kind is StepKind.ARCHIVE and step.state in (StepState.READY, StepState.RUNNING) for step in view.steps
        ),
        "links": [one for one in service.shares.of_job(job, agency_id=agency_id) if one.state(now) == "open"][:5],
        "receipts": service.shares.receipts(job, agency_id=agency_id)[:10],
        "default_days": DEFAULT_DAYS,
        "day": words.day,
        "minute": words.minute,
        "stamp": words.stamp,
    }


def _captions(service: Service, agency_id: str, job_id: str) -> tuple[ListedCaption, ...]:
    """The captions of a film; none of one whose plan is not kept any more."""
    try:
        return service.cuts.listed(job_id, agency_id=agency_id).captions
    except (NotFound, Conflict, Gone):
        return ()


def _newest_edits(service: Service, agency_id: str, project_id: str) -> int:
    saved = service.edits.version(project_id, agency_id=agency_id)
    return saved.version.number if saved else 0
