"""Gaps closed by a sweep: steps nobody offered, workers gone silent, a job that came to a halt."""

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Outage
from pipeline.jobs import JobState, StepState
from pipeline.reconcile import Watch, keep_sweeping, sweep
from pipeline.tables import jobs, steps

from .conftest import House


def test_a_step_that_was_never_enqueued_is_offered(house: House) -> None:
    job_id = house.submit()
    offered: list[str] = []
    assert sweep(house.ledger, offered.extend) == ()
    house.clock.now += 20
    sweep(house.ledger, offered.extend)
    assert offered == [step.id for step in house.steps(job_id)]


def test_a_silent_step_is_offered_at_once(house: House) -> None:
    house.submit()
    step = house.ledger.claim_next("w", house.project_id)
    assert step is not None
    house.clock.now += house.ledger.lease_s + 1
    offered: list[str] = []
    sweep(house.ledger, offered.extend)
    assert offered == [step.id]


def test_a_job_without_steps_is_set_going_again(house: House) -> None:
    job_id = house.submit()
    with immediate(house.engine) as connection:
        connection.execute(sa.delete(steps))
        connection.execute(sa.update(jobs).values(state=JobState.QUEUED))
    offered: list[str] = []
    sweep(house.ledger, offered.extend)
    (plan,) = house.steps(job_id)
    assert (offered, plan.state, house.job(job_id).state) == ([plan.id], StepState.READY, JobState.PLANNING)


def test_sweeping_outlives_a_failure(house: House) -> None:
    house.submit()
    house.clock.now += 20
    offered: list[str] = []
    rounds = iter([False, False, True])

    def stumble() -> None:
        raise RuntimeError("oops")

    keep_sweeping(house.ledger, offered.extend, until=lambda: next(rounds), every_s=0, also=stumble)
    assert len(offered) == 1


def test_a_clock_put_back_keeps_no_step_from_being_handed_out(house: House) -> None:
    job_id = house.submit()
    held = house.ledger.claim_next("w", house.project_id)
    assert held is not None
    house.clock.now -= 3600
    # Its worker is dead; the lease seems to run for another hour.
    assert house.ledger.expire() == (held.id,)
    again = house.ledger.claim_fairest("w2")
    assert again is not None
    assert house.ledger.fail(again, Outage("The store is away.")).accepted
    house.clock.now -= 3600
    assert house.ledger.claim_fairest("w3") is not None
    assert [step.attempts for step in house.steps(job_id)] == [3]


def test_a_living_worker_keeps_its_step_when_the_clock_is_put_back(house: House) -> None:
    house.submit()
    held = house.ledger.claim_next("w", house.project_id)
    assert held is not None
    house.clock.now -= 3600
    assert house.ledger.heartbeat(held, 0)
    assert house.ledger.expire() == ()


def test_nobody_is_taken_for_silent_right_after_a_jump_of_the_clock() -> None:
    now = {"wall": 1000.0, "steady": 5.0}
    watch = Watch(30.0, lambda: now["wall"], lambda: now["steady"])

    def after(seconds: float, jump: float = 0.0) -> bool:
        now["steady"] += seconds
        now["wall"] += seconds + jump
        return watch.trusts_leases()

    assert after(2)
    assert not after(2, jump=3600)
    assert not after(20)
    assert after(11)
    assert not after(2, jump=-3600)
    assert after(31)
    assert after(2, jump=0.5)


def test_without_leases_a_sweep_still_offers_what_is_ready(house: House) -> None:
    house.submit()
    held = house.ledger.claim_next("w", house.project_id)
    assert held is not None
    house.clock.now += house.ledger.lease_s + 1
    assert sweep(house.ledger, lambda _ids: None, leases=False) == ()
    assert sweep(house.ledger, lambda _ids: None) == (held.id,)
