"""What goes over the wire of the board: lines of projects and films, and what they wait for."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.board_words import standing
from api.schemas import Listing, moment
from pipeline.board import Line, Stage, Waits, move_of, stage_of, waits_for
from pipeline.jobs import JobState
from pipeline.people import Actor, Role

Move = Literal["me", "agency", "house", "service", "nobody"]
"""Whose move it is: `me` stands for the agency to its members, for the house to its people."""


def waits_of(move: Move | None, actor: Actor) -> Waits | None:
    """Whose move is meant."""
    if move is None:
        return None
    return move_of(actor) if move == "me" else Waits(move)


class LineOut(BaseModel):
    """A film, or a project of which none was asked for yet."""

    id: Annotated[str, Field(description="The job's id, or the project's while it has no job.")]
    agency: str
    agency_name: str
    project: str
    project_title: str
    job: str | None
    storyboard: str | None
    stage: Stage
    state: JobState | None
    progress: float
    waits_for: Waits
    standing: Annotated[str, Field(examples=["Waiting 2 days for the agency’s review"])]
    since: Annotated[datetime, Field(description="When it came to stand so.")]
    created: datetime
    error: str | None

    @classmethod
    def of(cls, line: Line, actor: Actor, now: float) -> "LineOut":
        """The public shape of a line."""
        return cls(
            id=line.id,
            agency=line.agency_id,
            agency_name=line.agency,
            project=line.project_id,
            project_title=line.project,
            job=line.job_id,
            storyboard=line.storyboard,
            stage=stage_of(line),
            state=line.state,
            progress=round(line.progress, 4),
            waits_for=waits_for(line),
            standing=standing(line, now, own=actor.role is Role.MEMBER),
            since=moment(line.since),
            created=moment(line.created_at),
            error=line.error,
        )


class LineList(Listing):
    """Lines in the order of what needs attention."""

    items: list[LineOut]
