"""Old storyboards in the words of today: a chain of pure functions on raw data, each for one change of the language.

A file keeps the version it was written in; what it says is brought forward when it is read. Whoever changes the
language appends one `Change`, keeps a file of the old kind for the tests, and leaves the earlier changes alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from storyboards.problem import Path, Problem

Raw = dict[Any, Any]
"""A storyboard as YAML or the database gives it: anything may be missing or of the wrong kind."""


class Change(NamedTuple):
    """One change of the language, from version `since` on; later versions never see the old words."""

    since: int
    rewrite: Callable[[Raw], Raw]
    """The storyboard in new words; what is not old comes back as it is."""
    moved: Mapping[Path, Path] = {}
    """Where new fields were written before, so that a problem is told on the line that holds it."""


class Brought(NamedTuple):
    """A storyboard in the words of today."""

    data: Raw
    moved: Mapping[Path, Path]
    problems: tuple[Problem, ...]
    """Old and new words for one thing side by side."""


def bring_forward(data: Raw) -> Brought:
    """The raw storyboard in the words of today; `data` itself is left as it is."""
    moved: dict[Path, Path] = {}
    problems: list[Problem] = []
    for change in CHANGES:
        if data.get("schema", 1) != change.since:
            continue
        for new, old in change.moved.items():
            if _has(data, new) and _has(data, old):
                written = ".".join(map(str, new))
                problems.append(Problem(old, f"is written `{written}` now, which is there too: keep that one"))
            elif _has(data, old):
                moved[new] = old
        data = change.rewrite(data)
    return Brought(data, moved, tuple(problems))


def _has(data: object, path: Path) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def _music_together(data: Raw) -> Raw:
    """`music_gain_db: -8` became `music: {level_db: -8}`."""
    if "music_gain_db" not in data or not isinstance(data.get("music", {}), dict):
        return data
    rest = {key: value for key, value in data.items() if key != "music_gain_db"}
    return rest | {"music": {"level_db": data["music_gain_db"], **data.get("music", {})}}


def _format_for_loudness(data: Raw) -> Raw:
    """`loudness_lufs: -16` became `format: web`, and -24 `format: broadcast`."""
    names: dict[float, str] = {-16: "web", -24: "broadcast"}
    loudness = data.get("loudness_lufs")
    if isinstance(loudness, bool) or not isinstance(loudness, int | float) or loudness not in names:
        return data
    rest = {key: value for key, value in data.items() if key != "loudness_lufs"}
    return {"format": names[loudness]} | rest


def _guide_of_parts(data: Raw) -> Raw:
    """A slot's `guide: words` became `guide: {film: words}`, with room for more."""
    slots = data.get("slots")
    if not isinstance(slots, list):
        return data
    return data | {
        "slots": [
            slot | {"guide": {"film": slot["guide"]}}
            if isinstance(slot, dict) and isinstance(slot.get("guide"), str)
            else slot
            for slot in slots
        ]
    }


CHANGES: tuple[Change, ...] = (
    Change(1, _music_together, {("music", "level_db"): ("music_gain_db",)}),
    Change(1, _format_for_loudness, {("format",): ("loudness_lufs",)}),
    Change(1, _guide_of_parts),
)
"""Every change of the language, oldest first. One that ends a version sets `schema` to the next."""
