"""Filling the interview beats: how much of each clip is heard, whole sentences only."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from editing.assignment import Assignment
from editing.fitting import shared_out
from editing.score import ON_TARGET
from editing.sentence_choice import Choice, Fill, Seat, Voice, choose_sentences
from editing.speech_selection import (
    PAD_AFTER,
    PAD_BEFORE,
    SHORTEST_SHOT,
    Run,
    bounds_of,
    choose,
    length_of,
    runs_of,
    speeches_of,
)
from ingest.clip import Clip
from storyboards.storyboard import Interview, Storyboard

MOST = 9000
"""Frames of a film at most."""
_SHARES = tuple(one + side * step / 10 for step in range(1, 8) for one, side in ((1, -1), (1, 1)))
"""Shares of what would be even that are tried for later beats of a slot, the most even first."""


class Interviews(NamedTuple):
    """The shots of each interview beat, by its position in the storyboard."""

    runs: dict[int, tuple[Run, ...]]
    notes: tuple[str, ...]
    complete: bool
    """False when something is said that nobody has written down."""

    @property
    def frames(self) -> int:
        """Frames of all interviews."""
        return sum(map(_frames, self.runs.values()))


class _Speaker(NamedTuple):
    """A clip that may be heard: its sentences, or none when it is used as it stands."""

    clip: Clip
    voice: Voice


class Elsewhere(NamedTuple):
    """What is heard in other beats already."""

    sentences: Mapping[str, Collection[int]]
    """Numbers of the sentences by clip; a clip that nobody wrote down has none."""
    frames: Mapping[str, int]
    """Frames by slot."""


NOTHING = Elsewhere({}, {})


def fit_interviews(
    storyboard: Storyboard,
    beats: Mapping[int, Interview],
    cast: Assignment,
    room: int,
    fill: Fill,
    elsewhere: Elsewhere = NOTHING,
) -> Interviews:
    """Choose what is heard in `room` frames; `fill` is what other pictures can take of them if need be.

    A slot's first beat leaves its second a share of what is said; where that misses the film's length, other shares are
    tried, since whole sentences do not part at every frame.
    """
    most = fill.scenes + fill.held + fill.lifted
    best = _fitted(storyboard, beats, cast, room, fill, elsewhere, 1.0)
    if len(_turns(beats)) > 1:
        for share in _SHARES:
            if room - best.frames - most <= ON_TARGET:
                break
            best = max(best, _fitted(storyboard, beats, cast, room, fill, elsewhere, share), key=lambda one: one.frames)
    return best


def most_heard(storyboard: Storyboard, beats: Mapping[int, Interview], cast: Assignment) -> int:
    """Frames that nobody's words pass, were every sentence heard."""
    parted = len(beats) * (PAD_BEFORE + PAD_AFTER)
    total = 0
    for slot in storyboard.slots:
        if slot.id in {beat.slot for beat in beats.values()}:
            there = parted + sum(one.voice.frames for one in _speakers(cast.slots[slot.id], slot.required))
            total += there if slot.max_s is None else min(there, round(slot.max_s * 30))
    return total


def _fitted(
    storyboard: Storyboard,
    beats: Mapping[int, Interview],
    cast: Assignment,
    room: int,
    fill: Fill,
    elsewhere: Elsewhere,
    share: float,
) -> Interviews:
    """What is heard when the first beats of slots leave later ones this share of what would be even."""
    required = {slot.id for slot in storyboard.slots if slot.required and slot.id not in elsewhere.frames}
    bars = {
        slot.id: max(0, round(slot.max_s * 30) - elsewhere.frames.get(slot.id, 0))
        for slot in storyboard.slots
        if slot.max_s is not None
    }
    speakers = {slot: _speakers(cast.slots[slot], slot in required) for slot in {beat.slot for beat in beats.values()}}
    runs: dict[int, tuple[Run, ...]] = {}
    heard: dict[str, set[int]] = {file: set(numbers) for file, numbers in elsewhere.sentences.items()}
    for turn in _turns(beats):
        seated = {i: _still_silent(speakers[beat.slot], heard) for i, beat in turn.items()}
        said = {
            slot: sum(_frames(runs[i]) for i, beat in beats.items() if i in runs and beat.slot == slot)
            for slot in speakers
        }
        seats = [
            Seat(
                tuple(one.voice for one in seated[i]),
                beat.max_s,
                bars.get(beat.slot, MOST) - said[beat.slot],
                beat.slot in required and not said[beat.slot],
            )
            for i, beat in turn.items()
        ]
        rest = {i: beat for i, beat in beats.items() if i not in runs and i not in turn}
        later = round(share * _kept_for(rest, turn, speakers, room - sum(said.values())))
        chosen = choose_sentences(seats, room - sum(said.values()) - later, fill)
        for i, seat, choices in zip(turn, seats, chosen, strict=True):
            runs[i] = _runs(seated[i], _one_at_least(seat, choices) if seat.must else choices, heard)
    everyone = [one for slot in sorted(speakers) for one in speakers[slot]]
    unwritten = [one.clip for one in everyone if not one.voice.speeches and one.clip.file in heard]
    notes = [_partly(one, heard) for one in everyone]
    notes += [f"“{clip.file}” needs a transcript: what is said in it has no captions yet" for clip in unwritten]
    return Interviews({i: runs[i] for i in beats}, tuple(note for note in notes if note), not unwritten)


