"""What the fields of a storyboard are called, and how their values are said, when a change is told. Pure."""

from difflib import SequenceMatcher
from typing import NamedTuple

_AROUND = 3
"""Words shown on either side of what changed in a longer text."""

_LONG = 12
"""Words of a text that is told whole."""


class Said(NamedTuple):
    """How one field is told."""

    words: str
    unit: str = ""
    nothing: str = "none"
    """What is said in place of no value."""
    free: bool = False
    """Whether it holds words of its writer, which are quoted."""


_SAID = {
    "id": Said("id", free=True),
    "title": Said("title", free=True),
    "about": Said("about", free=True),
    "target_s": Said("target", " s"),
    "ground": Said("ground", nothing="the agency's"),
    "accent": Said("accent", nothing="the agency's"),
    "file": Said("file", free=True),
    "level_db": Said("level", " dB"),
    "takes": Said("takes"),
    "required": Said("required"),
    "min_s": Said("min", " s"),
    "max_s": Said("max", " s"),
    "min_count": Said("min count"),
    "max_count": Said("max count"),
    "film": Said("what to film", free=True),
    "how_long": Said("how long", free=True),
    "what": Said("what to give", free=True),
    "example": Said("example", free=True),
    "sketch": Said("sketch"),
    "when": Said("condition", free=True),
    "transition": Said("transition", nothing="as the film"),
    "portrait": Said("upright footage", nothing="as the film"),
    "lower_third": Said("lower third"),
    "shot_s": Said("shot length", " s"),
    "photo_s": Said("photo length", " s"),
    "slot": Said("scenes of"),
    "variant": Said("wording"),
}
"""By the field's name; those that are missing are told by their own name."""


def said_of(field: str) -> Said:
    """How a field is told."""
    return _SAID.get(field, Said(field.replace("_", " ")))


def said(field: str, value: object) -> str:
    """A field's value as it is told: with its unit, in quotation marks, as yes or no."""
    how = said_of(field)
    if value is None or value == "":
        return how.nothing
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        short = f"{value:g}"
        return f"{short if float(short) == value else value}{how.unit}"
    return quoted(str(value)) if how.free else str(value)


def quoted(text: str) -> str:
    """A text in quotation marks, on one line."""
    return f"“{' '.join(text.split())}”" if text.strip() else "empty"


def text_change(old: str, new: str) -> str:
    """Two texts with an arrow between them; of long ones only the part that differs, with a few words around it."""
    was, now = old.split(), new.split()
    if was == now:
        return "spaced differently"
    if max(len(was), len(now)) > _LONG:
        same = SequenceMatcher(None, was, now, autojunk=False)
        changed = [code for code in same.get_opcodes() if code[0] != "equal"]
        first, last = changed[0], changed[-1]
        was = _excerpt(was, first[1], last[2])
        now = _excerpt(now, first[3], last[4])
    return f"{quoted(' '.join(was))} → {quoted(' '.join(now))}"


def _excerpt(words: list[str], start: int, end: int) -> list[str]:
    start, end = max(0, start - _AROUND), min(len(words), end + _AROUND)
    return [*(["…"] if start else []), *words[start:end], *(["…"] if end < len(words) else [])]
