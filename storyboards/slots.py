"""Slots: places for footage, each with the words that tell an agency what to film."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from kit.values import Value

Sketch = Literal["speaker", "street", "people", "station", "photo", "voice"]
"""Drawings of an example frame that the shot guide can show."""


class Guide(Value):
    """How to film for a slot."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    film: str = Field("", max_length=1000)
    """What to film, in plain words."""
    how_long: str = Field("", max_length=120)
    """How long, as you would tell somebody: “one to two minutes”."""
    tips: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field((), max_length=12)
    """Short pieces of advice."""
    example: str = Field("", max_length=500)
    """What a good picture of it shows."""
    sketch: Sketch | None = None
    """A drawing of it: speaker, street, people, station, photo or voice."""


class Slot(Value):
    """A place for footage, with the words that tell an agency what to film."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    """A short name in small letters, figures and underscores; beats and footage refer to it."""
    title: str = Field(min_length=1, max_length=120)
    """What it is, in a few words; of silent pictures it is also told to those who cannot see the film."""
    takes: Literal["interview", "broll", "photo", "narration"]
    """interview (people speaking), broll (silent scenes), photo, or narration (a recorded voice)."""
    required: bool = False
    """Whether there is no film without it."""
    min_s: float = Field(0.0, ge=0, le=300)
    """Seconds that fill the slot; a film waits for them when the slot is required."""
    max_s: float | None = Field(None, gt=0, le=300)
    """Seconds of the slot that the film shows at most, whatever else is missing."""
    min_count: int = Field(0, ge=0, le=60)
    """Clips that fill the slot; a film waits for them when the slot is required."""
    max_count: int | None = Field(None, ge=1, le=60)
    """Clips of the slot that the film uses at most; the others are named in its notes."""
    guide: Guide = Guide()
    """How to film it."""
