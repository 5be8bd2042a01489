"""Which sentences of all speakers are heard together: a dynamic programme over frames, whole sentences as its items."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editing.score import OVERRUN, beat_worth, landing, voice_worth
from editing.speech_selection import SHORTEST_SHOT, Speech, windows

_SCENE = 0.5
"""What a frame of scenes is worth that speech leaves room for, as a rule."""
_UNHEARD = 1e6
"""What it costs that nobody is heard where somebody has to be."""
_STEP = 15
"""Frames from one length to the next of a voice whose words are not written down."""

Worths = NDArray[np.float64]
"""The best worth for every number of frames; minus infinity for numbers that cannot be reached."""


class Voice(NamedTuple):
    """A speaker who may be heard in a beat: sentences, or none when the clip is used as it stands."""

    speeches: tuple[Speech, ...]
    frames: int
    """Frames there are of him."""


class Seat(NamedTuple):
    """A beat and who may be heard in it."""

    voices: tuple[Voice, ...]
    max_s: float
    """Seconds that the storyboard wishes at most."""
    bar: int
    """Frames that it may take at most, whatever is lacking."""
    must: bool = False
    """Whether somebody has to be heard in it."""


class Fill(NamedTuple):
    """Frames that other pictures can take in place of speech."""

    scenes: int
    """Of scenes, within the storyboard's limits."""
    held: int = 0
    """Of cards and photos that stand longer."""
    lifted: int = 0
    """Of scenes beyond those limits."""


class Choice(NamedTuple):
    """What is heard of one voice."""

    frames: int
    speeches: tuple[Speech, ...] = ()


_NOTHING = Choice(0)


class _Table(NamedTuple):
    """The best of a group for every number of frames, and which item of its last member leads there."""

    worth: Worths
    taken: NDArray[np.int64]


def choose_sentences(seats: Sequence[Seat], room: int, fill: Fill) -> list[list[Choice]]:
    """What is heard of each voice of each seat, worth most together, in `room` frames at most.

    What is lacking beyond all that `fill` can take makes the film miss its target.
    """
    room = max(0, room)
    options = [[_options(voice, min(room, seat.bar)) for voice in seat.voices] for seat in seats]
    tables = [_voices_table(each, room) for each in options]
    frames = np.arange(room + 1)
    worths = []
    for seat, table in zip(seats, tables, strict=True):
        worth = (table[-1].worth if table else _empty(room)) + beat_worth(frames, seat.max_s)
        worth[0] -= _UNHEARD * seat.must
        worths.append(np.where(frames <= max(0, seat.bar), worth, -np.inf))
    joined = _seats_table(worths, room)
    whole = joined[-1].worth if joined else _empty(room)
    at = int(np.argmax(whole_worth(whole, frames, room, fill)))
    shares = []
    for group in reversed(joined):
        shares.append(int(group.taken[at]))
        at -= shares[-1]
    shares.reverse()
    return [_heard(table, each, share) for table, each, share in zip(tables, options, shares, strict=True)]


def whole_worth(spoken: Worths, frames: NDArray[np.int64], room: int, fill: Fill) -> Worths:
    """What a film is worth in which speech of this worth takes so many frames and other pictures fill the room."""
    left = np.maximum(0, room - frames)
    lifted = np.clip(left - fill.scenes - fill.held, 0, fill.lifted)
    missed = np.maximum(0, left - fill.scenes - fill.held - fill.lifted)
    scenes = _SCENE * np.minimum(left, fill.scenes) + (_SCENE - OVERRUN) * lifted
    worth: Worths = np.where(
        np.isneginf(spoken),
        -np.inf,
        landing(missed) * (np.maximum(spoken, 0) + scenes) + np.minimum(spoken, 0) - missed,
    )
    return worth


def _options(voice: Voice, room: int) -> list[tuple[Choice, float]]:
    """Everything that may be heard of a voice, silence first, with what it is worth; the best of each length."""
    best: dict[int, tuple[Choice, float]] = {0: (_NOTHING, 0.0)}
    if not voice.speeches and min(voice.frames, room) >= SHORTEST_SHOT:
        for frames in [*range(SHORTEST_SHOT, min(voice.frames, room), _STEP), min(voice.frames, room)]:
            best[frames] = (Choice(frames), voice_worth(frames, 0))
    for window in windows(voice.speeches, room):
        worth = voice_worth(window.frames, window.clean)
        if window.frames not in best or worth > best[window.frames][1]:
            best[window.frames] = (Choice(window.frames, window.speeches), worth)
    return list(best.values())


def _voices_table(options: Sequence[Sequence[tuple[Choice, float]]], room: int) -> list[_Table]:
    """One table a voice: the best that it and those before it make together."""
    tables: list[_Table] = []
    worth = _empty(room)
    for each in options:
        after, taken = np.full(room + 1, -np.inf), np.zeros(room + 1, np.int64)
        for n, (choice, value) in enumerate(each):
            _better(after, taken, worth, choice.frames, value, n)
        tables.append(_Table(after, taken))
        worth = after
    return tables


def _seats_table(worths: Sequence[Worths], room: int) -> list[_Table]:
    """One table a seat: the best that it and those before it make together; an item is a number of frames."""
    tables: list[_Table] = []
    worth = _empty(room)
    for each in worths:
        after, taken = np.full(room + 1, -np.inf), np.zeros(room + 1, np.int64)
        here, before = (np.flatnonzero(~np.isneginf(one)) for one in (each, worth))
        if len(here) <= len(before):
            for frames in map(int, here):
                _better(after, taken, worth, frames, float(each[frames]), frames)
        else:
            for frames in map(int, before):
                _better(after, taken, each, frames, float(worth[frames]), frames)
            taken = np.arange(room + 1) - taken
        tables.append(_Table(after, taken))
        worth = after
    return tables


def _better(after: Worths, taken: NDArray[np.int64], before: Worths, frames: int, value: float, item: int) -> None:
    """Take an item of so many frames wherever that is better than what was found."""
    found = before[: len(before) - frames] + value
    wins = found > after[frames:] + 1e-9
    after[frames:][wins] = found[wins]
    taken[frames:][wins] = item


def _heard(tables: Sequence[_Table], options: Sequence[Sequence[tuple[Choice, float]]], frames: int) -> list[Choice]:
    """What each voice says, found backwards from the frames of its seat."""
    heard = []
    for table, each in zip(reversed(tables), reversed(options), strict=True):
        choice = each[int(table.taken[frames])][0]
        heard.append(choice)
        frames -= choice.frames
    return heard[::-1]


def _empty(room: int) -> Worths:
    worth = np.full(room + 1, -np.inf)
    worth[0] = 0.0
    return worth
