"""What goes over the wire of storyboards that are not saved: their beats in the text, and the film they would make."""

from typing import Annotated

from pydantic import Field

from api.schemas import Body
from pipeline.sketching import Sketch
from storyboards.nodes import MAX_CHARACTERS
from storyboards.outline import Item

Text = Annotated[str, Field(max_length=MAX_CHARACTERS, description="The whole storyboard in YAML.")]
Name = Annotated[str, Field(min_length=1, max_length=200, description="The department whose name stands on the cards.")]
EXAMPLE = "Anytown Police Department"


class WantedSketch(Body):
    """A text to be sketched, not saved."""

    text: Text
    department: Name = EXAMPLE


class WantedPicture(WantedSketch):
    """One picture of a sketch."""

    key: Annotated[str, Field(pattern="^[0-9a-f]{24}$", description="As the sketch tells it.")]


class SketchOut(Sketch):
    """The film that good footage for every slot would make, and where its beats stand in the text."""

    outline: Annotated[tuple[Item, ...], Field(description="The beats as they stand in the text, in its order.")]

    @classmethod
    def of(cls, sketch: Sketch, items: tuple[Item, ...]) -> "SketchOut":
        """The public shape of a sketch."""
        return cls(**dict(sketch), outline=items)
