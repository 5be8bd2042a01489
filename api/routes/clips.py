"""A project's clips: what each file is, whether it can be used, and what a person says of it."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from api.dependencies import ActingAgency, UseCases
from api.paging import Cursor, Limit, page_of
from api.schemas import ClipList, ClipOut
from api.turns import OneTurn
from pipeline.projects import Details
from pipeline.service import LINK_S

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Clips"])


@router.get("/projects/{project_id}/clips", operation_id="listClips", summary="A project's clips with their verdicts")
def list_clips(
    project_id: str, service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50
) -> ClipList:
    """Clips by name; a clip is `waiting` until it has been looked at."""
    page, following = page_of(service.list_clips(project_id, agency_id=agency), cursor, limit)
    return ClipList(items=[ClipOut.of(record) for record in page], next=following)


@router.get(
    "/clips/{clip_id}/renditions/{name}",
    operation_id="getRendition",
    summary="A picture, preview or waveform of a clip",
    status_code=307,
    response_class=RedirectResponse,
    response_description="Leads to the file; the link expires",
)
def read_rendition(clip_id: str, name: str, service: UseCases, agency: ActingAgency) -> RedirectResponse:
    """Leads to a link that expires; which ones there are stands in the clip's `renditions`."""
    link = service.link_rendition(clip_id, name, agency_id=agency)
    # A page that looks again every second or two must not fetch every picture again.
    return RedirectResponse(link, 307, {"Cache-Control": f"private, max-age={LINK_S // 2}"})


@router.put("/clips/{clip_id}/details", operation_id="describeClip", summary="Say what a clip is")
def describe_clip(clip_id: str, body: Details, service: UseCases, agency: ActingAgency) -> ClipOut:
    """Slot, speaker, in and out points; the next film heeds it."""
    return ClipOut.of(service.describe_clip(clip_id, body, agency_id=agency))
