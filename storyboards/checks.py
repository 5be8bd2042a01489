"""What a schema cannot say: slots that exist, one Promise with untouched words, variables that are known."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from kit.errors import InputRefused
from storyboards.conditions import read_condition
from storyboards.problem import Problem
from storyboards.variables import OFFERED, names_in

_TAKEN_BY = {"interview": "interview", "broll": "broll", "photos": "photo"}
_OWN_SLOT = {"broll": "broll", "photos": "photos"}


def check_meaning(data: Mapping[object, object]) -> list[Problem]:
    """Problems across fields of a raw storyboard; parts of the wrong shape are left to the schema."""
    slots = _rows(data.get("slots"))
    beats = _rows(data.get("beats"))
    variables = data.get("variables")
    known = set(OFFERED) | (set(map(str, variables)) if isinstance(variables, dict) else set())
    asked = {"slot": {str(slot.get("id")) for _, slot in slots}, "variable": known}
    return [
        *_slots(slots),
        *_beat_slots(beats, slots),
        *_limits("slots", slots),
        *_limits("beats", beats),
        *_conditions(beats, asked),
        *_cards(data, beats),
        *_texts(beats, known),
    ]


def _rows(value: object) -> list[tuple[int, Mapping[object, object]]]:
    return [(i, row) for i, row in enumerate(value) if isinstance(row, dict)] if isinstance(value, list) else []


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _slots(slots: list[tuple[int, Mapping[object, object]]]) -> Iterator[Problem]:
    seen: set[object] = set()
    for i, slot in slots:
        name = slot.get("id")
        if isinstance(name, str) and name in seen:
            yield Problem(("slots", i, "id"), f"the slot “{name}” is there twice")
        if isinstance(name, str):
            seen.add(name)


def _beat_slots(
    beats: list[tuple[int, Mapping[object, object]]], slots: list[tuple[int, Mapping[object, object]]]
) -> Iterator[Problem]:
    takes = {slot["id"]: slot.get("takes") for _, slot in slots if isinstance(slot.get("id"), str)}
    for i, beat in beats:
        kind = beat.get("beat")
        if not isinstance(kind, str) or kind not in _TAKEN_BY:
            continue
        name = beat.get("slot", _OWN_SLOT.get(kind))
        if not isinstance(name, str):
            continue
        if name not in takes:
            yield Problem(("beats", i, "slot"), f"there is no slot “{name}”{_hint(name, [str(one) for one in takes])}")
        elif takes[name] != _TAKEN_BY[kind]:
            yield Problem(("beats", i, "slot"), f"the slot “{name}” takes {takes[name]}, not {_TAKEN_BY[kind]}")


def _limits(part: str, rows: list[tuple[int, Mapping[object, object]]]) -> Iterator[Problem]:
    """Least and most that cross each other."""
    for i, row in rows:
        for unit in ("s", "count"):
            least, most = row.get(f"min_{unit}"), row.get(f"max_{unit}")
            if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
                yield Problem((part, i, f"min_{unit}"), f"is more than max_{unit}, {most:g}: lower it or raise that")


def _conditions(
    beats: list[tuple[int, Mapping[object, object]]], asked: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
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


def _cards(data: Mapping[object, object], beats: list[tuple[int, Mapping[object, object]]]) -> Iterator[Problem]:
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
        if beat.get("kind") == "quote" and len(_listed(beat.get("lines"))) not in (2, 3):
            yield Problem(("beats", i, "lines"), "a quote has two or three lines: the words, who said them, their role")
    if not any(beat.get("kind") == "end" for _, beat in cards):
        yield Problem(("beats",), "a film ends with the marks' notice: add a card of kind end")


def _texts(beats: list[tuple[int, Mapping[object, object]]], known: set[str]) -> Iterator[Problem]:
    for i, beat in beats:
        lines = beat.get("lines")
        for j, line in enumerate(lines if isinstance(lines, list) else []):
            if not isinstance(line, str):
                continue
            try:
                unknown = sorted(names_in(line) - known)
            except InputRefused as error:
                yield Problem(("beats", i, "lines", j), str(error))
                continue
            for name in unknown:
                yield Problem(("beats", i, "lines", j), f"there is no variable “{name}”{_hint(name, known)}")
