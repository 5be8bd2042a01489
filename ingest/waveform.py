"""The outline of a sound for drawing: the highest sample of each step, in a step that doubles as the sound grows."""

import numpy as np
from numpy.typing import NDArray

FINEST = 100
"""Peaks a second of a short sound."""

MOST_PEAKS = 4000
"""When there are more, two become one."""

Peaks = NDArray[np.float32]


class Waveform:
    """Gathers peaks; holds `MOST_PEAKS` of them at most, however long the sound."""

    def __init__(self) -> None:
        self._merged = 1
        self._peaks: Peaks = np.zeros(0, np.float32)
        self._open: Peaks = np.zeros(0, np.float32)

    def take(self, peaks: Peaks) -> None:
        """Take the peaks (0 to 1) of the next hundredths of a second."""
        waiting = np.concatenate([self._open, peaks])
        whole = len(waiting) // self._merged * self._merged
        self._peaks = np.concatenate([self._peaks, waiting[:whole].reshape(-1, self._merged).max(axis=1)])
        self._open = waiting[whole:]
        while len(self._peaks) > MOST_PEAKS:
            if len(self._peaks) % 2:
                self._open = np.concatenate([np.repeat(self._peaks[-1:], self._merged), self._open])
                self._peaks = self._peaks[:-1]
            self._peaks = self._peaks.reshape(-1, 2).max(axis=1)
            self._merged *= 2

    def drawn(self, seconds: float) -> dict[str, float | list[int]]:
        """`rate` (peaks a second) and `peaks` (0 to 255) of exactly so many seconds; silence follows a short sound."""
        rate = FINEST / self._merged
        peaks = np.append(self._peaks, self._open.max()) if len(self._open) else self._peaks
        fitted = np.zeros(int(np.ceil(round(seconds * rate, 6))), np.float32)
        fitted[: len(peaks)] = peaks[: len(fitted)]
        return {"rate": rate, "peaks": np.minimum(np.rint(fitted * 255), 255).astype(int).tolist()}
