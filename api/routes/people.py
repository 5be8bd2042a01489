"""People: who asks, who belongs to the house and its agencies, their keys, and the audit trail."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.dependencies import Caller, IdempotencyKey, UseCases
from api.paging import Cursor, Limit, page_of
from api.people_schemas import (
    CallerOut,
    ChangedPerson,
    HappenedOut,
    KeyList,
    KeyMade,
    KeyOut,
    NewKey,
    NewPerson,
    PersonList,
    PersonOut,
    Trail,
)
from api.security import only
from api.turns import OneTurn
from pipeline.people import LONGEST_EMAIL, About, Role

ADMINISTRATORS = Depends(only(Role.ADMINISTRATOR))
PersonId = Annotated[str, Path(max_length=64)]

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["People"])


@router.get("/me", operation_id="whoAmI", summary="On whose behalf you ask")
def who_am_i(caller: Caller) -> CallerOut:
    """The person, role and agency that your key, session or token stands for."""
    return CallerOut.of(caller)


@router.get("/people", dependencies=[ADMINISTRATORS], operation_id="listPeople", summary="Everybody")
def list_people(
    service: UseCases,
    agency: Annotated[str | None, Query(max_length=64)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PersonList:
    """Everybody who may come in or once could, or the members of one agency."""
    if agency is not None:
        service.read_agency(agency)
    page, following = page_of(service.accounts.people(agency), cursor, limit)
    return PersonList(items=[PersonOut.of(person) for person in page], next=following)


@router.get("/agencies/{agency_id}/people", operation_id="listMembers", summary="An agency's people")
def list_members(agency_id: str, service: UseCases, cursor: Cursor = None, limit: Limit = 50) -> PersonList:
    """Those who belong to an agency."""
    service.read_agency(agency_id)
    page, following = page_of(service.accounts.people(agency_id), cursor, limit)
    return PersonList(items=[PersonOut.of(person) for person in page], next=following)


@router.post(
    "/people", status_code=201, dependencies=[ADMINISTRATORS], operation_id="invitePerson", summary="Invite somebody"
)
def invite_person(body: NewPerson, service: UseCases, key: IdempotencyKey = None) -> PersonOut:
    """A mail goes out with a link to choose a password; without a mail server it is printed to the log."""
    return PersonOut.of(service.accounts.invite(body.email, body.role, body.agency, idempotency_key=key))


@router.post(
    "/people/{person_id}/invitation",
    dependencies=[ADMINISTRATORS],
    operation_id="inviteAgain",
    summary="Send an invitation again",
)
def invite_again(person_id: PersonId, service: UseCases) -> PersonOut:
    """A new link for somebody who has not chosen a password; the one before is worthless then."""
    return PersonOut.of(service.accounts.invite_again(person_id))


@router.put(
    "/people/{person_id}",
    dependencies=[ADMINISTRATORS],
    operation_id="changePerson",
    summary="Change what somebody may",
)
def change_person(person_id: PersonId, body: ChangedPerson, service: UseCases) -> PersonOut:
    """Role, agency, and whether they may come in at all. A change ends their sessions."""
    return PersonOut.of(service.accounts.change(person_id, body.role, body.agency, active=body.active))


@router.get("/keys", operation_id="listKeys", summary="Your API keys")
def list_keys(service: UseCases) -> KeyList:
    """Without their secrets."""
    return KeyList(items=[KeyOut.of(key) for key in service.entering.own_keys()])


@router.post("/keys", status_code=201, operation_id="makeKey", summary="Make an API key")
def make_key(body: NewKey, service: UseCases, once: IdempotencyKey = None) -> KeyMade:
    """A program that sends it as Bearer may do what you may. Its secret is shown this once.

    Asked again with the same Idempotency-Key, 409 says that there is one.
    """
    key, secret = service.entering.make_key(body.name, idempotency_key=once)
    return KeyMade(**KeyOut.of(key).model_dump(), secret=secret)


@router.delete("/keys/{key_id}", status_code=204, operation_id="revokeKey", summary="Revoke one of your API keys")
def revoke_key(key_id: Annotated[str, Path(max_length=64)], service: UseCases) -> None:
    """From now on it lets nobody in."""
    service.entering.revoke_key(key_id)


@router.get("/audit", dependencies=[ADMINISTRATORS], operation_id="readTrail", summary="The audit trail")
def read_trail(
    service: UseCases,
    agency: Annotated[str | None, Query(max_length=64, description="Only what concerned this agency.")] = None,
    about: Annotated[About | None, Query(description="Only what was done to this sort of thing.")] = None,
    who: Annotated[str | None, Query(max_length=LONGEST_EMAIL, description="Only what this `actor` did.")] = None,
    before: Annotated[int | None, Query(ge=1, le=(1 << 63) - 1)] = None,
    limit: Limit = 50,
) -> Trail:
    """Who did what to which object, newest first."""
    lines = service.trail(before=before, agency_id=agency, about=about, who=who, limit=limit)
    return Trail(items=[HappenedOut.of(line) for line in lines], next=lines[-1].id if len(lines) == limit else None)
