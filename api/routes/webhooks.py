"""Webhooks: an agency's own programs are told of its films."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.dependencies import ActingAgency, IdempotencyKey, UseCases
from api.schemas import Body, moment
from api.turns import OneTurn
from pipeline.webhooks import Post, Webhook

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Webhooks"])

WebhookId = Annotated[str, Path(max_length=64)]


class NewWebhook(Body):
    """An address that wants to be told."""

    url: Annotated[str, Field(max_length=1000, examples=["https://department.example/promise-reel"])]


class WebhookOut(BaseModel):
    """An address that is told."""

    id: str
    url: str
    created: datetime

    @classmethod
    def of(cls, hook: Webhook) -> "WebhookOut":
        """The public shape of a webhook, without its secret."""
        return cls(id=hook.id, url=hook.url, created=moment(hook.created_at))


class NewWebhookOut(WebhookOut):
    """An address that is told from now on, with the secret that proves who tells; it is shown this once."""

    secret: Annotated[str, Field(description="`whsec_…`, as libraries of Standard Webhooks take it.")]


class WebhookList(BaseModel):
    """An agency's webhooks; there are few, so they come on one page."""

    items: list[WebhookOut]


class PostOut(BaseModel):
    """What a webhook was told, or is to be told."""

    id: Annotated[str, Field(description="As the receiver reads it in `webhook-id`.")]
    type: str
    state: Literal["waiting", "taken", "given up"]
    attempts: int
    error: Annotated[str | None, Field(description="How the last try failed.")]
    created: datetime
    next_try: datetime | None

    @classmethod
    def of(cls, post: Post) -> "PostOut":
        """The public shape of a post."""
        return cls(
            id=post.id,
            type=post.type,
            state=post.state,
            attempts=post.attempts,
            error=post.error,
            created=moment(post.created_at),
            next_try=None if post.next_at is None else moment(post.next_at),
        )


class PostList(BaseModel):
    """What a webhook was told lately."""

    items: list[PostOut]


@router.post("/webhooks", status_code=201, operation_id="addWebhook", summary="Be told of films")
def add_webhook(body: NewWebhook, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None) -> NewWebhookOut:
    """Told are `job.in_review`, `job.approved`, `job.delivered`, `job.failed` and `job.cancelled`, each at least once.

    Posts are signed and tried again by Standard Webhooks, for about three days; 410 ends a post at once. The address is
    https, public, and looked up anew each time.
    """
    hook = service.webhooks.add(agency, body.url, idempotency_key=key)
    return NewWebhookOut(**WebhookOut.of(hook).model_dump(), secret=hook.secret)


@router.get("/webhooks", operation_id="listWebhooks", summary="Who is told")
def list_webhooks(service: UseCases, agency: ActingAgency) -> WebhookList:
    """An agency's webhooks, oldest first, without their secrets."""
    return WebhookList(items=[WebhookOut.of(hook) for hook in service.webhooks.of_agency(agency)])


@router.get("/webhooks/{webhook_id}/posts", operation_id="listPosts", summary="What a webhook was told")
def list_posts(webhook_id: WebhookId, service: UseCases, agency: ActingAgency) -> PostList:
    """The newest twenty posts, newest first, and what became of each."""
    return PostList(items=[PostOut.of(one) for one in service.webhooks.posts(webhook_id, agency_id=agency)])


@router.post(
    "/webhooks/{webhook_id}/posts", status_code=201, operation_id="tryWebhook", summary="See whether posts arrive"
)
def try_webhook(webhook_id: WebhookId, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None) -> PostOut:
    """Sends a `webhook.trial`, signed and tried again as any other; one at a time."""
    return PostOut.of(service.webhooks.tell_for_trial(webhook_id, agency_id=agency, idempotency_key=key))


@router.delete("/webhooks/{webhook_id}", status_code=204, operation_id="removeWebhook", summary="Be told no more")
def remove_webhook(webhook_id: WebhookId, service: UseCases, agency: ActingAgency) -> None:
    """What still waits to be told is dropped."""
    service.webhooks.remove(webhook_id, agency_id=agency)
