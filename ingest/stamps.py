"""The clock of a picture stream: when its pictures are shown, how evenly, and where the clock breaks."""

from array import array
from fractions import Fraction
from math import inf

import numpy as np
from numpy.typing import NDArray

from ingest.graph import TICKS

GAP_S = 10.0
"""A longer hole after the end of a picture is a broken clock and ends the clip."""

HOLD_S = 60.0
"""A picture that says it is shown for longer than this is not believed; still screens and closing cards are."""

_BACK_S = 0.5
"""Pictures may come this much out of order before the clock counts as broken."""


class Stamps:
    """Presentation times gathered while pictures go by, in seconds on the container's clock."""

    def __init__(self) -> None:
        self._times = array("d")
        self._last_s = self._end_s = -inf
        self.broken = False

    def take(self, at_s: float, length_s: float) -> bool:
        """Note a picture shown at `at_s` for `length_s`; False when it stands outside the clip's clock."""
        if self._times and not (at_s > self._last_s - _BACK_S and at_s < self._end_s + GAP_S):
            self.broken = True
            return False
        self._times.append(at_s)
        self._last_s = max(self._last_s, at_s)
        self._end_s = max(self._end_s, at_s + (length_s if length_s < HOLD_S else 0.0))
        return True

    @property
    def start_s(self) -> float:
        """When the first picture is shown."""
        return min(self._times[:64], default=0.0)

    @property
    def duration_s(self) -> float:
        """From the first picture to the end of the last one."""
        if not self._times:
            return 0.0
        last = max(self._times[-64:])
        return max(self._end_s, last + (0.0 if self._end_s > last else self._step())) - self.start_s

    def rate(self, told: Fraction | None) -> Fraction:
        """Mean pictures a second: the stream's own figure where it holds within 1 %."""
        times = self.sorted()
        if len(times) < 2 or times[-1] <= times[0]:
            return Fraction(30)
        measured = (len(times) - 1) / float(times[-1] - times[0])
        if told and abs(float(told) / measured - 1) < 0.01:
            return told
        step = self._step()
        return Fraction(1 / step if step and abs(step * measured - 1) < 0.01 else measured).limit_denominator(1001)

    def varies(self) -> bool:
        """True when over 2 % of the steps differ by a fifth (and more than a clock of milliseconds explains)."""
        steps, step = np.diff(self.sorted()), self._step()
        # In place: of two hours each copy takes 2 MB, while the table of the file is still held.
        off = np.abs(np.subtract(steps, step, out=steps), out=steps)
        return len(off) > 1 and bool(np.mean(off > max(0.2 * step, 0.0015)) > 0.02)

    def ticks(self) -> NDArray[np.int64]:
        """Every picture's time from the first one on, in order, in ticks of 1/720000 s."""
        return np.rint((self.sorted() - self.start_s) * TICKS).astype(np.int64)

    def sorted(self) -> NDArray[np.float64]:
        """Every picture's time in seconds, in order."""
        return np.sort(np.frombuffer(self._times, np.float64)) if self._times else np.zeros(0)

    def _step(self) -> float:
        steps = np.diff(self.sorted())
        if not len(steps):
            return 0.0
        middle = len(steps) // 2
        steps.partition((middle - 1, middle) if len(steps) > 1 else 0)
        return float(steps[middle] if len(steps) % 2 else (steps[middle - 1] + steps[middle]) / 2)
