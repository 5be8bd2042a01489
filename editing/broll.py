"""Cutting silent pictures: shots of three to seven seconds, clips in turn, no frame of footage shown twice."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from editing.speech_selection import bounds_of
from ingest.clip import Clip

SHORTEST, LONGEST = 90, 210
"""Frames of one shot."""
HANDLE = 12
"""Frames kept free after each shot, for a dissolve to play on."""
_SKIP_START = 9
"""Frames skipped at the start of a clip, where hands still shake."""


class Piece(NamedTuple):
    """A run of frames of one clip."""

    clip: Clip
    start: int
    frames: int


def usable(clip: Clip) -> tuple[int, int]:
    """Source frames [start, end) that shots may use: the edges of a clip are left out when it is long enough."""
    low, high = bounds_of(clip)
    if high - low >= SHORTEST + _SKIP_START + HANDLE + 15:
        return low + _SKIP_START, high - HANDLE
    return low, high


def capacity(clips: Sequence[Clip]) -> int:
    """Frames of film that clips can fill at most."""
    total = 0
    for clip in clips:
        low, high = usable(clip)
        if high - low >= SHORTEST:
            shots = -(-(high - low + HANDLE) // (LONGEST + HANDLE))
            total += high - low - HANDLE * (shots - 1)
    return total


def cut(needs: Sequence[tuple[int, int]], clips: Sequence[Clip]) -> tuple[tuple[Piece, ...], ...]:
    """Shots for each need (frames wanted, frames a shot should hold); a need is never overrun, only left short.

    The least used clip comes next, never the same twice running if another can serve; among equals the sharpest and
    steadiest. Within a clip the shots follow its own order, evenly spread.
    """
    tight = sum(frames for frames, _ in needs) > 0.75 * capacity(clips)
    order = sorted(clips, key=lambda clip: (-clip.sharpness / (1 + clip.motion / 8), clip.file))
    taken: dict[str, list[int]] = {clip.file: [] for clip in order}
    plan: list[list[tuple[Clip, int]]] = []
    last = ""
    for frames, hold in needs:
        shots: list[tuple[Clip, int]] = []
        left = frames
        while left >= SHORTEST:
            found = _next(order, taken, left, LONGEST if tight else hold, last)
            if found is None:
                break
            clip, length = found
            taken[clip.file].append(length)
            shots.append((clip, length))
            left, last = left - length, clip.file
        plan.append(shots)
    return _place(plan, taken)


def _next(
    order: Sequence[Clip], taken: dict[str, list[int]], left: int, hold: int, last: str
) -> tuple[Clip, int] | None:
    """The next clip and how long it is shown."""
    wish = _share(left, hold)
    choices = []
    for rank, clip in enumerate(order):
        length = min(wish, _room(clip, taken[clip.file]))
        if 0 < left - length < SHORTEST:
            length = left - SHORTEST
        if length >= SHORTEST:
            lacking = length < wish * 0.7
            choices.append((clip.file == last, len(taken[clip.file]), lacking, rank, clip, length))
    if not choices:
        return None
    *_, clip, length = min(choices, key=lambda choice: choice[:4])
    return clip, length


def _share(left: int, hold: int) -> int:
    """An even share of what is left, near the wished hold and within the limits of a shot."""
    shots = max(1, math.ceil(left / max(SHORTEST, min(LONGEST, hold)) - 0.25))
    while left / shots > LONGEST:
        shots += 1
    while shots > 1 and left / shots < SHORTEST:
        shots -= 1
    return -(-left // shots)


def _room(clip: Clip, taken: Sequence[int]) -> int:
    low, high = usable(clip)
    return high - low - sum(taken) - HANDLE * len(taken)


def _place(plan: Sequence[Sequence[tuple[Clip, int]]], taken: dict[str, list[int]]) -> tuple[tuple[Piece, ...], ...]:
    """Give every shot its first frame: in the clip's own order, spare frames spread evenly around."""
    done: dict[str, int] = dict.fromkeys(taken, 0)
    placed = []
    for shots in plan:
        pieces = []
        for clip, length in shots:
            low, high = usable(clip)
            lengths, k = taken[clip.file], done[clip.file]
            spare = high - low - sum(lengths) - HANDLE * (len(lengths) - 1)
            start = low + spare * (k + 1) // (len(lengths) + 1) + sum(lengths[:k]) + HANDLE * k
            done[clip.file] = k + 1
            pieces.append(Piece(clip, start, length))
        placed.append(tuple(pieces))
    return tuple(placed)
