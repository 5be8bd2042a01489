"""Laying b-roll over speakers who go on talking: over flashes, over jump cuts, and for relief in long talks.

Only the picture changes. What is laid is taken from what the b-roll beats have left; flashes are served first, then
jump cuts, then relief.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from editing.parts import BrollPart, Insert, Part, SpeechPart
from editing.stock import Stock
from editing.stretches import LONGEST, SHORTEST_INSERT, Range, flashes_of
from editing.talks import Talk, between_words, seen, talks_of, without
from kit.timing import clock, nearest_frame

LEAD = 15
"""Frames that a speaker is heard before he is seen, when b-roll goes before (a J cut)."""
_LEAST_LEAD = 6
SOON = 15
"""Frames within which his first word must begin for that."""
LAST_LOOK = 60
"""Frames that the speaker is seen between inserts and at the end of a talk; also before a jump cut is covered."""
FIRST_LOOK = 135
"""Frames that a long talk begins with the speaker; longer when his name is to be read."""
NAME_LOOK = 165
"""Frames that the speaker is seen at a stretch where his name is shown."""
LONG_TALK = 360
"""Frames beyond which a talk gets relief."""
LONGEST_COVER, SHORTEST_RELIEF, LONGEST_RELIEF = 120, 90, 150
_EARLY = 9
"""Frames before a jump cut that its cover begins, or after it that its cover ends."""
_APART = 210
"""Frames of the speaker from the end of one insert to the next relief, at least; 90 more at most."""
_FLICKER = 30
"""Frames that must be seen of a speaker wherever he is seen."""
WORTH_SEEING, _GOOD_ENOUGH = 0.42, 0.25
"""Quality that relief needs, and that the cover of a jump cut needs."""


def with_leads(parts: Sequence[Part], stocks: Mapping[str, Stock]) -> tuple[Part, ...]:
    """The parts with J cuts wherever a speaker follows b-roll that can play on."""
    done = list(parts)
    for n, (before, part) in enumerate(pairwise(parts), 1):
        if not isinstance(before, BrollPart) or not isinstance(part, SpeechPart) or before.manner.by_hand:
            continue
        run, piece = part.runs[0], before.pieces[-1]
        flashes = any(start < run.start + LEAD + LAST_LOOK and run.start < end for start, end in flashes_of(run.clip))
        soon = bool(run.words) and nearest_frame(run.words[0][0].start_s) - run.start <= SOON
        if flashes or not soon or run.frames < LEAD + LAST_LOOK:
            continue
        lead = stocks[before.slot].run_on(piece, min(LEAD, LONGEST - piece.frames))
        done[n] = part._replace(lead=lead if lead >= _LEAST_LEAD else 0)
    return tuple(done)


def with_inserts(parts: Sequence[Part], stocks: Mapping[str, Stock]) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts with b-roll over their speakers, and a note for each flash that nothing is left to cover."""
    names: set[str] = set()
    speeches = [(n, part) for n, part in enumerate(parts) if isinstance(part, SpeechPart)]
    desks = [(n, _Desk(talk, stocks)) for n, part in speeches for talk in talks_of(part, names)]
    notes = [note for _, desk in desks for note in desk.cover_flashes()]
    for _, desk in desks:
        desk.cover_jumps()
    for _, desk in desks:
        desk.relieve()
    done = list(parts)
    for n, part in speeches:
        laid = sorted((one for m, desk in desks if m == n for one in desk.laid), key=lambda one: one.start)
        done[n] = part._replace(inserts=tuple(laid))
    return tuple(done), tuple(notes)


