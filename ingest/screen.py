"""How much pictures look like a recording of a screen: flat areas, hard edges, and most of it the same as before."""

import numpy as np

from ingest.small_picture import Plane

BLOCK = 8
FLAT_RANGE = 2
"""Luma steps within a block that an encoder adds to a flat area."""
SAME_CHANGE = 1
"""Luma steps by which an encoder changes what stays the same."""
HARD_STEP = 40
"""Luma steps from one pixel to the next that lenses and sensors soften, and letters and frames have."""
FLAT_SHARE, HARD_SHARE, SAME_SHARE = 0.6, 0.08, 0.4
"""Shares of flat blocks, of hard edges (across and down, added) and of unchanged blocks that a sure screen has."""


class ScreenMeter:
    """Judges full-size frames, two a second."""

    def __init__(self) -> None:
        self._before: Plane | None = None
        self._scores: list[float] = []

    def take(self, luma: Plane) -> None:
        """Take a sampled frame, 540 lines at most."""
        import cv2

        height, width = (side // BLOCK * BLOCK for side in luma.shape)
        whole = luma[:height, :width]
        flat = float((_largest(whole) - ~_largest(~whole) <= FLAT_RANGE).mean())
        edges = (cv2.absdiff(luma[:, 1:], luma[:, :-1]), cv2.absdiff(luma[1:], luma[:-1]))
        hard = sum(float((edge >= HARD_STEP).mean()) for edge in edges)
        signs = [flat / FLAT_SHARE, hard / HARD_SHARE]
        if self._before is not None:
            moved = np.asarray(cv2.absdiff(whole, self._before), dtype=np.uint8)
            same = float((_largest(moved) <= SAME_CHANGE).mean())
            signs.append(same / SAME_SHARE)
        self._scores.append(min(1.0, *signs))
        self._before = whole.copy()

    def finish(self) -> float:
        """0 to 1 (median over the samples); from a half on it is most likely a recording of a screen."""
        return round(float(np.median(self._scores)), 3) if self._scores else 0.0


def _largest(plane: Plane) -> Plane:
    """Largest value of each block."""
    height, width = plane.shape
    rows: Plane = plane.reshape(height // BLOCK, BLOCK, width).max(axis=1)
    largest: Plane = rows.reshape(height // BLOCK, width // BLOCK, BLOCK).max(axis=2)
    return largest
