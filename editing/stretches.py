"""Which frames of a clip a shot may show: inside one shot of the camera, never over flashing, never black. Pure."""

from itertools import pairwise

from editing.speech_selection import bounds_of
from ingest.clip import Clip

SHORTEST, LONGEST = 90, 210
"""Frames of one shot in a b-roll beat."""
SHORTEST_INSERT = 75
"""Frames of the shortest shot that is laid over a speaker."""
HANDLE = 12
"""Frames kept free after each shot, for a dissolve to play on."""
CUT_MARGIN = 3
"""Frames kept from a cut inside the clip, which may be found a little late or be a quick wipe."""
FLASH_MARGIN = 6
"""Frames kept from a stretch that flashes."""
_SKIP_START = 9
"""Frames skipped at the start of a clip, where hands still shake."""
_LOST = 0.8
"""Share of black or burnt-out picture from which a second shows nothing."""

Range = tuple[int, int]
"""Frames [start, end) of a conformed clip."""


def stretches(clip: Clip) -> tuple[Range, ...]:
    """Where shots of b-roll may lie, long enough for an insert at least; edges are left out when there is room."""
    low, _ = bounds_of(clip)
    found = []
    for first, last in clean_ranges(clip):
        skip = _SKIP_START if first == low else 0
        roomy = last - first >= SHORTEST + skip + HANDLE + 15
        start, end = (first + skip, last - HANDLE) if roomy else (first, last)
        if end - start >= SHORTEST_INSERT:
            found.append((start, end))
    return tuple(found)


def clean_ranges(clip: Clip) -> tuple[Range, ...]:
    """The parts of what may be used of a clip that hold one shot of the camera, and neither flash nor are black."""
    low, high = bounds_of(clip)
    if clip.analysis is None:
        return ((low, high),) if high > low else ()
    cuts = [cut for cut in clip.analysis.shots if low < cut < high]
    edges = [low - CUT_MARGIN, *cuts, high + CUT_MARGIN]
    ranges = [(a + CUT_MARGIN, b - CUT_MARGIN) for a, b in pairwise(edges)]
    for flash in flashes_of(clip):
        ranges = _without(ranges, flash)
    picture = clip.analysis.picture
    if picture:
        for second, shares in enumerate(zip(picture.black, picture.blown, strict=True)):
            if max(shares) >= _LOST:
                ranges = _without(ranges, (30 * second, 30 * second + 30))
    return tuple((a, b) for a, b in ranges if b > a)


def flashes_of(clip: Clip) -> tuple[Range, ...]:
    """Where a clip flashes beyond what may be shown, with a margin."""
    if clip.analysis is None:
        return ()
    return tuple((max(0, one.start - FLASH_MARGIN), one.end + FLASH_MARGIN) for one in clip.analysis.flashes)


def clean_end(clip: Clip, frame: int) -> int:
    """How far the picture runs on from a frame without a cut, a flash or the end of what may be used."""
    return next((end for start, end in clean_ranges(clip) if start <= frame <= end), frame)


def shots_in(frames: int) -> int:
    """How many shots fill a stretch; none for a rest in which it would only take frames from the others."""
    return -(-frames // (LONGEST + HANDLE))


def fill(frames: int) -> int:
    """Frames of film that a stretch of so many can fill."""
    shots = shots_in(frames)
    return min(LONGEST * shots, frames - HANDLE * (shots - 1)) if frames >= SHORTEST else 0


def _without(ranges: list[Range], hole: Range) -> list[Range]:
    """Ranges less what lies in a hole."""
    left: list[Range] = []
    for start, end in ranges:
        if hole[1] <= start or end <= hole[0]:
            left.append((start, end))
        else:
            left += [part for part in ((start, hole[0]), (hole[1], end)) if part[1] > part[0]]
    return left
