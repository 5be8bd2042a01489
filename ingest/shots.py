"""Hard cuts: a frame that differs from the one before far more than its neighbours do, and stays different."""

from collections import deque
from typing import NamedTuple

from ingest.small_picture import Plane, SmallPicture, difference, resized

REACH = 8
"""Pictures looked at before and after a cut."""
LEAST_CHANGE = 6.0
"""Change of luma and colour (0 to 255 each, added) below which nothing is a cut."""
LIVELY = 5
"""How many of the liveliest neighbours say what change is usual."""
RATIO = 2.5
"""How many times the usual change a cut's change is."""
RETURN = 0.6
"""A picture that comes back this near, as a share of the change, was lit up and not cut."""
CELLS = (32, 18)


class _Seen(NamedTuple):
    frame: int
    change: float
    coarse: tuple[Plane, ...]


class ShotFinder:
    """Finds the first frame of every shot while frames go by, `REACH` pictures late."""

    def __init__(self) -> None:
        self._before: SmallPicture | None = None
        self._seen: deque[_Seen] = deque(maxlen=2 * REACH + 1)
        self._starts = [0]

    def take(self, small: SmallPicture, frame: int) -> float:
        """Take the next frame; how much it changed from the one before (luma and colour added)."""
        change = 0.0
        if self._before is not None:
            change = sum(difference(now, before) for now, before in zip(small, self._before, strict=True))
        # Repeated pictures of slow footage say nothing, and would make ordinary movement look like cuts.
        if change > 0 or self._before is None:
            self._seen.append(_Seen(frame, change, tuple(resized(plane, CELLS) for plane in small)))
            if len(self._seen) > REACH:
                self._judge(len(self._seen) - 1 - REACH)
        self._before = small
        return change

    def finish(self) -> tuple[int, ...]:
        """First frames of all shots; call it once, after the last frame."""
        for place in range(max(1, len(self._seen) - REACH), len(self._seen)):
            self._judge(place)
        return tuple(self._starts)

    def _judge(self, place: int) -> None:
        """Decide whether the picture at `place` of the window starts a shot."""
        if place == 0:
            return
        seen = self._seen
        here, last = seen[place], seen[place - 1]
        if here.change < LEAST_CHANGE:
            return
        first = max(0, place - REACH)
        # The very first picture changed from nothing.
        changes = [
            seen[n].change for n in range(first, min(len(seen), place + REACH + 1)) if n != place and seen[n].frame
        ]
        changes.sort(reverse=True)
        if changes and here.change <= changes[0]:
            return
        # The largest may be the other end of a flash; after it only the liveliest count, for slow footage holds still
        # between its pictures.
        usual = sum(changes[1:LIVELY]) / (LIVELY - 1)
        if here.change < RATIO * usual:
            return
        apart = _apart(last, here) * RETURN
        came_back = any(_apart(last, seen[n]) < apart for n in range(place + 1, min(len(seen), place + REACH + 1)))
        went_back = any(_apart(seen[n], here) < apart for n in range(first, place - 1))
        if not came_back and not went_back:
            self._starts.append(here.frame)


def _apart(one: _Seen, other: _Seen) -> float:
    return sum(difference(a, b) for a, b in zip(one.coarse, other.coarse, strict=True))
