"""A transcript laid against the sound: sentences are placed roughly, then each is aligned where it was placed.

Loudness and the acoustic model are independent witnesses: where they agree a sentence is sure, and the sure ones narrow
down where the others can be. Times are seconds of the sound.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.aligner import RATE, Aligner
from ingest.clip import Sentence, Word
from ingest.placement import Bounds, Place, evidence, place, usual_length_s
from ingest.spoken_forms import readings
from ingest.transcript import Line

TRUSTED_S = 0.15
"""How far cues may be off the sound and still be believed."""

CUE_REACH_S = 1.5
"""How far from its cue a sentence is looked for."""

AGREED_S = 0.35
"""How near loudness and the acoustic model must put a start to be sure of it."""

_ALIKE = 3
"""Sure sentences that tell how far off the cues are."""

_ROUNDS = 6
_SEARCHED_FROM = 2
_ROOM = (1.0, 2.0, 1.0, 1.0, 1.0, 1.0)
"""Room around a rough place in each round, as shares of the usual."""
_POOREST_FIT = -36.0
"""Words that are spoken fit by -20 to -9 in quiet and -34 to -20 in street noise, others by -63 to -27."""

_SEARCH_STEP_S = 0.6
_SEARCHED_AT_LEAST_S = 120.0
"""Seconds of sound that may be searched beyond its own length."""

_BEFORE_S, _AFTER_S = 0.7, 0.6
"""Seconds of room around a rough place."""


class Laid(NamedTuple):
    """Sentences in order of time, and what the sound said about the transcript."""

    sentences: tuple[Sentence, ...]
    lost: tuple[str, ...]
    """Sentences that were not found; they keep their cue, or stand between their neighbours."""
    off_s: float = 0.0
    """How far the cues of a timed transcript were off, in the middle."""


def spread(words: Sequence[str], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Words shared out over a stretch of time by their length, where alignment found nothing better."""
    weights = np.cumsum([0.0] + [len(word) + 1.5 for word in words])
    edges = start_s + (end_s - start_s) * weights / weights[-1]
    return tuple(
        Word(text=word, start_s=float(a), end_s=float(b))
        for word, a, b in zip(words, edges[:-1], edges[1:], strict=True)
    )


def align(lines: Sequence[Line], sound: NDArray[np.int16]) -> Laid:
    """Every line of a transcript, timed or plain, with the times of its words in the sound."""
    length = len(sound) / RATE
    usual = [usual_length_s(line.words) for line in lines]
    bounds = [_bounds(line, length) for line in lines]
    if sum(usual) > 2 * length + 30 or len(lines) > 2 * length + 20:
        return _settled(lines, bounds, {}, (), length)  # nobody said all this in that time
    evident = evidence(sound, sum(usual))
    aligner = Aligner()
    sure: dict[int, tuple[Word, ...]] = {}
    likely: dict[int, tuple[Word, ...]] = {}
    hits: dict[int, tuple[float, ...]] = {}
    places: tuple[Place | None, ...] = ()
    for turn in range(_ROUNDS):
        bounds = _moved(bounds, sure, lines)
        narrowed = [_narrowed(n, bound, sure, length) for n, bound in enumerate(bounds)]
        if turn >= _SEARCHED_FROM:
            doubtful = [None if n in sure else bound for n, bound in enumerate(narrowed)]
            for n, starts in _searched(aligner, lines, sound, doubtful, usual, turn).items():
                hits[n] = (*hits.get(n, ()), *starts)
        places = place(evident, usual, [b._replace(hits_s=hits.get(n, ())) for n, b in enumerate(narrowed)])
        found = dict(_heard(aligner, lines, sound, places, sure, _ROOM[turn]))
        likely = {**likely, **found}
        agreed = _agreed(found, places, usual)
        sure |= agreed
        if len(sure) == len(lines) or (turn > _SEARCHED_FROM and not agreed):
            break
    return _settled(lines, bounds, {**likely, **sure}, places, length)


