"""Comments of those who review a film, each pinned to a time of it; they belong to the version that was watched.

A job's film is planned anew when changes are asked for: comments that are open then stay with the job and are shown
beside the next version, as carried along, until somebody resolves them.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from typing import Literal

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Conflict, InputRefused, NotAllowed, NotFound
from kit.timing import frames_to_seconds
from kit.values import Value
from pipeline import audit, idempotency, records
from pipeline.jobs import Job, JobState, StepKind
from pipeline.people import OPERATOR, Actor
from pipeline.review_tables import comments
from pipeline.rows import new_id, read_job, read_steps
from pipeline.tables import jobs

LONGEST_COMMENT = 2000
"""Characters of one comment."""

MOST_COMMENTS = 1000
"""Comments of one job."""

WATCHED = frozenset({JobState.IN_REVIEW, JobState.APPROVED, JobState.DELIVERED})
"""States of a job in which there is a film to say something of."""

CommentState = Literal["open", "resolved"]


class Comment(Value):
    """What somebody said of one moment of a film."""

    id: str
    agency_id: str
    project_id: str
    job_id: str
    round: int
    """The planning of the job's film that was watched."""
    at_s: float
    """Seconds from the film's first frame."""
    text: str
    person_id: str | None
    author: str
    created_at: float
    resolved_at: float | None = None
    resolved_by: str | None = None
    newest_round: int
    """The planning of the job's film that is the newest now."""

    @property
    def state(self) -> CommentState:
        """Whether something is left to do."""
        return "open" if self.resolved_at is None else "resolved"

    @property
    def carried(self) -> bool:
        """Whether it is open still from an earlier version of the film."""
        return self.resolved_at is None and self.round < self.newest_round

    def is_by(self, actor: Actor) -> bool:
        """Whether somebody wrote it; the admin token is known by its name."""
        return (self.person_id, self.author) == (actor.person_id, actor.name)


