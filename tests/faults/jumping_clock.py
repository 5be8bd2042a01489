"""A wall clock that several processes share and that can be made to jump; the steady clock goes on."""

import mmap
import os
import struct
import sys
import time
from pathlib import Path

SETTING = "PROMISEREEL_TEST_CLOCK"
"""Names the file that holds by how many seconds the clock is off."""

_true = time.time


class JumpingClock:
    """The clock as all see it who share a file."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(struct.pack("d", 0.0))
        with file.open("r+b") as held:
            self._off = mmap.mmap(held.fileno(), 8)

    def time(self) -> float:
        """Seconds since 1970."""
        return _true() + float(struct.unpack("d", self._off)[0])

    def jump(self, seconds: float) -> None:
        """Put it forward, or back."""
        self._off[:] = struct.pack("d", struct.unpack("d", self._off)[0] + seconds)


if SETTING in os.environ:
    # Before anything is imported that keeps the function itself.
    assert not [name for name in sys.modules if name.startswith(("api", "pipeline"))]
    time.time = JumpingClock(Path(os.environ[SETTING])).time
