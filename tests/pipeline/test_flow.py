"""The order of steps: every legal and illegal move, settled from what is."""

import itertools

import pytest

from kit.errors import Conflict
from pipeline import flow
from pipeline.flow import Action, Inspections, decide, may_move, settle
from pipeline.jobs import (
    AT_REST,
    ENDED_JOBS,
    Blame,
    Job,
    JobState,
    NewStep,
    Outcome,
    Packed,
    Planned,
    SegmentNote,
    Step,
    StepKind,
    StepState,
)

READY = Inspections(total=2)
PLAN = Planned(
    context_key="contexts/c.json",
    frames=100,
    segments=(
        SegmentNote(keys=("segments/a.mp4", "segments/a-clean.mp4"), frames=60),
        SegmentNote(keys=("segments/b.mp4",), frames=40),
    ),
    sound_key="sound/s.m4a",
    notes=("a note",),
)
PACKED = Packed(review="finished", files=(), notes=("packed",))


def job(state: JobState = JobState.CREATED, **more: object) -> Job:
    return Job.model_validate(
        {"id": "j", "agency_id": "a", "project_id": "p", "storyboard": "promise", "state": state} | more
    )


def step(kind: StepKind, state: StepState = StepState.DONE, key: str = "", **more: object) -> Step:
    base = {"id": f"{kind}{key}", "agency_id": "a", "project_id": "p", "job_id": "j", "kind": kind, "key": key or "j"}
    return Step.model_validate(base | {"state": state} | more)


PLANNED = step(StepKind.PLAN, outcome=Outcome(planned=PLAN))
RENDERED = [
    PLANNED,
    step(StepKind.SOUND, key="sound/s.m4a"),
    step(StepKind.SEGMENT, key="segments/a.mp4"),
    step(StepKind.SEGMENT, key="segments/b.mp4"),
]
ASSEMBLED = [*RENDERED, step(StepKind.ASSEMBLE)]
PACKAGED = [*ASSEMBLED, step(StepKind.PACKAGE, outcome=Outcome(packed=PACKED))]

LEGAL = {
    (JobState.CREATED, JobState.QUEUED),
    (JobState.QUEUED, JobState.PLANNING),
    (JobState.PLANNING, JobState.RENDERING),
    (JobState.RENDERING, JobState.ASSEMBLING),
    (JobState.ASSEMBLING, JobState.PACKAGING),
    (JobState.PACKAGING, JobState.IN_REVIEW),
    (JobState.IN_REVIEW, JobState.APPROVED),
    (JobState.IN_REVIEW, JobState.PLANNING),
    (JobState.APPROVED, JobState.DELIVERED),
    *((JobState.FAILED, state) for state in (JobState.QUEUED, JobState.RENDERING)),
    *((JobState.FAILED, state) for state in (JobState.ASSEMBLING, JobState.PACKAGING)),
    *((state, JobState.FAILED) for state in JobState if state not in ENDED_JOBS),
    *((state, JobState.CANCELLED) for state in JobState if state not in ENDED_JOBS),
}


@pytest.mark.parametrize(("start", "goal"), list(itertools.product(JobState, JobState)))
def test_moves(start: JobState, goal: JobState) -> None:
    assert may_move(start, goal) == ((start, goal) in LEGAL)


@pytest.mark.parametrize(
    ("state", "steps", "goal", "added"),
    [
        (JobState.CREATED, [], JobState.QUEUED, []),
        (JobState.QUEUED, [], JobState.PLANNING, [StepKind.PLAN]),
        (JobState.PLANNING, [step(StepKind.PLAN, StepState.RUNNING)], JobState.PLANNING, []),
        (
            JobState.PLANNING,
            [PLANNED],
            JobState.RENDERING,
            [StepKind.SOUND, StepKind.SEGMENT, StepKind.SEGMENT],
        ),
        (JobState.RENDERING, [*RENDERED[:-1], step(StepKind.SEGMENT, StepState.READY)], JobState.RENDERING, []),
        (JobState.RENDERING, RENDERED, JobState.ASSEMBLING, [StepKind.ASSEMBLE]),
        (JobState.ASSEMBLING, [*RENDERED, step(StepKind.ASSEMBLE, StepState.RUNNING)], JobState.ASSEMBLING, []),
        (JobState.ASSEMBLING, ASSEMBLED, JobState.PACKAGING, [StepKind.PACKAGE]),
        (JobState.PACKAGING, PACKAGED, JobState.IN_REVIEW, []),
        (JobState.IN_REVIEW, PACKAGED, JobState.IN_REVIEW, []),
        (JobState.APPROVED, PACKAGED, JobState.APPROVED, []),
        (JobState.DELIVERED, PACKAGED, JobState.DELIVERED, []),
        (JobState.CANCELLED, [PLANNED], JobState.CANCELLED, []),
        (JobState.FAILED, [PLANNED], JobState.FAILED, []),
    ],
)
def test_settle(state: JobState, steps: list[Step], goal: JobState, added: list[StepKind]) -> None:
    change = settle(job(state), steps, READY)
    assert change.state is goal
    assert [new.kind for new in change.add] == added


