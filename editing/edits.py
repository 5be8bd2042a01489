"""What an editor decided by hand for one film: clips, cuts, words and the music's level. Frozen values only.

A clip is named by the digest of its bytes, so that a decision holds whatever the file is called and however the film is
planned again; its file name stands beside it for people. Times are frames of the conformed clip at the film's rate.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from kit.errors import InputRefused
from kit.values import Value

MOST_FRAME = 400_000
"""Frames of the longest clip that is read, three hours, and some more."""


LARGEST_FILE = 8 << 20
"""Bytes of a file that edits are read from; a package's `timeline.json` is far smaller."""


def _one_line(text: str) -> str:
    tidy = " ".join(text.split())
    if not tidy or not tidy.isprintable():
        raise ValueError("give words on one line, without control characters")
    return tidy


def _plain(text: str) -> str:
    if "{{" in text or "{%" in text or "{#" in text:
        raise ValueError("write the words themselves: an edit has no variables")
    return text


Digest = Annotated[str, Field(min_length=1, max_length=64)]
Frame = Annotated[int, Field(strict=True, ge=0, le=MOST_FRAME)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Nth = Annotated[int, Field(strict=True, ge=1, le=80)]
Line = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_one_line), AfterValidator(_plain)]
Short = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_one_line), AfterValidator(_plain)]
Apart = Annotated[int, Field(strict=True, ge=-300, le=300)]
Said = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_one_line)]


class _OfClip(Value):
    clip: Digest
    """SHA-256 of the clip's bytes, hex."""
    file: Annotated[str, Field(min_length=1, max_length=255)]
    """What the clip was called then; for people alone."""


class LeftOut(_OfClip):
    """A clip that the film shall not show."""


class Placed(_OfClip):
    """A clip that shall fill a slot, whatever was said of it before."""

    slot: Name


class Cut(_OfClip):
    """A part of a clip; without points the planner chooses which."""

    start: Frame | None = None
    """The in point: its first frame. A photo's is 0."""
    end: Frame | None = None
    """The out point: one past its last frame. A photo stands so many frames."""

    @model_validator(mode="after")
    def _both(self) -> "Cut":
        if (self.start is None) != (self.end is None):
            raise ValueError("give both points of a cut, or neither")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("the out point of a cut lies after its in point")
        return self


class BeatCuts(Value):
    """Everything that one beat shows or has heard, in order."""

    slot: Name
    nth: Nth = 1
    """Which beat of this slot, from 1."""
    cuts: Annotated[tuple[Cut, ...], Field(min_length=1, max_length=60)]


class CardText(Value):
    """The words of one card; those of the Promise are locked and cannot be named."""

    card: Literal["opening", "chapter", "quote", "end"]
    nth: Nth = 1
    """Which card of this kind in the storyboard, from 1."""
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=8)]


class LowerThirdText(_OfClip):
    """The name and role of whoever speaks in a clip."""

    name: Short
    role: Short | None = None


class MusicFile(_OfClip):
    """The file that is the film's music."""


class CaptionText(_OfClip):
    """Words of a clip that the captions show otherwise than they were written down."""

    start: Frame
    """The frame at which the first of these words begins."""
    end: Frame
    """The frame at which the last of them has ended."""
    was: Said
    """The words as they were written down."""
    words: Said
    """What the captions show in their place."""

    @model_validator(mode="after")
    def _lasts(self) -> "CaptionText":
        if self.end <= self.start:
            raise ValueError("the words of a caption end after they begin")
        return self


class CaptionCue(_OfClip):
    """Words of a clip that make one caption, neither more of them nor fewer, and when it comes and goes."""

    start: Frame
    """The frame at which the first of these words begins."""
    end: Frame
    """The frame at which the last of them has ended."""
    was: Said
    """The words as they were written down."""
    comes: Apart | None = None
    """Frames from the beginning of its first word to its coming, negative before it; without it the planner's."""
    goes: Apart | None = None
    """Frames from the end of its last word to its going, negative before it; without it the planner's."""

    @model_validator(mode="after")
    def _lasts(self) -> "CaptionCue":
        if self.end <= self.start:
            raise ValueError("the words of a caption end after they begin")
        return self


class Edits(Value):
    """All decisions by hand for one film."""

    left_out: Annotated[tuple[LeftOut, ...], Field(max_length=500)] = ()
    slots: Annotated[tuple[Placed, ...], Field(max_length=500)] = ()
    beats: Annotated[tuple[BeatCuts, ...], Field(max_length=80)] = ()
    cards: Annotated[tuple[CardText, ...], Field(max_length=80)] = ()
    lower_thirds: Annotated[tuple[LowerThirdText, ...], Field(max_length=200)] = ()
    captions: Annotated[tuple[CaptionText, ...], Field(max_length=1000)] = ()
    music: MusicFile | Literal["none"] | None = None
    """The film's music in place of what footage and storyboard name, or none."""
    cues: Annotated[tuple[CaptionCue, ...], Field(max_length=1000)] = ()
    music_db: Annotated[float | None, Field(strict=True, ge=-40, le=0)] = None
    """Decibels of the music against speech where nobody speaks, in place of the storyboard's."""

    def __bool__(self) -> bool:
        return self != NO_EDITS

    @model_validator(mode="after")
    def _each_once(self) -> "Edits":
        _once([one.clip for one in (*self.left_out, *self.slots)], "a clip is left out or placed")
        _once([(one.slot, one.nth) for one in self.beats], "a beat is cut")
        _once([(one.card, one.nth) for one in self.cards], "a card is worded")
        _once([one.clip for one in self.lower_thirds], "a speaker is named")
        if _meet(self.captions):
            raise ValueError("two captions are worded for the same words: give one of them")
        if _meet(self.cues):
            raise ValueError("two captions are made of the same words: give one of them")
        return self


def read_edits(text: str) -> Edits:
    """Edits from their JSON, or from the `timeline.json` of a package. Raises InputRefused with every problem."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"the edits are no JSON: {error}") from None
    if isinstance(data, dict) and "shots" in data:
        data = data.get("edits", {})
    try:
        return Edits.model_validate(data)
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, row['loc'])) or 'edits'}: {row['msg'].removeprefix('Value error, ')}"
            for row in error.errors()
        ]
        raise InputRefused(f"the edits cannot be read: {'; '.join(problems[:20])}") from None


def _meet(captions: Sequence[CaptionText] | Sequence[CaptionCue]) -> bool:
    spans = sorted((one.clip, one.start, one.end) for one in captions)
    return any(a[0] == b[0] and b[1] < a[2] for a, b in pairwise(spans))


def _once(keys: Sequence[object], what: str) -> None:
    if len(set(keys)) < len(keys):
        raise ValueError(f"{what} twice: give one of the two")


NO_EDITS = Edits()
"""A film as the planner makes it."""
