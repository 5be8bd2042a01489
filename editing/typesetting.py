"""Setting text: which size fits, where lines break. Pure decisions on font metrics; draws nothing.

All lengths are pixels of a 1920x1080 picture.
"""

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from PIL import ImageFont

from editing.line_breaks import break_price

SAFE_WIDTH = 1728
"""Width of the 90 % title-safe area."""

SAFE_TOP, SAFE_BOTTOM = 54, 1026
"""Rows that bound the title-safe area."""

SMALLEST = 32
"""No text of a film is set smaller."""

WRITABLE = "use Latin, Greek or Cyrillic letters, figures and common signs"
"""What a person can do about letters that the typeface lacks."""

_ORPHAN = 0.4
"""A last word alone on its line is an orphan when the line is shorter than this share of the longest."""


def font_file(weight: str = "SemiBold") -> Path:
    """The Open Sans face of that weight from its wheel."""
    from importlib.util import find_spec

    spec = find_spec("ttf_opensans")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "ttf" / f"OpenSans-{weight}.ttf"


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    # The engine that MoviePy draws with, so that what is measured is what is drawn.
    return ImageFont.truetype(str(font_file(weight)), size)


@cache
def width(text: str, size: int, weight: str = "SemiBold") -> float:
    """Width of one line of text in pixels."""
    return _font(weight, size).getlength(text)


@cache
def _drawable(letter: str) -> bool:
    """Whether the font has a shape for a letter, and lays it out from left to right as it stands."""
    if unicodedata.bidirectional(letter) in ("R", "AL"):
        return False
    font = _font("Regular", 32)
    shape, missing = font.getmask(letter), font.getmask("\uffff")
    return letter.isspace() or shape.size != missing.size or bytes(shape) != bytes(missing)


def unwritable(text: str) -> str:
    """The letters of a text that our font cannot show, each once: ideographs, emoji, scripts written from the right."""
    return "".join(dict.fromkeys(letter for letter in text if not _drawable(letter)))


def _clusters(word: str) -> list[str]:
    """The word as letters with their combining marks, which no line break may tear off."""
    found: list[str] = []
    for letter in word:
        if found and unicodedata.combining(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _hyphenated(word: str, fits: Callable[[str], bool]) -> list[str]:
    """A word cut into pieces that fit, of even length, each but the last ending in a hyphen."""
    if fits(word):
        return [word]
    letters = _clusters(word)
    for count in range(2, len(letters) + 1):
        edges = [round(len(letters) * part / count) for part in range(count + 1)]
        pieces = ["".join(letters[first:last]) for first, last in pairwise(edges)]
        pieces = [*(f"{piece}-" for piece in pieces[:-1]), pieces[-1]]
        if all(map(fits, pieces)):
            return pieces
    return letters


def _greedy_count(widths: Sequence[float], blank: float, limit: float) -> int:
    count, room = 1, limit
    for number, wide in enumerate(widths):
        needed = wide if room == limit else wide + blank
        if number and needed > room:
            count, room, needed = count + 1, limit, wide
        room -= needed
    return count


def balance(text: str, size: int, limit: float, weight: str = "SemiBold") -> tuple[str, ...]:
    """Break text into the fewest, most even lines no wider than `limit`; words too long for a line are hyphenated.

    A last word is not left alone on a short line where another break avoids it.
    """
    words = [
        piece for word in text.split() for piece in _hyphenated(word, lambda part: width(part, size, weight) <= limit)
    ]
    if not words:
        return ()
    widths = [width(word, size, weight) for word in words]
    blank = width(" ", size, weight)
    count = _greedy_count(widths, blank, limit)
    prices = [(break_price(*pair) / 100 * limit) ** 2 for pair in pairwise(words)]
    ends = _breaks(widths, prices, blank, limit, count)
    return tuple(" ".join(words[first:last]) for first, last in pairwise((0, *ends)))


def _breaks(
    widths: Sequence[float], prices: Sequence[float], blank: float, limit: float, count: int
) -> tuple[int, ...]:
    """One past the last word of each of `count` lines: even lines, and breaks where they cost little."""
    aim = (sum(widths) + blank * (len(widths) - count)) / count
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for line in range(count):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            wide = -blank
            for end in range(start + 1, len(widths) + 1):
                wide += blank + widths[end - 1]
                if wide > limit and end > start + 1:
                    break
                lonely = line and end == len(widths) == start + 1 and wide < _ORPHAN * limit
                found = cost + (wide - aim) ** 2 + (limit**2 if lonely else 0) + (prices[start - 1] if start else 0)
                if end not in reached or found < reached[end][0]:
                    reached[end] = (found, (*ends, end))
        best = reached
    return best[len(widths)][1]


def orphaned(lines: Sequence[str], size: int, weight: str = "SemiBold") -> bool:
    """Whether the last line is a single short word."""
    if len(lines) < 2 or " " in lines[-1]:
        return False
    return width(lines[-1], size, weight) < _ORPHAN * max(width(line, size, weight) for line in lines)


def fit(
    text: str, sizes: Sequence[int], limit: float = SAFE_WIDTH, most_lines: int = 3, weight: str = "SemiBold"
) -> tuple[int, tuple[str, ...]]:
    """The largest of `sizes` at which text takes at most `most_lines` without an orphan, and its lines.

    A smaller size is taken to avoid an orphan, never one more line; where none avoids it, the largest that fits.
    """
    fitting: tuple[int, tuple[str, ...]] | None = None
    for size in sorted(sizes, reverse=True):
        lines = balance(text, size, limit, weight)
        if len(lines) > most_lines:
            continue
        if not orphaned(lines, size, weight):
            return size, lines
        fitting = fitting or (size, lines)
    smallest = min(sizes)
    return fitting or (smallest, balance(text, smallest, limit, weight))