def _agreed(
    found: dict[int, tuple[Word, ...]], places: Sequence[Place | None], usual: Sequence[float]
) -> dict[int, tuple[Word, ...]]:
    """The sentences that start where loudness puts them and are said about as fast as the others."""
    pace = {n: (words[-1].end_s - words[0].start_s) / usual[n] for n, words in found.items()}
    middle = float(np.median(list(pace.values()))) if pace else 1.0
    return {
        n: words
        for n, words in found.items()
        if abs(words[0].start_s - _start(places[n])) <= AGREED_S and 0.8 <= pace[n] / middle <= 1.5
    }


def _searched(
    aligner: Aligner,
    lines: Sequence[Line],
    sound: NDArray[np.int16],
    bounds: Sequence[Bounds | None],
    usual: Sequence[float],
    turn: int,
) -> dict[int, tuple[float, ...]]:
    """Where sentences are found when they are tried all along the stretch they may lie in, within a budget."""
    doubtful = [n for n, bound in enumerate(bounds) if bound]
    budget = _SEARCHED_AT_LEAST_S + 2 * len(sound) / RATE
    needed = 0.0 if turn % 2 else 0.6
    hits: dict[int, tuple[float, ...]] = {}
    for n in reversed(doubtful) if turn % 2 else doubtful:
        bound = bounds[n]
        assert bound
        # The doubtful ones before and after it need some time too, unless they are not spoken at all.
        low = bound.low_s + needed * sum(usual[m] for m in doubtful if m < n and bounds[m] == bound) - 0.4
        high = bound.high_s - needed * sum(usual[m] for m in doubtful if m >= n and bounds[m] == bound)
        reach = 1.25 * usual[n] + 2 * _SEARCH_STEP_S
        for start in np.arange(max(low, 0.0), max(high, low + 0.1), _SEARCH_STEP_S):
            budget -= reach
            if budget < 0:
                return hits
            part = sound[int(start * RATE) : int((start + reach) * RATE)]
            words = aligner.align(part, lines[n].words)
            if words and _fits(aligner.fit(part)):
                hits[n] = (*hits.get(n, ()), _trimmed(_shifted(words, float(start)))[0].start_s)
    return hits


def _bounds(line: Line, length: float) -> Bounds:
    if line.start_s is None:
        return Bounds(0.0, length)
    return Bounds(line.start_s - CUE_REACH_S, line.start_s + CUE_REACH_S, line.start_s)


def _moved(bounds: list[Bounds], sure: dict[int, tuple[Word, ...]], lines: Sequence[Line]) -> list[Bounds]:
    """Cues that are all off by the same time are put right, and believed the more."""
    offsets = [words[0].start_s - cue for n, words in sure.items() if (cue := lines[n].start_s) is not None]
    if len(offsets) < _ALIKE:
        return bounds
    shift = float(np.median(offsets))
    astray = float(np.median(np.abs(np.array(offsets) - shift)))
    if astray > TRUSTED_S:
        return bounds
    reach = 2 * TRUSTED_S + 2 * astray
    cues = [line.start_s + shift for line in lines if line.start_s is not None]
    return [Bounds(cue - reach, cue + reach, cue) for cue in cues]


def _start(placed: Place | None) -> float:
    return placed.start_s if placed else float("inf")


def _narrowed(n: int, bound: Bounds, sure: dict[int, tuple[Word, ...]], length: float) -> Bounds:
    """A sentence starts after the sure ones before it and before those after it; a sure one stays where it is."""
    if n in sure:
        return Bounds(sure[n][0].start_s - 0.1, sure[n][0].start_s + 0.1, sure[n][0].start_s)
    low = max((words[-1].end_s for m, words in sure.items() if m < n), default=0.0)
    high = min((words[0].start_s for m, words in sure.items() if m > n), default=length)
    return Bounds(max(bound.low_s, low), min(bound.high_s, high), bound.cue_s)


