"""Share links to approved films, and receipts of who had them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import ActingAgency, IdempotencyKey, UseCases
from api.paging import Cursor, Limit, page_of
from api.schemas import Body, Listing, moment
from api.turns import OneTurn
from pipeline.receipts import Deed, Receipt
from pipeline.shares import DEFAULT_DAYS, MOST_DAYS, LinkState, ShareLink

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Deliveries"])


class NewShareLink(Body):
    """How long a film is shared."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True, description="Days until the link expires.")] = (
        DEFAULT_DAYS
    )


class ShareLinkOut(BaseModel):
    """A link that shows a film to whoever has it; without its token."""

    id: str
    job: str
    number: Annotated[int, Field(description="Counts a film's links; receipts name it.", examples=[2])]
    state: LinkState
    made_by: Annotated[str, Field(examples=["chief@anytown.example"])]
    created: datetime
    expires: datetime
    revoked: datetime | None
    opened: Annotated[int, Field(description="How often its page was opened.")]
    downloaded: Annotated[int, Field(description="How often the film was downloaded by it.")]

    @classmethod
    def of(cls, link: ShareLink, now: float) -> "ShareLinkOut":
        """The public shape of a link."""
        return cls(
            id=link.id,
            job=link.job_id,
            number=link.number,
            state=link.state(now),
            made_by=link.made_by,
            created=moment(link.created_at),
            expires=moment(link.expires_at),
            revoked=None if link.revoked_at is None else moment(link.revoked_at),
            opened=link.opened,
            downloaded=link.downloaded,
        )


class ShareLinkMade(ShareLinkOut):
    """A link with its address, which is shown this once."""

    token: str
    url: Annotated[str, Field(description="Give this to whoever shall see the film.")]


class ShareLinkList(Listing):
    """A film's links, newest first."""

    items: list[ShareLinkOut]


class ReceiptOut(BaseModel):
    """Something that somebody opened or downloaded."""

    id: str
    at: datetime
    deed: Deed
    what: Annotated[
        str, Field(description="A file's name, `all files`, or `page` of a link.", examples=["documentary.mp4"])
    ]
    by: Annotated[str, Field(examples=["chief@anytown.example", "shared link 2"])]
    link: Annotated[int | None, Field(description="The number of the shared link it came by.")]

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptOut":
        """The public shape of a receipt."""
        return cls(**receipt.model_dump(exclude={"at"}), at=moment(receipt.at))


class ReceiptList(Listing):
    """Receipts, newest first."""

    items: list[ReceiptOut]


@router.post("/jobs/{job_id}/share-links", status_code=201, operation_id="shareFilm", summary="Share an approved film")
def share_film(
    job_id: str,
    service: UseCases,
    agency: ActingAgency,
    body: NewShareLink | None = None,
    key: IdempotencyKey = None,
) -> ShareLinkMade:
    """A link that needs no account; 409 before the approval. Its address is shown this once and not kept.

    Asked again with the same Idempotency-Key, 409 says that there is one.
    """
    days = (body or NewShareLink()).days
    link, token = service.shares.make(job_id, days, agency_id=agency, idempotency_key=key)
    shown = ShareLinkOut.of(link, service.shares.now())
    return ShareLinkMade(**dict(shown), token=token, url=service.shares.address_of(token))


@router.get("/jobs/{job_id}/share-links", operation_id="listShareLinks", summary="How a film is shared")
def list_share_links(
    job_id: str, service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50
) -> ShareLinkList:
    """Links, newest first, without their addresses, and how often each was used."""
    page, following = page_of(service.shares.of_job(job_id, agency_id=agency), cursor, limit)
    return ShareLinkList(items=[ShareLinkOut.of(link, service.shares.now()) for link in page], next=following)


@router.delete(
    "/share-links/{link_id}", status_code=204, operation_id="revokeShareLink", summary="Share a film no more"
)
def revoke_share_link(link_id: str, service: UseCases, agency: ActingAgency) -> None:
    """Its page says that it was withdrawn. A download that has begun goes on."""
    service.shares.revoke(link_id, agency_id=agency)


@router.get("/jobs/{job_id}/receipts", operation_id="listReceipts", summary="Who had a film")
def list_receipts(
    job_id: str, service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50
) -> ReceiptList:
    """Who opened or downloaded what of the approved film, and when, newest first."""
    page, following = page_of(service.shares.receipts(job_id, agency_id=agency), cursor, limit)
    return ReceiptList(items=[ReceiptOut.of(receipt) for receipt in page], next=following)
