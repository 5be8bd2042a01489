"""Departments ask to join; an administrator admits or declines them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from api.dependencies import IdempotencyKey, UseCases
from api.limits import APPLY, address_of, limits_of
from api.paging import Cursor, Limit, page_of
from api.people_schemas import ApplicationList, ApplicationOut, NewApplication
from api.profile import profile_of
from api.security import only
from api.turns import OneTurn
from pipeline.people import ApplicationState, Role

ApplicationId = Annotated[str, Path(max_length=64)]

public = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Applications"])
"""What anybody may ask."""

router = APIRouter(
    prefix="/v1", route_class=OneTurn, tags=["Applications"], dependencies=[Depends(only(Role.ADMINISTRATOR))]
)


@public.post("/applications", status_code=201, operation_id="apply", summary="Ask to join")
def apply(body: NewApplication, request: Request, service: UseCases, key: IdempotencyKey = None) -> ApplicationOut:
    """For a department that is not here yet; its contact hears by mail. Needs no sign-in."""
    limits_of(request).spend(APPLY, address_of(request))
    profile = profile_of(body.name)
    return ApplicationOut.of(service.accounts.apply(profile, body.contact, body.email, idempotency_key=key))


@router.get("/applications", operation_id="listApplications", summary="Departments that asked to join")
def list_applications(
    service: UseCases,
    state: Annotated[ApplicationState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApplicationList:
    """Oldest first; `state=waiting` for those who wait for an answer."""
    page, following = page_of(service.accounts.applications(state), cursor, limit)
    return ApplicationList(items=[ApplicationOut.of(asked) for asked in page], next=following)


@router.post("/applications/{application_id}/admit", operation_id="admitAgency", summary="Admit a department")
def admit(application_id: ApplicationId, service: UseCases) -> ApplicationOut:
    """It becomes an agency, and its contact gets an invitation."""
    return ApplicationOut.of(service.accounts.admit(application_id))


@router.post("/applications/{application_id}/decline", operation_id="declineAgency", summary="Decline a department")
def decline(application_id: ApplicationId, service: UseCases) -> ApplicationOut:
    """Its contact hears of it by mail."""
    return ApplicationOut.of(service.accounts.decline(application_id))
