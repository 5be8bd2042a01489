"""Which clips show footage that another clip shows already: the same bytes, or the same pictures. Pure.

Pictures are compared by their perceptual hashes, second by second. A fixed camera gives much the same hashes whenever
it films, so likeness alone says little: a pair counts only when the aligned seconds are a good deal more alike than
seconds that do not belong together. Where the picture stands still, the sound must tell the moments apart.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.clip import DUPLICATE, Clip, Note, Verdict
from kit.timing import clock

NEAR_BITS = 10
"""Hamming distance of two hashes that still speaks for the same picture, half a second apart included."""

MEAN_BITS = 8.0
"""Mean distance over an alignment, at most."""

LEAST_S = 3
"""Aligned seconds that can be compared, at least; or the whole of the shorter clip."""

TOLD_APART = 2.5
"""How many times farther than the aligned seconds the others must lie from each other,"""

TOLD_APART_BITS = 4.0
"""how many bits farther at least,"""

EVIDENCE_BITS = 30.0
"""and how many bits over the whole run: few seconds must differ much, many may differ little."""

LIKE_DB = 1.0
"""Mean difference of the aligned seconds' loudness, at most, where the sound must decide."""

UNLIKE_DB = 4.0
"""Mean difference of the other seconds' loudness, at least, where the sound must decide."""

COVERED = 0.8
"""Share of a clip's comparable seconds that the kept one must show for it to be left out."""

FLAT_SHARE = 0.9
"""Share of black or burnt-out picture from which a hash means nothing."""

_ACTION = "To use this one instead, give it a place in the film, or leave the other one out."


class Run(NamedTuple):
    """Seconds of two clips that show the same: `seconds` from `first` in the one and from `second` in the other."""

    first: int
    second: int
    seconds: int
    compared: int
    """How many of them have hashes that mean something in both clips."""


def find_duplicates(clips: Sequence[Clip]) -> dict[str, Note]:
    """The note `duplicate` for each clip to leave out, by its name; the order of the clips does not matter.

    A clip that a person gave a slot, a speaker or in and out points is never left out.
    """
    notes: dict[str, Note] = {}
    kept: list[Clip] = []
    for clip in sorted((clip for clip in clips if clip.verdict is not Verdict.REFUSED), key=_rank):
        note = None if _by_hand(clip) else next((note for one in kept if (note := _note(clip, one))), None)
        if note:
            notes[clip.file] = note
        else:
            kept.append(clip)
    return notes


def tell_duplicates(clips: Sequence[Clip]) -> list[Clip]:
    """The same clips in the same order, those to leave out with their note and a verdict that says so."""
    notes = find_duplicates(clips)
    return [_with_note(clip, notes[clip.file]) if clip.file in notes else clip for clip in clips]


def same_run(one: Clip, other: Clip) -> Run | None:
    """The stretch over which two clips show the same moments, or None."""
    (marks, meant), (other_marks, other_meant) = _marks(one), _marks(other)
    both = meant[:, None] & other_meant[None, :]
    far = np.bitwise_count(marks[:, None] ^ other_marks[None, :]).astype(np.int16)
    scores = np.where(both, NEAR_BITS - far, 0)
    least = max(2, min(LEAST_S, int(meant.sum()), int(other_meant.sum())))
    if np.count_nonzero((scores > 0).any(axis=1)) < least:
        return None
    run = _best_run(scores, both)
    if run.compared < least:
        return None
    aligned, apart = _mean_distances(far, both, run)
    told_apart = apart >= max(TOLD_APART * aligned, aligned + TOLD_APART_BITS)
    told_apart = told_apart and run.compared * (apart - aligned) >= EVIDENCE_BITS
    return run if aligned <= MEAN_BITS and (told_apart or _sounds_alike(one, other, run)) else None


def _rank(clip: Clip) -> tuple[bool, bool, int, float, str]:
    """Sorts the clip to keep first: chosen by a person, with words (they are heard nowhere else), sharper, longer."""
    return (not _by_hand(clip), not clip.sentences, -_lines(clip), -clip.duration_s, clip.file)


def _by_hand(clip: Clip) -> bool:
    return any(value is not None for value in (clip.slot, clip.speaker_name, clip.in_s, clip.out_s))


def _lines(clip: Clip) -> int:
    return min(clip.picture.upright_size) if clip.picture else 0


