"""The reconciler: hands out what went silent, offers what nobody claimed, and settles what came to a halt."""

import logging
import time
from collections.abc import Callable

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


def keep_sweeping(
    ledger: Ledger,
    dispatch: Dispatch,
    *,
    until: Callable[[], bool],
    every_s: float = EVERY_S,
    also: Callable[[], None] = lambda: None,
) -> None:
    """Sweep every few seconds until told otherwise, and do `also` with each sweep; no failure ends it."""
    while not until():
        try:
            sweep(ledger, dispatch)
            also()
        except Outage as error:
            _log.warning("the reconciler could not sweep: %s", error)
        except Exception:
            _log.exception("the reconciler failed on a sweep")
        time.sleep(every_s)
