"""The reconciler: hands out what went silent, offers what nobody claimed, and settles what came to a halt."""

import logging
import threading
from collections.abc import Callable, Sequence

from kit.errors import Outage
from pipeline.dispatch import Dispatch
from pipeline.ledger import Ledger

EVERY_S = 2.0
"""Seconds between two sweeps."""

_log = logging.getLogger(__name__)


def sweep(ledger: Ledger, dispatch: Dispatch) -> tuple[str, ...]:
    """Close every gap once; the ids of the steps offered. Safe to run in several processes at a time."""
    offered = tuple(dict.fromkeys([*ledger.expire(), *ledger.resettle(), *ledger.overdue()]))
    if offered:
        dispatch(offered)
    return offered


class Reconciler:
    """A thread that sweeps until the block ends."""

    def __init__(
        self, ledger: Ledger, dispatch: Dispatch, *, every_s: float = EVERY_S, also: Sequence[Callable[[], None]] = ()
    ) -> None:
        """`also` is done with every sweep."""
        self._ledger = ledger
        self._dispatch = dispatch
        self._every_s = every_s
        self._also = also
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reconciler", daemon=True)

    def __enter__(self) -> "Reconciler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                sweep(self._ledger, self._dispatch)
                for each in self._also:
                    each()
            except Outage as error:
                _log.warning("the reconciler could not sweep: %s", error)
            except Exception:
                _log.exception("the reconciler failed on a sweep")
