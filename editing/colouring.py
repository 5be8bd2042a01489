"""Which colours stand on an agency's ground so that they can be read. Pure numbers; draws nothing."""

from typing import NamedTuple

from agencies.agency import Colours

WHITE, BLACK = "#FFFFFF", "#000000"
READABLE, VISIBLE = 4.5, 3.0
"""WCAG contrast that text needs, and that a rule or mark needs."""


class Palette(NamedTuple):
    """The colours of a card, each `#RRGGBB`; every one but the ground is readable upon all of it."""

    top: str
    """The ground at the card's upper edge."""
    bottom: str
    """The ground at its lower edge."""
    text: str
    accent: str
    """For rules and marks: 3:1 at least."""
    emphasis: str
    """The accent for words: 4.5:1 at least."""


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#RRGGBB`, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """WCAG relative luminance, 0 to 1."""
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, two: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def palette(colours: Colours) -> Palette:
    """The colours of cards on this ground: text white or black, the accent moved towards it as far as needed.

    The ground runs into a lighter tone of itself; where no text would stay readable on both it runs away from the text.
    """
    top = colours.ground.upper()
    bottom = _shade(top, 1.25, 8)
    text = _text_on(top, bottom)
    if _least(text, top, bottom) < READABLE:
        text = _text_on(top, top)
        bottom = _shade(top, 1.15, 6) if text == BLACK else _shade(top, 0.82, 0)
    accent = colours.accent.upper()
    return Palette(
        top, bottom, text, _towards(accent, text, VISIBLE, top, bottom), _towards(accent, text, READABLE, top, bottom)
    )


def dimmed(colours: Palette) -> Palette:
    """The colours of words that have been read: half gone into the ground, less where they could not be read again."""
    top, bottom = colours.top, colours.bottom
    ground = _mixed(top, bottom, 0.5)

    def gone(colour: str) -> str:
        steps = (_mixed(colour, ground, part / 20) for part in range(10, 0, -1))
        return next((mixed for mixed in steps if _least(mixed, top, bottom) >= READABLE), colour)

    return colours._replace(text=gone(colours.text), emphasis=gone(colours.emphasis))


def plate_colours(colours: Colours) -> tuple[str, str]:
    """Text and accent for words on a plate of the ground colour."""
    ground = colours.ground.upper()
    text = _text_on(ground, ground)
    return text, _towards(colours.accent.upper(), text, VISIBLE, ground, ground)


def plate_opacity(ground: str, text: str) -> float:
    """How solid a plate of the ground colour must be, 0.8 to 1, for text upon it to be read over any footage."""
    for percent in range(80, 100):
        ends = [_mixed(behind, ground, percent / 100) for behind in (BLACK, WHITE)]
        if _least(text, ends[0], ends[1]) >= READABLE:
            return percent / 100
    return 1.0


def _mixed(one: str, other: str, part: float) -> str:
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(first + (second - first) * part):02X}" for first, second in pairs)


def _text_on(top: str, bottom: str) -> str:
    return max((WHITE, BLACK), key=lambda colour: _least(colour, top, bottom))


def _least(colour: str, top: str, bottom: str) -> float:
    """Contrast with the ground where it is weakest."""
    return min(contrast(colour, end) for end in (top, bottom))


def _towards(colour: str, text: str, wanted: float, top: str, bottom: str) -> str:
    """The colour, mixed with as little of the text's as makes it stand out enough."""
    mixed = colour
    for part in range(1, 21):
        if _least(mixed, top, bottom) >= wanted:
            break
        mixed = _mixed(colour, text, part / 20)
    return mixed


def _shade(colour: str, factor: float, lift: float) -> str:
    return "#" + "".join(f"{min(255, max(0, round(part * factor + lift))):02X}" for part in rgb(colour))
