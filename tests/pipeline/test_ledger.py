"""Claims, leases, fencing tokens, attempts, and what a step's end sets going."""

import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kit.database import open_engine
from kit.errors import Bug, InputRefused, Outage
from pipeline.jobs import Blame, JobState, Outcome, Packed, SegmentNote, Step, StepKind, StepState
from pipeline.ledger import Ledger

from .conftest import House, planned

if TYPE_CHECKING:
    from multiprocessing.queues import Queue


def take(house: House) -> Step:
    step = house.ledger.claim_next("w", house.project_id)
    assert step is not None
    return step


def rendering(house: House, pieces: int = 3) -> str:
    """A job whose plan is done."""
    job_id = house.submit()
    house.ledger.finish(take(house), Outcome(planned=planned(pieces)))
    return job_id


def test_the_whole_river(house: House) -> None:
    job_id = house.submit()
    assert house.job(job_id).state is JobState.PLANNING
    ended = house.ledger.finish(take(house), Outcome(planned=planned(3)))
    assert (ended.accepted, len(ended.made)) == (True, 4)
    seen = [house.job(job_id).progress]
    for _ in range(4):
        house.ledger.finish(take(house), Outcome())
        seen.append(house.job(job_id).progress)
    assert house.job(job_id).state is JobState.ASSEMBLING
    house.ledger.finish(take(house), Outcome())
    package = take(house)
    assert package.kind is StepKind.PACKAGE
    house.ledger.finish(package, Outcome(packed=Packed(review="draft", files=(), notes=("words are missing",))))
    job = house.job(job_id)
    assert (job.state, job.review, job.progress) == (JobState.IN_REVIEW, "draft", 1.0)
    assert job.notes == ("words are missing",)
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]
    assert house.ledger.claim_next("w", house.project_id) is None
    assert house.ledger.resettle() == ()


def test_a_step_is_claimed_once(house: House) -> None:
    house.submit()
    step = take(house)
    assert house.ledger.claim(step.id, "other") is None
    assert (step.attempts, step.token) == (1, 1)


def test_redelivery_after_the_end_is_harmless(house: House) -> None:
    job_id = house.submit()
    step = take(house)
    assert house.ledger.finish(step, Outcome(planned=planned(2))).accepted
    assert house.ledger.claim(step.id, "again") is None
    assert not house.ledger.finish(step, Outcome(planned=planned(2))).accepted
    assert len(house.steps(job_id)) == 4


def test_a_silent_step_is_handed_out_again_and_the_stale_holder_refused(house: House) -> None:
    job_id = rendering(house)
    stale = take(house)
    house.clock.now += house.ledger.lease_s - 1
    assert house.ledger.expire() == ()
    assert house.ledger.heartbeat(stale, 1)
    house.clock.now += house.ledger.lease_s + 1
    assert house.ledger.expire() == (stale.id,)
    fresh = house.ledger.claim(stale.id, "w2")
    assert fresh is not None
    assert (fresh.token, fresh.attempts) == (2, 2)
    assert not house.ledger.heartbeat(stale, 5)
    assert not house.ledger.finish(stale, Outcome()).accepted
    assert not house.ledger.fail(stale, Bug("late")).accepted
    assert house.ledger.finish(fresh, Outcome()).accepted
    assert house.job(job_id).state is JobState.RENDERING


def test_a_step_that_goes_silent_three_times_fails_its_job(house: House) -> None:
    job_id = rendering(house)
    first = take(house)
    for _ in range(3):
        house.clock.now += house.ledger.lease_s + 1
        house.ledger.expire()
        house.ledger.claim(first.id, "w")
    job = house.job(job_id)
    assert (job.state, job.blame) == (JobState.FAILED, Blame.OUTAGE)
    assert {step.state for step in house.steps(job_id)} == {StepState.DONE, StepState.FAILED, StepState.CANCELLED}


