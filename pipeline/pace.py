"""How fast steps went lately, as the ledger kept it, and how long others like them would take."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from pipeline.jobs import Films, Outcome, StepKind, StepState
from pipeline.tables import jobs, steps

LATELY = 240
"""Steps that encoded or mixed, newest first, by which the pace is known."""
FEW = 9
"""Steps of each other kind."""
OF_A_PREVIEW: Mapping[StepKind, float] = {
    StepKind.PLAN: 1.0,
    StepKind.SEGMENT: 0.23,
    StepKind.SOUND: 0.73,
    StepKind.ASSEMBLE: 0.3,
    StepKind.PACKAGE: 0.6,
}
"""What a preview's step takes of what the film's takes for as many frames; docs/performance.md tells where from."""


class Took(NamedTuple):
    """A finished step."""

    kind: StepKind
    frames: float
    """Of its work, those that lay in storage already not counted."""
    began: float
    ended: float


class Pace(NamedTuple):
    """Seconds that steps took."""

    each: dict[StepKind, float]
    """For one frame of a step's work; for a plan, the whole."""
    found: float | None
    """For a step whose work lay in storage already."""
    side_by_side: float
    """How many segments and sounds were under way at once while any was."""
    steps: int
    """Steps that were measured."""
    scaled: bool = False
    """Whether some of that is told by films of another size."""


class Work(NamedTuple):
    """The steps of a film that is to be made."""

    encoded: Sequence[int]
    """Frames of work of each segment that has to be encoded."""
    found: int
    """Steps whose work lies in storage already."""
    sound: int
    """Frames of the sound's step; 0 when it lies in storage already."""
    joined: int
    packed: int


def seconds_for(work: Work, pace: Pace) -> float | None:
    """How long a film would take with nobody else's before it; None while something of it was never measured."""
    each = pace.each
    late = {StepKind.ASSEMBLE: work.joined, StepKind.PACKAGE: work.packed, StepKind.PLAN: 1}
    needed = {*late, *((StepKind.SEGMENT,) if work.encoded else ()), *((StepKind.SOUND,) if work.sound else ())}
    if needed - set(each):
        return None
    alone = [frames * each[StepKind.SEGMENT] for frames in work.encoded]
    alone += [work.sound * each[StepKind.SOUND]] if work.sound else []
    together = sum(alone) + work.found * (pace.found or 0.0)
    first = max(together / pace.side_by_side, *alone, 0.0)
    return first + sum(each[kind] * frames for kind, frames in late.items())


def completed(pace: Pace, other: Pace, share: Mapping[StepKind, float]) -> Pace:
    """A pace that knows also what only films of another size were seen to do; `share` tells what of it a step takes."""
    lacking = {kind: took * share[kind] for kind, took in other.each.items() if kind in share and kind not in pace.each}
    if not lacking:
        return pace
    return Pace(
        each=lacking | pace.each,
        found=other.found if pace.found is None else pace.found,
        side_by_side=other.side_by_side if StepKind.SEGMENT in lacking else pace.side_by_side,
        steps=pace.steps + other.steps,
        scaled=True,
    )


def pace_of(taken: Iterable[Took]) -> Pace:
    """The pace of finished steps."""
    every = [one for one in taken if one.ended > one.began]
    worked = [one for one in every if one.frames > 0]
    by_kind = {kind: [one for one in worked if one.kind is kind] for kind in StepKind}
    each = {
        kind: sum(one.ended - one.began for one in found) / sum(one.frames for one in found)
        for kind, found in by_kind.items()
        if found
    }
    if by_kind[StepKind.PLAN]:
        each[StepKind.PLAN] = statistics.median(one.ended - one.began for one in by_kind[StepKind.PLAN])
    beside = [one for one in every if one.kind in (StepKind.SEGMENT, StepKind.SOUND)]
    found = [one.ended - one.began for one in beside if not one.frames]
    busy = _busy(beside)
    return Pace(
        each=each,
        found=statistics.fmean(found) if found else None,
        side_by_side=max(sum(one.ended - one.began for one in beside) / busy, 1.0) if busy else 1.0,
        steps=len(worked),
    )


def read_paces(connection: sa.Connection, films: Films) -> tuple[Pace, Pace]:
    """The paces of a film and of its preview by the newest steps of all such, else by those of the other size."""
    film, preview = _read(connection, False, films), _read(connection, True, films)
    of_a_film = {kind: 1 / share for kind, share in OF_A_PREVIEW.items()}
    return completed(film, preview, of_a_film), completed(preview, film, OF_A_PREVIEW)


def _read(connection: sa.Connection, preview: bool, films: Films) -> Pace:
    taken: list[Took] = []
    for row in connection.execute(_newest(preview, films, (StepKind.SEGMENT, StepKind.SOUND), LATELY)):
        done = Outcome.model_validate(row.outcome or {})
        share = done.rendered / (done.rendered + done.reused) if done.reused else 1.0
        taken.append(Took(StepKind(row.kind), row.frames * share, row.started_at, row.finished_at))
    for kind in (StepKind.PLAN, StepKind.ASSEMBLE, StepKind.PACKAGE):
        for row in connection.execute(_newest(preview, films, (kind,), FEW)):
            taken.append(Took(kind, max(row.frames, 1), row.started_at, row.finished_at))
    return pace_of(taken)


def _newest(preview: bool, films: Films, kinds: Sequence[StepKind], most: int) -> sa.Select[Any]:
    done = sa.and_(steps.c.state == StepState.DONE, steps.c.kind.in_(kinds), steps.c.finished_at.is_not(None))
    alike = sa.and_(jobs.c.preview == preview, sa.true() if preview else jobs.c.films == films)
    asked = sa.select(steps.c.kind, steps.c.frames, steps.c.started_at, steps.c.finished_at, steps.c.outcome)
    joined = asked.join(jobs, jobs.c.id == steps.c.job_id).where(done, alike)
    return joined.order_by(steps.c.created_at.desc(), steps.c.id).limit(most)


def _busy(taken: Iterable[Took]) -> float:
    """Seconds in which any of these steps was under way."""
    busy, until = 0.0, float("-inf")
    for one in sorted(taken, key=lambda one: one.began):
        busy += max(one.ended - max(one.began, until), 0.0)
        until = max(until, one.ended)
    return busy