class _Desk:
    """One talk while inserts are laid over it."""

    def __init__(self, talk: Talk, stocks: Mapping[str, Stock]) -> None:
        self._talk, self._stocks = talk, stocks
        self.laid: list[Insert] = []

    def cover_flashes(self) -> list[str]:
        """Lay b-roll over short flashes, with the edges of the talk when they would only flicker by.

        What is left is damped: a note says where. A speaker who flashes for long is rather seen so than hidden.
        """
        talk, notes = self._talk, []
        for start, end in self._flashing():
            long = end - start > LONGEST_RELIEF
            if not long and self._lay(start, end, 0.0):
                continue
            at, run = max(one for one in talk.runs if one[0] <= start)
            why = "for too long to show scenes instead" if long else "and no scenes are left to show instead"
            notes.append(
                f"“{talk.clip.file}” flashes at {clock((run.start + start - at) // 30)} {why}, so the light is damped "
                "there: look at it before you approve the film"
            )
        return notes

    def cover_jumps(self) -> None:
        """Lay b-roll over every place where the picture would jump."""
        for jump in self._talk.jumps:
            if any(one.start < jump < one.end for one in self.laid):
                continue
            for start, end in self._covers(jump):
                if self._fits(start, end, LAST_LOOK) and self._lay(start, end, _GOOD_ENOUGH):
                    break

    def relieve(self) -> None:
        """Lay b-roll over a long talk now and then, from clips in turn, when there is some that is worth seeing."""
        talk = self._talk
        if talk.end - talk.start <= LONG_TALK:
            return
        hold = NAME_LOOK + _FLICKER if talk.named else FIRST_LOOK
        low = talk.start + hold
        while low + SHORTEST_RELIEF + LAST_LOOK <= talk.end:
            near = next((one for one in self._in_order() if one.end + _APART > low), None)
            if near and near.start < low + _APART + LONGEST_RELIEF:
                low = near.end + _APART
                continue
            start = between_words(talk, low, low + 90, low + 30)
            end = between_words(talk, start + SHORTEST_RELIEF, start + LONGEST_RELIEF, start + 120)
            before = [one.piece.clip.file for one in self._in_order() if one.end <= start]
            laid = self._fits(start, end, hold) and self._lay(start, end, WORTH_SEEING, before[-2:])
            low = end + _APART if laid else low + 60

    def _flashing(self) -> list[Range]:
        """What must be covered of the flashes: neighbours joined, jumps nearby included, long enough to be seen."""
        talk = self._talk
        joined: list[Range] = []
        for start, end in talk.flashes:
            first, last = start, end
            for jump in talk.jumps:
                first = jump - _EARLY if 0 <= first - jump < LAST_LOOK + _EARLY else first
                last = jump + _EARLY if 0 <= jump - last < LAST_LOOK + _EARLY else last
            first = talk.start if first - talk.start < LAST_LOOK else first
            last = talk.end if talk.end - last < LAST_LOOK else last
            short = max(0, SHORTEST_INSERT - (last - first))
            last = min(talk.end, last + short)
            first = max(talk.start, min(first, last - SHORTEST_INSERT))
            for edge in (*talk.jumps, *talk.source_cuts):
                first = edge if 0 < first - edge < _FLICKER else first
                last = edge if 0 < edge - last < _FLICKER else last
            first = talk.start if first - talk.start < _FLICKER else first
            last = talk.end if talk.end - last < _FLICKER else last
            if joined and first - joined[-1][1] < LAST_LOOK:
                joined[-1] = (joined[-1][0], max(joined[-1][1], last))
            else:
                joined.append((first, last))
        return joined

    def _covers(self, jump: int) -> Iterator[Range]:
        """Covers of a jump cut: from just before it on, or until just after it, short ones first."""
        talk = self._talk
        for longest in (LONGEST_COVER, LONGEST_RELIEF):
            start = between_words(talk, jump - 2 * _EARLY, jump - 1, jump - _EARLY)
            yield start, between_words(talk, start + SHORTEST_INSERT, start + longest, start + 90)
            end = between_words(talk, jump + 1, jump + 2 * _EARLY, jump + _EARLY // 2)
            yield between_words(talk, end - longest, end - SHORTEST_INSERT, end - 90), end

    def _fits(self, start: int, end: int, hold: int) -> bool:
        """Whether a cover leaves enough of the speaker around it, and a stretch for his name."""
        talk = self._talk
        if start < talk.start + hold or end > talk.end - LAST_LOOK:
            return False
        if any(start < one.end + LAST_LOOK and one.start - LAST_LOOK < end for one in self.laid):
            return False
        covers = [(one.start, one.end) for one in self.laid] + [(start, end)]
        parts = seen(talk, covers)
        beside = [part for part in parts if part[1] == start or part[0] == end]
        if any(b - a < _FLICKER for a, b in beside):
            return False
        return not talk.named or any(b - a >= NAME_LOOK for a, b in without((talk.start, talk.end), covers))

    def _lay(self, start: int, end: int, floor: float, barred: Collection[str] = ()) -> bool:
        """Lay the best that is left over [start, end); False when nothing is left that is good enough."""
        after = next((one.piece.clip.file for one in reversed(self._in_order()) if one.end <= start), "")
        frames = end - start
        for slot, stock in self._stocks.items():
            piece = stock.take(frames, least=frames, left=frames, after=after, barred=barred, floor=floor)
            if piece:
                self.laid.append(Insert(start, slot, piece))
                return True
        return False

    def _in_order(self) -> list[Insert]:
        return sorted(self.laid, key=lambda one: one.start)
