"""Exact time: integer frames on one rational rate, sound in integer samples; floats only at the very edge."""

import math
from fractions import Fraction

FILM_RATE = Fraction(30)
"""Frames a second of every film."""

SAMPLE_RATE = 48_000
"""Samples a second of every film's sound."""


def frames_to_seconds(frames: int, rate: Fraction = FILM_RATE) -> float:
    """Seconds at which a frame starts."""
    return float(frames / rate)


def nearest_frame(seconds: float | Fraction, rate: Fraction = FILM_RATE) -> int:
    """The frame whose start lies nearest to a time, halves upwards."""
    return math.floor(Fraction(seconds) * rate + Fraction(1, 2))


def frames_before(seconds: float | Fraction, rate: Fraction = FILM_RATE) -> int:
    """How many whole frames fit before a time; a microsecond of slack forgives rounded clocks."""
    return math.floor((Fraction(seconds) + Fraction(1, 1_000_000)) * rate)


def frames_to_samples(frames: int, rate: Fraction = FILM_RATE) -> int:
    """Samples before a frame starts (exact for 30 frames and 48 kHz)."""
    return math.floor(frames * SAMPLE_RATE / rate)


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds, 0:07, or with hours, 1:02:07."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
