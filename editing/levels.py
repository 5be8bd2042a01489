"""How loud each clip's speech is made, and where it is evened: decibels from what inspection measured. Pure.

A clip has one gain, however many runs of it a film uses, so that a speaker keeps one voice; over it lies a slow curve
where somebody moves away from the microphone.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from editing.timeline import SoundClip
from ingest.clip import Clip
from kit.timing import FILM_RATE, nearest_frame

SPEECH_LUFS = -18.0
"""Where every speaker is brought to before the final loudness, so that they are even."""

MOST_CUT, MOST_RAISE = -20.0, 20.0
"""Decibels of a clip's gain: more would lift the noise of the room into the film."""

UNHEARD_LUFS = -55.0
"""A second of footage below this holds no speech worth levelling."""

WANDER_FREE = 1.5
"""Decibels that a voice may stray from its mean before it is evened: that much is how people speak."""
WANDER_MOST = 9.0
WANDER_S = 2.5
"""Standard deviation of the window that a wandering level is smoothed with: slower than a phrase, so nothing pumps."""

STEP_DB = 0.5
"""Gains come in steps of so many decibels, which nobody hears: a mended word moves a mean by hundredths, and the
sound of the whole film would be mixed again for it."""

_SECOND = int(FILM_RATE)
_VOICED = 12
"""Frames of speech from which a second tells how loud its speaker is."""


Stretches = Sequence[tuple[int, int]]
"""Runs of frames, the ends left out."""


class Ramp(NamedTuple):
    """A change of level by so many decibels, spread evenly over frames of the film (or the clip)."""

    start: float
    end: float
    by_db: float


def levelling(clip: Clip, runs: Sequence[SoundClip]) -> tuple[float, tuple[Ramp, ...]]:
    """How a clip's speech, as used in these runs, comes to the common level: decibels at the clip's start, then ramps
    in frames of the clip.
    """
    if clip.sound is None or clip.sound.loudness_lufs is None:
        return 0.0, ()
    spoken = _spoken(clip)
    heard = dict(_voiced_seconds(clip, spoken))
    used = _used(heard, runs, spoken)
    if not used:
        return _bounded(SPEECH_LUFS - clip.sound.loudness_lufs), ()
    level = _mean(heard, used)
    curve = [_against(second, heard, level) for second in range(max(heard) + 1)]
    gain = _bounded(SPEECH_LUFS - _mean({n: heard[n] + curve[n] for n in heard}, used))
    middles = [(n + 0.5) * _SECOND for n in range(len(curve))]
    steps = zip(pairwise(middles), pairwise(curve), strict=True)
    return gain + curve[0], tuple(Ramp(a, b, y - x) for (a, b), (x, y) in steps if y != x)


def _bounded(gain: float) -> float:
    return _stepped(max(MOST_CUT, min(MOST_RAISE, gain)))


def _stepped(decibels: float) -> float:
    return round(decibels / STEP_DB) * STEP_DB


def _used(heard: dict[int, float], runs: Sequence[SoundClip], spoken: Stretches) -> dict[int, int]:
    """Frames of each voiced second that the film uses."""
    parts = [(run.source_start, run.source_start + run.end - run.start) for run in runs]
    used = _common(parts, spoken)
    return {second: frames for second in heard if (frames := _covered(used, second * _SECOND))}


def _mean(levels: dict[int, float], used: dict[int, int]) -> float:
    """Mean loudness over the frames used, in LUFS."""
    energy = sum(frames * 10 ** (levels[second] / 10) for second, frames in used.items())
    return 10 * math.log10(energy / sum(used.values()))


def _against(second: int, heard: dict[int, float], level: float) -> float:
    """What brings the voice around a second nearer to its level."""
    weights = {n: math.exp(-0.5 * ((n - second) / WANDER_S) ** 2) for n in heard}
    whole = sum(weights.values())
    if whole < 1e-3:  # far from any word
        return 0.0
    strays = sum(weight * heard[n] for n, weight in weights.items()) / whole - level
    beyond = max(0.0, abs(strays) - WANDER_FREE)
    return _stepped(-math.copysign(min(WANDER_MOST, beyond), strays))


def _voiced_seconds(clip: Clip, spoken: Stretches) -> Iterator[tuple[int, float]]:
    """Each second of a clip that holds enough speech, with the loudness of that speech in LUFS."""
    for second, level in enumerate(clip.analysis.sound.loudness if clip.analysis and clip.analysis.sound else ()):
        voiced = _covered(spoken, second * _SECOND)
        if level > UNHEARD_LUFS and voiced >= _VOICED:
            yield second, level - 10 * math.log10(voiced / _SECOND)


def _spoken(clip: Clip) -> Stretches:
    """Frames of a clip in which words are spoken, by its words where they are known, and never in its pauses."""
    words = [(nearest_frame(word.start_s), nearest_frame(word.end_s)) for one in clip.sentences for word in one.words]
    pauses = [(pause.start, pause.end) for pause in clip.analysis.pauses] if clip.analysis else []
    edges = [0, *(edge for pause in pauses for edge in pause), max(clip.frames, nearest_frame(clip.duration_s)) + 1]
    between = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return _common(words, between) if words else between


def _common(some: Stretches, others: Stretches) -> Stretches:
    """What lies in both: each list is in order and without overlaps."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(start, end) for start, end in both if start < end]


def _covered(stretches: Stretches, start: int) -> int:
    """Frames of the second from `start` on that these stretches cover."""
    return sum(max(0, min(end, start + _SECOND) - max(first, start)) for first, end in stretches)
