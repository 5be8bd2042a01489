"""Gaps closed by a sweep: steps nobody offered, workers gone silent, a job that came to a halt."""

import sqlalchemy as sa

from kit.database import immediate
from pipeline.jobs import JobState, StepState
from pipeline.reconcile import keep_sweeping, sweep
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
