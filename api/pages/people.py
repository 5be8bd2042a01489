"""The pages of who belongs here: departments that ask to join, an agency's people, and everybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import Caller, UseCases
from api.limits import APPLY, address_of, limits_of
from api.pages.guard import OwnForm, SignedIn, page
from api.profile import profile_of
from api.security import only
from kit.errors import Conflict, InputRefused, NotFound
from pipeline.people import Actor, Role
from pipeline.service import Service

Typed = Annotated[str, Form(max_length=1000)]
ADMINISTRATORS = Depends(only(Role.ADMINISTRATOR))

router = APIRouter()


@router.get("/join")
def join_page() -> Response:
    """The form by which a department asks to join."""
    return page("join.html", asked=False, name="", contact="", email="")


@router.post("/join", dependencies=[OwnForm])
def join(request: Request, service: UseCases, name: Typed = "", contact: Typed = "", email: Typed = "") -> Response:
    """Write down that a department asks to join."""
    limits_of(request).spend(APPLY, address_of(request))
    try:
        service.accounts.apply(profile_of(name), contact, email)
    except InputRefused as error:
        return page("join.html", status=422, asked=False, name=name, contact=contact, email=email, error=str(error))
    return page("join.html", asked=True)


@router.get("/applications", dependencies=[SignedIn, ADMINISTRATORS])
def applications_page(service: UseCases) -> Response:
    """Departments that wait, and those that were answered."""
    return _applications(service)


@router.post("/applications/{application_id}/{decision}", dependencies=[SignedIn, ADMINISTRATORS])
def decide(application_id: str, decision: str, service: UseCases) -> Response:
    """Admit or decline a department."""
    deeds = {"admit": service.accounts.admit, "decline": service.accounts.decline}
    if decision not in deeds:
        raise NotFound("There is no such page")
    try:
        deeds[decision](application_id)
    except Conflict as error:
        return _applications(service, status=409, error=str(error))
    return RedirectResponse("/applications", 303)


@router.get("/agencies/{agency_id}/people", dependencies=[SignedIn])
def members_page(agency_id: str, service: UseCases, caller: Caller) -> Response:
    """An agency's people."""
    return _people(service, caller, agency_id)


@router.post("/agencies/{agency_id}/people", dependencies=[SignedIn, ADMINISTRATORS])
def invite_member(agency_id: str, service: UseCases, caller: Caller, email: Typed = "") -> Response:
    """Invite somebody into an agency."""
    try:
        service.accounts.invite(email, Role.MEMBER, agency_id)
    except (InputRefused, Conflict) as error:
        return _people(service, caller, agency_id, status=422, error=str(error), email=email)
    return RedirectResponse(f"/agencies/{agency_id}/people", 303)


@router.get("/people", dependencies=[SignedIn, ADMINISTRATORS])
def people_page(service: UseCases, caller: Caller) -> Response:
    """Everybody."""
    return _people(service, caller)


@router.post("/people", dependencies=[SignedIn, ADMINISTRATORS])
def invite(
    service: UseCases, caller: Caller, email: Typed = "", role: Annotated[Role, Form()] = Role.EDITOR
) -> Response:
    """Invite somebody into the house."""
    try:
        service.accounts.invite(email, role)
    except (InputRefused, Conflict) as error:
        return _people(service, caller, status=422, error=str(error), email=email)
    return RedirectResponse("/people", 303)


@router.post("/people/{person_id}", dependencies=[SignedIn, ADMINISTRATORS])
def change(
    person_id: str,
    service: UseCases,
    caller: Caller,
    role: Annotated[Role, Form()],
    agency: Typed = "",
    active: Annotated[bool, Form()] = False,
) -> Response:
    """Give somebody another role, let him in no more, or again."""
    try:
        service.accounts.change(person_id, role, agency or None, active=active)
    except InputRefused as error:
        return _people(service, caller, status=422, error=str(error))
    return RedirectResponse("/people", 303)


@router.post("/people/{person_id}/invitation", dependencies=[SignedIn, ADMINISTRATORS])
def invite_again(person_id: str, service: UseCases, caller: Caller) -> Response:
    """Send an invitation again."""
    try:
        service.accounts.invite_again(person_id)
    except Conflict as error:
        return _people(service, caller, status=409, error=str(error))
    return RedirectResponse("/people", 303)


def _applications(service: Service, *, status: int = 200, error: str | None = None) -> Response:
    asked = service.accounts.applications()
    return page(
        "applications.html",
        status=status,
        signed_in=True,
        error=error,
        waiting=[one for one in asked if one.state == "waiting"],
        answered=[one for one in asked if one.state != "waiting"][::-1][:50],
    )


def _people(
    service: Service,
    caller: Actor,
    agency_id: str | None = None,
    *,
    status: int = 200,
    error: str | None = None,
    email: str = "",
) -> Response:
    return page(
        "people.html",
        status=status,
        signed_in=True,
        error=error,
        email=email,
        agency=service.read_agency(agency_id) if agency_id else None,
        people=service.accounts.people(agency_id),
        names={agency.id: agency.profile.name for agency in service.list_agencies() if caller.sees(agency.id)},
        administers=caller.role is Role.ADMINISTRATOR,
        caller=caller,
    )
