"""Unsteadiness of the camera: how far the picture jumps from frame to frame beside its smooth path."""

import math
import statistics
from collections import deque
from typing import Any, NamedTuple

import numpy as np

from ingest.small_picture import SmallPicture

RATE = 30
REACH = 10
"""Pictures on each side that make up the smooth path: two thirds of a second of ordinary footage."""
FEWEST = 3
"""A window shorter than this has no smooth path."""
LEAST_PEAK = 0.15
"""Height of the correlation's peak (0 to 1) below which the movement is not known: cuts, blur, darkness."""
LEAST_CONTRAST = 3.0
"""Standard deviation of luma below which there is nothing to hold on to."""


class _Move(NamedTuple):
    second: int
    across: float
    down: float


class ShakeMeter:
    """Follows the camera over small frames and tells its jitter second by second."""

    def __init__(self) -> None:
        self._before: Any = None
        self._window: Any = None
        self._moves: deque[_Move] = deque(maxlen=2 * REACH + 1)
        self._pictures: list[int] = []
        self._jitter: dict[int, float] = {}
        self._second, self._jumps = 0, list[float]()

    def take(self, small: SmallPicture, second: int, shape: float) -> None:
        """Take a frame that differs from the one before it; `shape` is the picture's height over its width."""
        import cv2

        while len(self._pictures) <= second:
            self._pictures.append(0)
        self._pictures[second] += 1
        now = small.luma.astype(np.float32)
        before, self._before = self._before, now
        if self._window is None:
            self._window = cv2.createHanningWindow((now.shape[1], now.shape[0]), cv2.CV_32F)
        if before is None or float(cv2.meanStdDev(now)[1][0, 0]) < LEAST_CONTRAST:
            return
        (across, down), peak = cv2.phaseCorrelate(before, now, self._window)
        if peak < LEAST_PEAK:
            return
        self._moves.append(_Move(second, across / now.shape[1], down / now.shape[0] * shape))
        if len(self._moves) > REACH:
            self._judge(len(self._moves) - 1 - REACH)

    def finish(self, seconds: int) -> tuple[float, ...]:
        """Median jitter of every second, in thousandths of the picture's width a frame; call it once."""
        for place in range(max(0, len(self._moves) - REACH), len(self._moves)):
            self._judge(place)
        self._close(seconds)
        return tuple(round(1000 * self._jitter.get(second, 0.0), 2) for second in range(seconds))

    def _judge(self, place: int) -> None:
        """Hold the movement at `place` of the window against the smooth path around it."""
        near = [self._moves[n] for n in range(max(0, place - REACH), min(len(self._moves), place + REACH + 1))]
        if len(near) < FEWEST:
            return
        here = self._moves[place]
        if here.second != self._second:
            self._close(here.second)
        across, down = (sum(move[axis] for move in near) / len(near) for axis in (1, 2))
        self._jumps.append(math.hypot(here.across - across, here.down - down))

    def _close(self, following: int) -> None:
        """End a second. The median leaves out the few pictures in which something else was followed."""
        if self._jumps:
            # Slow footage moves less often than 30 times a second.
            often = min(1.0, self._pictures[self._second] / RATE)
            self._jitter[self._second] = statistics.median(self._jumps) * often
        self._second, self._jumps = following, []
