"""Webhooks: an agency's own programs are told of its films."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import ActingAgency, UseCases
from api.schemas import Body, moment
from api.turns import OneTurn
from pipeline.webhooks import Webhook

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Webhooks"])


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


@router.post("/webhooks", status_code=201, operation_id="addWebhook", summary="Be told of films")
def add_webhook(body: NewWebhook, service: UseCases, agency: ActingAgency) -> NewWebhookOut:
    """Told are `job.in_review`, `job.approved`, `job.delivered`, `job.failed` and `job.cancelled`, each at least once.

    Posts are signed and tried again by Standard Webhooks, for about three days; 410 ends a post at once. The address is
    https, public, and looked up anew each time.
    """
    hook = service.webhooks.add(agency, body.url)
    return NewWebhookOut(**WebhookOut.of(hook).model_dump(), secret=hook.secret)


@router.get("/webhooks", operation_id="listWebhooks", summary="Who is told")
def list_webhooks(service: UseCases, agency: ActingAgency) -> WebhookList:
    """An agency's webhooks, oldest first, without their secrets."""
    return WebhookList(items=[WebhookOut.of(hook) for hook in service.webhooks.of_agency(agency)])


@router.delete("/webhooks/{webhook_id}", status_code=204, operation_id="removeWebhook", summary="Be told no more")
def remove_webhook(webhook_id: str, service: UseCases, agency: ActingAgency) -> None:
    """What still waits to be told is dropped."""
    service.webhooks.remove(webhook_id, agency_id=agency)
