"""Notices a program that met a full disk and does not find back by itself once there is room again."""

import os
import re
import shutil
from pathlib import Path

ROOM_BYTES = 512 << 20
"""A disk with so much room is not full; SeaweedFS takes it for full below half of that (`kit/embedded.py`)."""

_REFUSED = re.compile(rb"write \S+: no space left on device")
"""Of a file; a system without room for more watches of folders says the same, and no new start helps there."""
_NO_VOLUMES = b"No writable volumes"
_READ_BYTES = 1 << 20


class StillFull:
    """Whether SeaweedFS must be started anew after its disk was full, as its log tells from look to look.

    The journal of its index keeps the first error for good and answers every write with it, and its volumes are looked
    at once a minute.
    """

    def __init__(self, log: Path, folder: Path) -> None:
        """`folder` lies on the disk that it writes to."""
        self._log = log
        self._folder = folder
        self._read = 0
        self._was_full = False
        self._suffered = False

    def __call__(self) -> str:
        """Why, in words, or nothing: it complained of a full disk that has had room since the last look."""
        try:
            said, full = self._newly_said(), shutil.disk_usage(self._folder).free < ROOM_BYTES
        except OSError:  # nothing was written yet, or nothing can be told now
            return ""
        # Without volumes it is for a moment at each start too.
        if _REFUSED.search(said) or (_NO_VOLUMES in said and (full or self._was_full)):
            self._suffered = True
        had_room, self._was_full = not (full or self._was_full), full
        if not (had_room and self._suffered):
            return ""
        self._suffered = False
        return "met a full disk, which has room again"

    def _newly_said(self) -> bytes:
        with self._log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            start = self._read if self._read <= size else 0
            log.seek(max(start, size - _READ_BYTES))
            self._read = size
            return log.read(size - log.tell())
