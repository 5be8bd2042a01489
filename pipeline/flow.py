"""The order of steps: from a job and its steps to its next state and its next steps. Pure: returned, not performed.

`settle` looks at what is, not at what just happened, so running it once more changes nothing: redelivery, a crash
between two commits and a sweep by the reconciler are all harmless.
"""

from collections.abc import Sequence
from enum import StrEnum

from kit.errors import Bug, Conflict
from kit.values import Value
from pipeline.jobs import AT_REST, ENDED_JOBS, Blame, Job, JobState, NewStep, Packed, Planned, Step, StepKind, StepState

FORWARD: dict[JobState, frozenset[JobState]] = {
    JobState.CREATED: frozenset({JobState.QUEUED}),
    JobState.QUEUED: frozenset({JobState.PLANNING}),
    JobState.PLANNING: frozenset({JobState.RENDERING}),
    JobState.RENDERING: frozenset({JobState.ASSEMBLING}),
    JobState.ASSEMBLING: frozenset({JobState.PACKAGING}),
    JobState.PACKAGING: frozenset({JobState.IN_REVIEW}),
    JobState.IN_REVIEW: frozenset({JobState.APPROVED, JobState.PLANNING}),
    JobState.APPROVED: frozenset({JobState.DELIVERED}),
    JobState.DELIVERED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}
"""Moves a job makes when all goes well; failed and cancelled can be reached from every state that has not ended."""

AGAIN = frozenset({JobState.QUEUED, JobState.RENDERING, JobState.ASSEMBLING, JobState.PACKAGING})
"""Where a failed job goes on when it is tried again: where it failed."""

INSPECTED_SHARE = 0.05
"""Part of the progress bar that inspection and planning take."""


class Action(StrEnum):
    """What a person decides about a job."""

    ACCEPT_CAPTIONS = "accept_captions"
    APPROVE = "approve"
    DELIVER = "deliver"
    ASK_CHANGES = "ask_changes"
    CANCEL = "cancel"
    RETRY = "retry"


class Inspections(Value):
    """How the inspection of a project's clips stands."""

    total: int = 0
    open: int = 0
    """Clips not yet inspected."""
    failed: str | None = None
    """Why one of them cannot be inspected, in plain words."""


class Change(Value):
    """What becomes of a job: its new state and the steps to add."""

    state: JobState
    add: tuple[NewStep, ...] = ()
    round: int
    frames_planned: int | None = None
    captions_accepted: bool = False
    packed: Packed | None = None
    """The package that has just been made."""
    error: str | None = None
    blame: Blame | None = None
    notes: tuple[str, ...] | None = None
    drop_open_steps: bool = False
    """Steps that have not ended are cancelled."""
    revive_steps: bool = False
    """Steps of this round that failed or were cancelled are made ready again, with all their attempts."""


def may_move(start: JobState, goal: JobState) -> bool:
    """Whether a job may go from one state to another in one move."""
    if goal in (JobState.FAILED, JobState.CANCELLED):
        return start not in ENDED_JOBS
    if start is JobState.FAILED:
        return goal in AGAIN
    return goal in FORWARD.get(start, frozenset())


def settle(job: Job, steps: Sequence[Step], inspections: Inspections) -> Change:
    """What must happen next, seen from the job, its steps of all rounds and its project's inspections.

    Returns a change to the very same state with nothing to add when there is nothing to do.
    """
    if job.state in AT_REST:
        return _stay(job)
    current = [step for step in steps if step.round == job.round]
    failed = next((step for step in current if step.state is StepState.FAILED), None)
    if failed:
        return _fail(job, failed.error or "A step failed.", failed.blame or Blame.BUG)
    change = _wanted(job, current, inspections)
    if change.state != job.state and not may_move(job.state, change.state):
        raise Bug(f"A job cannot go from {job.state} to {change.state}.")
    return change


