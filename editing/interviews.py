"""Filling the interview beats: how much of each clip is heard, whole sentences only."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from editing.assignment import Assignment
from editing.fitting import leveled, speech_budgets
from editing.speech_selection import Run, Speech, bounds_of, choose, length_of, runs_of, speeches_of
from ingest.clip import Clip
from storyboards.storyboard import Interview, Storyboard


class Interviews(NamedTuple):
    """The shots of each interview beat, by its position in the storyboard."""

    runs: dict[int, tuple[Run, ...]]
    notes: tuple[str, ...]
    complete: bool
    """False when something is said that nobody has written down."""

    @property
    def frames(self) -> int:
        """Frames of all interviews."""
        return sum(run.frames for group in self.runs.values() for run in group)


class _Voice(NamedTuple):
    """A clip that may be heard: its sentences, or none when it is used as it stands."""

    clip: Clip
    speeches: tuple[Speech, ...]
    frames: int


def fit_interviews(
    storyboard: Storyboard, beats: Mapping[int, Interview], cast: Assignment, room: int, fillable: int
) -> Interviews:
    """Choose what is heard in `room` frames; `fillable` frames of them can be filled by other pictures if need be."""
    required = {slot.id for slot in storyboard.slots if slot.required}
    voices = {slot: _voices(cast.slots[slot], slot in required) for slot in {beat.slot for beat in beats.values()}}
    wants, there = _wants(beats, voices)
    budgets = speech_budgets(room, room - fillable - sum(wants), wants, there)
    runs: dict[int, tuple[Run, ...]] = {}
    heard: dict[str, set[int]] = {}
    for (i, beat), budget in zip(beats.items(), budgets, strict=True):
        must = beat.slot in required and not any(one.clip.file in heard for one in voices[beat.slot])
        runs[i] = _fill(voices[beat.slot], budget, heard, must)
    everyone = [voice for slot in sorted(voices) for voice in voices[slot]]
    unwritten = [one.clip for one in everyone if not one.speeches and one.clip.file in heard]
    notes = [_partly(one, heard) for one in everyone]
    notes += [f"“{clip.file}” needs a transcript: what is said in it has no captions yet" for clip in unwritten]
    return Interviews(runs, tuple(note for note in notes if note), not unwritten)


def why_unheard(clip: Clip) -> str:
    """Why a clip of an interview slot is not in the film."""
    if clip.sound is None:
        return "it has no sound"
    if not clip.sentences:
        return "it needs a transcript of what is said"
    if not speeches_of(clip):
        return "no whole sentence of its transcript lies inside the part to use"
    return "the film has no room for a whole sentence of it"


def _voices(clips: Sequence[Clip], required: bool) -> tuple[_Voice, ...]:
    """Clips with sentences; ones without only when in and out points, or a slot that must be filled, ask for them."""
    written = []
    unwritten = []
    for clip in clips:
        if clip.sound is None:
            continue
        speeches = speeches_of(clip)
        low, high = bounds_of(clip)
        if speeches:
            written.append(_Voice(clip, speeches, length_of(speeches)))
        elif not clip.sentences and high - low >= 30:
            unwritten.append(_Voice(clip, (), high - low))
    if required and not written:
        return tuple(unwritten)
    marked = [one for one in unwritten if one.clip.in_s is not None or one.clip.out_s is not None]
    return tuple(sorted([*written, *marked], key=lambda one: one.clip.file))


def _wants(beats: Mapping[int, Interview], voices: Mapping[str, Sequence[_Voice]]) -> tuple[list[int], list[int]]:
    """Frames each beat would take by its storyboard, and frames there are for it."""
    left = {slot: sum(one.frames for one in found) for slot, found in voices.items()}
    wants, there = [], []
    for beat in beats.values():
        want = min(left[beat.slot], round(beat.max_s * 30))
        wants.append(want)
        there.append(left[beat.slot])
        left[beat.slot] -= want
    return wants, there


def _fill(voices: Sequence[_Voice], budget: int, heard: dict[str, set[int]], must: bool) -> tuple[Run, ...]:
    """The shots of one beat; `heard` remembers the sentences that are taken."""
    free = [
        _Voice(one.clip, rest, length_of(rest) if one.speeches else one.frames)
        for one in voices
        if (rest := tuple(part for part in one.speeches if part.number not in heard.get(one.clip.file, ())))
        or (not one.speeches and one.clip.file not in heard)
    ]
    shares = leveled(budget, [one.frames for one in free])
    chosen = [choose(one.speeches, share) for one, share in zip(free, shares, strict=True)]
    whole = [min(share, one.frames) if not one.speeches else 0 for one, share in zip(free, shares, strict=True)]
    spare = budget - sum(map(length_of, chosen)) - sum(whole)
    for n, one in enumerate(free):
        more = choose(one.speeches, length_of(chosen[n]) + spare)
        if length_of(more) > length_of(chosen[n]):
            spare -= length_of(more) - length_of(chosen[n])
            chosen[n] = more
    if must and free and not any(chosen) and not any(whole):
        chosen[0] = choose(free[0].speeches, budget, at_least_one=True)
        whole[0] = 0 if free[0].speeches else min(free[0].frames, 300)
    runs: list[Run] = []
    for one, picked, frames in zip(free, chosen, whole, strict=True):
        low = bounds_of(one.clip)[0]
        if picked:
            heard.setdefault(one.clip.file, set()).update(part.number for part in picked)
            runs += runs_of(one.clip, picked)
        elif frames >= 30:
            heard.setdefault(one.clip.file, set())
            runs.append(Run(one.clip, low, low + frames, ()))
    return tuple(runs)


def _partly(voice: _Voice, heard: Mapping[str, set[int]]) -> str:
    """The note for a clip of which some sentences are left out."""
    kept = len(heard.get(voice.clip.file, ()))
    if not 0 < kept < len(voice.speeches):
        return ""
    return f"“{voice.clip.file}”: {kept} of {len(voice.speeches)} sentences are used, more would make the film too long"
