"""The ledger of steps: claimed with a lease and a fencing token, kept by beats, ended once. The one truth."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Bug, InputRefused, NoRoom, Outage, PromiseReelError, UsageError
from kit.values import Value
from pipeline.jobs import AT_REST, Blame, Outcome, Priority, Step, StepKind, StepState
from pipeline.rows import as_step, read_job
from pipeline.settling import ENQUEUE_GRACE_S, keep_archive, note_progress, note_step, settle_job, settle_project
from pipeline.tables import clips, jobs, steps

LEASE_S = 30.0
"""A step whose worker was not heard of for so long is handed out again; machines' clocks must agree to within it."""

MOST_ATTEMPTS = 3
"""Claims of one step before it counts as failed when its workers go silent: it may be what kills them."""

MOST_OUTAGES = 6
"""Claims of one step before it counts as failed when parts outside the code fail: a store may be away for a minute."""

ROOM_PAUSE_S = 30.0
"""Seconds after which a step that found no room on a disk is tried again; this counts as no try."""

LONGEST_PAUSE_S = 60.0
"""Seconds that a step waits at most before it is tried again."""

_LONGEST_ENQUEUE_WAIT_S = 300.0


class Ended(Value):
    """What came of ending a step."""

    accepted: bool
    """False when the holder had lost the step: another holds it, or it was cancelled."""
    made: tuple[str, ...] = ()
    """Ids of the steps that may start now, to be enqueued after the commit."""


