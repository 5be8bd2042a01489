"""What is written outlasts a loss of power: one flush of a file to its disk serves all who wait for it."""

import os
import threading
from pathlib import Path

_TO_DISK = getattr(os, "fdatasync", os.fsync)


class SharedFlush:
    """Flushes one file for many threads: those who come while a flush is under way share the next one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = threading.Condition()
        self._flushing = False
        self._asked = 0
        self._served = 0

    def wait(self) -> None:
        """Return once all that was written to the file before this call lies on the disk. Raises OSError."""
        with self._changed:
            self._asked += 1
            mine = self._asked
            while self._flushing and self._served < mine:
                self._changed.wait()
            if self._served >= mine:
                return  # a flush began after this call did
            self._flushing = True
            upto = self._asked
        served = 0
        try:
            self._flush()
            served = upto
        finally:
            with self._changed:
                self._flushing = False
                self._served = max(self._served, served)
                self._changed.notify_all()

    def _flush(self) -> None:
        try:
            handle = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return  # whoever took it away has put what it held into another file, and that one on the disk
        try:
            _TO_DISK(handle)
        finally:
            os.close(handle)
