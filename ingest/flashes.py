"""Flashing after WCAG 2.3.1: general and red flashes counted on a coarse grid of the picture. Pure."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.analysis import Stretch

ROWS, COLUMNS = 18, 32
LIGHT_STEP = 0.1
"""Change of relative luminance that makes half a flash."""
LIGHT_CEILING = 0.8
"""A half flash counts only when its darker side lies below this relative luminance."""
RED_STEP = 20.0
RED_SHARE = 0.8
MOST_TURNS = 6
"""Three flashes, each a pair of opposing changes."""
LARGEST_AREA = 0.25
"""Share of the picture that may flash more than three times a second."""

Levels = NDArray[np.float32]


class Flashing(NamedTuple):
    """The worst second of a film: share of the picture that flashes more than three times, and when it ends."""

    area: float
    frame: int


class TurnCounter:
    """Counts, cell by cell, how often the level turned within the last `window` frames.

    A cell turns when its level has moved by `step` from the last extreme against the direction of its last turn, with
    the lower side below `ceiling`.
    """

    def __init__(self, step: float, ceiling: float, window: int) -> None:
        self._step, self._ceiling, self._window = step, ceiling, window
        self._extreme: Levels | None = None
        self._frame = 0

    def take(self, level: Levels) -> NDArray[np.bool_]:
        """Take the levels of the next frame, one a cell; which cells flashed more than three times by now."""
        if self._extreme is None:
            self._extreme, self._heading = level.copy(), np.zeros(level.size, np.int8)
            self._recent = np.zeros((self._window, level.size), bool)
            self._count = np.zeros(level.size, np.int32)
        change = level - self._extreme
        way = np.sign(change).astype(np.int8)
        swing = (np.abs(change) >= self._step) & (np.minimum(level, self._extreme) < self._ceiling)
        turned = swing & (way != self._heading)
        # An extreme follows the level while it keeps going the same way, so slow swells count once.
        onwards = swing | ((self._heading != 0) & (way == self._heading))
        self._extreme = np.where(onwards, level, self._extreme)
        self._heading = np.where(swing, way, self._heading)
        slot = self._frame % self._window
        self._count += turned.astype(np.int32) - self._recent[slot]
        self._recent[slot] = turned
        self._frame += 1
        return np.asarray(self._count > MOST_TURNS)

    def run(self, flashing: NDArray[np.bool_]) -> tuple[int, int]:
        """First and last frame of the window at which any of these cells turned."""
        last = self._frame - 1
        since = range(max(0, last - self._window + 1), last + 1)
        frames = [frame for frame in since if self._recent[frame % self._window][flashing].any()]
        return frames[0], frames[-1]


class FlashFinder:
    """Finds the stretches of a clip in which more than `area` of the picture flashes, in light or in saturated red."""

    def __init__(self, window: int, area: float = LARGEST_AREA) -> None:
        self._area = area
        self._light = TurnCounter(LIGHT_STEP, LIGHT_CEILING, window)
        self._red = TurnCounter(RED_STEP, math.inf, window)
        self._found: list[Stretch] = []

    def take(self, luma: NDArray[np.uint8], blue: NDArray[np.uint8], red: NDArray[np.uint8]) -> None:
        """Take the next frame's cells: three planes of one size, flat, BT.709 limited range."""
        rgb = linear_rgb(luma, blue, red)
        for counter, level in ((self._light, luminance(rgb)), (self._red, redness(rgb))):
            flashing = counter.take(level)
            if float(flashing.mean()) > self._area:
                first, last = counter.run(flashing)
                # The picture that a run starts from belongs to its first flash.
                self._add(max(0, first - 1), last + 1)

    def finish(self) -> tuple[Stretch, ...]:
        """Every stretch with its whole run of flashes, in order."""
        return tuple(self._found)

    def _add(self, start: int, end: int) -> None:
        while self._found and start <= self._found[-1].end:
            start, end = min(start, self._found[-1].start), max(end, self._found.pop().end)
        self._found.append(Stretch(start=start, end=end))


def worst(levels: Iterator[Levels], step: float, ceiling: float, window: int) -> Flashing:
    """Largest share of cells with more than three flashes inside any `window` frames.

    `levels` yields one array of cells a frame; `step` and `ceiling` as in `TurnCounter`.
    """
    counter = TurnCounter(step, ceiling, window)
    found = Flashing(0.0, 0)
    for frame, level in enumerate(levels):
        area = float(counter.take(level).mean())
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
    down, across = height // ROWS, width // COLUMNS
    # Rows first, in small numbers: a third of what one mean over both takes.
    lines = plane.reshape(ROWS, down, width).sum(axis=1, dtype=np.uint16)
    sums = lines.reshape(ROWS, COLUMNS, across).sum(axis=2, dtype=np.uint32)
    return np.asarray(np.rint(sums / (down * across)), np.uint8).ravel()
