"""Where captions and lower thirds stand on the picture, in pixels of 1920x1080. Pure."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from editing.timeline import LowerThird
from editing.typesetting import balance, fit, width

LOWER_THIRD_BOTTOM = 842
"""Row at which a lower third ends: 78 % of the height."""

THIRD_IN, THIRD_OUT = 12, 9
"""Frames that a lower third comes and goes in."""

BAR = 6
"""Width of the bar at a lower third's left."""

BESIDE_BAR, ABOVE = 28, 18
"""Pixels from a lower third's bar to its words, and from its upper edge."""

CAPTION_SIZE = 62
"""Height of a caption's line as libass counts it; the letters are 46 px high then."""

CAPTION_BOTTOM = 76
"""Pixels between a caption's text and the picture's lower edge; its box stays inside the title-safe area."""

CAPTION_PADDING = 10
"""Pixels of the box around a caption's text."""

_CAPTION_LETTERS = 46
_LEADING = 1.36
"""Height of a line for each pixel of its size."""


class Box(NamedTuple):
    """A plate that words stand on; right and bottom are one past."""

    left: int
    top: int
    right: int
    bottom: int


class Line(NamedTuple):
    """A line of a lower third."""

    text: str
    size: int
    weight: str

    @property
    def height(self) -> int:
        """Rows from this line to the next."""
        return round(self.size * _LEADING)


def lower_third_lines(third: LowerThird) -> tuple[Line, ...]:
    """Name and role as they are set."""
    size, names = fit(third.name, (46, 42, 38, 34), 1100, most_lines=1)
    roles = balance(third.role, 32, 1100, "Regular") if third.role else ()
    return (*(Line(name, size, "SemiBold") for name in names), *(Line(role, 32, "Regular") for role in roles))


def lower_third_box(third: LowerThird) -> Box:
    """The plate of a lower third, its bar included."""
    lines = lower_third_lines(third)
    wide = math.ceil(max(width(*line) for line in lines))
    top = LOWER_THIRD_BOTTOM - sum(line.height for line in lines) - 2 * ABOVE
    return Box(96, top, 96 + BAR + BESIDE_BAR + wide + 34, LOWER_THIRD_BOTTOM)


def caption_box(lines: Sequence[str]) -> Box:
    """The box around a caption's lines."""
    half = max(width(line, _CAPTION_LETTERS) for line in lines) / 2 + CAPTION_PADDING
    bottom = 1080 - CAPTION_BOTTOM + CAPTION_PADDING
    return Box(math.ceil(960 - half), caption_top(len(lines)), math.floor(960 + half), bottom)


def caption_top(lines: int) -> int:
    """Row at which the box of a caption of so many lines begins."""
    return 1080 - CAPTION_BOTTOM - lines * CAPTION_SIZE - CAPTION_PADDING
