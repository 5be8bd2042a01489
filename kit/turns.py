"""A lock that is handed on in the order in which it was asked for."""

import threading
from collections import deque


class Turns:
    """As `threading.Lock`, but that whoever waits longest is next: nobody who comes later goes before."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, timeout_s: float) -> bool:
        """Take it, or wait for one's turn; False when that did not come in time."""
        with self._changing:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=timeout_s):
            return True
        with self._changing:
            if called in self._waiting:
                self._waiting.remove(called)
                return False
        return True  # called just now

    def release(self) -> None:
        """Hand it on."""
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
