"""Which clips show footage that another clip shows already: the same bytes, or the same pictures. Pure.

Pictures are compared by their perceptual hashes, second by second. A fixed camera gives much the same hashes whenever
it films, so likeness alone says little: a pair counts only when the aligned seconds are a good deal more alike than
seconds that do not belong together. Where the picture stands still, the sound must tell the moments apart.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.clip import DUPLICATE, Clip, Kind, Note, Verdict
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

PHOTO_BITS = 4
"""Distance of the hashes of two photos, at most, when they are the same one: another size, another encode, a burst."""

_ACTION = "To use this one instead, give it a place in the film, or leave the other one out."


class Marks(NamedTuple):
    """A clip's hashes, one a second."""

    hashes: NDArray[np.uint64]
    meant: NDArray[np.bool_]
    """Which of them mean something."""

    @property
    def meaning(self) -> int:
        """How many of them mean something."""
        return int(np.count_nonzero(self.meant))

    def part(self, start: int, seconds: int) -> "Marks":
        """Those of a stretch."""
        return Marks(self.hashes[start : start + seconds], self.meant[start : start + seconds])


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
    marks, others = _marks(one), _marks(other)
    least = max(2, min(LEAST_S, marks.meaning, others.meaning))
    run, alike = _best_run(marks, others)
    if min(alike, run.compared) < least:
        return None
    aligned, apart = _mean_distances(marks.part(run.first, run.seconds), others.part(run.second, run.seconds))
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
    if clip.kind is Kind.PHOTO and kept.kind is Kind.PHOTO:
        return _photo_note(clip, kept)
    run = same_run(clip, kept)
    if run is None or run.compared < COVERED * _marks(clip).meaning:
        return None
    where = f"{clock(run.second)} to {clock(min(run.second + run.seconds, round(kept.duration_s)))}"
    message = f"This looks like the same footage as “{kept.file}” ({where}); {_why(clip, kept)} is used."
    return Note(code=DUPLICATE, message=message, action=_ACTION)


def _photo_note(clip: Clip, kept: Clip) -> Note | None:
    both = np.concatenate([_marks(clip).hashes, _marks(kept).hashes])
    if len(both) < 2 or not both.all() or np.bitwise_count(both[0] ^ both[1]) > PHOTO_BITS:
        return None
    message = f"This looks like the same photo as “{kept.file}”; {_why(clip, kept)} is used."
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


def _marks(clip: Clip) -> Marks:
    """A clip's hashes; those of black, burnt-out and flat (all zeros) pictures mean nothing."""
    values = [int(mark, 16) for mark in clip.analysis.marks] if clip.analysis else []
    meant = np.array([value != 0 for value in values], dtype=np.bool_)
    picture = clip.analysis.picture if clip.analysis else None
    if picture:
        for shares in (picture.black, picture.blown):
            n = min(len(shares), len(values))
            meant[:n] &= np.array(shares[:n]) < FLAT_SHARE
    return Marks(np.array(values, dtype=np.uint64), meant)


def _best_run(one: Marks, other: Marks) -> tuple[Run, int]:
    """The stretch along one diagonal with the greatest sum of likeness, and how many seconds of `one` are like any.

    Second by second, because every pair of seconds of two clips of hours would fill the memory.
    """
    total = np.zeros(len(other.hashes), dtype=np.int32)
    begun = np.zeros(len(other.hashes), dtype=np.int32)
    best = alike = 0
    found = (0, 0, 0)
    for row in range(len(one.hashes) if len(other.hashes) else 0):
        far = np.bitwise_count(one.hashes[row] ^ other.hashes).astype(np.int32)
        gained = np.where(one.meant[row] & other.meant, NEAR_BITS - far, 0)
        alike += bool(gained.max() > 0)
        # Each diagonal goes on from one place up and to the left, or starts anew where its sum is used up.
        going = np.maximum(np.concatenate(([0], total[:-1])), 0)
        begun = np.where(going > 0, np.concatenate(([row], begun[:-1])), row)
        total = going + gained
        at = int(np.argmax(total))
        if total[at] > best:
            seconds = row + 1 - int(begun[at])
            best, found = int(total[at]), (row + 1 - seconds, at + 1 - seconds, seconds)
    first, second, seconds = found
    compared = np.count_nonzero(one.part(first, seconds).meant & other.part(second, seconds).meant)
    return Run(first, second, seconds, int(compared)), alike


def _mean_distances(one: Marks, other: Marks) -> tuple[float, float]:
    """Mean distance of a run's aligned pairs, and of its pairs two seconds or more apart (in two seconds: one)."""
    seconds = len(one.hashes)
    gap = 2 if seconds > LEAST_S - 1 else 1
    both = one.meant & other.meant
    aligned = float(np.bitwise_count(one.hashes ^ other.hashes)[both].mean())
    bits = pairs = 0
    for shift in range(gap, seconds):
        for before, after in ((one, other), (other, one)):
            early, late = before.part(0, seconds - shift), after.part(shift, seconds - shift)
            valid = early.meant & late.meant
            bits += int(np.bitwise_count(early.hashes ^ late.hashes)[valid].sum(dtype=np.int64))
            pairs += int(np.count_nonzero(valid))
    return aligned, bits / pairs if pairs else 0.0


def _sounds_alike(one: Clip, other: Clip, run: Run) -> bool:
    """Whether the loudness goes the same way in both over a run, and would not if they were shifted."""
    series = [clip.analysis.sound.loudness if clip.analysis and clip.analysis.sound else () for clip in (one, other)]
    ends = zip(series, (run.first, run.second), strict=True)
    levels = [np.array(loudness[start : start + run.seconds]) for loudness, start in ends]
    n = min(map(len, levels))
    if n <= LEAST_S:
        return False
    first, second = levels[0][:n], levels[1][:n]
    second = second + np.median(first - second)
    apart, pairs = 0.0, 0
    for shift in range(2, n):
        for early, late in ((first, second), (second, first)):
            apart += float(np.abs(early[: n - shift] - late[shift:]).sum())
            pairs += n - shift
    return bool(np.abs(first - second).mean() <= LIKE_DB and apart / pairs >= UNLIKE_DB)
