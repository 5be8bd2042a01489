"""What routes ask for: the service, the acting agency, and the idempotency key."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool

from api.security import actor_of
from kit.errors import InputRefused, NotFound
from pipeline.people import Actor
from pipeline.service import Service


def service_of(request: Request) -> Service:
    """The use-cases of this app, on behalf of whoever asks."""
    service: Service = request.app.state.service
    return service.acting_as(actor_of(request))


async def acting_agency(
    request: Request,
    agency: Annotated[
        str | None,
        Query(max_length=64, description="The agency on whose behalf this is asked; a member's own need not be named."),
    ] = None,
) -> str:
    """The agency through which everything is looked up; NotFound when it is not there or not for this caller."""
    actor = actor_of(request)
    wanted = agency if agency is not None else actor.agency_id
    if wanted is None:
        raise InputRefused("Name the agency in the query: ?agency=….")
    if not actor.sees(wanted):
        raise NotFound("There is no such agency.")
    if wanted != actor.agency_id:  # a member's own is there as long as the member is
        await run_in_threadpool(service_of(request).check_agency, wanted)
    return wanted


async def seen_agency(
    request: Request,
    agency: Annotated[
        str | None, Query(max_length=64, description="Only what is this agency's; all that one may see without it.")
    ] = None,
) -> str | None:
    """The agency that a listing is narrowed to: a member's own, for the house the one it names or none."""
    named = agency or actor_of(request).agency_id
    return await acting_agency(request, named) if named else None


async def use_cases(request: Request) -> Service:
    """`service_of` for routes; awaited, because what waits for nothing needs no turn on a thread."""
    return service_of(request)


async def caller(request: Request) -> Actor:
    """`actor_of` for routes, in the same way."""
    return actor_of(request)


UseCases = Annotated[Service, Depends(use_cases)]
ActingAgency = Annotated[str, Depends(acting_agency)]
SeenAgency = Annotated[str | None, Depends(seen_agency)]
Caller = Annotated[Actor, Depends(caller)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Send the same key again to get the same answer instead of a second one.",
    ),
]
