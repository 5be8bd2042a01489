"""Whether this process is ready for work, for whoever asks: looked at now and then, however many ask."""

import asyncio
import time
from collections.abc import Callable

from fastapi.concurrency import run_in_threadpool

from kit.errors import PromiseReelError

REMEMBERED_S = 2.0
"""How long an answer is good: anybody may ask, and each look writes into the store."""


class Readiness:
    """One answer for all who ask within two seconds; while it is looked for, they wait without a thread."""

    def __init__(self, look: Callable[[], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        """`look` raises when a part does not answer."""
        self._look = look
        self._clock = clock
        self._turn = asyncio.Lock()
        self._good_until = float("-inf")
        self._refused: PromiseReelError | None = None

    async def check(self) -> None:
        """Raises what the last look raised."""
        async with self._turn:
            if self._clock() >= self._good_until:
                self._refused = await run_in_threadpool(self._outcome)
                self._good_until = self._clock() + REMEMBERED_S
        if self._refused is not None:
            raise self._refused.with_traceback(None)

    def _outcome(self) -> PromiseReelError | None:
        try:
            self._look()
        except PromiseReelError as error:
            return error
        return None
