"""The reconciler: hands out what went silent, offers what nobody claimed, and settles what came to a halt."""

import logging
import time
from collections.abc import Callable

from kit.errors import Outage
from pipeline.dispatch import Offer
from pipeline.ledger import Ledger

EVERY_S = 2.0
"""Seconds between two sweeps."""

JUMP_S = 5.0
"""Seconds by which wall clock and steady clock may differ between two sweeps; more is a jump of the wall clock."""

_log = logging.getLogger(__name__)


class Watch:
    """Notices when the wall clock, by which leases run, was put forward or back."""

    def __init__(
        self,
        lease_s: float,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        *,
        on_jump: Callable[[], None] = lambda: None,
    ) -> None:
        self._lease_s = lease_s
        self._on_jump = on_jump
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._trusted_from = steady()

    def trusts_leases(self) -> bool:
        """Not for one lease after a jump: until then every worker alive has beaten by the new time."""
        offset = self._wall() - self._steady()
        if abs(offset - self._offset) > JUMP_S:
            _log.warning("the clock jumped by %.0f s; nobody is taken for silent for a while", offset - self._offset)
            self._trusted_from = self._steady() + self._lease_s
            self._on_jump()
        self._offset = offset
        return self._steady() >= self._trusted_from


def sweep(ledger: Ledger, offer: Offer, *, leases: bool = True) -> tuple[str, ...]:
    """Close every gap once; the ids of the steps offered. Safe to run in several processes at a time.

    Without `leases` nobody is taken for silent.
    """
    silent = ledger.expire() if leases else ()
    offered = tuple(dict.fromkeys([*silent, *ledger.resettle(), *ledger.overdue()]))
    if offered and not offer(offered):
        # An offer that reached nobody is none, and the next waits for no growing distance.
        ledger.offer_anew(offered)
    return offered


def keep_sweeping(
    ledger: Ledger,
    offer: Offer,
    *,
    until: Callable[[], bool],
    every_s: float = EVERY_S,
    also: Callable[[], None] = lambda: None,
) -> None:
    """Sweep every few seconds until told otherwise, and do `also` with each sweep; no failure ends it."""
    # When offers are due was written by the old time, which may lie hours ahead by now.
    watch = Watch(ledger.lease_s, on_jump=ledger.offer_anew)
    while not until():
        try:
            sweep(ledger, offer, leases=watch.trusts_leases())
            also()
        except Outage as error:
            _log.warning("the reconciler could not sweep: %s", error)
        except Exception:
            _log.exception("the reconciler failed on a sweep")
        time.sleep(every_s)