def test_a_job_waits_for_its_inspections() -> None:
    change = settle(job(JobState.QUEUED), [], Inspections(total=2, open=1))
    assert (change.state, change.add) == (JobState.QUEUED, ())


def test_a_clip_that_cannot_be_inspected_fails_the_job_as_an_outage() -> None:
    change = settle(job(JobState.QUEUED), [], Inspections(total=2, open=0, failed="The store is away."))
    assert (change.state, change.blame, change.error) == (JobState.FAILED, Blame.OUTAGE, "The store is away.")


@pytest.mark.parametrize("state", [state for state in JobState if state not in AT_REST])
def test_a_failed_step_fails_the_job_and_drops_the_rest(state: JobState) -> None:
    failed = step(StepKind.SEGMENT, StepState.FAILED, error="Too little footage.", blame=Blame.INPUT)
    change = settle(job(state), [PLANNED, failed], READY)
    assert (change.state, change.error, change.blame) == (JobState.FAILED, "Too little footage.", Blame.INPUT)
    assert change.drop_open_steps


def test_steps_of_an_earlier_round_do_not_count() -> None:
    change = settle(job(JobState.PLANNING, round=2), PACKAGED, READY)
    assert (change.state, change.add) == (JobState.PLANNING, ())


def test_rendering_plans_all_the_work() -> None:
    change = settle(job(JobState.PLANNING), [PLANNED], READY)
    assert change.frames_planned == 60 + 60 + 40 + 10 + 5 + 40
    assert change.notes == ("a note",)
    assert change.add[1] == NewStep(kind=StepKind.SEGMENT, key="segments/a.mp4", index=0, frames=120)


def review(**more: object) -> Job:
    return job(JobState.IN_REVIEW, review="finished", **more)


def test_captions_come_before_approval() -> None:
    with pytest.raises(Conflict, match="captions"):
        decide(review(), Action.APPROVE)
    accepted = decide(review(), Action.ACCEPT_CAPTIONS)
    assert accepted.captions_accepted
    assert decide(review(captions_accepted=True), Action.APPROVE).state is JobState.APPROVED


@pytest.mark.parametrize("more", [{"review": "draft"}, {"preview": True}])
def test_drafts_and_previews_are_not_approved(more: dict[str, object]) -> None:
    with pytest.raises(Conflict):
        decide(review(captions_accepted=True).model_copy(update=more), Action.APPROVE)


@pytest.mark.parametrize("action", [Action.ACCEPT_CAPTIONS, Action.APPROVE, Action.ASK_CHANGES])
@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.IN_REVIEW])
def test_review_decisions_need_a_job_in_review(action: Action, state: JobState) -> None:
    with pytest.raises(Conflict):
        decide(job(state, captions_accepted=True, review="finished"), action)


@pytest.mark.parametrize("state", list(JobState))
def test_cancel_and_deliver(state: JobState) -> None:
    if state in ENDED_JOBS:
        with pytest.raises(Conflict):
            decide(job(state), Action.CANCEL)
    else:
        assert decide(job(state), Action.CANCEL).drop_open_steps
    if state in (JobState.APPROVED, JobState.DELIVERED):
        assert decide(job(state), Action.DELIVER).state is JobState.DELIVERED
    else:
        with pytest.raises(Conflict):
            decide(job(state), Action.DELIVER)


def test_changes_asked_for_start_a_new_round_without_accepted_captions() -> None:
    change = decide(review(captions_accepted=True), Action.ASK_CHANGES)
    assert (change.state, change.round, change.captions_accepted) == (JobState.PLANNING, 2, False)
    assert [new.kind for new in change.add] == [StepKind.PLAN]


def test_progress_counts_frames_and_never_goes_back() -> None:
    rendering = job(JobState.RENDERING, frames_planned=200)
    half = [step(StepKind.SEGMENT, frames=60), step(StepKind.SEGMENT, StepState.RUNNING, frames=100, frames_done=40)]
    share = flow.progress(rendering, half, READY)
    assert share == pytest.approx(0.05 + 0.94 * 0.5)
    assert flow.progress(rendering.model_copy(update={"progress": 0.9}), half, READY) == 0.9
    assert flow.progress(job(JobState.QUEUED), [], Inspections(total=4, open=2)) == pytest.approx(0.02)
    assert flow.progress(job(JobState.IN_REVIEW), [], READY) == 1.0


def test_time_left_leaves_out_what_was_found() -> None:
    rendering = job(JobState.RENDERING, frames_planned=300, planned_at=1000.0)
    found = step(StepKind.SEGMENT, frames=100, frames_done=100, outcome=Outcome(reused=1))
    half = step(StepKind.SEGMENT, frames=200, frames_done=200, outcome=Outcome(rendered=1, reused=1))
    fresh = step(StepKind.SEGMENT, StepState.RUNNING, frames=200, frames_done=50)
    assert flow.eta_s(rendering, [found], 1010.0) is None
    assert flow.eta_s(rendering, [found, fresh], 1010.0) == pytest.approx(30.0)
    assert flow.eta_s(rendering, [found, half], 1010.0) == pytest.approx(0.0)
