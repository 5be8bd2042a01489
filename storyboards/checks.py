"""What a schema cannot say: slots that exist, one Promise with untouched words, variables that are known."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, islice

from kit.errors import InputRefused
from storyboards.conditions import read_condition
from storyboards.problem import MOST_PROBLEMS, Problem
from storyboards.variables import LONGEST, OFFERED, names_in

_FED_BY: dict[object, dict[str, tuple[str, str | None]]] = {
    "interview": {"slot": ("interview", None)},
    "broll": {"slot": ("broll", "broll")},
    "photos": {"slot": ("photo", "photos")},
    "card": {"voice": ("narration", None)},
    "narration": {"slot": ("broll", "broll"), "voice": ("narration", "narration")},
}
"""For each kind of beat the fields that name slots: what such a slot takes, and which it is when nothing is said."""

_MOST = {"slots": 40, "beats": 80, "variables": 40, "asks": 40}
"""As in the schema."""

_LEAST_S = 4.0
"""Seconds of a b-roll beat that says nothing of its least."""

Row = tuple[int, Mapping[object, object]]
"""A part of a list with its position."""


def check_meaning(data: Mapping[object, object]) -> list[Problem]:
    """Problems across fields of a raw storyboard; parts of the wrong shape or number are left to the schema."""
    if any(len(value) > most for part, most in _MOST.items() if isinstance(value := data.get(part), list | dict)):
        return []
    slots = _rows(data.get("slots"))
    beats = _rows(data.get("beats"))
    variables, asks = _names(data.get("variables")), _names(data.get("asks"))
    own = variables | asks
    asked = {"slot": {str(slot.get("id")) for _, slot in slots}, "variable": own}
    twice = (Problem(("asks", name), "is among the variables too: keep one") for name in sorted(asks & variables))
    found = chain(
        _slots(slots, beats),
        _beat_slots(beats, slots),
        _limits("slots", slots),
        _limits("beats", beats),
        _conditions(beats, asked),
        _cards(data, beats),
        _texts(beats, own | OFFERED),
        _variables("variables", variables, beats),
        _variables("asks", asks, beats),
        twice,
    )
    return list(islice(found, MOST_PROBLEMS))


def _names(value: object) -> set[str]:
    return set(map(str, value)) if isinstance(value, dict) else set()


def _rows(value: object) -> list[Row]:
    return [(i, row) for i, row in enumerate(value) if isinstance(row, dict)] if isinstance(value, list) else []


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _slots(slots: list[Row], beats: list[Row]) -> Iterator[Problem]:
    seen: set[object] = set()
    fed = {name for _, beat in beats for name, _, _ in _feeds(beat)}
    for i, slot in slots:
        name = slot.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield Problem(("slots", i, "id"), f"the slot “{name}” is there twice")
        elif name not in fed and slot.get("takes") in ("interview", "photo") and beats:
            yield Problem(("slots", i, "id"), f"no beat shows the slot “{name}”: add one, or remove the slot")
        seen.add(name)


def _feeds(beat: Mapping[object, object]) -> Iterator[tuple[str, str, str]]:
    """The slots that a beat names: each with the field that does, and what such a slot must take."""
    kind = beat.get("beat")
    for field, (takes, usual) in _FED_BY.get(kind if isinstance(kind, str) else "", {}).items():
        name = beat.get(field, usual)
        if isinstance(name, str):
            yield name, field, takes


def _beat_slots(beats: list[Row], slots: list[Row]) -> Iterator[Problem]:
    there = {slot["id"]: slot.get("takes") for _, slot in slots if isinstance(slot.get("id"), str)}
    for i, beat in beats:
        for name, field, takes in _feeds(beat):
            if name not in there:
                hint = _hint(name, [str(one) for one in there])
                yield Problem(("beats", i, field), f"there is no slot “{name}”{hint}")
            elif there[name] != takes:
                yield Problem(("beats", i, field), f"the slot “{name}” takes {there[name]}, not {takes}")


def _limits(part: str, rows: list[Row]) -> Iterator[Problem]:
    """Least and most that cross each other."""
    for i, row in rows:
        for unit in ("s", "count"):
            usual = _LEAST_S if unit == "s" and row.get("beat") == "broll" else None
            least, most = row.get(f"min_{unit}", usual), row.get(f"max_{unit}")
            if not isinstance(least, int | float) or not isinstance(most, int | float) or least <= most:
                continue
            if f"min_{unit}" in row:
                yield Problem((part, i, f"min_{unit}"), f"is more than max_{unit}, {most:g}: lower it or raise that")
            else:
                words = f"is less than min_{unit}, which is {least:g} when nothing is said: give min_{unit} too"
                yield Problem((part, i, f"max_{unit}"), words)


def _variables(part: str, own: set[str], beats: list[Row]) -> Iterator[Problem]:
    """Variables that nothing uses: most often one that is misspelt here or there."""
    used: set[str] = set()
    for _, beat in beats:
        texts = [line for line in _listed(beat.get("lines")) if isinstance(line, str)]
        for line in texts:
            try:
                used |= names_in(line)
            except InputRefused:
                used |= own  # said already; what it uses cannot be told
        used |= set(str(beat.get("when", "")).split())
    for name in sorted(name for name in own - used if name.isidentifier() and name.islower()):
        yield Problem((part, name), "no card and no condition uses this variable: use it or remove it")
    for name in sorted(own & OFFERED):
        yield Problem((part, name), "is given by the program: choose another name")


def _conditions(beats: list[Row], asked: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """Conditions that ask for slots and variables which are not there; their form is left to the schema."""
    for i, beat in beats:
        when = beat.get("when")
        if not isinstance(when, str):
            continue
        try:
            groups = read_condition(when)
        except ValueError:
            continue
        for clause in (clause for group in groups for clause in group):
            if clause.name not in asked[clause.about]:
                hint = _hint(clause.name, asked[clause.about])
                yield Problem(("beats", i, "when"), f"there is no {clause.about} “{clause.name}”{hint}")


def _hint(name: str, known: Collection[str]) -> str:
    """“did you mean”, or all there is."""
    close = get_close_matches(name, sorted(known), n=1)
    return f" (did you mean {close[0]}?)" if close else f" (known are {', '.join(sorted(known))})" if known else ""


def _cards(data: Mapping[object, object], beats: list[Row]) -> Iterator[Problem]:
    if not isinstance(data.get("beats"), list):
        return
    cards = [(i, beat) for i, beat in beats if beat.get("beat") == "card"]
    promises = [(i, beat) for i, beat in cards if beat.get("kind") == "promise"]
    if not promises:
        yield Problem(("beats",), "a film makes the Promise: add a card of kind promise")
    for i, _ in promises[1:]:
        yield Problem(("beats", i, "kind"), "the Promise is made once: remove this card")
    for i, beat in promises:
        if beat.get("lines"):
            yield Problem(("beats", i, "lines"), "the wording of the Promise is locked: choose a variant instead")
    for i, beat in cards:
        if beat.get("kind") == "chapter" and not _listed(beat.get("lines")):
            yield Problem(("beats", i, "kind"), "a chapter card says something: give its lines")
        if beat.get("kind") == "quote" and len(_listed(beat.get("lines"))) not in (2, 3):
            yield Problem(("beats", i, "lines"), "a quote has two or three lines: the words, who said them, their role")
    if not any(beat.get("kind") == "end" for _, beat in cards):
        yield Problem(("beats",), "a film ends with the marks' notice: add a card of kind end")


def _texts(beats: list[Row], known: set[str]) -> Iterator[Problem]:
    for i, beat in beats:
        lines = beat.get("lines")
        for j, line in enumerate(lines if isinstance(lines, list) else []):
            if not isinstance(line, str) or len(line) > LONGEST:
                continue
            try:
                unknown = sorted(names_in(line) - known)
            except InputRefused as error:
                yield Problem(("beats", i, "lines", j), str(error))
                continue
            for name in unknown:
                yield Problem(("beats", i, "lines", j), f"there is no variable “{name}”{_hint(name, known)}")
