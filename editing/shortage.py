"""What is missing when footage cannot make a film, in words an agency can act on. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from editing.assignment import Assignment
from editing.imagined import imagined
from editing.speech_selection import bounds_of, choose, length_of, speeches_of
from editing.stretches import SHORTEST, clean_ranges
from ingest.clip import Clip
from kit.errors import InputRefused
from storyboards.storyboard import Slot, Storyboard

LEAST_ASKED = {"interview": 10, "broll": 4, "narration": 10, "photo": 0}
"""Seconds of one clip below which nothing can be made of it."""
_AGREEING = 4
"""How often the sources are asked in turn, until one list does with each of them."""
_ALIKE_S = 5
"""Seconds that one source may need more than another to be offered in its place."""
_ROUNDS = 12
"""How often a list is tried and raised; in practice twice or three times."""


class Want(NamedTuple):
    """Footage to film yet, for any of these slots."""

    slots: tuple[Slot, ...]
    seconds: int
    """In all; 0 for photos."""
    files: int = 1
    """Clips or photos, at least."""
    more: bool = False
    """Whether it comes on top of what is there."""

    @property
    def words(self) -> str:
        """What to send, as the refusal lists it."""
        titles = " or ".join(dict.fromkeys(small(slot.title) for slot in self.slots))
        if len(self.slots) > 1:
            return f"{self.seconds} s more of {titles}"
        (slot,) = self.slots
        if self.more and self.files == 1 and self.seconds:
            return f"{self.seconds} s more of {titles} (slot {slot.id})"
        length = f", {self.seconds} s at least" if self.seconds and not self.more else ""
        return f"{_several(slot, self.files, more=self.more)}{titles} (slot {slot.id}{length})"


class Shortage(NamedTuple):
    """How far a plan is from a film."""

    missing: tuple[Want, ...]
    """For each required slot that has nothing, or less than it needs."""
    lacking: int
    """Frames short of two minutes; 0 or less when there are enough."""

    def __bool__(self) -> bool:
        return bool(self.missing) or self.lacking > 0


class NotEnoughFootage(InputRefused):
    """The footage cannot fill two minutes; the message lists everything that is missing, in plain words."""

    def __init__(self, words: str, wants: Sequence[Want] = ()) -> None:
        super().__init__(words)
        self.wants = tuple(wants)
        """The same list as values; with just that much more, a film can be made."""


def missing_slots(storyboard: Storyboard, cast: Assignment) -> tuple[Want, ...]:
    """What each required slot lacks that has nothing, or less than it needs."""
    return tuple(want for slot in storyboard.slots if slot.required and (want := lacking_in(slot, cast.slots[slot.id])))


def unheard_slots(silent: Sequence[Slot], cast: Assignment) -> tuple[Want, ...]:
    """What each required slot of these lacks that has clips enough, of which nothing fits into its limits."""
    return tuple(
        Want((slot,), LEAST_ASKED[slot.takes], more=True)
        for slot in silent
        if slot.required and not lacking_in(slot, cast.slots[slot.id])
    )


def lacking_in(slot: Slot, clips: Sequence[Clip]) -> Want | None:
    """What a slot lacks to be filled by these clips."""
    there = [usable_seconds(slot, clip) for clip in clips]
    seconds = math.ceil(slot.min_s - sum(there) - 1e-6)
    count = max(1, slot.min_count) - sum(one > 0 for one in there)
    if seconds <= 0 and count <= 0:
        return None
    least = LEAST_ASKED[slot.takes] * max(1, count)
    return Want((slot,), max(seconds, least) if slot.takes != "photo" else 0, max(1, count), more=any(there))


def usable_seconds(slot: Slot, clip: Clip) -> float:
    """Seconds of a clip that its slot can use."""
    if slot.takes == "photo":
        return max(slot.min_s, 1.0)
    if slot.takes == "broll":
        return sum(end - start for start, end in clean_ranges(clip) if end - start >= SHORTEST) / 30
    if clip.sound is None:
        return 0.0
    low, high = bounds_of(clip)
    frames = length_of(choose(speeches_of(clip), 10**9)) if clip.sentences else high - low
    return frames / 30


def asked_for(
    storyboard: Storyboard, now: Shortage, short_with: Callable[[Sequence[Clip]], Shortage]
) -> tuple[Want, ...]:
    """The list with which a film can be made.

    Each list is tried: `now` is lacking without any, `short_with` tells what is lacking still with such footage added,
    and the list is raised by it. Where scenes or voices serve alike, the list does with either.
    """

    def lacking_with(wants: Sequence[Want]) -> Shortage:
        return short_with([clip for n, want in enumerate(wants) for clip in imagined_for(want, n)]) if wants else now

    slots: dict[str, Want] = {}
    alone: dict[Slot, int] = {}
    for source in _best_sources(storyboard):
        tried, more, made = _raised(source, lacking_with, slots, 0)
        slots |= tried
        if made:
            alone[source] = _trimmed(source, lacking_with, tried, more)
    extra = min(alone.values(), default=0)
    helpful = [source for source, more in alone.items() if more <= max(extra, LEAST_ASKED[source.takes]) + _ALIKE_S]
    for _ in range(_AGREEING if len(helpful) > 1 else 1):
        before = dict(slots), extra
        for source in helpful:
            tried, more, _ = _raised(source, lacking_with, slots, extra)
            slots |= tried
            extra = max(extra, more)
        if before == (slots, extra):
            break
    if extra and len(helpful) == 1 and (own := slots.get(helpful[0].id)):
        as_one = tuple((slots | {helpful[0].id: own._replace(seconds=own.seconds + extra)}).values())
        if not lacking_with(as_one):
            return as_one
    return (*slots.values(), *([Want(tuple(helpful), extra, more=True)] if extra and helpful else []))


def _raised(
    source: Slot, lacking_with: Callable[[Sequence[Want]], Shortage], asked: Mapping[str, Want], extra: int
) -> tuple[dict[str, Want], int, bool]:
    """What to ask for each slot, seconds of the source beside it, and whether a film comes of it.

    It begins with what other sources made it ask for: more footage can lie worse, so that is tried as well.
    """
    tried, more = dict(asked), extra
    for _ in range(_ROUNDS):
        short = lacking_with(_listed(source, tried, more))
        if not short:
            return tried, more, True
        for want in short.missing:
            name = want.slots[0].id
            before = tried.get(name)
            tried[name] = before._replace(seconds=before.seconds + want.seconds) if before else want
        if not short.missing:
            more = max(LEAST_ASKED[source.takes], more + math.ceil(short.lacking / 30))
    return tried, more, False


def _trimmed(
    source: Slot, lacking_with: Callable[[Sequence[Want]], Shortage], tried: Mapping[str, Want], more: int
) -> int:
    """Seconds of the source that do: fewer than found at first when a card that comes with them fills some."""
    over = -lacking_with(_listed(source, tried, more)).lacking // 30
    fewer = max(LEAST_ASKED[source.takes], more - over)
    return fewer if fewer < more and not lacking_with(_listed(source, tried, fewer)) else more


def _listed(source: Slot, tried: Mapping[str, Want], more: int) -> list[Want]:
    return [*tried.values(), *([Want((source,), more)] if more else [])]


def imagined_for(want: Want, number: int) -> list[Clip]:
    """Clips that nobody has filmed yet and that are just what is wanted for the first of its slots."""
    each = -(-want.seconds // want.files)
    return [imagined(f"{number}.{n}", want.slots[0], each) for n in range(want.files)]


def refusal(wants: Sequence[Want], notes: Sequence[str]) -> NotEnoughFootage:
    """The error that lists what is missing, and the clips left out."""
    words = "; ".join(want.words for want in wants)
    left = [note for note in notes if "was left out" in note]
    tail = f" Not usable now: {'; '.join(left)}." if left else ""
    return NotEnoughFootage(
        f"There is not enough footage for a film of two minutes. Still needed: {words}.{tail}", wants
    )


def small(title: str) -> str:
    """A title inside a sentence; “K-9 unit” and “DARE class” stay as they are."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _several(slot: Slot, count: int, *, more: bool = False) -> str:
    """“a clip of ”, “2 photos: ”, “1 more clip of ”."""
    noun, tie = ("photo", ": ") if slot.takes == "photo" else ("clip", " of ")
    if more:
        return f"{count} more {noun}{'s' * (count > 1)}{tie}"
    return f"{count} {noun}s{tie}" if count > 1 else f"a {noun}{tie}"


def _best_sources(storyboard: Storyboard) -> tuple[Slot, ...]:
    """Where more footage helps most: voices first, scenes else."""
    slots = {slot.id: slot for slot in storyboard.slots}
    voices = [beat.slot for beat in storyboard.beats if beat.beat == "interview" and beat.slot in slots]
    scenes = [beat.slot for beat in storyboard.beats if beat.beat == "broll" and beat.slot in slots]
    return tuple(slots[found[-1]] for found in (voices, scenes) if found)