def why_unheard(clip: Clip) -> str:
    """Why a clip of an interview slot is not in the film."""
    if clip.sound is None:
        return "it has no sound"
    if not clip.sentences:
        return "it needs a transcript of what is said"
    if not speeches_of(clip):
        return "no whole sentence of its transcript lies inside the part to use"
    return "the film has no room for a whole sentence of it"


def _speakers(clips: Sequence[Clip], required: bool) -> tuple[_Speaker, ...]:
    """Clips with sentences; ones without only when in and out points, or a slot that must be filled, ask for them."""
    written = []
    unwritten = []
    for clip in clips:
        if clip.sound is None:
            continue
        speeches = speeches_of(clip)
        low, high = bounds_of(clip)
        if speeches:
            written.append(_Speaker(clip, Voice(speeches, length_of(speeches))))
        elif not clip.sentences and high - low >= SHORTEST_SHOT:
            unwritten.append(_Speaker(clip, Voice((), high - low)))
    if required and not written:
        return tuple(unwritten)
    marked = [one for one in unwritten if one.clip.in_s is not None or one.clip.out_s is not None]
    return tuple(sorted([*written, *marked], key=lambda one: one.clip.file))


def _turns(beats: Mapping[int, Interview]) -> list[dict[int, Interview]]:
    """The beats, those of one turn of different slots: a slot's second beat takes what its first has left."""
    turns: list[dict[int, Interview]] = []
    for i, beat in beats.items():
        turn = next((turn for turn in turns if beat.slot not in {one.slot for one in turn.values()}), None)
        if turn is None:
            turn = {}
            turns.append(turn)
        turn[i] = beat
    return turns


def _still_silent(speakers: Sequence[_Speaker], heard: Mapping[str, set[int]]) -> list[_Speaker]:
    """The speakers with what they have not said yet."""
    left = []
    for clip, voice in speakers:
        rest = tuple(one for one in voice.speeches if one.number not in heard.get(clip.file, ()))
        if rest or (not voice.speeches and clip.file not in heard):
            left.append(_Speaker(clip, Voice(rest, length_of(rest) if rest else voice.frames)))
    return left


def _kept_for(
    later: Mapping[int, Interview], now: Mapping[int, Interview], speakers: Mapping[str, Sequence[_Speaker]], room: int
) -> int:
    """Frames of the room that later beats of the same slots need, in proportion when there is less for all."""
    there = {slot: sum(one.voice.frames for one in found) for slot, found in speakers.items()}
    wants = []
    for beat in (*now.values(), *later.values()):
        wants.append(min(round(beat.max_s * 30), there[beat.slot]))
        there[beat.slot] -= wants[-1]
    return sum(shared_out(room, wants)[len(now) :])


def _one_at_least(seat: Seat, choices: Sequence[Choice]) -> list[Choice]:
    """The choices, with the first speaker's shortest sentence when nobody is heard."""
    if not seat.voices or any(one.frames for one in choices):
        return list(choices)
    voice = seat.voices[0]
    shortest = choose(voice.speeches, 0, at_least_one=True)
    first = Choice(length_of(shortest), shortest) if voice.speeches else Choice(min(voice.frames, seat.bar, 300))
    return [first, *choices[1:]] if SHORTEST_SHOT <= first.frames <= seat.bar else list(choices)


def _runs(speakers: Sequence[_Speaker], choices: Sequence[Choice], heard: dict[str, set[int]]) -> tuple[Run, ...]:
    """The shots of one beat; `heard` remembers the sentences that are taken."""
    runs: list[Run] = []
    for (clip, _), choice in zip(speakers, choices, strict=True):
        if choice.speeches:
            heard.setdefault(clip.file, set()).update(one.number for one in choice.speeches)
            runs += runs_of(clip, choice.speeches)
        elif choice.frames:
            heard.setdefault(clip.file, set())
            low = bounds_of(clip)[0]
            runs.append(Run(clip, low, low + choice.frames, ()))
    return tuple(runs)


def _frames(runs: Sequence[Run]) -> int:
    return sum(run.frames for run in runs)


def _partly(speaker: _Speaker, heard: Mapping[str, set[int]]) -> str:
    """The note for a clip of which some sentences are left out."""
    clip, voice = speaker
    kept = len(heard.get(clip.file, ()))
    if not 0 < kept < len(voice.speeches):
        return ""
    return f"“{clip.file}”: {kept} of {len(voice.speeches)} sentences are used, more would make the film too long"
