"""What programs use of this machine, read from /proc."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGESIZE")


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """Processor time of each of these programs since its start, with what it started, and of this very process."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
            used[int(stat.parent.name)] = sum(map(int, fields[11:15])) / _TICKS
    told = dict.fromkeys(pids, 0.0)
    names = {pid: name for name, pid in pids.items()}
    for pid, seconds in used.items():
        above = pid
        while above not in names and above in parents:
            above = parents[above]
        if above in names:
            told[names[above]] += seconds
    own = Path(f"/proc/{os.getpid()}/stat").read_text().rpartition(")")[2].split()
    told["The callers"] = sum(map(int, own[11:13])) / _TICKS
    return told


def resident_mib(pid: int) -> float:
    """Memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * _PAGE / 2**20, 1)