def test_an_outage_is_tried_six_times_with_growing_pauses(house: House) -> None:
    job_id = rendering(house, 1)
    step = take(house)
    for pause in (2, 4, 8, 16, 32):
        assert house.ledger.fail(step, Outage("The store is away.")).accepted
        house.clock.now += pause - 1
        assert house.ledger.claim(step.id, "w") is None
        house.clock.now += 1
        again = house.ledger.claim(step.id, "w")
        assert again is not None
        step = again
    house.ledger.fail(step, Outage("The store is away."))
    job = house.job(job_id)
    assert (job.state, job.error, job.blame) == (JobState.FAILED, "The store is away.", Blame.OUTAGE)


@pytest.mark.parametrize(("error", "blame"), [(InputRefused("no"), Blame.INPUT), (ValueError("x"), Blame.BUG)])
def test_refusals_and_bugs_are_not_tried_again(house: House, error: Exception, blame: Blame) -> None:
    job_id = house.submit()
    house.ledger.fail(take(house), error)
    assert (house.job(job_id).state, house.job(job_id).blame) == (JobState.FAILED, blame)


def test_a_lost_step_of_a_failed_job_is_refused(house: House) -> None:
    rendering(house)
    one, other = take(house), take(house)
    house.ledger.fail(one, Bug("broken"))
    assert not house.ledger.heartbeat(other, 3)
    assert not house.ledger.finish(other, Outcome()).accepted


def test_a_step_given_back_is_no_attempt(house: House) -> None:
    rendering(house)
    step = take(house)
    house.ledger.release(step)
    again = house.ledger.claim(step.id, "w2")
    assert again is not None
    assert (again.attempts, again.token) == (1, 2)
    house.ledger.release(step)
    assert house.ledger.heartbeat(again, 1)


def test_beats_raise_progress_only(house: House) -> None:
    job_id = rendering(house)
    take(house)
    segment = take(house)
    house.ledger.heartbeat(segment, 7)
    before = house.job(job_id).progress
    house.ledger.heartbeat(segment, 3)
    assert house.job(job_id).progress == before > 0.05


def test_of_a_films_pieces_the_longest_is_begun_first_after_its_sound(house: House) -> None:
    job_id = house.submit()
    notes = tuple(SegmentNote(keys=(f"segments/{n}.mp4",), frames=long) for n, long in enumerate((12, 90, 150, 90)))
    house.ledger.finish(take(house), Outcome(planned=planned(4).model_copy(update={"segments": notes})))
    assert [take(house).index for _ in range(5)] == [None, 2, 1, 3, 0]
    assert {step.state for step in house.steps(job_id)} == {StepState.DONE, StepState.RUNNING}


def test_ready_steps_are_offered_at_growing_distances(house: House) -> None:
    job_id = house.submit()
    (plan,) = house.steps(job_id)
    assert house.ledger.overdue() == ()
    house.clock.now += 16
    assert house.ledger.overdue() == (plan.id,)
    assert house.ledger.overdue() == ()
    house.clock.now += 31
    assert house.ledger.overdue() == (plan.id,)


def claim_all(url: str, project_id: str, found: "Queue[list[str]]") -> None:
    engine = open_engine(url)
    ledger = Ledger(engine, clock=lambda: 2_000_000.0)
    mine = []
    while step := ledger.claim_next("w", project_id):
        mine.append(step.id)
    found.put(mine)


def test_several_processes_claim_every_step_once(house: House, tmp_path: Path) -> None:
    job_id = rendering(house, 60)
    context = multiprocessing.get_context("fork")
    found: Queue[list[str]] = context.Queue()
    workers = [context.Process(target=claim_all, args=(house.url, house.project_id, found)) for _ in range(4)]
    for worker in workers:
        worker.start()
    claimed = [step for _ in workers for step in found.get(timeout=300)]
    for worker in workers:
        worker.join()
    assert len(claimed) == len(set(claimed)) == 61
    assert {step.state for step in house.steps(job_id)} == {StepState.DONE, StepState.RUNNING}