class Ledger:
    """Who does which step. Every method is one transaction; `clock` gives seconds since 1970."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        lease_s: float = LEASE_S,
        clock: Callable[[], float] = time.time,
        patient: bool = True,
    ) -> None:
        """Without `patient` a step that finds no room on the disk fails in the end, as by any other outage."""
        self.engine = engine
        self.patient = patient
        self.lease_s = lease_s
        self.clock = clock

    def claim(self, step_id: str, worker: str) -> Step | None:
        """Take one step, or None when it is not there to be taken: held, ended, cancelled, or not yet due."""
        return self._claim(steps.c.id == step_id, worker)

    def claim_next(self, worker: str, project_id: str) -> Step | None:
        """Take the oldest ready step of a project, or None."""
        return self._claim(steps.c.project_id == project_id, worker)

    def claim_fairest(self, worker: str, kinds: Collection[StepKind] | None = None) -> Step | None:
        """Take the step whose turn it is, or None: an offer through the queue says that there is work, not which.

        Only steps of these `kinds`, or of any.

        First comes the agency with the fewest steps under way, then the one that was served longest ago; of its steps
        first inspections, which somebody waits for, then the job of the highest priority, then the oldest.
        """
        which = sa.true() if kinds is None else steps.c.kind.in_(sorted(kinds))
        return self._claim(which, worker, order=_fair_order())

    def kinds_of(self, step_ids: Sequence[str]) -> dict[str, StepKind]:
        """The kinds of steps, by their ids."""
        asked = sa.select(steps.c.id, steps.c.kind).where(steps.c.id.in_(step_ids))
        with self.engine.connect() as connection:
            return {row.id: StepKind(row.kind) for row in connection.execute(asked)}

    def heartbeat(self, step: Step, frames_done: int) -> bool:
        """Prolong the lease and note the frames done; False when the step is no longer this holder's."""
        now = self.clock()
        kept = sa.update(steps).where(_held(step), steps.c.frames_done <= frames_done)
        with immediate(self.engine) as connection:
            values = {"lease_until": now + self.lease_s, "frames_done": min(frames_done, max(step.frames, 0))}
            if not connection.execute(kept.values(values)).rowcount:
                lease = sa.update(steps).where(_held(step)).values(lease_until=now + self.lease_s)
                if not connection.execute(lease).rowcount:
                    return False
        if step.job_id:
            # A transaction of its own: holding step and job together could lock against one that ends the job.
            with immediate(self.engine) as connection:
                note_progress(connection, step.job_id, now)
        return True

    def finish(self, step: Step, outcome: Outcome) -> Ended:
        """End a step well, once; what may start next is made in the same transaction."""
        now = self.clock()
        with immediate(self.engine) as connection:
            if step.job_id:
                read_job(connection, step.job_id, lock=True)
            done = {"state": StepState.DONE, "frames_done": step.frames, "finished_at": now}
            ended = sa.update(steps).where(_held(step)).values(outcome=outcome.model_dump(mode="json"), **done)
            if not connection.execute(ended).rowcount:
                return Ended(accepted=False)
            if step.clip_id and outcome.clip:
                inspected = outcome.clip.model_dump(mode="json")
                connection.execute(sa.update(clips).where(clips.c.id == step.clip_id).values(inspected=inspected))
            if step.job_id and outcome.archived:
                keep_archive(connection, step.job_id, step.round, outcome.archived)
            return Ended(accepted=True, made=self._move_on(connection, step, StepState.DONE, now))

    def fail(self, step: Step, error: Exception) -> Ended:
        """End a step badly: an Outage is tried again until the attempts are used up, anything else is not.

        A step that finds no room waits for it for as long as it takes, and says so.
        """
        blame = blame_of(error)
        with immediate(self.engine) as connection:
            if step.job_id:
                read_job(connection, step.job_id, lock=True)
            if isinstance(error, NoRoom) and self.patient:
                return self._wait_for_room(connection, step, str(error))
            return self._fail(connection, step, blame, str(error))

    def release(self, step: Step) -> None:
        """Give a step back unfinished and without blame, as when the worker is told to stop."""
        now = self.clock()
        back = {"state": StepState.READY, "attempts": step.attempts - 1, "not_before": now, "enqueue_after": now}
        with immediate(self.engine) as connection:
            connection.execute(sa.update(steps).where(_held(step)).values(back))

    def expire(self) -> tuple[str, ...]:
        """Hand out again every step whose lease ran out; those tried too often fail. Ids of steps ready to enqueue."""
        with self.engine.connect() as connection:
            silent = sa.and_(steps.c.state == StepState.RUNNING, self._ran_out())
            held = [as_step(row) for row in connection.execute(sa.select(steps).where(silent)).mappings()]
        ready: list[str] = []
        for step in held:
            with immediate(self.engine) as connection:
                if step.job_id:
                    read_job(connection, step.job_id, lock=True)
                still = sa.select(steps.c.id).where(_held(step), self._ran_out()).with_for_update()
                if connection.execute(still).first():
                    ended = self._fail(
                        connection, step, Blame.OUTAGE, "A worker went silent during this step.", wait=False
                    )
                    ready += [*ended.made, *([step.id] if step.attempts < MOST_ATTEMPTS else [])]
        return tuple(ready)

    def overdue(self) -> tuple[str, ...]:
        """Ids of ready steps that nobody claimed in time; each is offered at growing distances."""
        now = self.clock()
        with immediate(self.engine) as connection:
            offered = sa.or_(steps.c.enqueue_after <= now, steps.c.enqueue_after > now + 2 * _LONGEST_ENQUEUE_WAIT_S)
            due = sa.and_(steps.c.state == StepState.READY, offered, _is_due(now))
            rows = connection.execute(sa.select(steps.c.id, steps.c.enqueued).where(due).with_for_update()).all()
            for step_id, enqueued in rows:
                wait = min(ENQUEUE_GRACE_S * 2**enqueued, _LONGEST_ENQUEUE_WAIT_S)
                told = sa.update(steps).where(steps.c.id == step_id)
                connection.execute(told.values(enqueued=enqueued + 1, enqueue_after=now + wait))
        return tuple(row[0] for row in rows)

    def offer_anew(self, step_ids: Collection[str] | None = None) -> None:
        """Have ready steps offered with the next sweep, as if they never had been: all, or these."""
        ready = sa.update(steps).where(steps.c.state == StepState.READY)
        if step_ids is not None:
            ready = ready.where(steps.c.id.in_(step_ids))
        with immediate(self.engine) as connection:
            connection.execute(ready.values(enqueued=0, enqueue_after=self.clock()))

    def resettle(self) -> tuple[str, ...]:
        """Settle each job that is under way with no step open; ids of the steps made (none, if all is well)."""
        open_step = sa.exists().where(
            steps.c.job_id == jobs.c.id, steps.c.state.in_((StepState.READY, StepState.RUNNING))
        )
        stuck = sa.select(jobs.c.id).where(jobs.c.state.not_in(sorted(AT_REST)), ~open_step)
        with self.engine.connect() as connection:
            ids = connection.scalars(stuck).all()
        made: list[str] = []
        for job_id in ids:
            with immediate(self.engine) as connection:
                made += settle_job(connection, job_id, self.clock())
        return tuple(made)

    def _claim(
        self, which: sa.ColumnElement[bool], worker: str, *, order: Sequence[sa.ColumnElement[Any]] = ()
    ) -> Step | None:
        now, piece = self.clock(), steps.c.index.is_not(None)
        ready = sa.select(steps).outerjoin(jobs, jobs.c.id == steps.c.job_id)
        ready = ready.where(which, steps.c.state == StepState.READY, _is_due(now))
        first = (
            # Of a film's pieces the longest first, so that at the end nobody waits long for a last one.
            ready.order_by(*order, steps.c.created_at, piece, steps.c.frames.desc(), steps.c.index, steps.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=steps)
        )
        with immediate(self.engine) as connection:
            row = connection.execute(first).mappings().first()
            if row is None:
                return None
            taken = {
                "state": StepState.RUNNING,
                "worker": worker,
                "attempts": row["attempts"] + 1,
                "token": row["token"] + 1,
                "lease_until": now + self.lease_s,
                "started_at": now,
            }
            connection.execute(sa.update(steps).where(steps.c.id == row["id"]).values(taken))
            return as_step(dict(row) | taken)

    def _ran_out(self) -> sa.ColumnElement[bool]:
        """Whether a lease is over, or lies so far ahead that only a clock since put back can have given it."""
        now = self.clock()
        return sa.or_(steps.c.lease_until < now, steps.c.lease_until > now + 2 * self.lease_s)

    def _fail(self, connection: sa.Connection, step: Step, blame: Blame, message: str, *, wait: bool = True) -> Ended:
        now = self.clock()
        if blame is Blame.OUTAGE and step.attempts < (MOST_OUTAGES if wait else MOST_ATTEMPTS):
            later = now + (min(2.0**step.attempts, LONGEST_PAUSE_S) if wait else 0.0)
            again = {
                "state": StepState.READY,
                "not_before": later,
                "enqueue_after": later if wait else now + ENQUEUE_GRACE_S,
            }
            if not connection.execute(sa.update(steps).where(_held(step)).values(error=message, **again)).rowcount:
                return Ended(accepted=False)
            if step.job_id:
                note_step(connection, read_job(connection, step.job_id), step, StepState.READY, now, error=message)
            return Ended(accepted=True)
        failed = {"state": StepState.FAILED, "error": message, "blame": blame, "finished_at": now}
        if not connection.execute(sa.update(steps).where(_held(step)).values(failed)).rowcount:
            return Ended(accepted=False)
        if step.clip_id:
            connection.execute(sa.update(clips).where(clips.c.id == step.clip_id).values(failed=message))
        return Ended(accepted=True, made=self._move_on(connection, step, StepState.FAILED, now, error=message))

    def _wait_for_room(self, connection: sa.Connection, step: Step, message: str) -> Ended:
        now = self.clock()
        later = now + ROOM_PAUSE_S
        again = {"state": StepState.READY, "attempts": step.attempts - 1, "not_before": later, "enqueue_after": later}
        if not connection.execute(sa.update(steps).where(_held(step)).values(error=message, **again)).rowcount:
            return Ended(accepted=False)
        if step.job_id and step.error != message:
            note_step(connection, read_job(connection, step.job_id), step, StepState.READY, now, error=message)
        return Ended(accepted=True)

    def _move_on(
        self, connection: sa.Connection, step: Step, state: StepState, now: float, *, error: str = ""
    ) -> tuple[str, ...]:
        if step.job_id:
            note_step(connection, read_job(connection, step.job_id), step, state, now, error=error)
            return tuple(settle_job(connection, step.job_id, now))
        return tuple(settle_project(connection, step.project_id, now))


