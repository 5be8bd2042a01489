"""Flow's decisions written down: the job's new state, its new steps and its events, all in the caller's transaction."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kit.errors import Bug
from pipeline import flow
from pipeline.jobs import (
    AT_REST,
    ENDED_JOBS,
    ENDED_STEPS,
    Job,
    JobState,
    NewStep,
    PackedFile,
    Step,
    StepKind,
    StepState,
)
from pipeline.notices import give_notice
from pipeline.rows import new_id, read_inspections, read_job, read_steps
from pipeline.tables import clips, deliveries, job_events, jobs, steps
from pipeline.webhooks import announce

ENQUEUE_GRACE_S = 15.0
"""How long a ready step is left to the one who promised to enqueue it before the reconciler does."""

_MOST_MOVES = 20
_OPEN = (StepState.READY, StepState.RUNNING)


def settle_job(connection: sa.Connection, job_id: str, now: float) -> list[str]:
    """Move a job as far as its finished steps allow; the ids of the steps made on the way."""
    made: list[str] = []
    for _ in range(_MOST_MOVES):
        job = read_job(connection, job_id, lock=True)
        change = flow.settle(job, read_steps(connection, job_id), read_inspections(connection, job.project_id))
        if change.state == job.state and not change.add:
            note_progress(connection, job_id, now)
            return made
        made += apply_change(connection, job, change, now)
    raise Bug("A job did not come to rest.")


def settle_project(connection: sa.Connection, project_id: str, now: float) -> list[str]:
    """Move every job of a project that waits for inspections; the ids of the steps made."""
    waiting = sa.select(jobs.c.id).where(
        jobs.c.project_id == project_id, jobs.c.state.in_((JobState.CREATED, JobState.QUEUED))
    )
    return [made for job_id in connection.scalars(waiting).all() for made in settle_job(connection, job_id, now)]


def apply_change(connection: sa.Connection, job: Job, change: flow.Change, now: float) -> list[str]:
    """Write one change of a job whose row the caller has locked; the ids of the steps that may start now."""
    values: dict[str, Any] = {
        "state": change.state,
        "round": change.round,
        "captions_accepted": change.captions_accepted,
        "error": change.error,
        "blame": change.blame,
    }
    if change.frames_planned is not None:
        values["frames_planned"] = change.frames_planned
    if change.notes is not None:
        values["notes"] = list(change.notes)
    if job.state is JobState.FAILED:
        # The time it lay there is no time of work: the estimate of what is left goes by the pace alone.
        lain = now - (job.finished_at or now)
        values |= {"finished_at": None, "planned_at": job.planned_at and job.planned_at + lain}
    if change.round != job.round:
        values |= {"review": None, "planned_at": None, "finished_at": None}
        if job.state is not JobState.FAILED:  # a film that is tried again goes on, though it be planned anew
            values["progress"] = 0.0
    if change.state not in AT_REST:
        values["pieces_expired_at"] = None
    if change.state is JobState.RENDERING and job.state is JobState.PLANNING:
        values["planned_at"] = now
    if change.state in ENDED_JOBS or change.state is JobState.IN_REVIEW:
        values["finished_at"] = now
    if change.packed is not None:
        values["review"] = change.packed.review
        values["notes"] = list(change.packed.notes)
        connection.execute(_delivery_row(job, change, now))
    connection.execute(sa.update(jobs).where(jobs.c.id == job.id).values(values))
    if change.drop_open_steps:
        _drop_open_steps(connection, job.id, now)
    made = _revive_steps(connection, job, now) if change.revive_steps else []
    if change.state != job.state:
        add_event(connection, job, "state", {"state": change.state, "error": change.error}, now)
        announce(connection, job, change.state, now)
        if change.state is JobState.IN_REVIEW and not job.preview:
            give_notice(connection, job, "ready", now)
    return made + add_steps(connection, job, change.add, change.round, now)


def add_steps(connection: sa.Connection, job: Job, new: Sequence[NewStep], round_: int, now: float) -> list[str]:
    """Insert the steps that the flow asks for; their ids."""
    rows = [
        _step_row(job.agency_id, job.project_id, now)
        | {"job_id": job.id, "round": round_, "kind": step.kind, "key": step.key}
        | {"index": step.index, "frames": step.frames}
        for step in new
    ]
    if rows:
        connection.execute(sa.insert(steps), rows)
    return [row["id"] for row in rows]


def ask_inspection(connection: sa.Connection, clip: Any, now: float, *, keep: bool = False) -> str:
    """Have a clip (a row of the table) inspected, anew when it was before; the id of the step.

    With `keep` the clip stays as it is known until then, so that a film planned meanwhile does not lose it.
    """
    open_steps = sa.and_(steps.c.clip_id == clip["id"], steps.c.state.in_(_OPEN))
    connection.execute(sa.update(steps).where(open_steps).values(state=StepState.CANCELLED, finished_at=now))
    if not keep:
        connection.execute(sa.update(clips).where(clips.c.id == clip["id"]).values(inspected=sa.null(), failed=None))
    row = _step_row(clip["agency_id"], clip["project_id"], now)
    row |= {"clip_id": clip["id"], "kind": StepKind.INSPECT, "key": clip["id"]}
    connection.execute(sa.insert(steps), [row])
    return str(row["id"])


def ask_archive(connection: sa.Connection, job: Job, now: float) -> list[str]:
    """Have the package of an approved job zipped that has no zip: none yet, none any more, or one tried in vain.

    The ids of the steps; none while a worker is at it.
    """
    mine = sa.and_(steps.c.job_id == job.id, steps.c.round == job.round, steps.c.kind == StepKind.ARCHIVE)
    if connection.scalar(sa.select(steps.c.id).where(mine)) is None:
        return add_steps(connection, job, (flow.archive_step(job),), job.round, now)
    return _ready_again(connection, sa.and_(mine, steps.c.state.in_(sorted(ENDED_STEPS))), now)


def keep_archive(connection: sa.Connection, job_id: str, round_: int, archive: PackedFile) -> None:
    """Write down where the zip of a package lies."""
    mine = sa.and_(deliveries.c.job_id == job_id, deliveries.c.round == round_)
    connection.execute(sa.update(deliveries).where(mine).values(archive=archive.model_dump(mode="json")))


def note_progress(connection: sa.Connection, job_id: str, now: float) -> None:
    """Bring the job's progress up to its steps; each whole percent becomes an event."""
    job = read_job(connection, job_id)
    share = flow.progress(job, read_steps(connection, job_id), read_inspections(connection, job.project_id))
    if share <= job.progress or job.state in (JobState.FAILED, JobState.CANCELLED):
        return
    # Guarded in the statement itself, so that of two writers the slower cannot set it back.
    raised = sa.update(jobs).where(jobs.c.id == job_id, jobs.c.progress < share).values(progress=share)
    if connection.execute(raised).rowcount and int(share * 100) > int(job.progress * 100):
        add_event(connection, job, "progress", {"progress": round(share, 4)}, now)


