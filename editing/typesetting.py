"""Setting text: which size fits, where lines break. Pure decisions on font metrics; draws nothing.

All lengths are pixels of a 1920x1080 picture.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from PIL import ImageFont

SAFE_WIDTH = 1728
"""Width of the 90 % title-safe area."""

SAFE_TOP, SAFE_BOTTOM = 54, 1026
"""Rows that bound the title-safe area."""

SMALLEST = 32
"""No text of a film is set smaller, but for the legal notice."""

Measure = Callable[[str, int], float]
"""Width in pixels of a text at a font size."""


def font_file(weight: str = "SemiBold") -> Path:
    """The Open Sans face of that weight from its wheel."""
    from importlib.util import find_spec

    spec = find_spec("ttf_opensans")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "ttf" / f"OpenSans-{weight}.ttf"


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(weight)), size, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, size: int, weight: str = "SemiBold") -> float:
    """Width of one line of text in pixels."""
    return _font(weight, size).getlength(text)


def _hyphenated(word: str, fits: Callable[[str], bool]) -> list[str]:
    """A word cut into pieces that fit, each but the last ending in a hyphen."""
    pieces, rest = [], word
    while not fits(rest):
        cut = next((n for n in range(len(rest) - 1, 1, -1) if fits(rest[:n] + "-")), 1)
        pieces.append(rest[:cut] + "-")
        rest = rest[cut:]
    return [*pieces, rest]


def _greedy(words: Sequence[str], limit: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and measure(joined) <= limit:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def balance(text: str, size: int, limit: float, weight: str = "SemiBold") -> tuple[str, ...]:
    """Break text into the fewest, most even lines no wider than `limit`; words too long for a line are hyphenated."""

    def measure(line: str) -> float:
        return width(line, size, weight)

    words = [piece for word in text.split() for piece in _hyphenated(word, lambda part: measure(part) <= limit)]
    count = len(_greedy(words, limit, measure))
    narrow, wide = 0.0, limit
    for _ in range(12):
        middle = (narrow + wide) / 2
        lines = _greedy(words, middle, measure)
        if len(lines) <= count and all(measure(line) <= middle for line in lines):
            wide = middle
        else:
            narrow = middle
    return tuple(_greedy(words, wide, measure))


def fit(
    text: str, sizes: Sequence[int], limit: float = SAFE_WIDTH, most_lines: int = 3, weight: str = "SemiBold"
) -> tuple[int, tuple[str, ...]]:
    """The largest of `sizes` at which text takes at most `most_lines` (or the smallest of them), and its lines."""
    for size in sorted(sizes, reverse=True):
        lines = balance(text, size, limit, weight)
        if len(lines) <= most_lines:
            return size, lines
    smallest = min(sizes)
    return smallest, balance(text, smallest, limit, weight)
