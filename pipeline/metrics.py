"""Figures for those who watch over the service, read out of the database: true whichever machine is asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.jobs import StepKind, StepState
from pipeline.tables import jobs, steps

BUCKETS_S = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
"""Upper ends, in seconds, of the classes in which steps are counted by how long they took."""


TIMED = tuple(kind for kind in StepKind if kind is not StepKind.ARCHIVE)
"""Kinds of steps whose times are told. A zip is made again by the same step, which would take the times of the first
out of sums that may not fall."""


@dataclass(frozen=True)
class StepTimes:
    """How long finished steps of one kind took."""

    count: int
    seconds: float
    within: tuple[int, ...]
    """How many took at most each of `BUCKETS_S`."""


@dataclass(frozen=True)
class Figures:
    """How the pipeline stands."""

    queue_age_s: Mapping[str, float]
    """How long the oldest step that waits for a worker has waited, by kind; kinds of which none waits are not there."""
    steps: Mapping[tuple[str, str], int]
    """Steps by kind and state."""
    times: Mapping[str, StepTimes]
    failed: Mapping[tuple[str, str], int]
    """Steps that failed and were not tried again, by kind and blame."""
    further_attempts: Mapping[str, int]
    """Claims beyond one each, by kind: what was lost, given back or tried again. It never falls."""
    jobs: Mapping[str, int]
    """Jobs by state."""


def read_figures(connection: sa.Connection, now: float) -> Figures:
    """One reading; its cost grows with the number of steps that are kept."""
    waiting = sa.select(steps.c.kind, sa.func.min(steps.c.not_before)).where(
        steps.c.state == StepState.READY, steps.c.not_before <= now
    )
    counted = sa.select(steps.c.kind, steps.c.state, sa.func.count()).group_by(steps.c.kind, steps.c.state)
    took = steps.c.finished_at - steps.c.started_at
    within = [sa.func.sum(sa.case((took <= end, 1), else_=0)) for end in BUCKETS_S]
    done = sa.select(steps.c.kind, sa.func.count(), sa.func.sum(took), *within).where(
        steps.c.state == StepState.DONE, steps.c.started_at.is_not(None), steps.c.kind.in_(TIMED)
    )
    failed = sa.select(steps.c.kind, steps.c.blame, sa.func.count()).where(steps.c.state == StepState.FAILED)
    # Each claim takes the next token, also after attempts are counted anew.
    again = sa.select(steps.c.kind, sa.func.sum(steps.c.token - 1)).where(steps.c.token > 1)
    by_state = sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)
    read = connection.execute
    failures: Counter[tuple[str, str]] = Counter()
    for kind, blame, count in read(failed.group_by(steps.c.kind, steps.c.blame)):
        failures[kind, blame or "bug"] += count
    return Figures(
        queue_age_s={kind: max(now - since, 0.0) for kind, since in read(waiting.group_by(steps.c.kind))},
        steps={(kind, state): count for kind, state, count in read(counted)},
        times={
            row[0]: StepTimes(count=row[1], seconds=float(row[2] or 0.0), within=tuple(map(int, row[3:])))
            for row in read(done.group_by(steps.c.kind))
        },
        failed=dict(failures),
        further_attempts={kind: int(count) for kind, count in read(again.group_by(steps.c.kind))},
        jobs={row[0]: row[1] for row in read(by_state)},
    )
