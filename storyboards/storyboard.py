"""The storyboard: what a film should hold, beat by beat, and the slots that footage fills. Schema version 1."""

from typing import Annotated, Literal

from pydantic import Field

from kit.values import Value


class Slot(Value):
    """A place for footage, with the words that tell an agency what to film."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    takes: Literal["interview", "broll", "photo", "narration"]
    required: bool = False
    min_s: float = 0.0
    """Seconds needed before a film can be made (required slots)."""
    guide: str = ""


class Card(Value):
    """A title card. Its lines are templates; a promise card takes its words from `agencies.promise` alone.

    The lines of a quote are what was said, who said it and, if wanted, that person's role.
    """

    beat: Literal["card"] = "card"
    kind: Literal["opening", "chapter", "quote", "promise", "end"]
    lines: tuple[str, ...] = ()
    variant: Literal["department", "members"] = "department"
    """Which locked wording a promise card shows."""


class Interview(Value):
    """Whole sentences of the clips of one slot, picture and sound."""

    beat: Literal["interview"] = "interview"
    slot: str
    max_s: float = 60.0
    lower_third: bool = True


class Broll(Value):
    """Silent pictures under music."""

    beat: Literal["broll"] = "broll"
    slot: str = "broll"
    min_s: float = 4.0
    max_s: float = 30.0
    shot_s: float = 5.0
    """How long one shot is held when there is enough footage."""


class Photos(Value):
    """Photos in slow motion (Ken Burns)."""

    beat: Literal["photos"] = "photos"
    slot: str = "photos"
    photo_s: float = 5.0
    max_count: int = 4


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
    variables: dict[str, str] = Field(default_factory=dict)
    slots: tuple[Slot, ...]
    beats: tuple[Beat, ...]
