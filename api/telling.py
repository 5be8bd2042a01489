"""Telling a person how far the work is, on stderr: live bars in a terminal, plain lines otherwise."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

LINE_EVERY = 0.25
"""Share of the work between two plain lines."""


class Bar(Protocol):
    """One piece of work under way."""

    def at(self, share: float, words: str = "") -> None:
        """Show how much is done (0 to 1), and what is being done."""


class Teller:
    """Says things and shows bars; use one for the whole command."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Print one line."""
        if self._console.is_terminal:
            self._console.print(text, markup=False)
        else:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    @contextlib.contextmanager
    def bar(self, label: str, *, lines: bool = True) -> Iterator[Bar]:
        """A bar for one piece of work; where there is no terminal, plain lines, or nothing without `lines`."""
        if not self._console.is_terminal:
            yield _Lines(self, label) if lines else _Silence()
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            yield _Live(progress, progress.add_task(label, total=1.0), label)


class _Live:
    """A bar that moves, in a terminal."""

    def __init__(self, progress: Progress, task: TaskID, label: str) -> None:
        self._progress, self._task, self._label = progress, task, label

    def at(self, share: float, words: str = "") -> None:
        label = f"{self._label}: {words}" if words else self._label
        self._progress.update(self._task, completed=min(share, 1.0), description=label.replace("[", r"\["))


class _Silence:
    """Nothing, for commands that are read by scripts."""

    def at(self, share: float, words: str = "") -> None:
        pass


class _Lines:
    """A plain line now and then, where standard error is a file or a pipe."""

    def __init__(self, teller: Teller, label: str) -> None:
        self._teller, self._label = teller, label
        self._last: tuple[int, str] | None = None

    def at(self, share: float, words: str = "") -> None:
        now = (int(share / LINE_EVERY), words)
        if now != self._last:
            self._last = now
            self._teller.say(f"{self._label}: {share:4.0%} {words}".rstrip())
