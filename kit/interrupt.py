"""Ctrl-C that is heard even where Python drops the exception it makes of it.

That happens when the signal comes while a destructor or an import's own clean-up runs: the exception is printed as
ignored, and the work goes on. Whoever waits for long work asks here once more.
"""

import signal
from types import FrameType

_heard = False


def listen() -> None:
    """Note every Ctrl-C from now on. Where it is ignored, as for programs put in the background, it stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _hear)


def raise_if_heard() -> None:
    """Raises KeyboardInterrupt once there was a Ctrl-C, whether or not its own exception got through."""
    if _heard:
        raise KeyboardInterrupt


def _hear(_number: int, _frame: FrameType | None) -> None:
    global _heard  # noqa: PLW0603  a signal has nowhere else to be noted
    _heard = True
    raise KeyboardInterrupt