def decide(job: Job, action: Action, steps: Sequence[Step] = ()) -> Change:
    """What a person's decision does to a job; Conflict, in plain words, when the job does not allow it now.

    `steps` are the job's, of all rounds; only a retry asks for them.
    """
    if action is Action.RETRY:
        return _retry(job, steps)
    if action is Action.CANCEL:
        if job.state in ENDED_JOBS:
            raise Conflict(f"This job is already {job.state}; it cannot be cancelled.")
        return _stay(job, state=JobState.CANCELLED, drop_open_steps=True)
    if action is Action.DELIVER:
        if job.state not in (JobState.APPROVED, JobState.DELIVERED):
            raise Conflict("Approve the film before it is delivered.")
        return _stay(job, state=JobState.DELIVERED)
    if job.state is not JobState.IN_REVIEW:
        raise Conflict(f"This job is {job.state.replace('_', ' ')}, not in review.")
    if action is Action.ACCEPT_CAPTIONS:
        return _stay(job, captions_accepted=True)
    if action is Action.ASK_CHANGES:
        return Change(state=JobState.PLANNING, round=job.round + 1, add=(_plan_step(job),), frames_planned=0, notes=())
    if job.preview:
        raise Conflict("A preview cannot be approved; make the whole film first.")
    if job.review != "finished":
        raise Conflict("This film is a draft: its notes say what is missing. Only a finished film can be approved.")
    if not job.captions_accepted:
        raise Conflict("Read and accept the captions before approving the film.")
    return _stay(job, state=JobState.APPROVED, add=(archive_step(job),))


def progress(job: Job, steps: Sequence[Step], inspections: Inspections) -> float:
    """Share of the work done, 0 to 1, never less than what the job showed before."""
    if job.state in (JobState.IN_REVIEW, JobState.APPROVED, JobState.DELIVERED):
        return 1.0
    share = 0.0
    if inspections.total:
        share = INSPECTED_SHARE * (inspections.total - inspections.open) / inspections.total * 0.8
    if job.frames_planned:
        done = sum(step.frames if step.state is StepState.DONE else step.frames_done for step in _of_round(job, steps))
        share = INSPECTED_SHARE + (0.99 - INSPECTED_SHARE) * min(done / job.frames_planned, 1.0)
    return max(job.progress, share)


def eta_s(job: Job, steps: Sequence[Step], now: float) -> float | None:
    """Seconds of work left at the pace so far, not counting what was found finished; None while nobody can tell."""
    if job.state in AT_REST or not job.frames_planned or job.planned_at is None:
        return None
    current = _of_round(job, steps)
    found = sum(map(_found, current))
    worked = sum(step.frames_done for step in current) - found
    elapsed = now - job.planned_at
    if worked <= 0 or elapsed < 1:
        return None
    return max(job.frames_planned - found - worked, 0) * elapsed / worked


def _found(step: Step) -> int:
    """Frames of a step's work that lay in storage already."""
    if not step.outcome or not step.outcome.reused:
        return 0
    return step.frames * step.outcome.reused // (step.outcome.reused + step.outcome.rendered)


def _of_round(job: Job, steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.round == job.round]


def _wanted(job: Job, steps: Sequence[Step], inspections: Inspections) -> Change:
    """The next move that the finished steps allow."""
    by_kind = {kind: [step for step in steps if step.kind is kind] for kind in StepKind}
    if job.state is JobState.CREATED:
        return _stay(job, state=JobState.QUEUED)
    if job.state is JobState.QUEUED:
        return _start(job, inspections)
    planned = _planned(by_kind)
    if planned is None:
        return _stay(job)
    if job.state is JobState.PLANNING:
        return _render(job, planned)
    return _late_move(job, by_kind, planned)


def _start(job: Job, inspections: Inspections) -> Change:
    if inspections.failed:
        return _fail(job, inspections.failed, Blame.OUTAGE)
    if inspections.open:
        return _stay(job)
    return _stay(job, state=JobState.PLANNING, add=(_plan_step(job),))


def _late_move(job: Job, by_kind: dict[StepKind, list[Step]], planned: Planned) -> Change:
    """From the rendered pieces to the film, from the film to the package, from the package to review."""
    if job.state is JobState.RENDERING and _all_done(by_kind[StepKind.SEGMENT] + by_kind[StepKind.SOUND]):
        return _stay(job, state=JobState.ASSEMBLING, add=(_late_step(job, planned, StepKind.ASSEMBLE),))
    if job.state is JobState.ASSEMBLING and _all_done(by_kind[StepKind.ASSEMBLE]):
        return _stay(job, state=JobState.PACKAGING, add=(_late_step(job, planned, StepKind.PACKAGE),))
    if job.state is JobState.PACKAGING and _all_done(by_kind[StepKind.PACKAGE]):
        outcome = by_kind[StepKind.PACKAGE][0].outcome
        if outcome is None or outcome.packed is None:
            raise Bug("The package step ended without a package.")
        return _stay(job, state=JobState.IN_REVIEW, packed=outcome.packed)
    return _stay(job)


