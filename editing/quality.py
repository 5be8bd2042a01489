"""How good a stretch of a clip is as b-roll, from what inspection measured. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.clip import Clip

SHARP, STEADY, LIT, ALIVE, PEOPLE = 0.2, 0.2, 0.15, 0.25, 0.2
"""Weights of what is measured second by second; they add up to 1."""
CALM = 0.1
"""What is lost when a stretch begins or ends in the midst of a commotion; less where less moves."""
HALF_SHARP = 150.0
"""Sharpness that is worth half of all there is; fine texture goes far beyond, a blurred picture stays under 20."""
HALF_STEADY = 2.0
"""Shake (thousandths of the width) that costs half: a hand that walks; on a stand it is under 0.3."""
QUIET, BUSY = 3.0, 14.0
"""Motion (steps of luma a frame) from which a picture is fully alive, and above which it becomes a commotion."""
DARK, BRIGHT = 0.22, 0.75
"""Mean luma between which a picture is well lit."""
FACE_REACH = 1
"""Seconds around a face in which the same people are thought to be seen; not every second is searched."""
UNKNOWN = 0.5
"""Worth of a clip that was inspected before its seconds were measured."""


class Second(NamedTuple):
    """One second of a clip: each part of its worth, 0 to 1, and how much moves."""

    sharp: float
    steady: float
    lit: float
    alive: float
    people: float
    motion: float

    @property
    def worth(self) -> float:
        """All parts weighed, 0 to 1."""
        seen = SHARP * self.sharp + STEADY * self.steady + LIT * self.lit
        return seen + ALIVE * self.alive + PEOPLE * self.people


class Weighed(NamedTuple):
    """A clip's seconds, and what weighs any number of stretches in one step."""

    seconds: tuple[Second, ...]
    sums: NDArray[np.float64]
    """Worth of all seconds before each, shape (seconds + 1,)."""
    stir: NDArray[np.float64]
    """What is lost by a stretch that begins or ends in each second, shape (seconds,)."""
    usual: float
    """Worth of a clip whose seconds were not measured."""


def weigh(clip: Clip) -> Weighed:
    """The seconds of a clip; where they were not measured, its medians judge it, in a narrow range."""
    measured = clip.analysis and clip.analysis.picture
    if not clip.analysis or not measured or not measured.motion:
        looks = clip.sharpness / (1 + clip.motion / 8)
        return Weighed((), np.zeros(1), np.zeros(0), UNKNOWN + 0.1 * looks / (looks + HALF_SHARP))
    faces = {face.frame // 30 for face in clip.analysis.faces} if clip.faces else set[int]()
    found = []
    for second, motion in enumerate(measured.motion):
        near = any(second + away in faces for away in range(-FACE_REACH, FACE_REACH + 1))
        sharp, shake = _at(measured.sharpness, second), _at(measured.shake, second)
        found.append(
            Second(
                sharp=sharp / (sharp + HALF_SHARP),
                steady=1 / (1 + (shake / HALF_STEADY) ** 2),
                lit=_lit(_at(measured.exposure, second), _at(measured.black, second), _at(measured.blown, second)),
                alive=_alive(motion),
                people=float(near),
                motion=motion,
            )
        )
    sums = np.cumsum([0.0, *(one.worth for one in found)])
    stir = CALM * np.clip(np.array([one.motion for one in found]) / (2 * BUSY), 0, 1)
    return Weighed(tuple(found), sums, stir, 0.0)


def quality(clip: Weighed, first: NDArray[np.int64], frames: int) -> NDArray[np.float64]:
    """How good frames [first, first + frames) of a clip are to look at, 0 to 1, for every one of `first`."""
    if not clip.seconds:
        return np.full(first.shape, clip.usual)
    end = len(clip.seconds) - 1
    begin, last = np.minimum(end, first // 30), np.minimum(end, (first + frames - 1) // 30)
    whole = np.arange(end + 2)
    mean = (np.interp((first + frames) / 30, whole, clip.sums) - np.interp(first / 30, whole, clip.sums)) * 30 / frames
    worth: NDArray[np.float64] = np.maximum(0.0, mean - np.maximum(clip.stir[begin], clip.stir[last]))
    return worth


def reason(clip: Weighed, first: int, frames: int) -> str:
    """What speaks for a stretch, in a few plain words."""
    if not clip.seconds:
        return "judged as a whole clip"
    return ", ".join(strengths(clip, first, frames)) or "the best that is left"


def strengths(clip: Weighed, first: int, frames: int) -> tuple[str, ...]:
    """What is good about a stretch, a word each; nothing when its seconds were not measured."""
    if not clip.seconds:
        return ()
    here = clip.seconds[first // 30 : (first + frames - 1) // 30 + 1] or clip.seconds[-1:]

    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    said = [
        ("people", mean([one.people for one in here]) >= 0.5),
        ("movement", mean([one.alive for one in here]) >= 0.5),
        ("steady", mean([one.steady for one in here]) >= 0.7),
        ("sharp", mean([one.sharp for one in here]) >= 0.5),
        ("well lit", mean([one.lit for one in here]) >= 0.7),
    ]
    return tuple(word for word, holds in said if holds)


def _at(series: Sequence[float], second: int) -> float:
    return series[second] if second < len(series) else 0.0


def _lit(exposure: float, black: float, blown: float) -> float:
    """1 in good light, less in gloom, glare, and where parts are black or burnt out."""
    level = min(1.0, exposure / DARK, (1 - exposure) / (1 - BRIGHT))
    return max(0.0, level * (1 - black) * (1 - 2 * min(0.5, blown)))


def _alive(motion: float) -> float:
    """0 for an empty room, 1 where something happens, falling again where all of the picture is in turmoil."""
    if motion <= QUIET:
        return motion / QUIET
    return 1.0 if motion <= BUSY else max(0.2, BUSY / motion)
