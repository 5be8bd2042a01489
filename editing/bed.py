"""How a piece of music is laid under a film of any length: which of its parts, where they join, and how it ends. Pure.

The piece is heard first (mono, 8 kHz). Parts join where it sounds most alike before and after, best under speech. A
piece that ends of itself ends with the film, whatever is repeated or left out in its middle.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples a second at which music is heard."""
LONGEST_S = 600.0
"""A longer piece is not heard: it plays from its start and fades."""

_HOP = RATE // 50
_WINDOW = 1024
_BANDS = 24
_HOPS_PER_S = RATE // _HOP
_SILENT_DB = 42.0
"""Below its loudest moments a piece is silent from here on."""
_ENDED_DB = 30.0
"""A piece whose last tenth of a second lies so far below its loudest moments has ended of itself."""
_JOIN_S = 2.0
_CODA_S = 4.0
"""Seconds before its end in which nothing is joined."""
_SLACK_S = 1.5
"""How much later than the film the music may begin, so that parts can join on the beat."""
_MOST_LAGS = 400
_UNDER_SPEECH = 0.1
"""What a joint that speech covers is worth, in likeness (1 is the same sound again)."""
_AGAIN = 0.02
"""What each further repetition costs."""
_NUDGE = RATE // 50
_LEAST_S = 2.0
"""A shorter sound is no music that could be joined."""

Heard = NDArray[np.float32]


class Section(NamedTuple):
    """A part of the piece in the film, without the halves of the cross-fades that lie around it; all in seconds."""

    source_start: float
    source_end: float
    start: float


class Bed(NamedTuple):
    """The music under a film."""

    sections: tuple[Section, ...]
    join_s: float = 0.0
    """Length of the cross-fade around each joint, half of it on either side."""
    curve: Literal["tri", "qsin"] = "qsin"
    """tri where both sides of the joints are the same sound, qsin where they only resemble each other."""
    ends: bool = False
    """It ends of itself, so it is not faded out."""


def whole(length_s: float, film_s: float) -> Bed:
    """A piece that was not heard: as it is, over and over where it is shorter than the film."""
    times = math.ceil(film_s / length_s) if length_s >= _LEAST_S else 1
    return Bed(tuple(Section(0.0, length_s, n * length_s) for n in range(times)))


