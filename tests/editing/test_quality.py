"""Stretches in which something is to be seen, steady and sharp, are worth more than dull, shaken or dark ones."""

from typing import Any

import numpy as np

from editing.quality import Weighed, quality, reason, weigh
from tests.editing.clips import measured, video


def worth(first: int = 0, frames: int = 150, **measures: Any) -> float:
    clip = video("a", 20, analysis=measured(20, **measures), faces=(0.5, 0.4) if "faces" in measures else None)
    return quality_at(weigh(clip), first, frames)


def quality_at(clip: Weighed, first: int, frames: int) -> float:
    return float(quality(clip, np.array([first]), frames)[0])


def test_each_fault_costs() -> None:
    best = worth(motion=[5.0] * 20)
    assert worth(motion=[0.1] * 20) < best - 0.2
    assert worth(motion=[60.0] * 20) < best - 0.2
    assert worth(motion=[5.0] * 20, shake=8.0) < best - 0.15
    assert worth(motion=[5.0] * 20, sharpness=10.0) < best - 0.1
    assert worth(motion=[5.0] * 20, black=[0.7] * 20) < best - 0.1
    assert worth(motion=[5.0] * 20, faces=range(20)) > best + 0.15


def test_a_commotion_at_an_end_costs_more_than_within() -> None:
    within = worth(frames=300, motion=[5.0] * 4 + [25.0] + [5.0] * 15)
    at_the_end = worth(frames=300, motion=[5.0] * 9 + [25.0] + [5.0] * 10)
    assert at_the_end < within - 0.05


def test_worth_lies_between_nought_and_one() -> None:
    assert 0 <= worth(motion=[0.0] * 20, sharpness=0.0, shake=99.0, black=[1.0] * 20) < 0.05
    assert 0.9 < worth(motion=[5.0] * 20, sharpness=5000.0, shake=0.0, faces=range(20)) <= 1


def test_an_unmeasured_clip_is_judged_by_its_medians() -> None:
    dull, sharp = video("a", 20, sharpness=1), video("b", 20, sharpness=400)
    assert quality_at(weigh(dull), 0, 90) < quality_at(weigh(sharp), 300, 90)
    assert reason(weigh(dull), 0, 90) == "judged as a whole clip"


def test_a_choice_says_what_speaks_for_it() -> None:
    clip = video("a", 20, faces=(0.5, 0.4), analysis=measured(20, motion=[5.0] * 20, faces=range(10)))
    assert reason(weigh(clip), 0, 150) == "people, movement, steady, sharp, well lit"
    assert reason(weigh(clip), 400, 150) == "movement, steady, sharp, well lit"
    poor = video("a", 20, analysis=measured(20, motion=[0.1] * 20, shake=9.0, sharpness=5.0, black=[0.7] * 20))
    assert reason(weigh(poor), 0, 150) == "the best that is left"
