"""The storyboard: what a film should hold, beat by beat, and the slots that footage fills. Schema version 1."""

from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from pydantic import Field, field_validator

from kit.values import Value
from storyboards.conditions import holds, read_condition

Transition = Literal["cut", "cross-fade", "dip"]
"""How a beat begins: at once, over the end of what was before, or through the ground colour of the cards."""

Portrait = Literal["blur", "crop", "bars"]
"""How footage held upright fills the wide picture: over a blurred copy of itself, cropped, or between bars."""


class Slot(Value):
    """A place for footage, with the words that tell an agency what to film."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    takes: Literal["interview", "broll", "photo", "narration"]
    required: bool = False
    min_s: float = Field(0.0, ge=0, le=300)
    """Seconds that fill the slot; a film waits for them when the slot is required."""
    max_s: float | None = Field(None, gt=0, le=300)
    """Seconds of the slot that the film shows at most; a film that would be under two minutes takes more."""
    min_count: int = Field(0, ge=0, le=60)
    """Clips that fill the slot; a film waits for them when the slot is required."""
    max_count: int | None = Field(None, ge=1, le=60)
    """Clips of the slot that the film uses at most; the others are named in its notes."""
    guide: str = ""


class _Shown(Value):
    """What every beat may say of itself."""

    when: str | None = None
    """The beat is in the film only when this holds: see `storyboards.conditions`."""
    transition: Transition | None = None
    """How the beat begins; the storyboard's transition when nothing is said."""

    @field_validator("when")
    @classmethod
    def _readable(cls, when: str | None) -> str | None:
        if when is not None:
            read_condition(when)
        return when


class Card(_Shown):
    """A title card. Its lines are templates; a promise card takes its words from `agencies.promise` alone.

    The lines of a quote are what was said, who said it and, if wanted, that person's role.
    """

    beat: Literal["card"] = "card"
    kind: Literal["opening", "chapter", "quote", "promise", "end"]
    lines: tuple[str, ...] = ()
    variant: Literal["department", "members"] = "department"
    """Which locked wording a promise card shows."""


class Interview(_Shown):
    """Whole sentences of the clips of one slot, picture and sound."""

    beat: Literal["interview"] = "interview"
    slot: str
    max_s: float = Field(60.0, gt=0, le=300)
    portrait: Portrait | None = None
    """How upright footage is shown in this beat; as the storyboard says when nothing is said."""
    lower_third: bool = True


class Broll(_Shown):
    """Silent pictures under music."""

    beat: Literal["broll"] = "broll"
    slot: str = "broll"
    min_s: float = Field(4.0, ge=0, le=300)
    max_s: float = Field(30.0, gt=0, le=300)
    portrait: Portrait | None = None
    """How upright footage is shown in this beat; as the storyboard says when nothing is said."""
    shot_s: float = Field(5.0, ge=3, le=7)
    """How long one shot is held when there is enough footage."""


class Photos(_Shown):
    """Photos in slow motion (Ken Burns)."""

    beat: Literal["photos"] = "photos"
    slot: str = "photos"
    photo_s: float = Field(5.0, ge=3, le=7)
    max_count: int = Field(4, ge=1, le=60)


Beat = Annotated[Card | Interview | Broll | Photos, Field(discriminator="beat")]


class Storyboard(Value):
    """A template of a documentary."""

    schema_version: Literal[1] = Field(1, alias="schema")
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    target_s: float = Field(180.0, ge=120, le=300)
    loudness_lufs: Literal[-16, -24] = -16
    music_gain_db: float = Field(-18.0, ge=-40, le=0)
    """Level of the music bed against speech where nobody speaks; while someone does it is held lower still."""
    transition: Transition = "cross-fade"
    """How one beat gives way to the next; the Promise is dipped into and out of unless its beats say otherwise."""
    portrait: Portrait = "blur"
    """How upright footage fills the picture."""
    variables: dict[str, str] = Field(default_factory=dict)
    slots: tuple[Slot, ...]
    beats: tuple[Beat, ...]

    def beats_for(self, filled: Collection[str]) -> Iterator[tuple[int, Beat]]:
        """The beats whose conditions hold when these slots are filled, each with its position."""
        given = {name for name, value in self.variables.items() if value.strip()}
        for i, beat in enumerate(self.beats):
            if beat.when is None or holds(read_condition(beat.when), filled, given):
                yield i, beat
