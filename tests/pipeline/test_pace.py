"""How long work takes, told by how long other work took."""

import random

import pytest

from pipeline.jobs import StepKind
from pipeline.pace import OF_A_PREVIEW, Pace, Took, Work, completed, pace_of, seconds_for

SEGMENT, SOUND, PLAN = StepKind.SEGMENT, StepKind.SOUND, StepKind.PLAN
LATE = [Took(PLAN, 1, 0, 2), Took(StepKind.ASSEMBLE, 90, 50, 51.8), Took(StepKind.PACKAGE, 720, 52, 59.2)]


def test_one_after_the_other() -> None:
    pace = pace_of([*LATE, Took(SEGMENT, 120, 2, 14), Took(SEGMENT, 60, 14, 20), Took(SOUND, 360, 20, 24)])
    assert pace.each[SEGMENT] == pytest.approx(0.1)
    assert (pace.side_by_side, pace.steps, pace.found) == (1.0, 6, None)
    work = Work(encoded=[150], found=0, sound=360, joined=90, packed=720)
    assert seconds_for(work, pace) == pytest.approx(15 + 4 + 2 + 1.8 + 7.2)


def test_two_at_once_share_the_work_but_one_piece_is_not_shared() -> None:
    pace = pace_of([*LATE, Took(SEGMENT, 100, 0, 10), Took(SEGMENT, 100, 0, 10)])
    assert pace.side_by_side == 2
    four = Work(encoded=[100] * 4, found=0, sound=0, joined=90, packed=720)
    assert seconds_for(four, pace) == pytest.approx(20 + 11)
    alone = Work(encoded=[100], found=0, sound=0, joined=90, packed=720)
    assert seconds_for(alone, pace) == pytest.approx(10 + 11)


def test_what_lay_in_storage_is_not_taken_for_fast_encoding() -> None:
    pace = pace_of([*LATE, Took(SEGMENT, 100, 0, 10), Took(SEGMENT, 0, 10, 10.5)])
    assert (pace.each[SEGMENT], pace.found) == (pytest.approx(0.1), 0.5)
    assert seconds_for(Work([], found=8, sound=0, joined=90, packed=720), pace) == pytest.approx(4 + 11)


def test_what_was_never_measured_is_not_guessed() -> None:
    assert seconds_for(Work([100], found=0, sound=0, joined=90, packed=720), pace_of(LATE)) is None
    assert seconds_for(Work([], found=0, sound=0, joined=90, packed=720), pace_of([])) is None
    assert seconds_for(Work([], found=3, sound=9, joined=90, packed=720), pace_of(LATE)) is None


def test_what_only_films_of_another_size_did_is_scaled() -> None:
    film = pace_of([*LATE, Took(SEGMENT, 100, 0, 10), Took(SEGMENT, 100, 0, 10), Took(SOUND, 360, 20, 24)])
    preview = completed(pace_of([]), film, OF_A_PREVIEW)
    work = Work(encoded=[100] * 4, found=0, sound=360, joined=90, packed=720)
    share = OF_A_PREVIEW
    late = 2 + 1.8 * share[StepKind.ASSEMBLE] + 7.2 * share[StepKind.PACKAGE]
    alone = 40 * share[SEGMENT] + 4 * share[SOUND]
    assert seconds_for(work, preview) == pytest.approx(alone / film.side_by_side + late)
    assert (preview.scaled, preview.steps) == (True, film.steps)
    one = completed(pace_of([Took(SEGMENT, 100, 0, 3)]), film, OF_A_PREVIEW)
    assert one.each[SEGMENT] == pytest.approx(0.03), "what was measured stays as it was"
    assert (one.side_by_side, one.each[SOUND]) == (1.0, film.each[SOUND] * share[SOUND])
    assert completed(film, preview, dict.fromkeys(StepKind, 9.0)) == film


def test_the_very_work_that_was_measured_takes_as_long_again() -> None:
    chance = random.Random(7)
    for _ in range(200):
        workers = chance.randint(1, 6)
        free, taken, frames = [2.0] * workers, [], []
        for _ in range(chance.randint(workers * 20, 160)):
            frames.append(chance.randint(60, 150))
            at = free.index(min(free))
            taken.append(Took(SEGMENT, frames[-1], free[at], free[at] + frames[-1] * chance.uniform(0.05, 0.06)))
            free[at] = taken[-1].ended
        pace = pace_of([*LATE, *taken])
        told = seconds_for(Work(frames, found=0, sound=0, joined=90, packed=720), pace)
        assert told == pytest.approx(max(free) - 2 + 11, rel=0.02)


def test_more_work_never_takes_less() -> None:
    pace = Pace(dict.fromkeys(StepKind, 0.1), found=0.01, side_by_side=2.5, steps=9)
    chance = random.Random(8)
    for _ in range(300):
        encoded = [chance.randint(1, 150) for _ in range(chance.randint(0, 30))]
        less = Work(encoded, found=chance.randint(0, 30), sound=0, joined=9, packed=9)
        more = less._replace(encoded=[*encoded, 50], found=less.found + 1, sound=100)
        assert (seconds_for(more, pace) or 0) >= (seconds_for(less, pace) or 0)
