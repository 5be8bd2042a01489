"""The storyboard: what a film should hold, beat by beat, and the slots that footage fills. Schema version 1.

The words under each field are what editors read in their YAML plugin (`storyboards.json_schema`).
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, field_validator

from kit.values import Value
from storyboards.conditions import holds, read_condition
from storyboards.slots import Slot
from storyboards.variables import LONGEST

__all__ = [
    "Ask",
    "Beat",
    "Brand",
    "Broll",
    "Card",
    "Footage",
    "Interview",
    "Music",
    "MusicLevel",
    "Narration",
    "Photos",
    "Portrait",
    "Slot",
    "Storyboard",
    "Transition",
]

SCHEMA = 1
"""The version of the language that this program writes."""

Transition = Literal["cut", "cross-fade", "dip", "dip-to-black"]
"""How a beat begins: at once, over the end of what was before, or through the ground colour of the cards or black."""

Portrait = Literal["blur", "crop", "bars"]
"""How footage held upright fills the wide picture: over a blurred copy of itself, cropped, or between bars."""

MusicLevel = Literal["full", "low", "off"]
"""How loud the music is during one beat: as in the whole film, 8 dB lower, or not heard."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class _Written(Value):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Brand(_Written):
    """The film's colours, in place of the agency's own."""

    ground: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    """The ground of the cards, as "#RRGGBB"; write it in quotes."""
    accent: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    """The rule and marks upon it, as "#RRGGBB"; write it in quotes."""


class Music(_Written):
    """The music under the film."""

    file: str | None = Field(None, max_length=200)
    """The project's file to use where the footage names no music itself."""
    level_db: float = Field(-18.0, ge=-40, le=0)
    """Decibels of the music against speech, where nobody speaks; under speech it is held lower still."""
    style: Literal["under", "between", "none"] = "under"
    """under: it goes down beneath speech; between: it falls silent while anybody speaks; none: there is no music."""


class Ask(_Written):
    """Words that every film must be given."""

    what: str = Field(min_length=1, max_length=200)
    """What to give, in plain words."""
    example: str = Field(min_length=1, max_length=LONGEST, pattern=r"\S")
    """Words as somebody might give them; previews show them."""


class _Shown(_Written):
    """What every beat may say of itself."""

    when: str | None = Field(
        None, examples=["slot community is filled", "variable city is set and slot photos is empty"]
    )
    """The beat is in the film only when this holds: `slot NAME is filled` or `is empty`, `variable NAME is set` or
    `is empty`, joined by `and` and `or`."""
    transition: Transition | None = None
    """How the beat begins: cut, cross-fade, dip (through the ground colour) or dip-to-black. By default as the
    storyboard says."""
    music: MusicLevel = "full"
    """How loud the music is during this beat: full, low (8 dB lower) or off."""

    @field_validator("when")
    @classmethod
    def _readable(cls, when: str | None) -> str | None:
        if when is not None:
            read_condition(when)
        return when


class Card(_Shown):
    """A title card; a promise card takes its words from the locked wording alone."""

    beat: Literal["card"] = "card"
    """A title card."""
    kind: Literal["opening", "chapter", "quote", "promise", "end"]
    """opening, chapter, quote (the words, who said them, their role), promise, or end (with the marks' notice)."""
    lines: tuple[Annotated[str, Field(max_length=LONGEST)], ...] = Field((), max_length=8)
    """What it says: the title first. `{{ name }}` stands for a variable."""
    variant: Literal["department", "members"] = "department"
    """Which locked wording a promise card shows: “We, NAME, promise” or “We, the members of NAME, promise”."""
    voice: Name | None = None
    """A slot of narration whose next recording is heard over the card, which then stands as long as the voice."""


class Interview(_Shown):
    """Whole sentences of the clips of one slot, picture and sound."""

    beat: Literal["interview"] = "interview"
    """People speaking: whole sentences, picture and sound."""
    slot: Name
    """The slot whose clips are heard; it takes interviews."""
    max_s: float = Field(60.0, gt=0, le=300)
    """Seconds at most; a film that would miss its length takes more, as far as the slot allows."""
    portrait: Portrait | None = None
    """How upright footage is shown in this beat: blur, crop or bars. By default as the storyboard says."""
    lower_third: bool = True
    """Whether each speaker's name and role are shown, once."""


