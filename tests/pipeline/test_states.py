"""Every state against every event, of jobs and of steps: a state or an event without a row or a column fails."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Bug, Conflict, Outage
from pipeline.flow import Action, Inspections, decide, may_move, settle
from pipeline.jobs import Blame, Job, JobState, Outcome, Packed, Step, StepKind, StepState
from pipeline.service import Service
from pipeline.tables import jobs, steps

from .conftest import House, planned
from .test_flow import ASSEMBLED, PACKAGED, PLANNED, RENDERED, job, step

REFUSED = "refused"

PERSON = """
state       accept_captions  approve   deliver    ask_changes  cancel     retry
created     refused          refused   refused    refused      cancelled  refused
queued      refused          refused   refused    refused      cancelled  refused
planning    refused          refused   refused    refused      cancelled  refused
rendering   refused          refused   refused    refused      cancelled  refused
assembling  refused          refused   refused    refused      cancelled  refused
packaging   refused          refused   refused    refused      cancelled  refused
in_review   in_review        approved  refused    planning     cancelled  refused
approved    refused          refused   delivered  refused      cancelled  refused
delivered   refused          refused   delivered  refused      refused    refused
failed      refused          refused   refused    refused      refused    rendering
cancelled   refused          refused   refused    refused      refused    refused
"""
"""What a person's decision makes of a job whose captions are accepted and whose pieces were being rendered."""

FOUND = """
state       nothing     planned    rendered    assembled  packaged   failed
created     queued      queued     queued      queued     queued     failed
queued      planning    planning   planning    planning   planning   failed
planning    planning    rendering  rendering   rendering  rendering  failed
rendering   rendering   rendering  assembling  assembling assembling failed
assembling  assembling  assembling assembling  packaging  packaging  failed
packaging   packaging   packaging  packaging   packaging  in_review  failed
in_review   in_review   in_review  in_review   in_review  in_review  in_review
approved    approved    approved   approved    approved   approved   approved
delivered   delivered   delivered  delivered   delivered  delivered  delivered
failed      failed      failed     failed      failed     failed     failed
cancelled   cancelled   cancelled  cancelled   cancelled  cancelled  cancelled
"""
"""One move of a job, all of whose clips are inspected, by what is found of its steps."""

STEP = """
state      claim    beat     finish   outage   bug      release  silence  job_cancelled  job_retried
ready      running  refused  refused  refused  refused  refused  ready    cancelled      ready
running    refused  running  done     ready    failed   ready    ready    cancelled      running
done       refused  refused  refused  refused  refused  refused  done     done           done
failed     refused  refused  refused  refused  refused  refused  failed   failed         ready
cancelled  refused  refused  refused  refused  refused  refused  cancelled cancelled     ready
"""
"""What becomes of a step; refused: nothing changes."""

FINDINGS: dict[str, list[Step]] = {
    "nothing": [],
    "planned": [PLANNED, step(StepKind.SEGMENT, StepState.RUNNING)],
    "rendered": RENDERED,
    "assembled": ASSEMBLED,
    "packaged": PACKAGED,
    "failed": [step(StepKind.PLAN, StepState.FAILED, error="It stumbled.", blame=Blame.BUG)],
}


