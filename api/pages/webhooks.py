"""The page of an agency's webhooks: which programs are told of its films, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api.dependencies import UseCases
from api.pages import words
from api.pages.guard import SignedIn, page
from kit.errors import Conflict, InputRefused
from pipeline.service import Service
from pipeline.webhooks import MOST_WEBHOOKS, Webhook

TONES = {"waiting": "warn", "taken": "good", "given up": "bad"}
TOLD = 5
"""Posts of each webhook that are shown."""

router = APIRouter(prefix="/agencies/{agency_id}/webhooks", dependencies=[SignedIn])


@router.get("")
def webhooks_page(agency_id: str, service: UseCases) -> Response:
    """Who is told."""
    return _webhooks(service, agency_id)


@router.post("")
def add(agency_id: str, service: UseCases, url: Annotated[str, Form(max_length=1000)] = "") -> Response:
    """Tell an address from now on; its secret is shown this once."""
    service.check_agency(agency_id)
    try:
        hook = service.webhooks.add(agency_id, url.strip())
    except InputRefused as error:
        return _webhooks(service, agency_id, status=422, error=str(error), url=url)
    return _webhooks(service, agency_id, made=hook)


@router.post("/{webhook_id}/trial")
def try_out(agency_id: str, webhook_id: str, service: UseCases) -> Response:
    """See whether posts arrive."""
    try:
        service.webhooks.tell_for_trial(webhook_id, agency_id=agency_id)
    except Conflict as error:
        return _webhooks(service, agency_id, status=409, error=str(error))
    return RedirectResponse(f"/agencies/{agency_id}/webhooks", 303)


@router.post("/{webhook_id}/remove")
def remove(agency_id: str, webhook_id: str, service: UseCases) -> Response:
    """Tell an address no more."""
    service.webhooks.remove(webhook_id, agency_id=agency_id)
    return RedirectResponse(f"/agencies/{agency_id}/webhooks", 303)


def _webhooks(
    service: Service,
    agency_id: str,
    *,
    made: Webhook | None = None,
    status: int = 200,
    error: str | None = None,
    url: str = "",
) -> Response:
    hooks = service.webhooks.of_agency(agency_id)
    return page(
        "webhooks.html",
        status=status,
        signed_in=True,
        error=error,
        url=url,
        agency=service.read_agency(agency_id),
        here=f"/agencies/{agency_id}/webhooks",
        made=made,
        hooks=[(hook, service.webhooks.posts(hook.id, agency_id=agency_id)[:TOLD]) for hook in hooks],
        full=len(hooks) >= MOST_WEBHOOKS,
        tones=TONES,
        day=words.day,
        minute=words.minute,
    )
