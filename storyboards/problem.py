"""A problem of a storyboard as a value: where it lies and what it is; and the refusal that tells all of them."""

from typing import NamedTuple

from kit.errors import InputRefused

MOST_PROBLEMS = 200
"""Problems told at once; whoever has more mends these first."""

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


class Placed(NamedTuple):
    """A problem with its place in the file, in the order of the file."""

    place: Place
    field: str
    """The field as people write it; empty where no field is meant."""
    words: str


class StoryboardRefused(InputRefused):
    """A storyboard that has problems; its words have a line for each: `file:line:column: field: problem`."""

    def __init__(self, file: str, problems: tuple[Placed, ...]) -> None:
        super().__init__(file, problems)
        self.file = file
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(
            f"{self.file}:{at.line}:{at.column}: {field}{': ' * bool(field)}{words}"
            for at, field, words in self.problems
        )
