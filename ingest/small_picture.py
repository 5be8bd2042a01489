"""A small copy of a conformed frame: what is measured on every frame is measured on this."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONG, SHORT = 192, 108

Plane = NDArray[np.uint8]


class SmallPicture(NamedTuple):
    """Planes of own memory, BT.709 limited range: luma (108, 192), chroma (54, 96) each; turned for upright pictures.

    Every shape is squeezed into these sizes, so that a pixel is a fixed share of the picture.
    """

    luma: Plane
    blue: Plane
    red: Plane


def shrink(luma: Plane, blue: Plane, red: Plane) -> SmallPicture:
    """The small copy of a frame, each pixel the mean of its area."""
    wide = luma.shape[1] >= luma.shape[0]
    width, height = (LONG, SHORT) if wide else (SHORT, LONG)
    half = (width // 2, height // 2)
    return SmallPicture(resized(luma, (width, height)), resized(blue, half), resized(red, half))


def resized(plane: Plane, size: tuple[int, int]) -> Plane:
    """A plane at a width and height, each pixel the mean of its area."""
    import cv2

    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def difference(one: Plane, other: Plane) -> float:
    """Mean absolute difference of two planes of one size, 0 to 255."""
    import cv2

    return float(cv2.norm(one, other, cv2.NORM_L1)) / one.size