def _note(clip: Clip, kept: Clip) -> Note | None:
    if clip.digest == kept.digest:
        return Note(code=DUPLICATE, message=f"This is the same file as “{kept.file}”; it is used once.", action=_ACTION)
    run = same_run(clip, kept)
    if run is None or run.compared < COVERED * np.count_nonzero(_marks(clip)[1]):
        return None
    where = f"{clock(run.second)} to {clock(min(run.second + run.seconds, round(kept.duration_s)))}"
    message = f"This looks like the same footage as “{kept.file}” ({where}); {_why(clip, kept)} is used."
    return Note(code=DUPLICATE, message=message, action=_ACTION)


def _why(clip: Clip, kept: Clip) -> str:
    """What speaks for the kept one, in the order of `_rank`."""
    if _by_hand(kept):
        return "the one you chose a place for"
    if kept.sentences and not clip.sentences:
        return "the one with a transcript"
    if _lines(kept) != _lines(clip):
        return "the sharper one"
    return "the longer one" if kept.duration_s - clip.duration_s >= 1 else "one of the two"


def _with_note(clip: Clip, note: Note) -> Clip:
    return clip.model_copy(update={"notes": (*clip.notes, note), "verdict": Verdict.ACCEPTED_WITH_NOTES})


def _marks(clip: Clip) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """A clip's hashes, and which of them mean something: those of black, burnt-out and flat (all zeros) ones do not."""
    values = [int(mark, 16) for mark in clip.analysis.marks] if clip.analysis else []
    meant = np.array([value != 0 for value in values], dtype=np.bool_)
    picture = clip.analysis.picture if clip.analysis else None
    if picture:
        for shares in (picture.black, picture.blown):
            n = min(len(shares), len(values))
            meant[:n] &= np.array(shares[:n]) < FLAT_SHARE
    return np.array(values, dtype=np.uint64), meant


def _best_run(scores: NDArray[np.int16], meant: NDArray[np.bool_]) -> Run:
    """The stretch along one diagonal with the greatest sum."""
    total = np.zeros(scores.shape[1], dtype=np.int32)
    begun = np.zeros(scores.shape[1], dtype=np.int32)
    best, found = 0, (0, 0, 0)
    for row, gained in enumerate(scores):
        # Each diagonal goes on from one place up and to the left, or starts anew where its sum is used up.
        going = np.maximum(np.concatenate(([0], total[:-1])), 0)
        begun = np.where(going > 0, np.concatenate(([row], begun[:-1])), row)
        total = going + gained
        at = int(np.argmax(total))
        if total[at] > best:
            seconds = row + 1 - int(begun[at])
            best, found = int(total[at]), (row + 1 - seconds, at + 1 - seconds, seconds)
    first, second, seconds = found
    compared = np.diagonal(meant[first : first + seconds, second : second + seconds]).sum()
    return Run(first, second, seconds, int(compared))


def _mean_distances(far: NDArray[np.int16], meant: NDArray[np.bool_], run: Run) -> tuple[float, float]:
    """Mean distance of a run's aligned pairs, and of its pairs two seconds or more apart (in two seconds: one)."""
    here = (slice(run.first, run.first + run.seconds), slice(run.second, run.second + run.seconds))
    far, meant = far[here], meant[here]
    gap = 2 if run.seconds > LEAST_S - 1 else 1
    others = np.concatenate([_beyond(part, gap) for part in (far, far.T)])
    valid = np.concatenate([_beyond(part, gap) for part in (meant, meant.T)])
    aligned = np.diagonal(far)[np.diagonal(meant)]
    return float(aligned.mean()), float(others[valid].mean()) if valid.any() else 0.0


def _beyond(square: NDArray[Any], gap: int) -> NDArray[Any]:
    """The entries of a square that lie `gap` or more above its diagonal."""
    return square[np.triu_indices(len(square), gap)]


def _sounds_alike(one: Clip, other: Clip, run: Run) -> bool:
    """Whether the loudness goes the same way in both over a run, and would not if they were shifted."""
    series = [clip.analysis.sound.loudness if clip.analysis and clip.analysis.sound else () for clip in (one, other)]
    ends = zip(series, (run.first, run.second), strict=True)
    levels = [np.array(loudness[start : start + run.seconds]) for loudness, start in ends]
    n = min(map(len, levels))
    if n <= LEAST_S:
        return False
    apart = np.abs(levels[0][:n, None] - levels[1][None, :n] - np.median(levels[0][:n] - levels[1][:n]))
    others = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) >= 2
    return bool(np.diagonal(apart).mean() <= LIKE_DB and apart[others].mean() >= UNLIKE_DB)
