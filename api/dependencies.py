"""What routes ask for: the service, the acting agency, and the idempotency key."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request

from pipeline.service import Service


def service_of(request: Request) -> Service:
    """The use-cases of this app."""
    service: Service = request.app.state.service
    return service


def acting_agency(
    request: Request,
    agency: Annotated[str, Query(max_length=64, description="The agency on whose behalf this is asked.")],
) -> str:
    """The agency through which everything is looked up; NotFound when there is no such agency."""
    return service_of(request).read_agency(agency).id


UseCases = Annotated[Service, Depends(service_of)]
ActingAgency = Annotated[str, Depends(acting_agency)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="Send the same key again to get the same answer instead of a second one.",
    ),
]
