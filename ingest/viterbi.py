"""The likeliest way through the sounds of a transcript (Viterbi), with gaps between sentences, any of them left out.

It is found exactly, but for sentences so much worse than the best one that they are not followed. Memory does not grow
with the length of the sound: what no way leads to any more is forgotten.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.acoustics import STATES
from ingest.mel import READINGS_PER_S, Floats

_LONG, _TOO_LONG = 8, np.float32(0.2)
"""Readings that a third of a sound may last, and what each further one costs, more and more."""

_FRESH = np.float32(-_LONG * _TOO_LONG)

_SKIP = 120.0
_SKIP_PER_SOUND = 6.0
"""What a sentence costs that is not spoken."""

_PAUSE = 15.0
"""What a pause between two words costs, however short."""

_CUE_MOST = 150.0
"""What a start costs at most that is far from its cue."""

_FEW = 24_000
"""States that are all followed, so that much of a transcript may be missing from a short sound."""

_BEAM = 4000.0
"""In a longer text, sentences that are worse than the best one by more are not followed."""

_AHEAD = 2
_EVERY = 50
"""Readings after which it is decided anew which sentences are followed."""

_REMEMBERED = 20
"""Of these decisions, after how many the ends are forgotten that no way leads to."""

_NEVER = np.float32(-1e30)
_BEFORE = 32
"""A way is the end before it, shifted by this many bits, and the reading its sentence began at."""

_NOTHING = np.int64(-1 << _BEFORE)
_BEGAN = np.int64((1 << _BEFORE) - 1)


class Cue(NamedTuple):
    """When a sentence is believed to start, and what a second from there costs."""

    at_s: float
    cost_per_s: float


class Chain(NamedTuple):
    """All states in a row: a gap, the sounds of a sentence with a pause between its words, a gap, and so on."""

    heard: NDArray[np.intp]
    """Which column of the evidence each state looks at."""
    ageing: Floats
    """What grows on a state with each reading it lasts: nothing for gaps and pauses."""
    pauses: NDArray[np.intp]
    """States after a pause that may be left out."""
    gaps: NDArray[np.intp]
    """States that are gaps: one before each sentence, one at the end."""
    skips: Floats
    """What it costs to leave out all the sentences before a gap."""


def chain(sentences: Sequence[Sequence[Sequence[int]]], pause: int, gap: int) -> Chain:
    """The states of sentences, given as the sounds of each word, and the columns of what is heard in pause and gap."""
    heard, gaps, skips = [gap], [0], [0.0]
    for said in sentences:
        words = [[sound * STATES + part for sound in word for part in range(STATES)] for word in said if word]
        for n, word in enumerate(words):
            heard += [pause, *word] if n else word
        skips.append(skips[-1] + (_SKIP + _SKIP_PER_SOUND * sum(map(len, said)) if words else 0.0))
        gaps.append(len(heard))
        heard.append(gap)
    column = np.array(heard)
    ageing = np.where(column < pause, _TOO_LONG, np.float32(0))
    return Chain(column, ageing, np.flatnonzero(column[:-1] == pause) + 1, np.array(gaps), np.array(skips, np.float32))


class _Followed(NamedTuple):
    """The part of a chain that is followed; states are counted from its first."""

    first: int
    """Gap."""
    part: slice
    gaps: NDArray[np.intp]
    starts: NDArray[np.intp]
    pauses: NDArray[np.intp]
    heard: NDArray[np.intp]
    ageing: Floats
    skips: Floats
    cue_s: Floats
    cue_cost: Floats


class Search:
    """The best way to each state so far. A way remembers when its sentence began and which ended before."""

    def __init__(self, chain: Chain, cues: Sequence[Cue | None]) -> None:
        self._chain = chain
        count = len(chain.heard)
        self._score = np.full(count, _NEVER)
        self._score[0] = 0.0
        self._age = np.full(count, _FRESH)
        self._way = np.full(count, _NOTHING)
        self._cue_s = np.array([cue.at_s if cue else 0.0 for cue in cues], np.float32)
        self._cue_cost = np.array([cue.cost_per_s if cue else 0.0 for cue in cues], np.float32)
        self._kept: list[NDArray[np.int32]] = []
        self._kept_count = 0
        self._fresh: list[NDArray[np.int32]] = []
        self._fresh_count = 0
        self._now = 0
        self._followed = self._part(0, len(chain.gaps) - 1)

    def step(self, evidence: Floats) -> None:
        """Takes the evidence of the next reading: one value for each column."""
        if self._now % _EVERY == 0:
            self._follow()
            if self._now % (_EVERY * _REMEMBERED) == 0:
                self._forget()
        at = self._followed
        score, age, way = self._score[at.part], self._age[at.part], self._way[at.part]
        advance = np.empty_like(score)
        advance[0], advance[1:] = _NEVER, score[:-1]
        if len(at.starts):
            off = np.abs(at.cue_s - np.float32(self._now / READINGS_PER_S))
            advance[at.starts] -= np.minimum(off * at.cue_cost, _CUE_MOST)
        advance[at.pauses - 1] -= _PAUSE
        jump, jumped = score[at.pauses - 2], way[at.pauses - 2]
        score -= np.maximum(age, 0)
        moved = advance > score
        np.copyto(score, advance, where=moved)
        came = way.copy()
        np.copyto(way[1:], came[:-1], where=moved[1:])
        better = jump > score[at.pauses]
        over = at.pauses[better]
        score[over], way[over], moved[over] = jump[better], jumped[better], True
        age += at.ageing
        np.copyto(age, _FRESH, where=moved)
        begun = at.starts[moved[at.starts]]
        way[begun] = (way[begun] & ~_BEGAN) | self._now
        self._note_ends(moved, way)
        reached = score[at.gaps] + at.skips
        best = np.maximum.accumulate(reached)
        source = np.maximum.accumulate(np.where(reached >= best, np.arange(len(best)), 0))
        score[at.gaps], way[at.gaps] = best - at.skips, way[at.gaps[source]]
        score += evidence[at.heard]
        self._now += 1

    def _note_ends(self, moved: NDArray[np.bool_], way: NDArray[np.int64]) -> None:
        """Keeps the sentences that end now in ways to the gaps after them."""
        at = self._followed
        ended = np.flatnonzero(moved[at.gaps[1:]] & (np.diff(at.gaps) > 1))
        if not len(ended):
            return
        after = at.gaps[ended + 1]
        rows = np.empty((4, len(ended)), np.int32)
        rows[0], rows[1], rows[2], rows[3] = (
            at.first + ended,
            way[after] & _BEGAN,
            self._now,
            way[after] >> _BEFORE,
        )
        self._fresh.append(rows)
        way[after] = (self._kept_count + self._fresh_count + np.arange(len(ended))) << _BEFORE
        self._fresh_count += len(ended)

    def _part(self, first: int, last: int) -> _Followed:
        """From one gap to another."""
        chain = self._chain
        begin, end = int(chain.gaps[first]), int(chain.gaps[last]) + 1
        gaps = chain.gaps[first : last + 1] - begin
        pauses = chain.pauses[np.searchsorted(chain.pauses, begin + 2) : np.searchsorted(chain.pauses, end)]
        return _Followed(
            first,
            slice(begin, end),
            gaps,
            (gaps[:-1] + 1)[np.diff(gaps) > 1],
            pauses - begin,
            chain.heard[begin:end],
            chain.ageing[begin:end],
            chain.skips[first : last + 1],
            self._cue_s[first:last][np.diff(gaps) > 1],
            self._cue_cost[first:last][np.diff(gaps) > 1],
        )

    def _follow(self) -> None:
        """Follows the sentences from the first to the last that are not hopeless."""
        if len(self._chain.heard) <= _FEW:
            return
        old = self._followed
        best = np.maximum.reduceat(self._score[old.part], old.gaps)
        good = old.first + np.flatnonzero(best >= best.max() - _BEAM)
        new = self._part(int(good[0]), min(int(good[-1]) + _AHEAD, len(self._chain.gaps) - 1))
        for left in (slice(old.part.start, new.part.start), slice(new.part.stop, old.part.stop)):
            self._score[left], self._age[left], self._way[left] = _NEVER, _FRESH, _NOTHING
        self._followed = new

    def _forget(self) -> None:
        """Of the ends since the last time, keeps those that a way leads to."""
        if not self._fresh:
            return
        rows, base = np.concatenate(self._fresh, axis=1), self._kept_count
        way = self._way[self._followed.part]
        alive = np.zeros(rows.shape[1], np.bool_)
        front = np.unique((way >> _BEFORE) - base)
        while len(front := front[front >= 0]):
            front = front[~alive[front]]
            alive[front] = True
            front = np.unique(rows[3][front] - base)
        place = (base + np.cumsum(alive) - 1).astype(np.int64)
        rows = rows[:, alive]
        fresh = rows[3] >= base
        rows[3][fresh] = place[rows[3][fresh] - base]
        last = way >> _BEFORE
        fresh = last >= base
        way[fresh] = (place[last[fresh] - base] << _BEFORE) | (way[fresh] & _BEGAN)
        self._kept.append(rows)
        self._kept_count += rows.shape[1]
        self._fresh, self._fresh_count = [], 0

    @property
    def followed(self) -> slice:
        """The states that are followed."""
        return self._followed.part

    @property
    def remembered(self) -> int:
        """How many ends of sentences are kept."""
        return self._kept_count + self._fresh_count

    def best(self) -> list[tuple[int, int, int]]:
        """The sentences that are spoken in the best way to the end: which, and from which reading to which."""
        at = self._followed
        final = at.gaps[int(np.argmax(self._score[at.part][at.gaps] + at.skips))]
        rows = np.concatenate([np.empty((4, 0), np.int32), *self._kept, *self._fresh], axis=1)
        way, end = [], int(self._way[at.part][final] >> _BEFORE)
        while end >= 0:
            sentence, start, stop, end = rows[:, end].tolist()
            way.append((sentence, start, stop))
        return way
