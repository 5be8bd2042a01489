"""Flashing after WCAG 2.3.1: general and red flashes counted on a coarse grid of the picture. Pure, numpy only."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 18, 32
LIGHT_STEP = 0.1
"""Change of relative luminance that makes half a flash."""
LIGHT_CEILING = 0.8
"""A half flash counts only when its darker side lies below this relative luminance."""
RED_STEP = 20.0
RED_SHARE = 0.8
MOST_TURNS = 6
"""Three flashes, each a pair of opposing changes."""

Levels = NDArray[np.float32]


class Flashing(NamedTuple):
    """The worst second of a film: share of the picture that flashes more than three times, and when it ends."""

    area: float
    frame: int


def worst(levels: Iterator[Levels], step: float, ceiling: float, window: int) -> Flashing:
    """Largest share of cells with more than three flashes inside any `window` frames.

    `levels` yields one array of cells a frame. A cell turns when its level has moved by `step` from the last extreme
    against the direction of its last turn, with the lower side below `ceiling`.
    """
    first = next(levels, None)
    if first is None:
        return Flashing(0.0, 0)
    cells = first.size
    extreme, heading = first.copy(), np.zeros(cells, np.int8)
    recent = np.zeros((window, cells), bool)
    count = np.zeros(cells, np.int32)
    found = Flashing(0.0, 0)
    for frame, level in enumerate(levels, start=1):
        change = level - extreme
        way = np.sign(change).astype(np.int8)
        swing = (np.abs(change) >= step) & (np.minimum(level, extreme) < ceiling)
        turned = swing & (way != heading)
        # An extreme follows the level while it keeps going the same way, so slow swells count once.
        onwards = swing | ((heading != 0) & (way == heading))
        extreme = np.where(onwards, level, extreme)
        heading = np.where(swing, way, heading)
        slot = frame % window
        count += turned.astype(np.int32) - recent[slot]
        recent[slot] = turned
        area = float((count > MOST_TURNS).mean())
        if area > found.area:
            found = Flashing(area, frame)
    return found


def linear_rgb(luma: NDArray[np.uint8], blue: NDArray[np.uint8], red: NDArray[np.uint8]) -> Levels:
    """BT.709 limited-range planes of one size as linear-light RGB, last axis the colour, each 0 to 1."""
    y = (luma.astype(np.float32) - 16) / 219
    cb = (blue.astype(np.float32) - 128) / 224
    cr = (red.astype(np.float32) - 128) / 224
    rgb = np.stack([y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb], axis=-1).clip(0, 1)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4).astype(np.float32)


def luminance(rgb: Levels) -> Levels:
    """Relative luminance (0 to 1) of linear RGB."""
    return (rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)).astype(np.float32)


def redness(rgb: Levels) -> Levels:
    """Saturated red as WCAG weighs it: (R - G - B) x 320 where red makes up four fifths, else 0."""
    share = rgb[..., 0] / (rgb.sum(axis=-1) + 1e-6)
    value = np.maximum(rgb[..., 0] - rgb[..., 1] - rgb[..., 2], 0) * 320
    return np.where(share >= RED_SHARE, value, 0).astype(np.float32)


def cells(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mean of each cell of one plane; its height and width are multiples of the grid."""
    height, width = plane.shape
    tiles = plane.reshape(ROWS, height // ROWS, COLUMNS, width // COLUMNS)
    mean: NDArray[np.float64] = tiles.mean(axis=(1, 3))
    return np.rint(mean).astype(np.uint8).ravel()