def blame_of(error: Exception) -> Blame:
    """Who must act on an error; what we did not raise on purpose is our own fault."""
    if isinstance(error, InputRefused | UsageError):
        return Blame.INPUT
    return Blame.OUTAGE if isinstance(error, Outage) else Blame.BUG


def error_of(blame: Blame | None, message: str) -> PromiseReelError:
    """The error that a failed step or job stands for."""
    kinds: dict[Blame | None, type[PromiseReelError]] = {Blame.INPUT: InputRefused, Blame.OUTAGE: Outage}
    return kinds.get(blame, Bug)(message)


def _is_due(now: float) -> sa.ColumnElement[bool]:
    """Whether a step may start: its pause is over, or longer than any pause of ours, so the clock was put back."""
    return sa.or_(steps.c.not_before <= now, steps.c.not_before > now + LONGEST_PAUSE_S)


def _fair_order() -> tuple[sa.ColumnElement[Any], ...]:
    """Whose turn it is, seen from a ready step."""
    other = steps.alias("other")
    same = other.c.agency_id == steps.c.agency_id
    busy = sa.select(sa.func.count()).where(same, other.c.state == StepState.RUNNING).scalar_subquery()
    served = sa.select(sa.func.max(other.c.started_at)).where(same).scalar_subquery()
    return (
        busy,
        sa.func.coalesce(served, 0.0),
        steps.c.job_id.is_not(None),
        sa.func.coalesce(jobs.c.priority, Priority.NORMAL).desc(),
    )


def _held(step: Step) -> sa.ColumnElement[bool]:
    """Whether the step is still held under the token it was claimed with."""
    return sa.and_(steps.c.id == step.id, steps.c.token == step.token, steps.c.state == StepState.RUNNING)
