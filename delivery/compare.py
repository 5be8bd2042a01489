"""The open film against the clean one: captions burned into the former only, elsewhere the same pictures."""

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from delivery.delivery import Check, checked
from editing.timeline import Timeline

LOOKS = 5
"""Cues and gaps that are looked at."""
CALM_GAP = 18
"""Frames a gap between cues must have to be looked at."""
DIFFERENT = 24
Plane = NDArray[np.uint8]


def two_films_checks(open_film: Path, clean_film: Path, timeline: Timeline) -> list[Check]:
    """Checks that need both films. Empty without cues. Raises av.FFmpegError when a film cannot be read."""
    inside = _spread([(cue.start + cue.end) // 2 for cue in timeline.cues])
    gaps = _spread(_calm_frames(timeline))
    if not inside:
        return []
    opened, clean = frames_at(open_film, [*inside, *gaps]), frames_at(clean_film, [*inside, *gaps])
    least = min(_apart(opened.get(at), clean.get(at)) for at in inside)
    most = max((_apart(opened.get(at), clean.get(at)) for at in gaps), default=0.0)
    shown = [(opened[at], clean[at]) for at in inside if at in opened and at in clean]
    unsafe = sum(_unsafe(one, two) for one, two in shown)
    return [
        checked("captions burned in, least difference", round(least), "40 steps of luma at least", least >= 40),
        checked("films alike between cues, largest difference", round(most), "24 at most", most <= DIFFERENT),
        checked("captions outside the title-safe area", unsafe, "none", unsafe == 0),
    ]


def frames_at(film: Path, frames: Iterable[int]) -> dict[int, Plane]:
    """Luma of the asked frames (numbers from 0), full size; a frame the film lacks is missing."""
    found: dict[int, Plane] = {}
    with av.open(str(film)) as box:
        stream = box.streams.video[0]
        stream.thread_type = "AUTO"
        base, rate = stream.time_base, stream.average_rate
        if base is None or rate is None:
            return found
        for number in sorted(set(frames)):
            due = round(number / rate / base)
            box.seek(due, stream=stream)
            for frame in box.decode(stream):
                if frame.pts is not None and frame.pts >= due:
                    plane = frame.planes[0]
                    rows = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)
                    found[number] = rows[:, : plane.width].copy()
                    break
    return found


def _spread(frames: list[int]) -> list[int]:
    """At most LOOKS of them, evenly spread."""
    return frames[:: max(1, -(-len(frames) // LOOKS))]


def _calm_frames(timeline: Timeline) -> list[int]:
    edges = [0, *(edge for cue in timeline.cues for edge in (cue.start, cue.end)), timeline.frames]
    return [(a + b) // 2 for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > CALM_GAP]


def _apart(one: Plane | None, two: Plane | None) -> float:
    """How far the lower two fifths of two pictures lie apart, in steps of luma; 255 when they cannot be compared."""
    if one is None or two is None or one.shape != two.shape:
        return 255.0
    top = one.shape[0] * 3 // 5
    change = np.abs(one[top:].astype(np.int16) - two[top:].astype(np.int16))
    return float(np.percentile(change, 99.5))


def _box(one: Plane, two: Plane) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of the larger differences; zeros when there is none."""
    changed = np.abs(one.astype(np.int16) - two.astype(np.int16)) > 2 * DIFFERENT
    rows, columns = np.flatnonzero(changed.sum(axis=1) > 3), np.flatnonzero(changed.sum(axis=0) > 3)
    if not len(rows) or not len(columns):
        return 0, 0, 0, 0
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _unsafe(one: Plane, two: Plane) -> bool:
    top, bottom, left, right = _box(one, two)
    height, width = one.shape
    return bottom > top and (
        top < height * 0.05 or bottom > height * 0.95 or left < width * 0.05 or right > width * 0.95
    )
