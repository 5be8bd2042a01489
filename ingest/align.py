"""A transcript laid against the sound: sentences are placed by their sounds, then words are aligned within each.

Times are seconds of the sound.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.acoustics import likelihoods
from ingest.aligner import Aligner
from ingest.clip import Sentence, Word
from ingest.mel import RATE, activity, mel_levels
from ingest.placement import Place, Said, doubts, place, usual_length_s
from ingest.spoken_forms import readings
from ingest.transcript import Line
from ingest.viterbi import Cue

TRUSTED_S = 0.15
"""How far cues may be off the sound and still be believed."""

_CUE_COST = 8.0
"""What a second from its cue costs a sentence before it is known how good the cues are."""

_ALIKE = 3
"""Sentences that tell how far off the cues are."""

_AROUND = 7
"""Sentences before and after that tell how far off a cue is, for cues may drift."""

_BELIEF = 1.5
"""What a second from its cue costs a sentence when cues are usually a second astray; four times as much at half."""

_LEAST_ASTRAY_S = 0.1
"""Nobody sets cues better than this."""

_CONTRADICTION = 30.0
"""What a believed cue costs a sentence at least when it contradicts the place that was found: 0.2 s from a good one."""

_AGREED_S = 0.3
"""How near the closer look must put a start to where the sentence was placed."""

_ROOM_S = 0.3
"""Room around a place for a closer look."""


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
    aligner = Aligner()
    said = [aligner.sounds(line.words) for line in lines]
    spoken = sum(map(usual_length_s, said))
    if not length or spoken > 2 * length + 30 or len(lines) > 2 * length + 20:
        return _settled(lines, said, {}, length)  # nobody said all this in that time
    levels = mel_levels(sound)
    heard, active = doubts(likelihoods(levels, spoken), len(levels)), activity(levels, spoken)
    given = [line.start_s for line in lines]
    places = place(heard, active, said, [None if at is None else Cue(at, _CUE_COST) for at in given])
    cues = _believed(given, places)
    # Where both agree, as they nearly always do, a second search would find the same.
    if any(cue and _contradicts(at, cue) for at, cue in zip(places, cues, strict=False)):
        places = place(heard, active, said, cues)
    return _settled(lines, said, _heard(aligner, lines, sound, places), length)


def _believed(given: Sequence[float | None], places: Sequence[Place | None]) -> list[Cue | None]:
    """Cues put right by what those around them are off, and believed as far as they agree; none for too few."""
    off = [at.start_s - cue if at and cue is not None else np.nan for at, cue in zip(places, given, strict=True)]
    if np.isfinite(off).sum() < _ALIKE:
        return []
    shared = float(np.nanmedian(off))
    near = [off[max(0, n - _AROUND) : n + _AROUND + 1] for n in range(len(off))]
    shifts = [float(np.nanmedian(part)) if np.isfinite(part).sum() >= _ALIKE else shared for part in near]
    astray = max(float(np.nanmedian(np.abs(np.subtract(off, shifts)))), _LEAST_ASTRAY_S)
    return [
        None if cue is None else Cue(cue + shift, _BELIEF / astray**2) for cue, shift in zip(given, shifts, strict=True)
    ]


def _contradicts(at: Place | None, cue: Cue) -> bool:
    """Whether a cue that was put right leads elsewhere than the sound did without it."""
    return at is None or abs(at.start_s - cue.at_s) * cue.cost_per_s > _CONTRADICTION


def _heard(
    aligner: Aligner, lines: Sequence[Line], sound: NDArray[np.int16], places: Sequence[Place | None]
) -> dict[int, tuple[Word, ...]]:
    """The words of the sentences that were placed."""
    found: dict[int, tuple[Word, ...]] = {}
    placed = [(n, at) for n, at in enumerate(places) if at]
    for turn, (n, at) in enumerate(placed):
        before = placed[turn - 1][1].end_s if turn else 0.0
        after = placed[turn + 1][1].start_s if turn + 1 < len(placed) else len(sound) / RATE
        start, end = max(at.start_s - _ROOM_S, before), min(at.end_s + _ROOM_S, after)
        words = aligner.align(sound[int(start * RATE) : int(end * RATE)], lines[n].words)
        if words and abs(words[0].start_s + start - at.start_s) <= _AGREED_S:
            found[n] = tuple(
                w.model_copy(update={"start_s": w.start_s + start, "end_s": w.end_s + start}) for w in words
            )
        else:
            found[n] = spread(lines[n].words, at.start_s, at.end_s)
    return found


def _settled(
    lines: Sequence[Line],
    said: Sequence[Said],
    found: dict[int, tuple[Word, ...]],
    length: float,
) -> Laid:
    """Found sentences as heard, the others by their cue or their neighbours."""
    offsets = [words[0].start_s - cue for n, words in found.items() if (cue := lines[n].start_s) is not None]
    shift = float(np.median(offsets)) if offsets else 0.0
    following = [length] * (len(lines) + 1)
    for n in reversed(range(len(lines))):
        following[n] = found[n][0].start_s if n in found else following[n + 1]
    sentences: list[Sentence] = []
    for n, line in enumerate(lines):
        before = sentences[-1].end_s if sentences else 0.0
        words = found.get(n)
        if words is None:
            start, end = _guess(line, shift, usual_length_s(said[n]), before, max(following[n], before))
            words = spread(line.words, start, end)
        sentences.append(Sentence(words=_after(words, before)))
    lost = tuple(line.text for n, line in enumerate(lines) if n not in found and any(map(readings, line.words)))
    return Laid(tuple(sentences), lost, float(np.median(np.abs(offsets))) if offsets else 0.0)


def _guess(line: Line, shift: float, usual: float, before: float, after: float) -> tuple[float, float]:
    """Where a sentence that was not heard may be: by its cue, or next to its neighbour."""
    start, end = before, before + usual
    if line.start_s is not None and line.end_s is not None:
        start, end = line.start_s + shift, line.end_s + shift
    start = max(start, before)
    return start, max(min(end, after), start + 0.1)


def _after(words: tuple[Word, ...], before: float) -> tuple[Word, ...]:
    """Words none of which begins before a moment."""
    return tuple(
        w.model_copy(update={"start_s": max(w.start_s, before), "end_s": max(w.end_s, before + 0.01)}) for w in words
    )
