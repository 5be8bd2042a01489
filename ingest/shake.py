"""Unsteadiness of the camera: how far the picture jumps from frame to frame beside its smooth path."""

import math
from collections import deque
from typing import Any, NamedTuple

import numpy as np

from ingest.small_picture import SmallPicture

REACH = 10
"""Moved pictures on each side that make up the smooth path: two thirds of a second of ordinary footage."""
FEWEST = 3
"""A window shorter than this has no smooth path."""
LEAST_PEAK = 0.08
"""Height of the correlation's peak (0 to 1) below which the movement is not known: cuts, blur, darkness."""
FARTHEST = 0.12
"""Share of the picture that a camera moves between two frames at most; more is a wrong match."""
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
        self._before_frame = 0
        self._window: Any = None
        self._moves: deque[_Move] = deque(maxlen=2 * REACH + 1)
        self._sums: list[float] = []
        self._counts: list[int] = []

    def take(self, small: SmallPicture, frame: int, second: int, shape: float) -> None:
        """Take a frame that differs from the one before it; `shape` is the picture's height over its width."""
        import cv2

        now = small.luma.astype(np.float32)
        if self._window is None:
            self._window = cv2.createHanningWindow((now.shape[1], now.shape[0]), cv2.CV_32F)
        before, elapsed = self._before, frame - self._before_frame
        self._before, self._before_frame = now, frame
        if before is None or float(now.std()) < LEAST_CONTRAST:
            return
        (across, down), peak = cv2.phaseCorrelate(before, now, self._window)
        across, down = across / now.shape[1], down / now.shape[0]
        if peak < LEAST_PEAK or max(abs(across), abs(down)) > FARTHEST:
            return
        self._moves.append(_Move(second, across / elapsed, down * shape / elapsed))
        if len(self._moves) > REACH:
            self._judge(len(self._moves) - 1 - REACH)

    def finish(self, seconds: int) -> tuple[float, ...]:
        """Mean jitter of every second, in thousandths of the picture's width a frame; call it once."""
        for place in range(max(0, len(self._moves) - REACH), len(self._moves)):
            self._judge(place)
        pairs = zip(self._sums, self._counts, strict=True)
        known = [round(1000 * total / count, 2) if count else 0.0 for total, count in pairs]
        return tuple(known + [0.0] * (seconds - len(known)))

    def _judge(self, place: int) -> None:
        near = [self._moves[n] for n in range(max(0, place - REACH), min(len(self._moves), place + REACH + 1))]
        if len(near) < FEWEST:
            return
        here = self._moves[place]
        across, down = (sum(move[axis] for move in near) / len(near) for axis in (1, 2))
        while len(self._sums) <= here.second:
            self._sums.append(0.0)
            self._counts.append(0)
        self._sums[here.second] += math.hypot(here.across - across, here.down - down)
        self._counts[here.second] += 1
