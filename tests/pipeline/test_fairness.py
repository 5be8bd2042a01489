"""Whose turn it is: between agencies by what they were given, within one by priority and age."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.agency import Agency
from kit.database import immediate
from pipeline import records
from pipeline.flow import eta_s
from pipeline.jobs import Job, JobState, Outcome, Packed, Priority, Step, StepKind, StepState
from pipeline.settling import settle_job

from .conftest import STORYBOARD, House, planned
from .test_flow import job, step

NO_TIMES: Mapping[str, float] = MappingProxyType({})


def other_agency(house: House) -> str:
    """The project of a second agency."""
    with immediate(house.engine) as connection:
        agency = records.add_agency(connection, Agency(name="Elsewhere Police Department"), house.clock.now)
        return records.add_project(connection, agency, "Their promise", house.clock.now)


def submit(house: House, project_id: str, priority: Priority = Priority.NORMAL) -> str:
    house.clock.now += 1
    with immediate(house.engine) as connection:
        project = records.read_project(connection, project_id)
        job_id = records.add_job(
            connection, project, STORYBOARD, house.clock.now, films="open", preview=True, priority=priority
        )
        settle_job(connection, job_id, house.clock.now)
    return job_id


def outcome_of(held: Step) -> Outcome:
    if held.kind is StepKind.PLAN:
        return Outcome(planned=planned(4))
    if held.kind is StepKind.PACKAGE:
        return Outcome(packed=Packed(review="draft", files=()))
    return Outcome(rendered=1)


def serve(house: House, workers: int, until: str, seconds_of: Mapping[str, float] = NO_TIMES) -> list[Step]:
    """Let so many workers work until a job is in review; the steps as they ended, each after its project's seconds."""
    busy: list[tuple[float, int, Step]] = []
    ended: list[Step] = []
    while house.job(until).state is not JobState.IN_REVIEW:
        while len(busy) < workers and (held := house.ledger.claim_fairest("w")):
            busy.append((house.clock.now + seconds_of.get(held.project_id, 1.0), len(ended) + len(busy), held))
        busy.sort(key=lambda one: one[:2])
        house.clock.now, _, held = busy.pop(0)
        house.ledger.finish(held, outcome_of(held))
        ended.append(held)
    return ended


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_fifty_jobs_of_one_agency_do_not_starve_one_of_another(house: House, workers: int) -> None:
    theirs = other_agency(house)
    many = [submit(house, house.project_id) for _ in range(50)]
    one = submit(house, theirs)
    ended = serve(house, workers, one)
    own = sum(held.job_id == one for held in ended)
    # Every other step is theirs until their film is done, but where its joins leave them a single step to do.
    assert own == 8
    assert len(ended) <= 2 * own + 3 * workers
    # The other agency goes on meanwhile, with the first film it asked for before the last.
    assert next(held.job_id for held in ended if held.job_id != one) == many[0]


def test_long_steps_of_one_agency_leave_workers_to_another(house: House) -> None:
    theirs = other_agency(house)
    for _ in range(6):
        submit(house, house.project_id)
    one = submit(house, theirs)
    began = house.clock.now
    serve(house, 2, one, {house.project_id: 100.0})
    finished = house.job(one).finished_at
    assert finished is not None
    assert finished - began <= 100 + 8 * 1.0 + 1


def test_priority_orders_the_jobs_of_one_agency_and_not_between_agencies(house: House) -> None:
    theirs = other_agency(house)
    usual = submit(house, house.project_id)
    late = submit(house, house.project_id, Priority.HIGH)
    last = submit(house, house.project_id, Priority.LOW)
    urgent = [submit(house, theirs, Priority.HIGH) for _ in range(3)]
    order = {held.job_id: n for n, held in enumerate(serve(house, 1, last))}
    assert order[late] < order[usual] < order[last]
    assert order[late] < order[urgent[2]]


def test_a_priority_given_later_counts(house: House) -> None:
    submit(house, house.project_id)
    second = submit(house, house.project_id)
    with immediate(house.engine) as connection:
        records.set_priority(connection, second, Priority.HIGH)
    held = house.ledger.claim_fairest("w")
    assert held
    assert held.job_id == second


@given(
    pace=st.floats(0.5, 200.0),
    workers=st.integers(1, 8),
    sizes=st.lists(st.integers(30, 600), min_size=4, max_size=20),
    found=st.integers(0, 3),
)
def test_the_time_left_is_near_the_truth_once_some_work_is_done(
    pace: float, workers: int, sizes: list[int], found: int
) -> None:
    """Workers at one pace, in frames a second each; the estimate at each tenth against what it then took."""
    reused = [
        step(StepKind.SEGMENT, key=f"f{n}", frames=100, frames_done=100, outcome=Outcome(reused=1))
        for n in range(found)
    ]
    total = sum(sizes)
    rate = pace * workers
    rendering: Job = job(JobState.RENDERING, frames_planned=total + 100 * found, planned_at=1000.0)
    for tenth in range(1, 10):
        done = left = total * tenth // 10
        rows = list(reused)
        for n, size in enumerate(sizes):
            part = min(size, left)
            state = StepState.DONE if part == size else StepState.RUNNING
            rows.append(step(StepKind.SEGMENT, state, key=f"s{n}", frames=size, frames_done=part))
            left -= part
        now = 1000.0 + done / rate
        told = eta_s(rendering, rows, now)
        if now - 1000.0 >= 1:
            assert told == pytest.approx((total - done) / rate, rel=1e-6)
        else:
            assert told is None
