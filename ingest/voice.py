"""How much a sound is like one clear voice, from 0 to 1. Pure; used to choose between tracks, not to find words.

A voice comes in syllables (about four a second, with silence between them), changes its spectrum from vowel to
consonant, has a pitch for part of the time, and that pitch glides. Music holds its pitch and its spectrum, traffic and
crowds have neither gaps nor pitch; one missing trait is enough to tell them from a voice.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second of the sound that is judged."""

WINDOW_S = 10
"""The sound is judged in pieces of this length, because speech seldom fills all of it."""

LEAST_S = 0.5
"""Nothing can be said of shorter sound."""

_HOP = RATE // 100
_FRAME = 512
_PITCH_FRAME = 640
_LAGS = (40, 230)
"""Samples of one period of a voice: 400 to 70 Hz."""

_AT_ONCE = 128
"""Frames whose pitch is looked for at a time: their spectra are large."""

_VOICED = 0.6
"""Autocorrelation of a frame that has a pitch."""

_BANDS = 24
_TRAITS = {
    "gaps": (0.15, 0.45),
    "syllables": (0.1, 0.3),
    "articulation": (0.025, 0.055),
    "contrast": (0.05, 0.09),
    "pitch": (0.1, 0.4),
    "glide": (2.0, 8.0),
}
"""From where each trait speaks for a voice at all to where it fully does, set on real speech, music and streets."""

Numbers = NDArray[np.float64]


def voice(sound: NDArray[np.float32]) -> float:
    """How much mono 16 kHz sound (full scale 1) is like a clear voice in its better pieces; 0 for silence."""
    size = WINDOW_S * RATE
    pieces = [sound[start : start + size] for start in range(0, max(len(sound) - size // 2, 1), size)]
    scores = [_score(traits(piece)) for piece in pieces]
    return round(float(np.quantile(scores, 0.75)), 3)


def traits(sound: NDArray[np.float32]) -> dict[str, float]:
    """The traits of a voice in a few seconds of mono 16 kHz sound, all 0 for silence."""
    if len(sound) < LEAST_S * RATE or float(np.abs(sound).max()) < 1e-4:
        return dict.fromkeys(_TRAITS, 0.0)
    frames = np.lib.stride_tricks.sliding_window_view(sound, _FRAME)[::_HOP]
    energy = frames.astype(np.float64).var(axis=1)
    sounding = energy > np.percentile(energy, 95) * 1e-3
    bands = np.abs(np.fft.rfft(frames * np.hanning(_FRAME + 1)[:-1])) ** 2 @ _mel_bands() + 1e-9
    articulation, contrast = _spectral_change(bands, sounding)
    pitch, glide = _pitch(sound, sounding)
    return {
        "gaps": _gaps(energy),
        "syllables": _syllables(bands),
        "articulation": articulation,
        "contrast": contrast,
        "pitch": pitch,
        "glide": glide,
    }


def _score(found: dict[str, float]) -> float:
    shares = [min(max((found[name] - low) / (high - low), 0.0), 1.0) for name, (low, high) in _TRAITS.items()]
    return float(np.prod(shares) ** (1 / len(shares)))


def _gaps(energy: Numbers) -> float:
    """Share of 10 ms with less than half of the mean energy of the second around them."""
    starts = range(0, max(len(energy) - 50, 1), 50)
    return float(np.median([np.mean(part < 0.5 * part.mean()) for part in (energy[s : s + 100] for s in starts)]))


def _syllables(bands: Numbers) -> float:
    """Share of the slow changes of level (0.3 to 25 a second) that come 2 to 8 times a second."""
    levels = 10 * np.log10(bands)
    levels = np.maximum(levels, np.percentile(levels.max(axis=1), 95) - 45)
    changes = (levels - levels.mean(axis=0)) * np.hanning(len(levels))[:, None]
    power = (np.abs(np.fft.rfft(changes, axis=0)) ** 2).sum(axis=1)
    rates = np.fft.rfftfreq(len(levels), _HOP / RATE)
    within = power[(rates >= 2) & (rates < 8)].sum()
    return float(within / max(power[(rates >= 0.3) & (rates < 25)].sum(), 1e-9))


def _spectral_change(bands: Numbers, sounding: NDArray[np.bool_]) -> tuple[float, float]:
    """Mean change of the spectrum over 20 ms (0 to 1), and how unevenly it comes."""
    shapes = np.sqrt(bands)
    shapes /= np.linalg.norm(shapes, axis=1, keepdims=True)
    change = (1 - (shapes[2:] * shapes[:-2]).sum(axis=1))[sounding[2:] & sounding[:-2]]
    return (float(change.mean()), float(change.std())) if len(change) else (0.0, 0.0)


def _pitch(sound: NDArray[np.float32], sounding: NDArray[np.bool_]) -> tuple[float, float]:
    """Share of sounding frames that have a voice's pitch, and by how many cents it moves in 10 ms."""
    padded = np.pad(sound, (0, _PITCH_FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _PITCH_FRAME)[::_HOP][: len(sounding)]
    found = [_periods(frames[start : start + _AT_ONCE]) for start in range(0, len(frames), _AT_ONCE)]
    exact, at, inside = (np.concatenate(each) for each in zip(*found, strict=True))
    voiced = (at > _VOICED) & sounding & inside
    moves = 1200 * np.abs(np.log2(exact[1:] / exact[:-1]))[voiced[1:] & voiced[:-1]]
    moves = moves[moves < 150]
    share = float(voiced.sum() / max(int(sounding.sum()), 1))
    return share, float(np.median(moves)) if len(moves) > 5 else 0.0


def _periods(frames: NDArray[np.float32]) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """The likeliest period of each frame in samples, how alike its periods are, and whether it could be a voice's."""
    window = np.hanning(_PITCH_FRAME)
    size = 2048
    likeness = np.fft.irfft(np.abs(np.fft.rfft(frames * window, size)) ** 2)[:, : _LAGS[1] + 2]
    own = np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)[: _LAGS[1] + 2]
    likeness /= (likeness[:, :1] + 1e-9) * (own / own[0])
    lags = likeness[:, _LAGS[0] : _LAGS[1]].argmax(axis=1) + _LAGS[0]
    before, at, after = (likeness[np.arange(len(lags)), lags + step] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    # The peak lies between whole lags; a parabola through three of them tells where.
    exact = lags + np.clip(0.5 * (before - after) / np.where(bend < -1e-6, bend, -1.0), -0.5, 0.5)
    return exact, at, (lags > _LAGS[0] + 1) & (lags < _LAGS[1] - 2)


@cache
def _mel_bands() -> Any:
    """Triangular bands from 100 Hz to 6 kHz on the mel scale, shape (257, bands)."""
    low, high = (1127 * np.log1p(hertz / 700) for hertz in (100, 6000))
    edges = 700 * np.expm1(np.linspace(low, high, _BANDS + 2) / 1127)
    rates = np.fft.rfftfreq(_FRAME, 1 / RATE)[:, None]
    rising = (rates - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - rates) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None)
