"""How loud the speech of a film is, put together from what was drawn of its clips. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from editing.timeline import Timeline
from kit.timing import FILM_RATE

PEAKS = int(FILM_RATE)
"""Peaks a second: one for each frame."""


class Outline(NamedTuple):
    """The peaks of a clip's sound, as inspection drew them."""

    rate: float
    """Peaks a second, from the clip's own zero."""
    peaks: list[int]
    """0 to 255."""


SILENT = Outline(1, [])
"""A clip of which nothing was drawn."""


def film_peaks(timeline: Timeline, outlines: Mapping[str, Outline]) -> list[int]:
    """The highest peak of what is said in each frame of a film, 0 to 255."""
    peaks = [0] * timeline.frames
    for sound in timeline.sounds:
        outline = outlines[sound.file]
        for frame in range(sound.start, sound.end):
            at = sound.source_start + frame - sound.start
            first = int(at * outline.rate / PEAKS)
            last = max(first + 1, int((at + 1) * outline.rate / PEAKS))
            peaks[frame] = max([peaks[frame], *outline.peaks[first:last]])
    return peaks
