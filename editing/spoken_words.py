"""Words as they are spoken in a film, and the captions laid of them. Frozen values only."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from editing.corrections import frames_of_word
from editing.timeline import Cue
from ingest.clip import Clip, Word
from kit.values import Value


class SpokenWord(Value):
    """A word with the frames of the film it is spoken at."""

    text: str
    start: int
    end: int
    """One past the last frame."""
    voice: str
    """Who speaks, as a key: cues never mix two voices."""
    speaker: str | None = None
    """The speaker's name, when known."""
    sentence: int = 0
    """Number of the sentence it belongs to; a cue prefers to end with its sentence."""
    shown: str | None = None
    """What a person wants shown in its place: other words, or nothing; None leaves it as it is."""
    said: str = ""
    """The word as it was written down; empty for what a long word is continued by."""
    file: str = ""
    """The clip in which it is spoken: cues never mix two."""
    source: tuple[int, int] = (0, 0)
    """The frames of its clip in which it is spoken."""
    made: int | None = None
    """The caption that a person made of it and its neighbours, by number: it holds all of them and no other word."""

    @classmethod
    def of(cls, clip: Clip, word: Word, heard: tuple[int, int], sentence: int, wanted: "Wanted") -> "SpokenWord":
        """A word of a clip that is heard at these frames of the film, one past the last the second of them."""
        return cls(
            text=word.text,
            start=heard[0],
            end=heard[1],
            voice=clip.speaker_name or clip.file,
            speaker=clip.speaker_name,
            sentence=sentence,
            shown=wanted.shown.get((clip.file, word)),
            made=wanted.numbers.get((clip.file, word)),
            said=word.text,
            file=clip.file,
            source=frames_of_word(word),
        )


class Times(NamedTuple):
    """When a person wants a caption to come and go; None leaves it to its words."""

    comes: int | None
    """Frames from the beginning of its first word."""
    goes: int | None
    """Frames from the end of its last word."""


BY_WORDS: Mapping[int, Times] = MappingProxyType({})
"""Every caption comes and goes with its words."""


class Made(NamedTuple):
    """A caption that a person made."""

    words: int
    """How many words it has."""
    times: Times


class Wanted(NamedTuple):
    """What a person wants of a film's captions, by the words of its clips."""

    shown: Mapping[tuple[str, Word], str]
    """What is shown in place of a word, by its clip."""
    numbers: Mapping[tuple[str, Word], int]
    """The caption that a word was made part of, by its clip."""
    made: Mapping[int, Made]
    """The captions that were made, by number."""


AS_WRITTEN = Wanted(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))
"""Captions show every word as it is written down, and break where the planner has them break."""


class LaidCue(NamedTuple):
    """A cue, and what it is held against."""

    cue: Cue
    made: int | None
    """The number of the caption that a person made."""
    heard: tuple[int, int]
    """The frames of the film from the begin of its first word to the end of its last."""
    room: tuple[int, int]
    """The frames that it must stay within: cards and other voices begin there."""


class Block(NamedTuple):
    """A stretch of speech by one voice without a long pause or a cut that captions must not cross."""

    words: tuple[SpokenWord, ...]
    earliest: int
    latest: int
    changed: bool