def _heard(
    aligner: Aligner,
    lines: Sequence[Line],
    sound: NDArray[np.int16],
    places: Sequence[Place | None],
    sure: dict[int, tuple[Word, ...]],
    room: float,
) -> list[tuple[int, tuple[Word, ...]]]:
    """The sentences that are not sure yet, aligned around their places."""
    found: list[tuple[int, tuple[Word, ...]]] = []
    for n, placed in enumerate(places):
        if placed is None or n in sure:
            continue
        before = max((p.end_s for m, p in enumerate(places) if p and m < n), default=0.0)
        after = min((p.start_s for m, p in enumerate(places) if p and m > n), default=len(sound) / RATE)
        start = max(placed.start_s - _BEFORE_S * room, min(before, placed.start_s) - 0.15, 0.0)
        end = min(placed.end_s + _AFTER_S * room, max(after, placed.end_s) - 0.05)
        part = sound[int(start * RATE) : int(end * RATE)]
        words = aligner.align(part, lines[n].words)
        if words and _fits(aligner.fit(part)):
            found.append((n, _trimmed(_shifted(words, start))))
    return found


def _fits(fit: float | None) -> bool:
    """Whether words are the ones that are spoken, as far as the acoustic model can tell."""
    return fit is None or fit >= _POOREST_FIT


def _trimmed(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """A first word that is longer than anybody speaks took noise for its beginning: it keeps its end."""
    first = words[0]
    most = 0.3 + 0.13 * len(first.text)
    if first.end_s - first.start_s <= most:
        return words
    return (first.model_copy(update={"start_s": first.end_s - most / 2}), *words[1:])


def _shifted(words: tuple[Word, ...], by: float) -> tuple[Word, ...]:
    return tuple(w.model_copy(update={"start_s": w.start_s + by, "end_s": w.end_s + by}) for w in words)


def _settled(
    lines: Sequence[Line],
    bounds: Sequence[Bounds],
    found: dict[int, tuple[Word, ...]],
    places: Sequence[Place | None],
    length: float,
) -> Laid:
    """Found sentences as heard, the others by their cue, their rough place or their neighbours."""
    offsets = [abs(words[0].start_s - cue) for n, words in found.items() if (cue := lines[n].start_s) is not None]
    off = float(np.median(offsets)) if offsets else 0.0
    # Where cues agree on the whole, they outweigh a single sentence that seems to lie elsewhere.
    found = {n: w for n, w in found.items() if bounds[n].low_s - 0.05 <= w[0].start_s <= bounds[n].high_s + 0.05}
    sentences: list[Sentence] = []
    for n, line in enumerate(lines):
        before = sentences[-1].end_s if sentences else 0.0
        words = found.get(n)
        if words is None:
            after = min((w[0].start_s for m, w in found.items() if m > n), default=max(length, before))
            start, end = _guess(line, bounds[n].cue_s, places[n] if places else None, before, after)
            words = spread(line.words, start, end)
        sentences.append(Sentence(words=_after(words, before)))
    lost = tuple(line.text for n, line in enumerate(lines) if n not in found and any(map(readings, line.words)))
    return Laid(tuple(sentences), lost, off)


def _guess(line: Line, cue: float | None, placed: Place | None, before: float, after: float) -> tuple[float, float]:
    """Where a sentence that was not heard may be: by its cue, else by loudness, else next to its neighbour."""
    usual = usual_length_s(line.words)
    if cue is not None and line.start_s is not None and line.end_s is not None:
        start, end = cue, cue + line.end_s - line.start_s
    else:
        start, end = placed or (before, before + usual)
    start = max(start, before)
    return start, max(min(end, after), start + 0.1)


def _after(words: tuple[Word, ...], before: float) -> tuple[Word, ...]:
    """Words none of which begins before a moment."""
    return tuple(
        w.model_copy(update={"start_s": max(w.start_s, before), "end_s": max(w.end_s, before + 0.01)}) for w in words
    )
