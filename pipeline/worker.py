"""How one step is done: claimed, kept by beats from a thread beside it, run, and ended in the ledger once."""

import contextvars
import errno
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType

from kit.errors import Bug, NoRoom, Outage, PromiseReelError
from kit.logs import bound
from kit.process import interruptible
from pipeline.jobs import Step, StepKind
from pipeline.ledger import Ended, Ledger
from pipeline.tasks import Bench, perform
from pipeline.workspace import WAITING

BEAT_S = 2.0
"""Seconds between two signs of life."""

LIMITS_S: Mapping[StepKind, float] = {
    StepKind.INSPECT: 4 * 3600,
    StepKind.PLAN: 900,
    StepKind.SEGMENT: 3600,
    StepKind.SOUND: 3600,
    StepKind.ASSEMBLE: 3600,
    StepKind.PACKAGE: 2 * 3600,
    StepKind.ARCHIVE: 3600,
}
"""Seconds that a step may take before it counts as stuck: far more than honest work on a slow machine needs."""

STUCK_S = 60.0
"""Seconds after its limit at which a step that cannot be interrupted is no longer kept alive."""

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_log = logging.getLogger(__name__)


def never() -> bool:
    """Never stop."""
    return False


class Lost(Exception):
    """The step is no longer ours: stop working on it. Never leaves this module."""


class Pulse:
    """Beats for a step while it is worked on, from a thread of its own; no longer once it is stuck."""

    def __init__(
        self,
        ledger: Ledger,
        step: Step,
        beat_s: float,
        limit_s: float,
        stop: Callable[[], bool] = never,
        on_stuck: Callable[[], None] = lambda: None,
    ) -> None:
        self._ledger = ledger
        self._step = step
        self._beat_s = beat_s
        self._stop = stop
        self._on_stuck = on_stuck
        self._limit_s = limit_s
        self._began = time.monotonic()
        self._done = threading.Event()
        self._lost = threading.Event()
        self._frames = 0
        # What the step's lines are bound to stands on those of this thread too.
        here = contextvars.copy_context()
        self._thread = threading.Thread(target=here.run, args=(self._beat,), name=f"beat-{step.id}", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def on_frame(self, frames: int) -> None:
        """Note the frames done; raises as `check`."""
        self._frames = max(self._frames, frames)
        self.check()

    def check(self) -> None:
        """Raises Lost when the work is for nothing, Outage when it takes too long."""
        if self._lost.is_set() or self._stop():
            raise Lost
        if self._elapsed() > self._limit_s:
            raise Outage(f"The {self._step.kind} step was stopped after {self._limit_s:g} seconds without finishing.")

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _beat(self) -> None:
        while not self._done.wait(self._beat_s):
            if self._elapsed() > self._limit_s + STUCK_S:
                _log.error("step %s (%s) is stuck and left to others", self._step.id, self._step.kind)
                self._lost.set()
                self._on_stuck()
                return
            try:
                if not self._ledger.heartbeat(self._step, self._frames):
                    self._lost.set()
                    return
            except Outage as error:
                _log.warning("a sign of life did not reach the ledger: %s", error)
            except Exception:
                _log.exception("a sign of life failed")


def work(
    ledger: Ledger,
    bench: Bench,
    step: Step,
    *,
    beat_s: float = BEAT_S,
    limits_s: Mapping[StepKind, float] = LIMITS_S,
    stop: Callable[[], bool] = never,
    on_stuck: Callable[[], None] = lambda: None,
) -> Ended:
    """Do a claimed step and end it in the ledger. Once `stop` says so, it is given back as soon as it can be.

    Whatever program runs is stopped within seconds when the step is cancelled, lost or over its limit. `on_stuck` is
    called, from another thread, when it is well over its limit all the same.
    """
    with bound(job=step.job_id, step=step.id, agency=step.agency_id):
        began = time.monotonic()
        pulse = Pulse(ledger, step, min(beat_s, ledger.lease_s / 5), limits_s[step.kind], stop, on_stuck)
        ended = _work(ledger, bench, step, pulse)
        _log.info("%s step left after %.1f s", step.kind, time.monotonic() - began)
    return ended


def _work(ledger: Ledger, bench: Bench, step: Step, pulse: Pulse) -> Ended:
    try:
        with pulse, interruptible(pulse.check):
            outcome = perform(bench, step, pulse.on_frame)
    except Lost:
        _log.info("step %s (%s) is left to others", step.id, step.kind)
        ledger.release(step)
        return Ended(accepted=False)
    except Exception as error:
        return ledger.fail(step, blamed(error, step))
    return ledger.finish(step, outcome)


def blamed(error: Exception, step: Step) -> PromiseReelError:
    """The error as one of ours: a full disk is an outage, what we did not expect is a bug and told in full."""
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return NoRoom(f"{WAITING} on {socket.gethostname()}: the disk is full.")
    if isinstance(error, NoRoom) and not str(error).startswith(WAITING):
        return NoRoom(f"{WAITING} on {socket.gethostname()}: {error}.")
    if isinstance(error, PromiseReelError) and not isinstance(error, Bug):
        _log.warning("step %s (%s): %s", step.id, step.kind, error)
        return error
    _log.error("step %s (%s) failed", step.id, step.kind, exc_info=error)
    return error if isinstance(error, Bug) else Bug(f"An unexpected error stopped the {step.kind} step: {error!r}")


def worker_name() -> str:
    """Names this process among all machines."""
    return f"{socket.gethostname()}:{os.getpid()}"
