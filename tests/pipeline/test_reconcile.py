"""Gaps closed by a sweep: steps nobody offered, workers gone silent, a job that came to a halt."""

from collections.abc import Sequence

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Outage
from pipeline.jobs import JobState, StepState
from pipeline.reconcile import Watch, keep_sweeping, sweep
from pipeline.tables import jobs, steps

from .conftest import House


class Offered(list[str]):
    """What a broker was offered while it was there."""

    there = True

    def __call__(self, step_ids: Sequence[str]) -> bool:
        self.extend(step_ids if self.there else ())
        return self.there


def test_a_step_that_was_never_enqueued_is_offered(house: House) -> None:
    job_id = house.submit()
    offered = Offered()
    assert sweep(house.ledger, offered) == ()
    house.clock.now += 20
    sweep(house.ledger, offered)
    assert offered == [step.id for step in house.steps(job_id)]


def test_offers_that_reach_no_broker_are_made_again_with_the_next_sweep(house: House) -> None:
    job_id = house.submit()
    house.clock.now += 20
    offered = Offered()
    offered.there = False
    for _ in range(5):
        sweep(house.ledger, offered)
    offered.there = True
    sweep(house.ledger, offered)
    assert offered == [step.id for step in house.steps(job_id)]
    sweep(house.ledger, offered)
    assert len(offered) == 1


def test_after_a_jump_of_the_clock_all_is_offered_anew(house: House) -> None:
    house.submit()
    house.clock.now += 20
    offered = Offered()
    wall = iter([1000.0, 1000.0, 700.0])
    watch = Watch(30.0, lambda: next(wall), lambda: 5.0, on_jump=house.ledger.offer_anew)
    sweep(house.ledger, offered, leases=watch.trusts_leases())
    house.clock.now -= 300
    sweep(house.ledger, offered)
    assert len(offered) == 1, "for minutes it would count as offered a moment ago"
    sweep(house.ledger, offered, leases=watch.trusts_leases())
    assert len(offered) == 2


def test_a_silent_step_is_offered_at_once(house: House) -> None:
    house.submit()
    step = house.ledger.claim_next("w", house.project_id)
    assert step is not None
    house.clock.now += house.ledger.lease_s + 1
    offered = Offered()
    sweep(house.ledger, offered)
    assert offered == [step.id]


def test_a_job_without_steps_is_set_going_again(house: House) -> None:
    job_id = house.submit()
    with immediate(house.engine) as connection:
        connection.execute(sa.delete(steps))
        connection.execute(sa.update(jobs).values(state=JobState.QUEUED))
    offered = Offered()
    sweep(house.ledger, offered)
    (plan,) = house.steps(job_id)
    assert (offered, plan.state, house.job(job_id).state) == ([plan.id], StepState.READY, JobState.PLANNING)


def test_sweeping_outlives_a_failure(house: House) -> None:
    house.submit()
    house.clock.now += 20
    offered = Offered()
    rounds = iter([False, False, True])

    def stumble() -> None:
        raise RuntimeError("oops")

    keep_sweeping(house.ledger, offered, until=lambda: next(rounds), every_s=0, also=stumble)
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
    assert sweep(house.ledger, Offered(), leases=False) == ()
    assert sweep(house.ledger, Offered()) == (held.id,)
