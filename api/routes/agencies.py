"""Agencies sign on and begin projects."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends
from fastapi.responses import RedirectResponse

from api.dependencies import ActingAgency, Caller, IdempotencyKey, UseCases
from api.paging import Cursor, Limit, page_of
from api.profile import profile_of
from api.schemas import AgencyList, AgencyOut, NewAgency, NewProject, ProjectList, ProjectOut
from api.security import only
from api.turns import OneTurn
from pipeline.people import Role

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Agencies"])


@router.post(
    "/agencies",
    status_code=201,
    dependencies=[Depends(only(Role.ADMINISTRATOR))],
    operation_id="createAgency",
    summary="Sign an agency on",
)
def create_agency(body: NewAgency, service: UseCases, key: IdempotencyKey = None) -> AgencyOut:
    """The name is kept exactly, white space aside: it stands on the cards and in the Promise."""
    return AgencyOut.of(service.create_agency(profile_of(body.name, body.colours), idempotency_key=key))


@router.get("/agencies", operation_id="listAgencies", summary="List agencies")
def list_agencies(service: UseCases, caller: Caller, cursor: Cursor = None, limit: Limit = 50) -> AgencyList:
    """The agencies that you may act for, oldest first."""
    page, following = page_of([one for one in service.list_agencies() if caller.sees(one.id)], cursor, limit)
    return AgencyList(items=[AgencyOut.of(record) for record in page], next=following)


@router.get("/agencies/{agency_id}", operation_id="getAgency", summary="One agency")
def read_agency(agency_id: str, service: UseCases) -> AgencyOut:
    """One agency by its id."""
    return AgencyOut.of(service.read_agency(agency_id))


@router.put("/agencies/{agency_id}/seal", operation_id="giveSeal", summary="Give an agency's seal")
def give_seal(
    agency_id: str, service: UseCases, picture: Annotated[bytes, Body(media_type="image/png")] = b""
) -> AgencyOut:
    """The bytes of a PNG (better, for its clear ground) or JPEG; films that are planned from now on show it."""
    return AgencyOut.of(service.seals.give(agency_id, picture))


@router.get(
    "/agencies/{agency_id}/seal",
    status_code=302,
    operation_id="showSeal",
    summary="An agency's seal",
    response_class=RedirectResponse,
    response_description="Leads to the picture; the link expires",
)
def show_seal(agency_id: str, service: UseCases) -> RedirectResponse:
    """Leads on to a link that expires; 404 without a seal."""
    return RedirectResponse(service.seals.link(agency_id), 302)


@router.post("/projects", status_code=201, operation_id="createProject", summary="Begin a project", tags=["Projects"])
def create_project(body: NewProject, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None) -> ProjectOut:
    """A project holds the footage and the jobs of one film."""
    return ProjectOut.of(service.create_project(agency, body.title, idempotency_key=key))


@router.get("/projects", operation_id="listProjects", summary="List an agency's projects", tags=["Projects"])
def list_projects(service: UseCases, agency: ActingAgency, cursor: Cursor = None, limit: Limit = 50) -> ProjectList:
    """Projects, oldest first."""
    page, following = page_of(service.list_projects(agency), cursor, limit)
    return ProjectList(items=[ProjectOut.of(project) for project in page], next=following)


@router.get("/projects/{project_id}", operation_id="getProject", summary="One project", tags=["Projects"])
def read_project(project_id: str, service: UseCases, agency: ActingAgency) -> ProjectOut:
    """One project by its id."""
    return ProjectOut.of(service.read_project(project_id, agency_id=agency))
