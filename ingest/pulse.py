"""The reader's sign of life: how far it is, told about once a second, and its end when it works far too long."""

import time
from collections.abc import Callable

from kit.errors import InputRefused

GRACE_CPU_S = 300.0
PACE = 20.0
"""Processor seconds that a second of footage may cost after the first minutes; what is slower was made to be."""

TELL_S = 1.0
"""How often progress is told."""


class Pulse:
    """Beats as often as the reader likes, tells about once a second; large files are long on their way unheard."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        """`tell` hears how many frames have been conformed."""
        self._tell = tell
        self._told = time.monotonic()
        self._began = time.process_time()

    def beat(self, done: int = 0) -> None:
        """Tell of so many frames if it is time to. Raises InputRefused when they took far too long."""
        if time.monotonic() - self._told <= TELL_S:
            return
        self._told = time.monotonic()
        self._tell(done)
        if time.process_time() - self._began > GRACE_CPU_S + PACE * done / 30:
            raise InputRefused("too_slow")
