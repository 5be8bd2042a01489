"""Errors of single fields, as the schema finds them, in the words of an editor."""

from collections.abc import Callable
from difflib import get_close_matches

from pydantic_core import ErrorDetails

from kit.values import Value
from storyboards.problem import Path, Problem
from storyboards.slots import Guide, Slot
from storyboards.storyboard import Ask, Brand, Broll, Card, Interview, Music, Narration, Photos, Storyboard

_BEATS: dict[str, type[Value]] = {
    **{"card": Card, "interview": Interview, "broll": Broll, "photos": Photos, "narration": Narration}
}
_FIELDS = {
    "": sorted({field.alias or name for name, field in Storyboard.model_fields.items()}),
    **{"slots": sorted(Slot.model_fields), "guide": sorted(Guide.model_fields)},
    **{"music": sorted(Music.model_fields), "brand": sorted(Brand.model_fields)},
    "asks": sorted(Ask.model_fields),
    **{kind: sorted(model.model_fields) for kind, model in _BEATS.items()},
}


def problem_of(error: ErrorDetails) -> Problem:
    """A field error as a problem."""
    location: Path = tuple(error["loc"])
    if len(location) >= 3 and location[0] == "beats" and location[2] in _BEATS:
        kind = str(location[2])
        location = (*location[:2], *location[3:])
    else:
        kind = next((str(part) for part in location[-2::-1] if part in _FIELDS), "")
    if location[-1:] == ("[key]",):
        return Problem(location[:-1], "a variable's name has small letters, figures and underscores, 40 at most")
    if error["type"].startswith("union_tag"):
        location = (*location, "beat")
    if error["type"] == "extra_forbidden":
        return Problem(location, f"there is no such field{_hint(str(location[-1]), _FIELDS[kind])}")
    say = _WORDS.get(error["type"], _said)
    return Problem(location, say if isinstance(say, str) else say(error))


def _said(error: ErrorDetails) -> str:
    """The library's own words, without its habits."""
    words = error["msg"].removeprefix("Value error, ").removeprefix("Input ").removeprefix("String ")
    return words[:1].lower() + words[1:]


def _unknown_beat(error: ErrorDetails) -> str:
    given = str(error["input"].get("beat"))
    return f"“{given}” is no kind of beat{_hint(given, list(_BEATS))}"


def _choice(error: ErrorDetails) -> str:
    known = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
    return f"should be {', '.join(known[:-1])}{' or ' * (len(known) > 1)}{known[-1]}{_hint(str(error['input']), known)}"


def _hint(given: str, known: list[str]) -> str:
    close = get_close_matches(given, known, n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


_WORDS: dict[str, str | Callable[[ErrorDetails], str]] = {
    "missing": "is missing",
    "union_tag_not_found": f"is missing: say one of {', '.join(_BEATS)}",
    "union_tag_invalid": _unknown_beat,
    "literal_error": _choice,
    "string_type": "should be text: write it in quotes",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "float_parsing": "should be a number",
    "float_type": "should be a number",
    "int_parsing": "should be a whole number",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "tuple_type": "should be a list",
    "dict_type": "should be a list of names with their words",
    "model_type": "should be a list of fields",
    "finite_number": "should be a number",
}
"""What is wrong, by the library's name for it."""
