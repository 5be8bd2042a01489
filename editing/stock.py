"""The silent footage of a film while it is cut: every frame is handed out once, the best that is left first.

A stock changes while a film is planned and is thrown away with the plan; what it hands out depends on nothing else.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from copy import copy
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editing.quality import quality, reason, weigh
from editing.stretches import HANDLE, LONGEST, SHORTEST, Range, fill, shots_in, stretches
from ingest.clip import Clip

STEP = 15
"""Frames from one place that a shot may begin at to the next."""
USED, AGAIN, SHORT, SAME_VIEW, WASTE = 0.2, 0.5, 0.15, 0.15, 0.1
"""What a place is worth less: for each shot of its clip that is shown, right after one of its clip, when there is less
footage than wished, for a view that was seen already, and for frames left beside it that are too few for a shot."""
EVERYTHING = 10**9
"""Frames that may be handed out where nothing limits them."""
_ALIKE = 10
"""Bits in which the hashes of two views differ at most that look alike."""


class Piece(NamedTuple):
    """A run of frames of one clip."""

    clip: Clip
    start: int
    frames: int
    why: str = ""
    """What speaks for it, in plain words."""


class _Free(NamedTuple):
    """Frames [low, high) of a clip, by its place in the stock, that nothing shows yet."""

    place: int
    low: int
    high: int


class Cell(NamedTuple):
    """Room for one shot, next to others of its stretch."""

    clip: Clip
    low: int
    high: int
    worth: float
    """How good it looks, 0 to 1."""

    @property
    def frames(self) -> int:
        """Frames of the longest shot in it."""
        return min(LONGEST, self.high - self.low)


class _Choice(NamedTuple):
    """A place for a shot; the smallest is the best."""

    lacking: int
    """Frames that could no longer be filled after it."""
    price: float
    place: int
    off: int
    """Frames from the middle of what is free, so that room is left on both sides."""
    start: int
    frames: int
    free: _Free


class Stock:
    """Silent footage, and what of it is left."""

    def __init__(self, clips: Sequence[Clip], most: int = EVERYTHING) -> None:
        """`most` frames are handed out of these clips at most."""
        self._left = most
        self._clips = sorted(clips, key=lambda clip: clip.file)
        self._weighed = [weigh(clip) for clip in self._clips]
        self._marks = [_marks(clip) for clip in self._clips]
        self._nearest = [np.full(len(marks), 64, np.int64) for marks in self._marks]
        self._free = [_Free(n, *one) for n, clip in enumerate(self._clips) for one in stretches(clip)]
        self._uses: Counter[int] = Counter()

    @property
    def capacity(self) -> int:
        """Frames of film that can be filled at most."""
        return min(self._left, self._reach)

    @property
    def _reach(self) -> int:
        return sum(fill(one.high - one.low) for one in self._free)

    def afresh(self) -> "Stock":
        """A stock of the same state that is cut without touching this one."""
        other = copy(self)
        other._free, other._uses = list(self._free), Counter(self._uses)
        other._nearest = [nearest.copy() for nearest in self._nearest]
        return other

    def take(
        self,
        wish: int,
        *,
        least: int,
        left: int,
        keep: int = 0,
        after: str = "",
        barred: Collection[str] = (),
        floor: float = 0.0,
    ) -> Piece | None:
        """The best shot of `wish` frames, or of fewer but `least`, or None when nothing serves.

        Of `left` frames to fill it leaves none or `least`. Where it can be, `keep` frames can still be filled
        afterwards. `after` is the file shown before. No `barred` file is taken, nor what has a quality below `floor`.
        """
        wish, left = min(wish, self._left), min(left, self._left)
        capacity = self._reach
        choices = [
            choice
            for free in self._free
            if self._clips[free.place].file not in barred
            and (frames := _length(free.high - free.low, wish, left, least))
            and (choice := self._best_in(free, frames, wish, keep, capacity, after, floor))
        ]
        if not choices:
            return None
        return self._handed_out(min(choices))

    def cells(self) -> list[Cell]:
        """All that is left as room for shots: every free stretch parted evenly, so that together they fill it."""
        found = []
        for place, low, high in self._free:
            count = shots_in(high - low) if high - low >= SHORTEST else 0
            edges = [low + n * (high + HANDLE - low) // count for n in range(count + 1)] if count else []
            for start, end in ((a, b - HANDLE) for a, b in pairwise(edges)):
                worth = quality(self._weighed[place], np.array([start]), end - start)
                found.append(Cell(self._clips[place], start, end, float(worth[0])))
        return found

    def take_in(self, cell: Cell, frames: int) -> Piece:
        """The best shot of so many frames inside a cell."""
        low, high = cell.low, cell.high
        inside = (one for one in self._free if self._clips[one.place].file == cell.clip.file)
        free = next(one for one in inside if one.low <= low and high <= one.high)
        choice = self._best_in(_Free(free.place, low, high), frames, frames, 0, 0, "", 0.0)
        assert choice is not None
        return self._handed_out(choice._replace(free=free))

    def _handed_out(self, best: _Choice) -> Piece:
        self._free.remove(best.free)
        around = ((best.free.low, best.start - HANDLE), (best.start + best.frames + HANDLE, best.free.high))
        self._free += [_Free(best.place, *part) for part in around if part[1] > part[0]]
        self._uses[best.place] += 1
        self._left -= best.frames
        self._remember(self._marks[best.place], (best.start, best.start + best.frames))
        why = reason(self._weighed[best.place], best.start, best.frames)
        return Piece(self._clips[best.place], best.start, best.frames, why)

    def run_on(self, piece: Piece, frames: int) -> int:
        """Up to so many frames right after a piece that was taken, for it to play on; none when they are not free."""
        after = piece.start + piece.frames + HANDLE
        for n, free in enumerate(self._free):
            if self._clips[free.place].file == piece.clip.file and free.low == after:
                given = min(frames, self._left, free.high - free.low)
                self._free[n] = free._replace(low=free.low + given)
                self._left -= given
                return given
        return 0

    def lengthen(self, piece: Piece, frames: int) -> Piece:
        """The piece with up to so many frames more of what is free right after and before it."""
        longer = piece._replace(frames=piece.frames + self.run_on(piece, frames))
        wished = min(frames - (longer.frames - piece.frames), self._left)
        for n, free in enumerate(self._free):
            if self._clips[free.place].file == piece.clip.file and free.high == piece.start - HANDLE:
                given = min(wished, free.high - free.low)
                self._free[n] = free._replace(high=free.high - given)
                self._left -= given
                return longer._replace(start=piece.start - given, frames=longer.frames + given)
        return longer

    def _best_in(
        self, free: _Free, frames: int, wish: int, keep: int, capacity: int, after: str, floor: float
    ) -> _Choice | None:
        """The best place in free footage at which a shot of so many frames begins."""
        place, low, high = free
        last = high - frames
        middle = (low + last) // 2
        starts = np.unique(np.array([*range(low, last + 1, STEP), middle, last]))
        worth = quality(self._weighed[place], starts, frames)
        price = USED * self._uses[place] + AGAIN * (self._clips[place].file == after) + SHORT * (frames < 0.7 * wish)
        before, beyond = starts - HANDLE - low, high - starts - frames - HANDLE
        wasted = sum(np.where((room > 0) & (room < SHORTEST), room, 0) for room in (before, beyond)) / SHORTEST
        rest = capacity - fill(high - low)
        lacking = np.zeros(len(starts), np.int64)
        if keep > rest:
            lacking = np.array([max(0, keep - rest - fill(a) - fill(b)) for a, b in zip(before, beyond, strict=True)])
        cost = np.round(price - worth + self._seen(place, starts + frames // 2) + WASTE * wasted, 4)
        off = np.abs(starts - middle)
        allowed = np.flatnonzero(worth >= floor)
        if not len(allowed):
            return None
        n = min(allowed, key=lambda n: (lacking[n], cost[n], off[n], starts[n]))
        return _Choice(int(lacking[n]), float(cost[n]), place, int(off[n]), int(starts[n]), frames, free)

    def _seen(self, place: int, frames: NDArray[np.int64]) -> NDArray[np.float64]:
        """What is lost where the view at a frame was shown already."""
        nearest = self._nearest[place]
        if not len(nearest):
            return np.zeros(frames.shape)
        near = nearest[np.minimum(frames // 30, len(nearest) - 1)]
        return SAME_VIEW * np.maximum(0.0, 1 - near / _ALIKE)

    def withdraw(self, clip: Clip, frames: Range) -> None:
        """Let no shot be taken of frames of any clip that are shown elsewhere, and remember their views."""
        for free in [one for one in self._free if self._clips[one.place].file == clip.file]:
            if free.low < frames[1] + HANDLE and frames[0] - HANDLE < free.high:
                self._free.remove(free)
                around = ((free.low, frames[0] - HANDLE), (frames[1] + HANDLE, free.high))
                self._free += [_Free(free.place, *part) for part in around if part[1] > part[0]]
                self._uses[free.place] += 1
        self.note_shown(clip, frames)

    def note_shown(self, clip: Clip, frames: Range) -> None:
        """Remember the views of a range of any clip, which is shown elsewhere in the film."""
        self._remember(_marks(clip), frames)

    def _remember(self, marks: NDArray[np.uint64], frames: Range) -> None:
        shown = marks[frames[0] // 30 : -(-frames[1] // 30)]
        if not len(shown):
            return
        for mine, nearest in zip(self._marks, self._nearest, strict=True):
            if len(mine):
                far = np.bitwise_count(mine[:, None] ^ shown[None, :]).min(axis=1)
                np.minimum(nearest, far, out=nearest)


def _length(room: int, wish: int, left: int, least: int) -> int:
    """Frames to show where there is so much room; 0 when it does not do."""
    frames = min(wish, room)
    if 0 < left - frames < least:
        frames = left - least
    return frames if frames >= least else 0


def _marks(clip: Clip) -> NDArray[np.uint64]:
    return np.array([int(mark, 16) for mark in clip.analysis.marks] if clip.analysis else [], np.uint64)
