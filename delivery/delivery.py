"""What is delivered, as values: one check, a report of checks, the files of a package and its state."""

from typing import Literal

from kit.values import Value

OPEN_FILM, CLEAN_FILM, PREVIEW_FILM = "documentary.mp4", "documentary-clean.mp4", "preview.mp4"
SUMS = "SHA256SUMS"
"""The file that holds the digests of all others."""

State = Literal["finished", "draft"]


class Check(Value):
    """One line of the craft measured on one film."""

    name: str
    value: str | float | int | bool
    goal: str
    """What the craft asks for, in words, units included."""
    ok: bool
    """False where the film cannot leave the house: a limit is passed."""
    limit: str = ""
    """The limit that `ok` stands for, where it is wider than the goal."""
    met: bool = True
    """Whether the goal itself is met; a film between goal and limit may still leave."""


class Report(Value):
    """Every check of one film, in the order of the craft."""

    film: str
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    @property
    def short(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.ok)


class PackageFile(Value):
    """One file of a package."""

    name: str
    size: int
    """Bytes."""
    sha256: str


class PackageResult(Value):
    """A package on disk: its state, why it is a draft if it is one, its report and its files."""

    state: State
    notes: tuple[str, ...] = ()
    """Plain words on what is missing or fell short; empty for a finished film without remarks."""
    report: Report
    files: tuple[PackageFile, ...]
    """Every file of the package, manifest and sums included."""
    manifest: str
    """The text of `manifest.json`."""


def checked(name: str, value: str | float | int | bool, goal: str, ok: bool) -> Check:
    """A check whose goal is its limit."""
    return Check(name=name, value=value, goal=goal, ok=bool(ok), met=bool(ok))


def graded(name: str, value: str | float | int, goal: tuple[str, bool], limit: tuple[str, bool]) -> Check:
    """A check with a goal to aim at and a wider limit that must hold, each as words and whether it holds."""
    return Check(name=name, value=value, goal=goal[0], met=bool(goal[1]), limit=limit[0], ok=bool(limit[1]))