def cells(table: str) -> list[tuple[str, str, str]]:
    """(row, column, what stands there) of a table."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    assert all(len(row) == len(head) for row in rows)
    return [(row[0], column, cell) for row in rows for column, cell in zip(head[1:], row[1:], strict=True)]


def rows_of(table: str) -> set[str]:
    return {row for row, _, _ in cells(table)}


def columns_of(table: str) -> set[str]:
    return {column for _, column, _ in cells(table)}


def test_no_state_and_no_event_is_left_out() -> None:
    assert rows_of(PERSON) == rows_of(FOUND) == set(JobState)
    assert rows_of(STEP) == set(StepState)
    assert columns_of(PERSON) == set(Action)
    assert columns_of(FOUND) == set(FINDINGS)
    assert columns_of(STEP) == set(EVENTS)


@pytest.mark.parametrize(("state", "action", "goal"), cells(PERSON))
def test_what_a_person_decides(state: str, action: str, goal: str) -> None:
    held = job(JobState(state), review="finished", captions_accepted=True)
    try:
        change = decide(held, Action(action), [PLANNED, step(StepKind.SEGMENT, StepState.FAILED)])
    except Conflict:
        assert goal == REFUSED
        return
    assert change.state == goal
    assert change.state is held.state or may_move(held.state, change.state)
    assert change.drop_open_steps == (goal == "cancelled")
    assert change.revive_steps == (action == "retry")


@pytest.mark.parametrize(("state", "finding", "goal"), cells(FOUND))
def test_what_is_found(state: str, finding: str, goal: str) -> None:
    change = settle(job(JobState(state)), FINDINGS[finding], Inspections(total=2))
    assert change.state == goal
    assert change.drop_open_steps == (goal == "failed" != state)


@pytest.mark.parametrize(
    ("found", "goal"),
    [
        ([], (JobState.QUEUED, 1, True)),
        ([step(StepKind.PLAN, StepState.FAILED)], (JobState.QUEUED, 2, False)),
        ([PLANNED, step(StepKind.SOUND, StepState.FAILED), step(StepKind.SEGMENT)], (JobState.RENDERING, 1, True)),
        ([*RENDERED, step(StepKind.ASSEMBLE, StepState.FAILED)], (JobState.ASSEMBLING, 1, True)),
        ([*ASSEMBLED, step(StepKind.PACKAGE, StepState.FAILED)], (JobState.PACKAGING, 1, True)),
    ],
)
def test_another_try_goes_on_where_it_failed(found: list[Step], goal: tuple[JobState, int, bool]) -> None:
    change = decide(job(JobState.FAILED, error="It stumbled.", blame=Blame.OUTAGE), Action.RETRY, found)
    assert (change.state, change.round, change.revive_steps) == goal
    assert (change.error, change.blame) == (None, None)


Event = Callable[[House, Step], Any]


def silence(house: House, held: Step) -> None:
    house.clock.now += house.ledger.lease_s + 1
    house.ledger.expire()


def job_cancelled(house: House, held: Step) -> None:
    the_service(house).decisions.cancel(held.job_id or "")


def job_retried(house: House, held: Step) -> None:
    """Only a failed job can be; a step of it that runs belongs to a worker that was not told."""
    with immediate(house.engine) as connection:
        connection.execute(sa.text("UPDATE jobs SET state = 'failed', error = 'It stumbled.'"))
    the_service(house).decisions.retry(held.job_id or "")


def the_service(house: House) -> Service:
    return Service(house.engine, None, lambda _ids: None, clock=house.clock)  # type: ignore[arg-type]


EVENTS: dict[str, Event] = {
    "claim": lambda house, held: house.ledger.claim(held.id, "w2"),
    "beat": lambda house, held: house.ledger.heartbeat(held, 1),
    "finish": lambda house, held: house.ledger.finish(held, Outcome()),
    "outage": lambda house, held: house.ledger.fail(held, Outage("The store is away.")),
    "bug": lambda house, held: house.ledger.fail(held, Bug("It stumbled.")),
    "release": lambda house, held: house.ledger.release(held),
    "silence": silence,
    "job_cancelled": job_cancelled,
    "job_retried": job_retried,
}


@pytest.mark.parametrize(("state", "event", "goal"), cells(STEP))
def test_what_becomes_of_a_step(house: House, state: str, event: str, goal: str) -> None:
    job_id = house.submit()
    plan = house.ledger.claim_next("w", house.project_id)
    assert plan
    house.ledger.finish(plan, Outcome(planned=planned(2)))
    held = house.ledger.claim_next("w", house.project_id)
    assert held
    with immediate(house.engine) as connection:
        connection.execute(sa.update(steps).where(steps.c.id == held.id).values(state=state))
    EVENTS[event](house, held)
    (now,) = [one for one in house.steps(job_id) if one.id == held.id]
    assert now.state == (state if goal == REFUSED else goal)


def test_a_job_that_failed_is_made_after_another_try(house: House) -> None:
    job_id = house.submit()
    seen: list[float] = []

    def do(outcome: Outcome | Exception) -> None:
        held = house.ledger.claim_fairest("w")
        assert held
        house.clock.now += 10
        if isinstance(outcome, Exception):
            house.ledger.fail(held, outcome)
        else:
            house.ledger.finish(held, outcome)
        seen.append(house.job(job_id).progress)

    do(Outcome(planned=planned(3)))
    do(Outcome())
    do(Outcome(rendered=1))
    do(Bug("It stumbled."))
    failed = house.job(job_id)
    house.clock.now += 90_000
    again: Job = the_service(house).decisions.retry(job_id)
    assert (again.state, again.error, again.blame, again.finished_at) == (JobState.RENDERING, None, None, None)
    assert again.planned_at == (failed.planned_at or 0) + 90_000
    # Only what was lost is done again, with all its attempts.
    left = [one for one in house.steps(job_id) if one.state is StepState.READY]
    assert ([one.kind for one in left], {one.attempts for one in left}) == ([StepKind.SEGMENT] * 2, {0})
    do(Outcome(rendered=1))
    do(Outcome(rendered=1))
    assert house.job(job_id).state is JobState.ASSEMBLING
    assert seen == sorted(seen)


def test_what_could_not_be_planned_is_planned_anew_with_what_was_sent_since(house: House) -> None:
    job_id = house.submit()
    plan = house.ledger.claim_next("w", house.project_id)
    assert plan
    house.ledger.fail(plan, Bug("It stumbled."))
    again = the_service(house).decisions.retry(job_id)
    assert (again.state, again.round) == (JobState.PLANNING, 2)
    assert [(one.round, one.state) for one in house.steps(job_id)] == [(1, StepState.FAILED), (2, StepState.READY)]


def test_progress_rises_through_another_try_and_begins_anew_with_changes(house: House) -> None:
    job_id = house.submit()
    with immediate(house.engine) as connection:
        connection.execute(sa.update(jobs).values(progress=0.3))
    plan = house.ledger.claim_next("w", house.project_id)
    assert plan
    house.ledger.fail(plan, Bug("It stumbled."))
    decisions = the_service(house).decisions
    seen = [house.job(job_id).progress, decisions.retry(job_id).progress]
    while held := house.ledger.claim_next("w", house.project_id):
        packed = Packed(review="finished", files=())
        found = {StepKind.PLAN: Outcome(planned=planned(3)), StepKind.PACKAGE: Outcome(packed=packed)}
        house.ledger.finish(held, found.get(held.kind, Outcome()))
        seen.append(house.job(job_id).progress)
    assert seen == sorted(seen)
    assert (seen[1], seen[-1], house.job(job_id).state) == (0.3, 1.0, JobState.IN_REVIEW)
    assert house.job(job_id).finished_at is not None
    again = decisions.ask_changes(job_id)
    assert again.progress < 0.3
    assert again.finished_at is None