class Comments:
    """The use-cases of comments; NotFound for another agency's."""

    def __init__(self, engine: sa.Engine, *, clock: Callable[[], float] = time.time, actor: Actor = OPERATOR) -> None:
        self._engine = engine
        self._clock = clock
        self._actor = actor

    def add(
        self,
        job_id: str,
        at_s: float,
        text: str,
        *,
        round_: int | None = None,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Comment:
        """Say something of a moment of a film; `round_` is the version that was watched.

        Raises InputRefused (no words, or a time that the film does not have), Conflict when there is no film to watch,
        or another one by now.
        """
        tidy, now = _tidy(text), self._clock()
        with immediate(self._engine) as connection:
            job = read_job(connection, job_id, lock=True, agency_id=agency_id)

            def make() -> str:
                _check_watched(job, round_)
                _check_time(connection, job, at_s)
                if len(read_comments(connection, comments.c.job_id == job_id)) >= MOST_COMMENTS:
                    raise Conflict(f"This film has {MOST_COMMENTS} comments already; delete some first.")
                row: dict[str, object] = {
                    "id": new_id(),
                    "agency_id": job.agency_id,
                    "project_id": job.project_id,
                    "job_id": job_id,
                }
                row |= {"round": job.round, "at_s": at_s, "text": tidy, "created_at": now}
                row |= {"person_id": self._actor.person_id, "author": self._actor.name}
                connection.execute(sa.insert(comments), [row])
                audit.note(
                    connection, self._actor, now, "comment", "comment", str(row["id"]), job.agency_id, job=job_id
                )
                return str(row["id"])

            wish = json.dumps([job_id, at_s, tidy, round_])
            request = f"comment {hashlib.sha256(wish.encode()).hexdigest()[:40]}"
            made = idempotency.once(connection, job.agency_id, idempotency_key, request, now, make=make)
            return _read(connection, made, agency_id)

    def of_job(
        self, job_id: str, *, state: CommentState | None = None, agency_id: str | None = None
    ) -> Sequence[Comment]:
        """A job's comments: of its newest version first, and of each version in the order of the film."""
        with self._engine.connect() as connection:
            read_job(connection, job_id, agency_id=agency_id)
            return _in_state(read_comments(connection, comments.c.job_id == job_id), state)

    def of_project(
        self, project_id: str, *, state: CommentState | None = None, agency_id: str | None = None
    ) -> Sequence[Comment]:
        """The comments of all films of a project, of the newest film first."""
        with self._engine.connect() as connection:
            records.read_project(connection, project_id, agency_id)
            return _in_state(read_comments(connection, comments.c.project_id == project_id), state)

    def resolve(self, comment_id: str, *, agency_id: str | None = None) -> Comment:
        """Nothing is left to do; doing it twice changes nothing."""
        return self._set(comment_id, "resolve comment", self._clock(), agency_id)

    def reopen(self, comment_id: str, *, agency_id: str | None = None) -> Comment:
        """Something is left to do after all."""
        return self._set(comment_id, "reopen comment", None, agency_id)

    def delete(self, comment_id: str, *, agency_id: str | None = None) -> None:
        """Take a comment back, which only its author may (NotAllowed)."""
        with immediate(self._engine) as connection:
            held = _read(connection, comment_id, agency_id)
            if not held.is_by(self._actor):
                raise NotAllowed("Only its author may delete a comment; resolve it instead.")
            connection.execute(sa.delete(comments).where(comments.c.id == comment_id))
            audit.note(connection, self._actor, self._clock(), "delete comment", "comment", comment_id, held.agency_id)

    def _set(self, comment_id: str, action: str, resolved_at: float | None, agency_id: str | None) -> Comment:
        values = {"resolved_at": resolved_at, "resolved_by": self._actor.name if resolved_at is not None else None}
        with immediate(self._engine) as connection:
            held = _read(connection, comment_id, agency_id)
            if (held.resolved_at is None) != (resolved_at is None):
                connection.execute(sa.update(comments).where(comments.c.id == comment_id).values(values))
                audit.note(connection, self._actor, self._clock(), action, "comment", comment_id, held.agency_id)
            return _read(connection, comment_id, agency_id)


def read_comments(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Comment]:
    """Comments, of the newest film and version first, and of each version in the order of the film."""
    query = sa.select(comments, jobs.c.round.label("newest_round")).join_from(comments, jobs)
    order = (comments.c.job_id.desc(), comments.c.round.desc(), comments.c.at_s, comments.c.id)
    rows = connection.execute(query.where(which).order_by(*order)).mappings()
    return [Comment.model_validate(dict(row)) for row in rows]


def open_comments(connection: sa.Connection, job_id: str) -> list[Comment]:
    """What is left to do of a job's comments."""
    return read_comments(connection, sa.and_(comments.c.job_id == job_id, comments.c.resolved_at.is_(None)))


def _read(connection: sa.Connection, comment_id: str, agency_id: str | None) -> Comment:
    mine = comments.c.id == comment_id
    if agency_id is not None:
        mine = sa.and_(mine, comments.c.agency_id == agency_id)
    found = read_comments(connection, mine)
    if not found:
        raise NotFound("There is no such comment.")
    return found[0]


def _in_state(held: Sequence[Comment], state: CommentState | None) -> list[Comment]:
    return [one for one in held if state is None or one.state == state]


def _tidy(text: str) -> str:
    """The words of a comment, its lines kept. InputRefused."""
    tidy = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not 1 <= len(tidy) <= LONGEST_COMMENT or not tidy.replace("\n", "").isprintable():
        raise InputRefused(f"Write the comment in 1 to {LONGEST_COMMENT} characters.")
    return tidy


def _check_watched(job: Job, round_: int | None) -> None:
    if job.state not in WATCHED:
        raise Conflict("There is no film to comment on now: wait until it is ready for review.")
    if round_ is not None and round_ != job.round:
        raise Conflict("This film was made anew since you watched it: look at the new one first.")


def _check_time(connection: sa.Connection, job: Job, at_s: float) -> None:
    """InputRefused for a time beyond the film's end."""
    plans = [step for step in read_steps(connection, job.id) if step.kind is StepKind.PLAN and step.round == job.round]
    frames = next((step.outcome.planned.frames for step in plans if step.outcome and step.outcome.planned), 0)
    length = frames_to_seconds(frames)
    if not 0 <= at_s <= length:
        raise InputRefused(f"The film is {length:.1f} seconds long: name a time between 0 and its end.")
