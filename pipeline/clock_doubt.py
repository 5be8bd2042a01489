"""Whether the wall clock may be believed when things are to be deleted by it: a machine may start with a wrong one.

Believed is a clock that agrees with the store's and that has not jumped since anybody looked last. Where store and
program share one machine they share its clock, so that the second is all that tells; what looks like a jump may also be
a service that stood still, and so a day that goes as days do dispels the doubt.
"""

import time
from collections.abc import Callable

from kit.errors import NotFound
from kit.storage import Storage
from kit.values import Value
from pipeline.keeping import DAY_S

MARK = "checks/clock"
"""The object that tells when somebody looked last; the store dates it by its own clock."""

OFF_S = 3600.0
"""So much may our clock and the store's differ, and ours go back."""

GAP_S = 7 * DAY_S
"""So long may nobody have looked; more may be a jump."""


class _Look(Value):
    """What is remembered of the last look, by any process."""

    at: float
    doubted_since: float | None


class ClockDoubt:
    """Asked before each sweep; all processes share what they saw."""

    def __init__(self, storage: Storage, wall: Callable[[], float] = time.time) -> None:
        self._storage = storage
        self._wall = wall

    def why(self) -> str:
        """Why nothing may be deleted by this clock now, in one sentence; empty when it is believed. Raises Outage."""
        now, before = self._wall(), self._last()
        # Written as it was, so that the store dates it anew.
        self._write(before or _Look(at=now, doubted_since=None))
        stores = next((found.modified for found in self._storage.stored(MARK)), now)
        if abs(now - stores) > OFF_S:
            hours = abs(now - stores) / 3600
            return f"This machine's clock is {hours:.1f} hours from the store's; set one of them right."
        since = _since(before, now) if before else None
        self._write(_Look(at=now, doubted_since=since))
        if since is None:
            return ""
        return "The clock went more than a week ahead, or back, since the last look; this is waited out for a day."

    def _last(self) -> _Look | None:
        try:
            return _Look.model_validate_json(self._storage.get_bytes(MARK))
        except NotFound:
            return None

    def _write(self, look: _Look) -> None:
        self._storage.put_bytes(MARK, look.model_dump_json().encode())


def _since(before: _Look, now: float) -> float | None:
    """Since when the clock is doubted: anew after each jump, no longer once it went on for a day without one."""
    if not -OFF_S <= now - before.at <= GAP_S:
        return now
    since = before.doubted_since
    return None if since is None or now - since >= DAY_S else since
