"""How long a film the footage allows at most, counted without planning one."""

from collections.abc import Sequence

from editing.assignment import assign
from editing.card_timing import cards_of
from editing.limits import filled_slots, within_counts
from editing.scenes import PHOTO_LIMIT
from editing.speech_selection import bounds_of, length_of, speeches_of
from editing.stock import Stock
from ingest.clip import Clip
from storyboards.storyboard import Broll, Card, Interview, Photos, Slot, Storyboard
from tests.editing.plan_checks import AGENCY

PHOTOS = 4
"""Photos of one beat at most."""
HELD = 45
"""Frames that the last card of a beat may stand longer."""


def longest(storyboard: Storyboard, clips: Sequence[Clip], music: str | None) -> int:
    """Frames of the longest film that these clips make for certain, were every sentence said and the scenes shown.

    A part of the scenes stays in rests that are too short for a shot, and sentences may not add up to what a slot shows
    at most.
    """
    cast = within_counts(storyboard, assign(storyboard, clips, music))
    beats = dict(storyboard.beats_for(filled_slots(storyboard, cast)))
    there = {slot.id: _most(slot, cast.slots[slot.id]) for slot in storyboard.slots}
    asked = {beat.slot for beat in beats.values() if isinstance(beat, Interview | Broll | Photos)}
    frames = sum(there[slot] for slot in asked)
    for i, beat in beats.items():
        announced = getattr(beats.get(i + 1), "slot", None)
        if isinstance(beat, Card) and (beat.kind != "chapter" or (announced and there[announced])):
            shown = cards_of(beat, storyboard, AGENCY)
            frames += bool(shown) * HELD + sum(card.frames for card in shown)
    return frames


def _most(slot: Slot, clips: Sequence[Clip]) -> int:
    bar = 10**9 if slot.max_s is None else round(slot.max_s * 30)
    if slot.takes == "photo":
        return min(bar, PHOTO_LIMIT * min(PHOTOS, len(clips)))
    if slot.takes == "broll":
        return min(bar, round(0.85 * Stock(clips).capacity))
    return _spoken(slot, clips) if slot.max_s is None else 0


def _spoken(slot: Slot, clips: Sequence[Clip]) -> int:
    """Frames that people may speak: clips without words only where in and out points or an empty slot ask for them."""
    heard = [clip for clip in clips if clip.sound is not None]
    told = sum(length_of(speeches_of(clip)) for clip in heard)
    marked = [clip for clip in heard if not clip.sentences and (clip.in_s is not None or clip.out_s is not None)]
    whole = [clip for clip in heard if not clip.sentences] if slot.required and not told else marked
    return told + sum(high - low for low, high in map(bounds_of, whole))
