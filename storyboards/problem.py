"""A problem of a storyboard as a value: where it lies and what it is."""

from typing import NamedTuple

Path = tuple[int | str, ...]
"""Keys and positions from the root of the file."""


class Place(NamedTuple):
    """Where something stands in a file, both counted from 1."""

    line: int
    column: int = 1


class Problem(NamedTuple):
    """One thing an editor must mend."""

    path: Path
    words: str
    place: Place | None = None
    """Where it stands when that is known already; else it is found from the path."""

    @property
    def field(self) -> str:
        """The path as people write it: `beats[2].max_s`, positions from 0."""
        written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return written.removeprefix(".")
