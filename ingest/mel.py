"""What an ear is given of sound: power in bands of pitch, cepstra, and how much rather it is speech than not. Pure.

Sound is mono, 16 kHz, 16-bit; readings are 10 ms apart. The bands, the cosines and the lifter are those that the
acoustic model of pocketsphinx was taught with (`feat.params`).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second that the acoustic model hears."""

READINGS_PER_S = 100

_HOP, _WINDOW, _BINS = RATE // READINGS_PER_S, 410, 512
_BANDS, _LOWEST_HZ, _HIGHEST_HZ = 25, 130.0, 6800.0
_CEPSTRA, _LIFTER = 13, 22
_PREEMPHASIS = 0.97
_BLOCK = 4096
"""Readings that are done at once, so that long sounds need little memory."""

_LOWER = 10
"""Bands up to about 1.2 kHz, where a voice is strongest; wind and crowds drown what lies above."""

_RANGE_DB = 35.0
"""What lies further below the loud parts of its band is silence, however deep."""

_SPEECH_DB = 6.0
"""What lies less above the floor is not speech, whatever the transcript promises."""

_STEADY = 9
"""Readings that are averaged."""

_SPREAD_DB = 6.0
_MOST = 3.0

Floats = NDArray[np.float32]
Levels = NDArray[np.float16]


def mel_levels(sound: NDArray[np.int16]) -> Levels:
    """Power in each band in dB: (readings, 25)."""
    count = len(sound) // _HOP
    bands, shape = _bands(), np.hamming(_WINDOW).astype(np.float32)
    levels = np.zeros((count, _BANDS), np.float16)
    for at in range(0, count, _BLOCK):
        begin, end = at * _HOP, min(at + _BLOCK, count) * _HOP + _WINDOW - _HOP
        piece = sound[max(begin - 1, 0) : end].astype(np.float32)
        piece = np.pad(piece, (int(begin == 0), max(0, end - len(sound))))
        piece = piece[1:] - _PREEMPHASIS * piece[:-1]
        frames = np.lib.stride_tricks.sliding_window_view(piece, _WINDOW)[::_HOP]
        power = np.abs(np.fft.rfft(frames * shape, _BINS, axis=1)) ** 2 @ bands
        levels[at : at + _BLOCK] = 10 * np.log10(power + 1e-4)
    return levels


def cepstra(levels: Levels) -> Floats:
    """Shapes of the spectrum: (readings, 13)."""
    return np.asarray((levels.astype(np.float32) * np.float32(np.log(10) / 10)) @ _cosines(), np.float32)


def loud_middle(levels: Levels, spoken_s: float) -> Floats:
    """The mean shape of the loudest `spoken_s` seconds: (13,)."""
    if not len(levels):
        return np.zeros(_CEPSTRA, np.float32)
    loudness = levels.mean(axis=1, dtype=np.float32)
    loud = loudness >= np.quantile(loudness, 1 - _share(spoken_s, len(levels), 0.9))
    return cepstra(levels[loud].mean(axis=0, dtype=np.float64)[None]).reshape(-1)


def activity(levels: Levels, spoken_s: float) -> Floats:
    """For each reading, how much rather it is speech than not, -3 to 3, when about `spoken_s` seconds are speech."""
    if not len(levels):
        return np.zeros(0, np.float32)
    lower = levels[:, :_LOWER].astype(np.float32)
    quiet = lower[np.argsort(lower.mean(axis=1))[: max(1, len(lower) // 5)]]
    floor = np.maximum(np.median(quiet, axis=0), np.percentile(lower, 95, axis=0) - _RANGE_DB).astype(np.float32)
    lower -= floor
    above = np.clip(lower, 0, _RANGE_DB, out=lower).mean(axis=1)
    steady = np.convolve(above, np.ones(_STEADY) / _STEADY, "same")[: len(above)]
    edge = max(np.quantile(steady, 1 - _share(spoken_s, len(steady), 0.8)), _SPEECH_DB)
    return np.asarray(np.clip((steady - edge) / _SPREAD_DB, -_MOST, _MOST), np.float32)


def _share(spoken_s: float, readings: int, most: float) -> float:
    return min(most, spoken_s * READINGS_PER_S / readings)


@cache
def _bands() -> Floats:
    """Triangles of equal area on the mel scale, their corners on the bins of the spectrum: (257, 25)."""
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (_LOWEST_HZ, _HIGHEST_HZ))
    step = RATE / _BINS
    corners = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    corners = np.floor(corners / step + 0.5) * step
    rates = np.arange(_BINS // 2 + 1)[:, None] * step
    left, middle, right = corners[:-2], corners[1:-1], corners[2:]
    slopes = np.minimum((rates - left) / (middle - left), (right - rates) / (right - middle))
    return np.asarray(np.maximum(slopes, 0) * 2 / (right - left), np.float32)


@cache
def _cosines() -> Floats:
    """From logarithms of power to liftered cepstra: (25, 13)."""
    order = np.arange(_CEPSTRA)
    waves = np.cos(np.pi / _BANDS * (np.arange(_BANDS)[:, None] + 0.5) * order) * np.sqrt(2 / _BANDS)
    waves[:, 0] /= np.sqrt(2)
    return np.asarray(waves * (1 + _LIFTER / 2 * np.sin(order * np.pi / _LIFTER)), np.float32)
