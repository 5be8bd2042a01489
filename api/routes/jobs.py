"""Jobs: ask for a film, follow it, review it, approve it, and get it."""

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.delivery_schemas import ArchiveOut, DeliveryList, DeliveryOut, LinkOut, LinksOut
from api.dependencies import ActingAgency, IdempotencyKey, UseCases
from api.edit_schemas import WantedChanges
from api.following import MOST_STREAMS, Following
from api.limits import DOWNLOADS, limited
from api.paging import Cursor, Limit, page_of
from api.schemas import JobList, JobOut, NewJob, NewPriority
from api.security import actor_of, gate_of
from api.turns import OneTurn
from pipeline.jobs import AT_REST, Priority
from pipeline.packages import LINK_S

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Jobs"])


LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)]


LOOK_AGAIN_S = 5.0
"""So long a follower is told of events before it is looked again whether he may still hear them."""


def last_heard(
    request: Request, job_id: str, service: UseCases, agency: ActingAgency, last_event_id: LastEventId = None
) -> int:
    """The event after which a follower goes on; NotFound, and 429, before a stream has begun.

    Whoever has heard all of a job that rests gets 204, by which browsers know not to ask again.
    """
    following: Following = request.app.state.following
    if following.is_full(actor_of(request).person_id):
        raise HTTPException(429, f"You follow {MOST_STREAMS} films already; leave one of them", {"Retry-After": "30"})
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    rests = service.job_state(job_id, agency_id=agency) in AT_REST
    if after and rests and not service.events(job_id, after, limit=1):
        raise HTTPException(204)
    return after


@router.post("/jobs", status_code=201, operation_id="submitJob", summary="Ask for a film")
def submit_job(body: NewJob, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None) -> JobOut:
    """The film is planned once every clip has been looked at."""
    job = service.submit_job(
        body.project,
        body.storyboard,
        version=body.storyboard_version,
        edits_version=body.edits_version,
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
    response_description="Events as they come",
    responses={204: {"description": "All was heard"}},
)
async def follow_job(
    request: Request, job_id: str, agency: ActingAgency, after: Annotated[int, Depends(last_heard)]
) -> AsyncIterator[ServerSentEvent]:
    """Events `state`, `step`, `progress` and `captions`, replayed from `Last-Event-ID`; ends when the job rests.

    It ends too when the session or key that opened it does. A comment comes every fifteen seconds while nothing
    happens. 204 when the job rests and all of it was heard.
    """
    following: Following = request.app.state.following
    looked_at = time.monotonic()
    async with contextlib.aclosing(following.events(job_id, after, actor_of(request).person_id)) as events:
        async for event in events:
            if time.monotonic() - looked_at >= LOOK_AGAIN_S:
                actor = await run_in_threadpool(gate_of(request).who, request)
                if actor is None or not actor.sees(agency):
                    return
                looked_at = time.monotonic()
            yield ServerSentEvent(data=event.data, event=event.kind, id=str(event.id))


@router.post("/jobs/{job_id}/captions", operation_id="acceptCaptions", summary="Accept the captions")
def accept_captions(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """A person has read them and they are right. Needed before a film can be approved."""
    service.decisions.accept_captions(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post(
    "/jobs/{job_id}/approve",
    operation_id="approveJob",
    summary="Approve the film",
)
def approve(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """Only a finished film whose captions were accepted; 409 otherwise, saying what is missing."""
    service.decisions.approve(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post("/jobs/{job_id}/changes", operation_id="askChanges", summary="Ask for changes")
def ask_changes(job_id: str, service: UseCases, agency: ActingAgency, body: WantedChanges | None = None) -> JobOut:
    """The film in review is planned again with the footage, details and edits of now.

    Only those of its pieces are rendered again that come out otherwise.
    """
    service.decisions.ask_changes(job_id, edits_version=body.edits_version if body else None, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post("/jobs/{job_id}/cancel", operation_id="cancelJob", summary="Cancel a job")
def cancel(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """Stops the work for good, within seconds."""
    service.decisions.cancel(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.post("/jobs/{job_id}/retry", operation_id="retryJob", summary="Try a failed job again")
def retry(job_id: str, service: UseCases, agency: ActingAgency) -> JobOut:
    """It goes on where it failed: what is finished is kept. 409 for a job that has not failed."""
    service.decisions.retry(job_id, agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.put("/jobs/{job_id}/priority", operation_id="prioritiseJob", summary="Let a job go first, or last")
def prioritise(job_id: str, body: NewPriority, service: UseCases, agency: ActingAgency) -> JobOut:
    """Orders the jobs of one agency; between agencies nothing changes, they take turns."""
    service.decisions.prioritise(job_id, Priority[body.priority.upper()], agency_id=agency)
    return JobOut.of(service.job_view(job_id, agency_id=agency))


@router.get(
    "/jobs/{job_id}/review",
    dependencies=[Depends(limited(DOWNLOADS))],
    operation_id="getReview",
    summary="Links to review a film",
    tags=["Deliveries"],
)
def review(job_id: str, service: UseCases, agency: ActingAgency) -> LinksOut:
    """For reviewers, before the approval too: links that show the files and expire."""
    links = service.packages.to_review(job_id, agency_id=agency)
    return LinksOut(expires_s=LINK_S, files=[LinkOut.linked(link) for link in links])


@router.get("/jobs/{job_id}/deliveries", operation_id="listDeliveries", summary="Packages made", tags=["Deliveries"])
def list_deliveries(
    job_id: str, service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50
) -> DeliveryList:
    """Packages, newest first, with each file's size and SHA-256; without links."""
    page, following = page_of(service.packages.of_job(job_id, agency_id=agency), cursor, limit)
    return DeliveryList(items=[DeliveryOut.of(package) for package in page], next=following)


@router.post(
    "/jobs/{job_id}/deliveries/links",
    dependencies=[Depends(limited(DOWNLOADS))],
    operation_id="linkDelivery",
    summary="Get the film",
    tags=["Deliveries"],
)
def link_delivery(job_id: str, service: UseCases, agency: ActingAgency) -> LinksOut:
    """Download links that expire, once the film is approved (409 before). The job is then delivered."""
    links = service.packages.deliver(job_id, agency_id=agency)
    return LinksOut(expires_s=LINK_S, files=[LinkOut.linked(link) for link in links])


@router.post(
    "/jobs/{job_id}/deliveries/archive",
    dependencies=[Depends(limited(DOWNLOADS))],
    operation_id="linkArchive",
    summary="Get all files in one zip",
    tags=["Deliveries"],
)
def link_archive(job_id: str, service: UseCases, agency: ActingAgency) -> ArchiveOut:
    """A download link that expires. 409 before the approval, and for the minute after it in which the zip is made."""
    link = service.packages.archive(job_id, agency_id=agency)
    return ArchiveOut(**dict(LinkOut.linked(link)), expires_s=LINK_S)
