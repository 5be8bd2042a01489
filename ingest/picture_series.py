"""The picture second by second: sums over the frames of the running second, one number each for those gone by."""

from array import array

import numpy as np

from ingest.analysis import PictureSeries
from ingest.small_picture import Plane

BLACK_LUMA = 30
"""Luma below this is black to the eye."""
BLOWN_LUMA = 230
"""Luma from here on has no drawing left."""


class SeriesMeter:
    """Collects exposure, black, blown, motion and sharpness of each second."""

    def __init__(self) -> None:
        self._exposure, self._black, self._blown, self._motion, self._sharpness = (array("d") for _ in range(5))
        self._frames = self._moves = self._looks = 0
        self._sums = np.zeros(5)

    @property
    def seconds(self) -> int:
        """Seconds begun."""
        return len(self._exposure) + (self._frames > 0)

    def take(self, luma: Plane, moved: float | None, begins: bool) -> None:
        """Take a small frame's luma, how far it moved from the one before, if any, and whether it begins a second."""
        if begins:
            self._close()
        counts = np.bincount(luma.ravel(), minlength=256)
        light = min(1.0, max(0.0, (float(counts @ np.arange(256)) / luma.size - 16) / 219))
        self._frames += 1
        self._moves += moved is not None
        black, blown = int(counts[:BLACK_LUMA].sum()) / luma.size, int(counts[BLOWN_LUMA:].sum()) / luma.size
        self._sums += (light, black, blown, moved or 0.0, 0.0)

    def look(self, sharpness: float) -> None:
        """Take the sharpness of the frame just taken, for frames that are looked at in full."""
        self._looks += 1
        self._sums[4] += sharpness

    def finish(self, shake: tuple[float, ...]) -> PictureSeries:
        """The series of all seconds, beside the shake of each."""
        self._close()
        return PictureSeries(
            sharpness=_rounded(self._sharpness, 2),
            shake=shake,
            motion=_rounded(self._motion, 2),
            exposure=_rounded(self._exposure, 4),
            black=_rounded(self._black, 4),
            blown=_rounded(self._blown, 4),
        )

    def _close(self) -> None:
        if not self._frames:
            return
        light, black, blown, motion, sharpness = self._sums.tolist()
        self._exposure.append(light / self._frames)
        self._black.append(black / self._frames)
        self._blown.append(blown / self._frames)
        self._motion.append(motion / max(1, self._moves))
        self._sharpness.append(sharpness / max(1, self._looks))
        self._frames = self._moves = self._looks = 0
        self._sums[:] = 0


def _rounded(series: "array[float]", digits: int) -> tuple[float, ...]:
    return tuple(round(value, digits) for value in series)
