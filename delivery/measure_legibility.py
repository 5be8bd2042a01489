"""How captions and lower thirds stand out from the pixels really behind them, measured on the decoded film."""

from collections.abc import Iterable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from delivery.delivery import Check, checked
from delivery.look import HEIGHT, WIDTH, Look
from editing.layout import BAR, THIRD_IN, THIRD_OUT, Box, caption_box, lower_third_box
from editing.timeline import Timeline
from ingest.flashes import Levels, linear_rgb, luminance

READABLE = 4.5
INSIDE = 4
"""Pixels of 1920x1080 by which a plate is taken smaller, so that nothing from outside it is counted."""
WINDOW = 5
"""Grid pixels, 50 of the film, across which no letter covers all of its plate."""


def legibility_checks(look: Look, timeline: Timeline) -> list[Check]:
    """The weakest contrast of all captions and of all lower thirds, each looked at in its middle."""
    cues = [((cue.start + cue.end) // 2, caption_box(cue.lines)) for cue in timeline.cues]
    thirds = [
        ((third.start + THIRD_IN + third.end - THIRD_OUT) // 2, _beside_bar(lower_third_box(third)))
        for third in timeline.lower_thirds
    ]
    return [
        *_weakest("weakest caption contrast", cues, look, timeline),
        *_weakest("weakest lower third contrast", thirds, look, timeline),
    ]


def _beside_bar(box: Box) -> Box:
    return box._replace(left=box.left + BAR)


def _weakest(name: str, shown: Iterable[tuple[int, Box]], look: Look, timeline: Timeline) -> list[Check]:
    """One check over all of a kind, none where there is none of it."""
    found = [(_contrast(look, frame, box), frame) for frame, box in shown]
    if not found:
        return []
    weakest, frame = min(found)
    where = f"at {float(frame / timeline.rate):.1f} s, the weakest of {len(found)}" if len(found) > 1 else ""
    return [checked(name, f"{weakest:.1f}:1 {where}".rstrip(), "4.5:1 at least", weakest >= READABLE)]


def _contrast(look: Look, frame: int, box: Box) -> float:
    """Contrast of the words on a plate with the ground beside them where it is weakest."""
    light = _light(look, frame, box)
    ground = float(np.median(light))
    high, low = float(np.percentile(light, 99)), float(np.percentile(light, 1))
    window = (min(WINDOW, light.shape[0]), min(WINDOW, light.shape[1]))
    tiles = sliding_window_view(light, window)
    if (high + 0.05) / (ground + 0.05) >= (ground + 0.05) / (low + 0.05):
        return (high + 0.05) / (float(tiles.min(axis=(2, 3)).max()) + 0.05)
    return (float(tiles.max(axis=(2, 3)).min()) + 0.05) / (low + 0.05)


def _light(look: Look, frame: int, box: Box) -> Levels:
    """Relative luminance of the grid pixels inside a plate, shape (rows, columns), at least one of each.

    Their colour is the plate's as a whole: beside a letter the grid's pixels of colour may be the letter's.
    """
    rows, columns = _inside(box.top, box.bottom, 1080 / HEIGHT), _inside(box.left, box.right, 1920 / WIDTH)
    luma, (blue, red) = look.luma(frame)[rows, columns], look.chroma(frame)
    coarse = slice(rows.start // 2, (rows.stop + 1) // 2), slice(columns.start // 2, (columns.stop + 1) // 2)
    tone: list[NDArray[np.uint8]] = [np.full(luma.shape, np.median(plane[coarse]), np.uint8) for plane in (blue, red)]
    return luminance(linear_rgb(luma, *tone))


def _inside(first: int, last: int, step: float) -> slice:
    """The grid pixels whose middle lies between two edges, well away from them."""
    start = int(np.ceil((first + INSIDE) / step - 0.5))
    return slice(start, max(start + 1, int(np.floor((last - INSIDE) / step - 0.5)) + 1))