class _Scenes(_Shown):
    slot: Name = "broll"
    """The slot whose pictures are shown; it takes b-roll."""
    max_s: float = Field(30.0, gt=0, le=300)
    """Seconds at most; a film that would miss its length takes more, as far as the slot allows."""
    portrait: Portrait | None = None
    """How upright footage is shown in this beat: blur, crop or bars. By default as the storyboard says."""
    shot_s: float = Field(5.0, ge=3, le=7)
    """Seconds that one shot is held when there is enough footage."""


class Broll(_Scenes):
    """Silent pictures under music."""

    beat: Literal["broll"] = "broll"
    """Everyday scenes without their sound, under music."""
    min_s: float = Field(4.0, ge=0, le=300)
    """Seconds at least, as far as there is footage."""


class Narration(_Scenes):
    """A voice over silent pictures: one recording of a slot, and as many pictures as it needs."""

    beat: Literal["narration"] = "narration"
    """A recorded voice over everyday scenes, which last as long as it; each such beat takes the next one."""
    voice: Name = "narration"
    """The slot whose recording is heard; it takes narration."""
    max_s: float = Field(60.0, gt=0, le=300)
    """Seconds at most: whole sentences that fit are heard."""


class Photos(_Shown):
    """Photos in slow motion (Ken Burns)."""

    beat: Literal["photos"] = "photos"
    """Photos in slow motion."""
    slot: Name = "photos"
    """The slot whose photos are shown."""
    photo_s: float = Field(5.0, ge=3, le=7)
    """Seconds that each photo stands."""
    max_count: int = Field(4, ge=1, le=60)
    """Photos at most."""


Beat = Annotated[Card | Interview | Broll | Photos | Narration, Field(discriminator="beat")]
Footage = Interview | Broll | Photos | Narration
"""Every beat that shows footage."""


class Storyboard(_Written):
    """A template of a documentary."""

    schema_version: Literal[1] = Field(1, alias="schema")
    """The version of this language: 1."""
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)
    """A short name in small letters, figures and hyphens."""
    title: str = Field(min_length=1, max_length=120)
    """What editors and agencies see in lists."""
    about: str = Field("", max_length=500)
    """What this film is for, in a sentence or two."""
    format: Literal["web", "broadcast"] = "web"
    """What the film is made for: web is mixed to -16 LUFS, broadcast to -24 LUFS. Both are 1920x1080, 30 a second."""
    target_s: float = Field(180.0, ge=120, le=300)
    """How long the film should be, in seconds: 120 to 300. It is met within 2 s where the footage allows."""
    brand: Brand | None = None
    """The film's colours; by default the agency's."""
    music: Music = Music()
    """The music under the film."""
    captions: Literal["soft", "solid"] = "soft"
    """The ground of burned captions: soft lets the picture through, solid is black."""
    transition: Transition = "cross-fade"
    """How one beat gives way to the next; the Promise is dipped into and out of unless its beats say otherwise."""
    portrait: Portrait = "blur"
    """How upright footage fills the picture: over a blurred copy of itself (blur), cropped (crop), or between bars."""
    variables: dict[Name, Annotated[str, Field(max_length=LONGEST)]] = Field(default_factory=dict, max_length=40)
    """Words that differ from film to film, with what they are by default; cards use them as `{{ name }}`."""
    asks: dict[Name, Ask] = Field(default_factory=dict, max_length=40)
    """Variables without a default: each film must be given their words."""
    slots: tuple[Slot, ...] = Field(max_length=40)
    """What to film."""
    beats: tuple[Beat, ...] = Field(max_length=80)
    """What the film holds, in order."""

    @property
    def as_example(self) -> "Storyboard":
        """The storyboard with example words for all that it asks."""
        examples = {name: ask.example for name, ask in self.asks.items()}
        return self.model_copy(update={"variables": {**examples, **self.variables}})

    @property
    def loudness_lufs(self) -> float:
        """Loudness of the finished film."""
        return -24.0 if self.format == "broadcast" else -16.0

    def beats_for(self, filled: Collection[str]) -> Iterator[tuple[int, Beat]]:
        """The beats whose conditions hold when these slots are filled, each with its position."""
        given = {name for name, value in self.variables.items() if value.strip()}
        for i, beat in enumerate(self.beats):
            if beat.when is None or holds(read_condition(beat.when), filled, given):
                yield i, beat
