"""What a program costs: wall and processor seconds with all that it starts, and the memory of its processes.

Processor seconds are the ones to compare on a machine with other work; wall seconds want a calm one.
"""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kit.process import spawn

LOOK_S = 0.1
"""Seconds between two looks at the memory of the processes."""


class Cost(NamedTuple):
    """What one run took."""

    wall_s: float
    cpu_s: float
    """User and system seconds of the program and everything it started and waited for."""
    tree_mib: float
    """Most that all of its processes held at once (resident, shared pages counted in each)."""
    ffmpeg_mib: float
    """Most that one FFmpeg among them held; 0 when there was none."""
    largest_mib: float
    """Most that one of its processes held."""


class Watch(threading.Thread):
    """Looks at a process and its children for as long as they live."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.tree = self.ffmpeg = self.largest = 0

    def run(self) -> None:
        """Look again and again."""
        while not self._over.wait(LOOK_S):
            held = [_memory(pid) for pid in _family(self._pid)]
            self.tree = max(self.tree, sum(now for now, _, _ in held))
            self.largest = max([self.largest, *(most for _, most, _ in held)])
            self.ffmpeg = max([self.ffmpeg, *(most for _, most, name in held if name.startswith("ffmpeg"))])

    def stop(self) -> None:
        """End with the process."""
        self._over.set()
        self.join()


def spend(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    cores: Sequence[int] = (),
) -> Cost:
    """Run a program to its end; its words go to `log` (stdout) and beside it (`.err`).

    `cores` are those it may run on. SystemExit when it fails.
    """
    told = log or Path(os.devnull)
    wrong = told.with_suffix(".err") if log else told
    command = ["/usr/bin/env", "taskset", "-c", ",".join(map(str, cores)), *command] if cores else list(command)
    with told.open("wb") as stdout, wrong.open("wb") as stderr:
        began = time.monotonic()
        child = spawn(command, stdout=stdout, stderr=stderr, cwd=cwd, env=env)
        watch = Watch(child.pid)
        watch.start()
        _, status, spent = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        watch.stop()
    if status:
        raise SystemExit(f"{' '.join(command)[:300]} failed: see {wrong}")
    mib = 1 << 10
    return Cost(wall, spent.ru_utime + spent.ru_stime, watch.tree / mib, watch.ffmpeg / mib, watch.largest / mib)


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def _memory(pid: int) -> tuple[int, int, str]:
    """KiB resident now, the most so far, and the program's name; nothing of a process that has just ended."""
    try:
        rows = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        return int(rows["VmRSS"].split()[0]), int(rows["VmHWM"].split()[0]), rows["Name"].strip()
    except (OSError, KeyError):
        return 0, 0, ""
