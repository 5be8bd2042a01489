"""Whose move a film is, and what stands first on the board."""

import random

import pytest

from pipeline.board import Line, Stage, Waits, chosen, in_order, stage_of, waits_for
from pipeline.jobs import Blame, JobState


def line(state: JobState | None = None, **facts: object) -> Line:
    known = {"id": "1", "agency_id": "a", "agency": "Anytown", "project_id": "p", "project": "Ours"}
    return Line.model_validate({**known, "created_at": 0.0, "since": 0.0, "state": state, **facts})


@pytest.mark.parametrize(
    ("told", "stage", "waits"),
    [
        (line(), Stage.FOOTAGE, Waits.AGENCY),
        (line(clips=3, clips_open=1), Stage.FOOTAGE, Waits.SERVICE),
        (line(clips=3), Stage.FOOTAGE, Waits.AGENCY),
        (line(JobState.QUEUED), Stage.MAKING, Waits.SERVICE),
        (line(JobState.PACKAGING), Stage.MAKING, Waits.SERVICE),
        (line(JobState.PACKAGING, superseded=True), Stage.MAKING, Waits.SERVICE),
        (line(JobState.IN_REVIEW), Stage.REVIEW, Waits.AGENCY),
        (line(JobState.IN_REVIEW, superseded=True), Stage.REVIEW, Waits.NOBODY),
        (line(JobState.APPROVED), Stage.APPROVED, Waits.AGENCY),
        (line(JobState.DELIVERED), Stage.DELIVERED, Waits.NOBODY),
        (line(JobState.CANCELLED), Stage.STOPPED, Waits.NOBODY),
        (line(JobState.FAILED, blame=Blame.INPUT), Stage.FAILED, Waits.AGENCY),
        (line(JobState.FAILED, blame=Blame.OUTAGE), Stage.FAILED, Waits.HOUSE),
        (line(JobState.FAILED, blame=Blame.BUG), Stage.FAILED, Waits.HOUSE),
        (line(JobState.FAILED, blame=Blame.BUG, superseded=True), Stage.FAILED, Waits.NOBODY),
    ],
)
def test_whose_move_it_is(told: Line, stage: Stage, waits: Waits) -> None:
    assert (stage_of(told), waits_for(told)) == (stage, waits)


def test_what_calls_for_somebody_stands_first_and_what_is_done_last() -> None:
    wanted = [
        line(JobState.FAILED, id="ours", blame=Blame.BUG, since=900.0),
        line(JobState.FAILED, id="theirs", blame=Blame.INPUT, since=900.0),
        line(JobState.IN_REVIEW, id="long in review", since=10.0),
        line(JobState.IN_REVIEW, id="just in review", since=800.0),
        line(JobState.APPROVED, id="approved", since=5.0),
        line(id="nothing sent", since=1.0),
        line(JobState.RENDERING, id="being made", since=2.0),
        line(JobState.DELIVERED, id="just delivered", since=700.0),
        line(JobState.CANCELLED, id="long stopped", since=3.0),
    ]
    mixed = random.Random(7).sample(wanted, len(wanted))
    assert in_order(mixed, Waits.HOUSE) == wanted
    to_an_agency = [one.id for one in in_order(mixed, Waits.AGENCY)]
    assert to_an_agency[:2] == ["theirs", "long in review"]
    assert to_an_agency.index("ours") == 5


def test_every_line_is_of_one_stage_and_waits_for_one() -> None:
    lines = [
        line(state, blame=blame, clips=n, clips_open=n % 2, superseded=n > 1)
        for state in (None, *JobState)
        for blame in (None, *Blame)
        for n in range(4)
    ]
    by_stage = [one for stage in Stage for one in chosen(lines, stage, None)]
    by_move = [one for waits in Waits for one in chosen(lines, None, waits)]
    assert len(by_stage) == len(by_move) == len(chosen(lines, None, None)) == len(lines)
    assert all(
        stage_of(one) is Stage.REVIEW and waits_for(one) is Waits.NOBODY
        for one in chosen(lines, Stage.REVIEW, Waits.NOBODY)
    )