def add_event(connection: sa.Connection, job: Job, kind: str, data: dict[str, Any], now: float) -> None:
    """Append one event for those who follow the job."""
    row = {"agency_id": job.agency_id, "job_id": job.id, "kind": kind, "data": data, "at": now}
    connection.execute(sa.insert(job_events), [row])


def note_step(
    connection: sa.Connection, job: Job, step: Step, state: StepState, now: float, *, error: str = ""
) -> None:
    """Append the event of a step that ended or is tried again."""
    data = {"step": step.id, "kind": step.kind, "state": state, "attempts": step.attempts}
    add_event(connection, job, "step", data | ({"error": error} if error else {}), now)


def _step_row(agency_id: str, project_id: str, now: float) -> dict[str, Any]:
    return {
        "id": new_id(),
        "agency_id": agency_id,
        "project_id": project_id,
        "job_id": None,
        "clip_id": None,
        "round": 1,
        "index": None,
        "frames": 0,
        "frames_done": 0,
        "state": StepState.READY,
        "attempts": 0,
        "token": 0,
        "not_before": now,
        "enqueued": 1,
        "enqueue_after": now + ENQUEUE_GRACE_S,
        "created_at": now,
    }


def _delivery_row(job: Job, change: flow.Change, now: float) -> sa.Insert:
    if change.packed is None:
        raise Bug("There is no package to deliver.")
    return sa.insert(deliveries).values(
        id=new_id(),
        agency_id=job.agency_id,
        job_id=job.id,
        round=job.round,
        review=change.packed.review,
        files=[file.model_dump(mode="json") for file in change.packed.files],
        created_at=now,
    )


def _drop_open_steps(connection: sa.Connection, job_id: str, now: float) -> None:
    open_steps = sa.and_(steps.c.job_id == job_id, steps.c.state.in_(_OPEN))
    connection.execute(sa.update(steps).where(open_steps).values(state=StepState.CANCELLED, finished_at=now))


def _revive_steps(connection: sa.Connection, job: Job, now: float) -> list[str]:
    """Make the steps of a round that did not end well ready again; tokens go on counting, so old holders stay out."""
    ended_badly = (StepState.FAILED, StepState.CANCELLED)
    lost = sa.and_(steps.c.job_id == job.id, steps.c.round == job.round, steps.c.state.in_(ended_badly))
    return _ready_again(connection, lost, now)


def _ready_again(connection: sa.Connection, lost: sa.ColumnElement[bool], now: float) -> list[str]:
    ids = list(connection.scalars(sa.select(steps.c.id).where(lost).order_by(steps.c.created_at, steps.c.id)))
    fresh = {"state": StepState.READY, "attempts": 0, "error": None, "blame": None, "finished_at": None}
    fresh |= {"not_before": now, "enqueued": 1, "enqueue_after": now + ENQUEUE_GRACE_S}
    connection.execute(sa.update(steps).where(steps.c.id.in_(ids)).values(fresh))
    return ids
