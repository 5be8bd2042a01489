"""What to film next, while footage is still arriving: for each slot whether it is filled, thin or missing. Pure."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from agencies.agency import Agency
from editing.assignment import assign, music_of
from editing.limits import within_counts
from editing.planning import plan
from editing.shortage import LEAST_ASKED, NotEnoughFootage, Want, lacking_in, small, usable_seconds
from ingest.clip import Clip
from kit.errors import InputRefused
from storyboards.storyboard import Card, Photos, Slot, Storyboard

Filling = Literal["filled", "thin", "missing"]
"""How far a slot is: enough, something but not enough, or nothing that can be used."""

_GOOD_S = {"interview": 30, "broll": 20, "narration": 20, "photo": 0}
"""Seconds that are asked for a slot nobody needs and that is empty: enough to be worth a journey."""
_SHOT_S = 10
"""Seconds that each everyday scene should be held."""
_STEP_S = 5
"""Seconds are asked for in steps of so many."""
_HELD = {"interview": "phone held level and sideways", "broll": "phone held sideways"}
"""What goes wrong most often in each kind of footage."""


class SlotCoached(NamedTuple):
    """How far one slot is."""

    slot: Slot
    filling: Filling
    seconds: float
    """Seconds of its clips that can be used; 0 of photos."""
    files: int
    """Clips or photos that can be used."""
    ask: str = ""
    """What to film for it next, by length and manner; empty when it is filled."""
    hint: str = ""
    """The first words of the slot's guide."""
    asked: Want | None = None
    """The same as a value."""

    @property
    def next(self) -> str:
        """The exact next thing to film for it, in one or two sentences; empty when it is filled."""
        return f"{self.ask}. {self.hint}".strip() if self.ask else ""


class Coached(NamedTuple):
    """How far a project's footage is."""

    slots: tuple[SlotCoached, ...]
    ready: bool
    """Whether a film can be made of what is there."""
    next: str
    """The one thing to do next; empty when every slot is filled."""
    hindrance: str
    """Why no film can be made although nothing is missing; else empty."""
    left_out: tuple[str, ...]
    """Clips that cannot be used, and why."""
    placed: tuple[str, ...] = ()
    """Clips that nobody gave a slot, the one each is taken for, and why."""


def coach(storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, *, music: str | None = None) -> Coached:
    """How far these clips are from the film, and what to film next; their order does not matter.

    Words that the storyboard asks for may come later: examples stand in for them.
    """
    storyboard = storyboard.as_example
    cast = within_counts(storyboard, assign(storyboard, clips, music_of(storyboard, clips, music)))
    kept = {clip.file for found in cast.slots.values() for clip in found}
    wants, hindrance = _lacking(storyboard, clips, agency, music)
    slots = tuple(_coached(storyboard, slot, cast.slots[slot.id], wants) for slot in storyboard.slots)
    urgent = sorted(slots, key=lambda one: _urgency(one, wants))
    return Coached(
        slots=slots,
        ready=not wants and not hindrance,
        next=next((one.next for one in urgent if one.next), ""),
        hindrance=hindrance,
        left_out=tuple(note for note in cast.notes if "was left out" in note),
        placed=tuple(f"“{name}” is {cast.reasons[name]}" for name in sorted(cast.reasons) if name in kept),
    )


def _lacking(
    storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, music: str | None
) -> tuple[tuple[Want, ...], str]:
    """What a film of these clips lacks still, and what else hinders it."""
    try:
        plan(storyboard, clips, agency, music=music)
    except NotEnoughFootage as refused:
        return refused.wants, ""
    except InputRefused as refused:
        return (), str(refused)
    return (), ""


def _coached(storyboard: Storyboard, slot: Slot, clips: Sequence[Clip], wants: Sequence[Want]) -> SlotCoached:
    usable = [seconds for clip in clips if (seconds := usable_seconds(slot, clip)) > 0]
    there = 0.0 if slot.takes == "photo" else sum(usable)
    lacks = lacking_in(slot, clips)
    own = [want for want in wants if want.slots == (slot,)] or ([lacks] if lacks else [])
    either = [want for want in wants if slot in want.slots and len(want.slots) > 1]
    short = math.ceil(LEAST_ASKED[slot.takes] - there - 1e-6)
    if usable and not own and not either and short <= 0:
        return SlotCoached(slot, "filled", there, len(usable))
    # An empty optional slot lacks one clip by itself; what would make the film a film goes before that.
    alone = bool(own) and (usable or slot.required)
    # What several slots may give is asked of the first on top of its own, or nobody would be asked for it.
    needs = [*own, *(want for want in either if want.slots[0] == slot)] if alone else either
    least = LEAST_ASKED[slot.takes] if usable else _good(storyboard, slot)
    seconds = max(sum(want.seconds for want in needs), short, least)
    files = max([want.files for want in needs], default=1)
    asked = Want((slot,), _up(seconds), files, more=bool(usable))
    words = _said(
        storyboard, asked, [] if alone else [one.title for want in either for one in want.slots if one != slot]
    )
    hint = _first_sentence(slot.guide.film)
    return SlotCoached(slot, "thin" if usable else "missing", there, len(usable), words, hint, asked)


def _up(seconds: int) -> int:
    """Seconds as people say them, no fewer."""
    return -(-seconds // _STEP_S) * _STEP_S


def _good(storyboard: Storyboard, slot: Slot) -> int:
    """Seconds to ask of an empty slot: no more than the film can show."""
    shown = sum(
        beat.max_s for beat in storyboard.beats if not isinstance(beat, Card | Photos) and _takes_from(beat, slot.id)
    )
    most = min(shown or math.inf, slot.max_s or math.inf)
    return max(int(min(_GOOD_S[slot.takes], most)), LEAST_ASKED[slot.takes])


def _takes_from(beat: object, slot: str) -> bool:
    return slot in (getattr(beat, "slot", ""), getattr(beat, "voice", ""))


def _said(storyboard: Storyboard, asked: Want, other: Sequence[str]) -> str:
    """“20 s of the station from outside, phone held sideways”."""
    ((slot,), seconds, files, more) = asked
    what, more_ = small(slot.title), "more " * more
    if slot.takes == "photo":
        shown = max(beat.max_count for beat in storyboard.beats if isinstance(beat, Photos) and beat.slot == slot.id)
        wanted = files if more or slot.required else max(files, min(2, shown))
        title = "" if what.startswith("photo") else f": {what}"
        words = f"{wanted} {more_}photo{'s' * (wanted > 1)}{title}"
    else:
        count = max(files, -(-seconds // _SHOT_S)) if slot.takes == "broll" else files
        parts = [f"{seconds} s {more_}of {what}"]
        parts += [f"in {count} {'shots' if slot.takes == 'broll' else 'clips'}"] if count > 1 else []
        parts += [_HELD[slot.takes]] if slot.takes in _HELD else []
        parts += [f"or as much of {small(title)}" for title in other]
        words = ", ".join(parts)
    return words


def _first_sentence(text: str) -> str:
    head, stop, _ = " ".join(text.split()).partition(". ")
    return head + ("." if stop else "")


def _urgency(one: SlotCoached, wants: Sequence[Want]) -> tuple[bool, bool, bool]:
    """What the film cannot do without comes first, then what would make it one, then what is nearly filled."""
    needed = one.slot.required and one.filling != "filled"
    return (
        not needed,
        not any(one.slot in want.slots for want in wants),
        one.filling != ("missing" if needed else "thin"),
    )
