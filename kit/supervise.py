"""Keeps other programs running: what dies is started again, and said so; all end together."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import Outage
from kit.process import spawn, stop

LOG_KEPT_BYTES = 10 << 20
"""A program's log is put aside (one old copy is kept) when it is larger at a start."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _STEADY_S, _LOOK_S = 0.5, 10.0, 60.0, 2.0


@dataclass(frozen=True)
class Program:
    """A program to keep running."""

    name: str
    command: tuple[str, ...]
    log: Path
    """Where its output goes; the folder is made."""
    env: Mapping[str, str] | None = None
    """Added to our own environment."""
    cwd: Path | None = None
    grace_s: float = 5.0
    """Seconds between asking it to end and killing it."""
    stuck: Callable[[], str] = str
    """Asked every few seconds while it runs: why it must be started anew, or nothing. At once, and without raising."""


@dataclass
class _Kept:
    program: Program
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_s: float = _FIRST_PAUSE_S
    next_start: float = field(default_factory=time.monotonic)
    next_look: float = 0.0


class Supervisor:
    """A context manager; programs are added to it at any time and end with the block.

    One thread starts them all, because on Linux a child dies with the thread that started it.
    """

    def __init__(self, said: Callable[[str], None] = lambda _: None) -> None:
        self._said = said
        self._new: queue.SimpleQueue[Program] = queue.SimpleQueue()
        self._kept: list[_Kept] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    def __enter__(self) -> "Supervisor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def add(self, program: Program) -> None:
        """Start a program soon and keep it running."""
        self._new.put(program)

    def pids(self) -> dict[str, int]:
        """Process ids of what runs now, by name."""
        return {kept.program.name: kept.child.pid for kept in list(self._kept) if kept.child}

    def _keep(self) -> None:
        while not self._ending.wait(0.1):
            with contextlib.suppress(queue.Empty):
                while True:
                    self._kept.append(_Kept(self._new.get_nowait()))
            for kept in self._kept:
                self._mind(kept)
        self._end_all()

    def _mind(self, kept: _Kept) -> None:
        now = time.monotonic()
        if kept.child and now >= kept.next_look:
            kept.next_look = now + _LOOK_S
            if why := kept.program.stuck():
                self._said(f"{kept.program.name} {why}")
                stop(kept.child, grace_s=0)
        if kept.child and (code := kept.child.poll()) is not None:
            stop(kept.child, grace_s=0)
            kept.child = None
            if now - kept.started > _STEADY_S:
                kept.pause_s = _FIRST_PAUSE_S
            kept.next_start = now + kept.pause_s
            self._said(f"{kept.program.name} ended ({_ending(code)}); starting it again in {kept.pause_s:g} s")
            kept.pause_s = min(kept.pause_s * 2, _LONGEST_PAUSE_S)
        if kept.child is None and now >= kept.next_start:
            try:
                kept.child, kept.started = _run(kept.program), now
            except (Outage, OSError) as error:
                kept.next_start = now + kept.pause_s
                kept.pause_s = min(kept.pause_s * 2, _LONGEST_PAUSE_S)
                self._said(f"{kept.program.name} could not be started: {error}")

    def _end_all(self) -> None:
        """Ask all at once, then wait for each: slow ones end side by side."""
        running = [(kept.child, kept.program.grace_s) for kept in self._kept if kept.child]
        asked = time.monotonic()
        for child, _ in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        for child, grace_s in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, asked + grace_s - time.monotonic()))
            stop(child, grace_s=0)


def last_lines(log: Path, lines: int = 5) -> str:
    """The end of a log, for a message."""
    try:
        text = log.read_bytes()[-4096:].decode("utf-8", "replace")
    except OSError:
        return ""
    return " | ".join(line.strip() for line in text.splitlines()[-lines:] if line.strip())


def _run(program: Program) -> subprocess.Popen[bytes]:
    program.log.parent.mkdir(parents=True, exist_ok=True)
    if program.log.exists() and program.log.stat().st_size > LOG_KEPT_BYTES:
        program.log.replace(program.log.with_suffix(".old.log"))
    with program.log.open("ab") as log:
        return spawn(
            program.command, stdout=log, stderr=log, cwd=program.cwd, env={**os.environ, **(program.env or {})}
        )


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
