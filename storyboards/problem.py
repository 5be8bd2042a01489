"""A problem of a storyboard as a value: where it lies and what it is."""

from typing import NamedTuple

Path = tuple[int | str, ...]
"""Keys and positions from the root of the file."""


class Problem(NamedTuple):
    """One thing an editor must mend."""

    path: Path
    words: str
    line: int | None = None
    """The line when it is known already; else it is found from the path."""

    @property
    def field(self) -> str:
        """The path as people write it: `beats[2].max_s`, positions from 0."""
        written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return written.removeprefix(".")