def _render(job: Job, planned: Planned) -> Change:
    segments = tuple(
        NewStep(kind=StepKind.SEGMENT, key=note.keys[0], index=index, frames=note.frames * len(note.keys))
        for index, note in enumerate(planned.segments)
    )
    sound = NewStep(kind=StepKind.SOUND, key=planned.sound_key, frames=sound_frames(planned))
    late = late_frames(job, planned, StepKind.ASSEMBLE) + late_frames(job, planned, StepKind.PACKAGE)
    return _stay(
        job,
        state=JobState.RENDERING,
        add=(sound, *segments),
        frames_planned=sum(step.frames for step in (sound, *segments)) + late,
        notes=planned.notes,
    )


def _retry(job: Job, steps: Sequence[Step]) -> Change:
    """On from where it failed: what is done stays done, what failed or was dropped is ready again.

    What could not be planned is planned anew, once what was sent since is inspected; so is a film whose pieces were
    let go of meanwhile.
    """
    if job.state is not JobState.FAILED:
        raise Conflict(f"This job is {job.state.replace('_', ' ')}; only one that failed can be tried again.")
    made = {step.kind for step in _of_round(job, steps)}
    reached = (
        (StepKind.PACKAGE, JobState.PACKAGING),
        (StepKind.ASSEMBLE, JobState.ASSEMBLING),
        (StepKind.SEGMENT, JobState.RENDERING),
    )
    state = next((state for kind, state in reached if kind in made), JobState.QUEUED)
    if job.pieces_expired_at is not None:
        state = JobState.QUEUED
    unplanned = state is JobState.QUEUED and StepKind.PLAN in made
    return Change(state=state, round=job.round + unplanned, revive_steps=not unplanned)


def archive_step(job: Job) -> NewStep:
    """The step that zips an approved package; the film need not wait for it."""
    return NewStep(kind=StepKind.ARCHIVE, key=job.id)


def _plan_step(job: Job) -> NewStep:
    return NewStep(kind=StepKind.PLAN, key=job.id)


def _late_step(job: Job, planned: Planned, kind: StepKind) -> NewStep:
    return NewStep(kind=kind, key=job.id, frames=late_frames(job, planned, kind))


def sound_frames(planned: Planned) -> int:
    """The weight of mixing the sound against encoding one frame."""
    return max(planned.frames // 10, 1)


def late_frames(job: Job, planned: Planned, kind: StepKind) -> int:
    """Joining copies, measuring decodes every film once: their weights against encoding one frame."""
    films = 2 if job.films == "both" and not job.preview else 1
    return max(planned.frames * films // (40 if kind is StepKind.ASSEMBLE else 5), 1)


def _planned(by_kind: dict[StepKind, list[Step]]) -> Planned | None:
    for step in by_kind[StepKind.PLAN]:
        if step.state is StepState.DONE and step.outcome:
            return step.outcome.planned
    return None


def _all_done(steps: Sequence[Step]) -> bool:
    return bool(steps) and all(step.state is StepState.DONE for step in steps)


def _fail(job: Job, error: str, blame: Blame) -> Change:
    return Change(state=JobState.FAILED, round=job.round, error=error, blame=blame, drop_open_steps=True)


def _stay(
    job: Job,
    *,
    state: JobState | None = None,
    add: tuple[NewStep, ...] = (),
    frames_planned: int | None = None,
    captions_accepted: bool | None = None,
    packed: Packed | None = None,
    notes: tuple[str, ...] | None = None,
    drop_open_steps: bool = False,
) -> Change:
    """The change that leaves all but what is given as it is."""
    return Change(
        state=state or job.state,
        round=job.round,
        add=add,
        frames_planned=frames_planned,
        packed=packed,
        captions_accepted=job.captions_accepted if captions_accepted is None else captions_accepted,
        error=job.error,
        blame=job.blame,
        notes=notes,
        drop_open_steps=drop_open_steps,
    )
