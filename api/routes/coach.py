"""The coach: while footage is arriving, what is filled and what to film next."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.coach_words import CoachOut
from api.dependencies import ActingAgency, UseCases
from api.turns import OneTurn

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Clips"])


@router.get("/projects/{project_id}/coach", operation_id="coachProject", summary="What to film next")
def coach_project(
    project_id: str,
    service: UseCases,
    agency: ActingAgency,
    storyboard: Annotated[str, Query(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)] = "promise",
) -> CoachOut:
    """For each slot of the storyboard's newest version: filled, thin or missing, with the next thing to film."""
    return CoachOut.of(*service.coach(project_id, storyboard, agency_id=agency))
