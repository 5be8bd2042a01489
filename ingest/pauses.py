"""Where somebody speaks and where nobody does, by the level of the sound alone. Pure.

Meant for sound that is known to be speech: in music or traffic the rule finds something too, and it means nothing.
"""

import numpy as np
from numpy.typing import NDArray

from ingest.analysis import Stretch

LEVELS_PER_S = 100
PAUSE_S = 0.3
"""Shorter silences are breath and stops inside words."""

FLOOR_SHARE = 10
"""The quietest tenth of the sound tells the noise of the room."""


def speech_levels(levels: NDArray[np.uint8], step_db: float) -> NDArray[np.bool_]:
    """Whether each 10 ms hold speech; `levels` are in steps of so many dB over one step of 16-bit sound (0 is digital
    silence)."""
    sounding = levels[levels > 0]
    if not len(sounding):
        return np.zeros(len(levels), bool)
    # Digital silence (late sound, a muted microphone) says nothing about the noise between words.
    floor, top = (float(level) * step_db for level in np.percentile(sounding, (FLOOR_SHARE, 95)))
    limit = max(floor + 8, floor + 0.35 * (top - floor)) if top - floor > 12 else floor + 0.5 * (top - floor)
    # Held against the steps: as decibels, the levels of two hours would take 6 MB, and each copy as much.
    return np.asarray(levels > limit / step_db)


def find_pauses(heard: NDArray[np.bool_], frames: int) -> tuple[Stretch, ...]:
    """Stretches of conformed frames (30 a second) wholly inside pauses, in a clip of that many frames.

    `heard` says for each 10 ms whether it holds speech; what lies beyond its end is a pause.
    """
    need = -(-frames * LEVELS_PER_S // 30)
    voiced = np.zeros(max(need, 0) + 2, bool)
    voiced[1:-1][: len(heard)] = heard[:need]
    voiced[0] = voiced[-1] = True
    edges = np.flatnonzero(np.diff(voiced.astype(np.int8)))
    found = []
    for start, end in edges.reshape(-1, 2):
        if end - start >= PAUSE_S * LEVELS_PER_S:
            stretch = Stretch(start=-(-int(start) * 30 // LEVELS_PER_S), end=min(int(end) * 30 // LEVELS_PER_S, frames))
            found.append(stretch)
    return tuple(found)
