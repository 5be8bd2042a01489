"""Jobs: ask for a film, follow it, review it, approve it, and get it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.dependencies import ActingAgency, IdempotencyKey, UseCases
from api.paging import Cursor, Limit, page_of
from api.schemas import DeliveryList, DeliveryOut, JobList, JobOut, LinkOut, LinksOut, NewJob, NewPriority
from pipeline.jobs import ENDED_JOBS, JobState, Priority
from pipeline.service import LINK_S, Service

LOOK_EVERY_S = 0.5
"""How often a follower's events are looked for in the database."""

ENDED = ENDED_JOBS | {JobState.IN_REVIEW, JobState.APPROVED}
"""States in which nothing more happens by itself, so the stream ends."""

router = APIRouter(prefix="/v1", tags=["Jobs"])


def known_job(job_id: str, service: UseCases, agency: ActingAgency) -> str:
    """The id of a job that is there and this agency's; else NotFound, before a stream has begun."""
    return service.job_view(job_id, agency_id=agency).job.id


@router.post("/jobs", status_code=201, operation_id="submitJob", summary="Ask for a film")
def submit_job(body: NewJob, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None) -> JobOut:
    """The film is planned once every clip has been looked at."""
    job = service.submit_job(
        body.project,
        body.storyboard,
        version=body.storyboard_version,
        films=body.films,
        preview=body.preview,
        variables=body.variables,
        priority=Priority[body.priority.upper()],
        agency_id=agency,
        idempotency_key=key,
    )
    return JobOut.of(service.job_view(job.id, agency_id=agency))


@router.get("/projects/{project_id}/jobs", operation_id="listJobs", summary="A project's jobs")
def list_jobs(
    project_id: str, service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50
) -> JobList:
    """Jobs, oldest first."""
    page, following = page_of(service.list_jobs(project_id, agency_id=agency), cursor, limit)
    views = [service.job_view(job.id, agency_id=agency) for job in page]
    return JobList(items=[JobOut.of(view) for view in views], next=following)


@router.get("/jobs/{job_id}", operation_id="getJob", summary="How far a job is")
def read_job(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """State, progress, time left, notes and steps."""
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.get(
    "/jobs/{job_id}/events",
    operation_id="followJob",
    summary="Follow a job by server-sent events",
    response_class=EventSourceResponse,
)
async def follow_job(
    job_id: Annotated[str, Depends(known_job)],
    service: UseCases,
    agency: ActingAgency,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Events `state`, `step`, `progress` and `captions`, replayed from `Last-Event-ID`; ends when the job rests."""
    after = int(last_event_id) if last_event_id and last_event_id.isdigit() else 0
    async for event in _events(service, agency, job_id, after):
        yield event


@router.post("/jobs/{job_id}/captions", operation_id="acceptCaptions", summary="Accept the captions")
def accept_captions(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """A person has read them and they are right. Needed before a film can be approved."""
    service.accept_captions(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post("/jobs/{job_id}/approve", operation_id="approveJob", summary="Approve the film")
def approve(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """Only a finished film whose captions were accepted; 409 otherwise, saying what is missing."""
    service.approve(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post("/jobs/{job_id}/changes", operation_id="askChanges", summary="Ask for changes")
def ask_changes(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """The film in review is planned again with the footage and details of now."""
    service.ask_changes(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post("/jobs/{job_id}/cancel", operation_id="cancelJob", summary="Cancel a job")
def cancel(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """Stops the work for good, within seconds."""
    service.cancel(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post("/jobs/{job_id}/retry", operation_id="retryJob", summary="Try a failed job again")
def retry(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """It goes on where it failed: what is finished is kept. 409 for a job that has not failed."""
    service.retry(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.put("/jobs/{job_id}/priority", operation_id="prioritiseJob", summary="Let a job go first, or last")
def prioritise(job_id: str, body: NewPriority, service: UseCases, agency: ActingAgency) -> JobOut:
    """Orders the jobs of one agency; between agencies nothing changes, they take turns."""
    service.prioritise(job_id, Priority[body.priority.upper()], agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.get("/jobs/{job_id}/review", operation_id="getReview", summary="Links to review a film", tags=["Deliveries"])
def review(job_id: str, service: UseCases, agency: ActingAgency) -> LinksOut:
    """For reviewers, before the approval too: links that show the files and expire."""
    links = service.review_files(job_id, agency_id=agency)
    return LinksOut(expires_s=LINK_S, files=[LinkOut.linked(link) for link in links])


@router.get("/jobs/{job_id}/deliveries", operation_id="listDeliveries", summary="Packages made", tags=["Deliveries"])
def list_deliveries(
    job_id: str, service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50
) -> DeliveryList:
    """Packages, newest first, with each file's size and SHA-256; without links."""
    page, following = page_of(service.packages(job_id, agency_id=agency), cursor, limit)
    return DeliveryList(items=[DeliveryOut.of(package) for package in page], next=following)


@router.post(
    "/jobs/{job_id}/deliveries/links", operation_id="linkDelivery", summary="Get the film", tags=["Deliveries"]
)
def link_delivery(job_id: str, service: UseCases, agency: ActingAgency) -> LinksOut:
    """Download links that expire, once the film is approved (409 before). The job is then delivered."""
    links = service.deliveries(job_id, agency_id=agency)
    return LinksOut(expires_s=LINK_S, files=[LinkOut.linked(link) for link in links])


async def _events(service: Service, agency: str, job_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    """Replay what happened after an event, then what happens, until the job rests."""
    while True:
        # the state is read before the events, so that a job that rests has no event left unseen
        view = await run_in_threadpool(service.job_view, job_id, agency_id=agency)
        found = await run_in_threadpool(service.events, job_id, after, agency_id=agency)
        for event in found:
            after = event.id
            yield ServerSentEvent(data=event.data, event=event.kind, id=str(event.id))
        if view.state in ENDED and not found:
            return
        await asyncio.sleep(LOOK_EVERY_S)