def arrange(heard: Heard, film_s: float, spoken: Sequence[tuple[float, float]]) -> Bed:
    """The piece laid under a film of `film_s` seconds in which these stretches (seconds) are spoken."""
    levels = _levels(heard)
    top = float(np.percentile(levels, 95)) if len(levels) else -120.0
    sounding = np.flatnonzero(levels > top - _SILENT_DB)
    if top < -80 or not len(sounding):
        return Bed((Section(0.0, film_s, 0.0),))
    first, last = int(sounding[0]), int(sounding[-1]) + 1
    ends = float(levels[-_HOPS_PER_S // 10 :].mean()) < top - _ENDED_DB
    piece, wanted = last - first, math.floor(film_s * _HOPS_PER_S)
    slack = round(_SLACK_S * _HOPS_PER_S)
    if piece < _LEAST_S * _HOPS_PER_S:
        return _repeated(first, piece, wanted)
    if ends and wanted - slack <= piece <= wanted:
        return Bed((_section(first, last, wanted - piece),), ends=True)
    if not ends and piece >= wanted:
        return Bed((_section(first, first + wanted, 0),))
    return _joined(_Piece(heard, first, last, ends), wanted, slack, spoken)


class _Piece(NamedTuple):
    heard: Heard
    first: int
    last: int
    ends: bool

    @property
    def hops(self) -> int:
        return self.last - self.first


class _Joint(NamedTuple):
    """From hop `at` the piece goes on at hop `at - back`, so many times over."""

    worth: float
    at: int
    back: int
    times: int


def _joined(piece: _Piece, wanted: int, slack: int, spoken: Sequence[tuple[float, float]]) -> Bed:
    """The best joint of all, made as often as the film's length asks for."""
    half = min(round(_JOIN_S * _HOPS_PER_S), piece.hops // 6) // 2
    likeness = _likeness(piece.heard[piece.first * _HOP : piece.last * _HOP])
    best = _Joint(-math.inf, piece.hops // 2, piece.hops // 4, 1)
    for times, back in _lags(piece, wanted, slack, half):
        alike = _smoothed(likeness, abs(back), 2 * half)
        low = half + max(0, back)
        coda = round(_CODA_S * _HOPS_PER_S) if piece.hops > 4 * _CODA_S * _HOPS_PER_S else half
        high = piece.hops - half - max(0, -back) - (coda if piece.ends else 0)
        if high <= low:
            continue
        at = np.arange(low, high)
        delay = max(0, wanted - piece.hops - times * back) if piece.ends else 0
        covered = _covered(at + delay, back, times, spoken)
        worth = alike[np.minimum(at, at - back)] + _UNDER_SPEECH * covered - _AGAIN * times
        n = int(np.argmax(worth))
        if worth[n] > best.worth:
            best = _Joint(float(worth[n]), low + n, back, times)
    if best.worth > -math.inf:
        return _laid(piece, best, wanted, half)
    if piece.hops >= wanted:
        return Bed((_section(piece.first, piece.first + wanted, 0),))
    return _repeated(piece.first, piece.hops, wanted)


def _lags(piece: _Piece, wanted: int, slack: int, half: int) -> Iterator[tuple[int, int]]:
    """How often, and by how many hops back (negative: onwards), the piece may jump to fill the film."""
    if piece.hops > wanted:
        spare = piece.hops - wanted
        yield from ((1, -over) for over in range(spare, min(spare + slack, piece.hops - 2 * half - 1)))
        return
    most = piece.hops - 2 * half - 1 - (round(_CODA_S * _HOPS_PER_S) if piece.hops > 1000 else half)
    missing = wanted - piece.hops
    least_times = max(1, -(-missing // most))
    if piece.ends:
        for times in range(least_times, least_times + 3):
            exact = range(max(1, -(-(missing - slack) // times)), missing // times + 1)
            yield from ((times, back) for back in exact if back <= most)
        return
    for back in range(most, max(most // 2, most - _MOST_LAGS), -1):
        yield -(-missing // back), back


def _laid(piece: _Piece, joint: _Joint, wanted: int, half: int) -> Bed:
    """Sections in seconds, moved by a hair so that the waves themselves meet at the joint."""
    at = (piece.first + joint.at) * _HOP
    nudge, alike = _meeting(piece.heard, at, at - joint.back * _HOP, half * _HOP)
    back = joint.back - nudge / _HOP
    total = piece.hops + joint.times * back
    if piece.ends and not 0 <= wanted - total <= 2 * _SLACK_S * _HOPS_PER_S:
        back, alike = float(joint.back), 0.0
        total = piece.hops + joint.times * back
    start = wanted - total if piece.ends else 0.0
    times = joint.times if piece.ends else math.ceil((wanted - piece.hops) / back)
    sections = [_section(piece.first, piece.first + joint.at, start)]
    for n in range(times):
        last = n == times - 1
        begins = sections[-1].start * _HOPS_PER_S + (joint.at if n == 0 else back)
        end = piece.last if last else piece.first + joint.at
        sections.append(_section(piece.first + joint.at - back, end, begins))
    return Bed(tuple(sections), 2 * half / _HOPS_PER_S, "tri" if alike > 0.6 else "qsin", piece.ends)


def _section(first: float, last: float, start: float) -> Section:
    return Section(*(round(hops / _HOPS_PER_S, 6) for hops in (first, last, start)))


def _repeated(first: int, piece: int, wanted: int) -> Bed:
    """A sound too short to be joined with care, over and over."""
    times = -(-wanted // piece)
    return Bed(tuple(_section(first, first + piece, n * piece) for n in range(times)))


def _levels(heard: Heard) -> NDArray[np.float64]:
    """Decibels of each hop, floor -120."""
    rows = heard[: len(heard) // _HOP * _HOP].reshape(-1, _HOP).astype(np.float64)
    return np.asarray(10 * np.log10(np.square(rows).mean(axis=1) + 1e-12))


def _likeness(heard: Heard) -> Heard:
    """What each hop sounds like, as vectors of length 1, shape (hops, bands): their product tells how alike two are."""
    count = len(heard) // _HOP
    padded = np.pad(heard, (_WINDOW // 2, _WINDOW))
    edges = np.unique(np.geomspace(8, _WINDOW // 2, _BANDS + 1).astype(int))
    window = np.hanning(_WINDOW).astype(np.float32)
    bands = np.empty((count, len(edges) - 1), np.float32)
    for n in range(count):
        power = np.square(np.abs(np.fft.rfft(padded[n * _HOP : n * _HOP + _WINDOW] * window)))
        bands[n] = np.log(np.add.reduceat(power[: edges[-1]], edges[:-1]) + 1e-6)
    # What changes from hop to hop is the beat; what a band has on the whole tells nothing.
    vectors = np.hstack([bands - bands.mean(axis=0), np.maximum(0, np.diff(bands, axis=0, prepend=bands[:1]))])
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6), np.float32)


def _smoothed(likeness: Heard, lag: int, width: int) -> NDArray[np.float64]:
    """How alike the piece is around each hop and `lag` hops later, over `width` hops; one for each hop."""
    alike = np.einsum("ij,ij->i", likeness[: len(likeness) - lag], likeness[lag:], dtype=np.float64)
    total = np.concatenate([[0.0], np.cumsum(alike)])
    at = np.arange(len(likeness))
    low, high = np.clip(at - width // 2, 0, len(alike)), np.clip(at + width // 2, 0, len(alike))
    return np.asarray((total[high] - total[low]) / max(width, 1))


def _covered(at: NDArray[np.int_], back: int, times: int, spoken: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Which share of the joints lies under speech, for each place the joint could have in the piece."""
    joints = (at[:, None] + np.arange(times) * max(back, 0)) / _HOPS_PER_S
    under = np.zeros(joints.shape, bool)
    for start, end in spoken:
        under |= (joints >= start) & (joints < end)
    return np.asarray(under.mean(axis=1))


def _meeting(heard: Heard, at: int, onto: int, reach: int) -> tuple[int, float]:
    """By how many samples `onto` is moved so that its wave meets the one at `at`, and their correlation then."""
    one = heard[max(0, at - reach) : at + reach].astype(np.float64)
    first = onto - reach - _NUDGE
    other = heard[max(0, first) : onto + reach + _NUDGE].astype(np.float64)
    if at < reach or first < 0 or len(other) != len(one) + 2 * _NUDGE:
        return 0, 0.0
    size = 1 << (len(other) + len(one)).bit_length()
    products = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)[: 2 * _NUDGE + 1]
    power = np.concatenate([[0.0], np.cumsum(np.square(other))])
    norms = np.sqrt((power[len(one) :] - power[: 2 * _NUDGE + 1]) * np.square(one).sum()) + 1e-12
    n = int(np.argmax(products / norms))
    return n - _NUDGE, float(products[n] / norms[n])
