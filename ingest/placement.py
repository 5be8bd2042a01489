"""Roughly where each sentence of a transcript is spoken, by loudness and length alone. Pure.

Speech is louder than what surrounds it, a sentence lasts about as long as its sounds, and sentences keep their order.
The placement that agrees best with all three is found exactly, by dynamic programming over steps of 50 ms.
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.aligner import RATE
from ingest.pronunciation import pronunciation
from ingest.spoken_forms import readings

STEPS_PER_S = 20
"""Places tried in a second."""

_HOP, _WINDOW, _BINS = 160, 400, 512

_BANDS_HZ = (150.0, 1200.0)
"""Where a voice is strongest; wind and crowds drown what lies above."""

_RANGE_DB = 35.0
"""What lies further below the loud parts of its band is silence, however deep."""

_STEADY = 9
"""Readings of 10 ms that are averaged."""

_SPREAD_DB = 4.0
_MOST = 3.0
_LENGTH_WEIGHT = 200.0
"""Evidence that a sentence of twice its usual length would have to win (times the squared logarithm of 2)."""

_SKIP = 45.0
"""Evidence against a sentence's not being spoken at all."""


_CUE = 4.0
"""Evidence against a start for each second between it and its cue."""

_HIT = 15.0
"""Evidence for a start where the acoustic model found it."""


class Place(NamedTuple):
    """Seconds a sentence is spoken in."""

    start_s: float
    end_s: float


class Bounds(NamedTuple):
    """Seconds that a sentence may start between, and what else is known of its start."""

    low_s: float
    high_s: float
    cue_s: float | None = None
    """Where its cue stands."""
    hits_s: tuple[float, ...] = ()
    """Where the acoustic model found it, once for each time it did."""


def usual_length_s(words: Sequence[str]) -> float:
    """Seconds a sentence takes to say."""
    sounds = sum(len(pronunciation(part).split()) for word in words for way in readings(word)[:1] for part in way)
    return 0.25 + sounds / 12.5


def band_levels(sound: NDArray[np.int16]) -> NDArray[np.float64]:
    """Level of each 10 ms in twelve bands of the lower voice, in dB: (readings, 12)."""
    edges = np.geomspace(*_BANDS_HZ, 13)
    frequencies = np.arange(_BINS // 2 + 1) * RATE / _BINS
    inside = np.stack([(frequencies >= a) & (frequencies < b) for a, b in itertools.pairwise(edges)], 1)
    padded = np.pad(sound, (_WINDOW // 2 - _HOP // 2, _WINDOW)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP][: len(sound) // _HOP]
    shape = np.hanning(_WINDOW).astype(np.float32)
    parts = []
    for begin in range(0, len(frames), 4096):  # a minute at a time, so that long clips need little memory
        spectrum = np.abs(np.fft.rfft(frames[begin : begin + 4096] * shape, _BINS, axis=1)) ** 2
        parts.append(10 * np.log10(spectrum @ inside + 1))
    return np.concatenate(parts) if parts else np.zeros((0, 12))


def evidence(sound: NDArray[np.int16], spoken_s: float) -> NDArray[np.float64]:
    """For each 50 ms, how much rather it is speech than not, when about `spoken_s` seconds of the sound are speech."""
    levels = band_levels(sound)
    steps = len(levels) * STEPS_PER_S // 100
    if not steps:
        return np.zeros(0)
    quiet = levels[np.argsort(levels.mean(axis=1))[: max(1, len(levels) // 5)]]
    floor = np.maximum(np.median(quiet, axis=0), np.percentile(levels, 95, axis=0) - _RANGE_DB)
    above = np.clip(levels - floor, 0, _RANGE_DB).mean(axis=1)
    above = np.convolve(above, np.ones(_STEADY) / _STEADY, "same")
    each = above[: steps * 100 // STEPS_PER_S].reshape(steps, -1).mean(axis=1)
    share = min(0.8, spoken_s * STEPS_PER_S / steps)
    return np.asarray(np.clip((each - np.quantile(each, 1 - share)) / _SPREAD_DB, -_MOST, _MOST))


def place(evident: NDArray[np.float64], lengths: Sequence[float], bounds: Sequence[Bounds]) -> tuple[Place | None, ...]:
    """The best place of each sentence, in order; None for one that is not spoken. `lengths` are the usual ones."""
    steps = len(evident)
    total = np.concatenate([[0.0], np.cumsum(evident)])
    best = -total  # what is not a sentence counts against the evidence
    trail = []
    moments = np.arange(steps + 1) / STEPS_PER_S
    for usual, bound in zip(lengths, bounds, strict=True):
        begun = best + np.where((moments >= bound.low_s - 0.03) & (moments <= bound.high_s + 0.03), 0.0, -1e6)
        if bound.cue_s is not None:
            begun = begun - _CUE * np.abs(moments - bound.cue_s)
        for hit in bound.hits_s:
            begun = begun + _HIT * np.exp(-(((moments - hit) / 0.1) ** 2))
        ended, taken = np.full(steps + 1, -np.inf), np.zeros(steps + 1, np.int32)
        for size in np.unique(np.round(usual * STEPS_PER_S * np.geomspace(0.6, 1.7, 19)).astype(int).clip(1)):
            if size > steps:
                break
            worth = begun[: steps + 1 - size] + total[size:] - total[: steps + 1 - size]
            worth = worth - _LENGTH_WEIGHT * np.log(size / STEPS_PER_S / usual) ** 2
            better = worth > ended[size:]
            ended[size:][better] = worth[better]
            taken[size:][better] = size
        skipped = best - _SKIP
        taken = np.where(skipped > ended, 0, taken)
        level = np.maximum(ended, skipped) + total
        highest = np.maximum.accumulate(level)
        where = np.maximum.accumulate(np.where(level >= highest, np.arange(steps + 1, dtype=np.int32), 0))
        best = highest - total
        trail.append((taken, where))
    places: list[Place | None] = []
    at = steps
    for taken, where in reversed(trail):
        end = int(where[at])
        at = end - int(taken[end])
        places.append(Place(at / STEPS_PER_S, end / STEPS_PER_S) if at < end else None)
    return tuple(reversed(places))
