"""Rows read back as nouns: jobs, steps, and how a project's inspections stand. Reads only."""

import secrets
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kit.errors import NotFound
from pipeline.flow import Inspections
from pipeline.jobs import Job, Step
from pipeline.tables import clips, jobs, steps

_JOB_FIELDS = tuple(jobs.c[name] for name in Job.model_fields)
_STEP_FIELDS = tuple(steps.c[name] for name in Step.model_fields)


def new_id() -> str:
    """A fresh id that sorts by the time it was made, to a quarter of a microsecond: 24 hexadecimal digits.

    Milliseconds and 12 bits of their fraction lead, as RFC 9562 has it for UUIDs of version 7 (method 3), and 36 random
    bits follow.
    """
    return f"{time.time_ns() * 4096 // 1_000_000:015x}{secrets.randbits(36):09x}"


def read_job(connection: sa.Connection, job_id: str, *, lock: bool = False, agency_id: str | None = None) -> Job:
    """One job; `lock` holds its row till the transaction ends. NotFound when it is not there or not this agency's."""
    query = sa.select(*_JOB_FIELDS).where(jobs.c.id == job_id)
    if agency_id is not None:
        query = query.where(jobs.c.agency_id == agency_id)
    if lock:
        # The weaker lock lets others insert rows that point at this job.
        query = query.with_for_update(key_share=True)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("There is no such job.")
    return Job.model_validate(dict(row))


def read_steps(connection: sa.Connection, job_id: str) -> list[Step]:
    """All steps of a job, oldest first."""
    query = sa.select(*_STEP_FIELDS).where(steps.c.job_id == job_id).order_by(steps.c.created_at, steps.c.id)
    return [as_step(row) for row in connection.execute(query).mappings()]


def as_step(row: Any) -> Step:
    """A step from a mapping that holds at least a step's fields."""
    return Step.model_validate({name: row[name] for name in Step.model_fields})


def read_inspections(connection: sa.Connection, project_id: str) -> Inspections:
    """How many clips a project has, how many still wait, and why one failed."""
    query = sa.select(clips.c.inspected.is_(None), clips.c.failed).where(clips.c.project_id == project_id)
    query = query.where(clips.c.expired_at.is_(None))
    rows: Sequence[Any] = connection.execute(query).all()
    failed = next((reason for _, reason in rows if reason), None)
    return Inspections(total=len(rows), open=sum(1 for waits, reason in rows if waits and not reason), failed=failed)
