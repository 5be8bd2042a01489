"""A job as those who wait for it see it, put together from its rows. Reads only."""

import sqlalchemy as sa

from pipeline import flow
from pipeline.jobs import StepKind
from pipeline.projects import JobView
from pipeline.rows import read_job, read_steps


def view_job(connection: sa.Connection, job_id: str, now: float, *, agency_id: str | None = None) -> JobView:
    """A job with its steps, counts and time left."""
    job = read_job(connection, job_id, agency_id=agency_id)
    steps = [step for step in read_steps(connection, job_id) if step.round == job.round]
    plans = [step.outcome.planned for step in steps if step.outcome and step.outcome.planned]
    ended = [step.outcome for step in steps if step.kind is StepKind.SEGMENT and step.outcome]
    return JobView(
        job=job,
        steps=tuple(steps),
        eta_s=flow.eta_s(job, steps, now),
        segments_total=sum(len(segment.keys) for plan in plans for segment in plan.segments),
        segments_rendered=sum(outcome.rendered for outcome in ended),
        segments_reused=sum(outcome.reused for outcome in ended),
    )
