"""What a storyboard's slots ask of the film: how many clips, how many seconds, when a slot counts as filled. Pure."""

from collections.abc import Mapping

from editing.assignment import Assignment, left_out
from editing.shortage import usable_seconds
from editing.stretches import SHORTEST
from ingest.clip import Clip
from storyboards.storyboard import Beat, Broll, Card, Footage, Photos, Slot, Storyboard

_LEAST_S = 1.0
"""Seconds of a beat below which it is left out rather than shortened further."""


def within_counts(storyboard: Storyboard, cast: Assignment) -> Assignment:
    """The cast with no more clips of a slot than it takes: those with most to use; a note for every other."""
    slots, notes = dict(cast.slots), list(cast.notes)
    for slot in storyboard.slots:
        if slot.max_count is None or len(slots[slot.id]) <= slot.max_count:
            continue
        ranked = sorted(slots[slot.id], key=lambda clip: (-_worth(slot, clip), clip.file))
        kept = {clip.file for clip in ranked[: slot.max_count]}
        most = f"{slot.max_count} clip{'s' * (slot.max_count > 1)}"
        why = f"the storyboard shows {most} of “{slot.id}” at most, and others give more"
        notes += [left_out(clip, why) for clip in slots[slot.id] if clip.file not in kept]
        slots[slot.id] = tuple(clip for clip in slots[slot.id] if clip.file in kept)
    return cast._replace(slots=slots, notes=tuple(notes))


def within_seconds(storyboard: Storyboard) -> Storyboard:
    """The storyboard with beats that take no more of a slot than it may give, the first beats served first."""
    left = {slot.id: slot.max_s for slot in storyboard.slots if slot.max_s is not None}
    beats: list[Beat] = []
    for beat in storyboard.beats:
        if isinstance(beat, Card) or beat.slot not in left:
            beats.append(beat)
            continue
        shorter = _shortened(beat, left[beat.slot])
        if shorter:
            left[beat.slot] -= _most_s(shorter)
            beats.append(shorter)
    return storyboard.model_copy(update={"beats": tuple(beats)})


def filled_slots(storyboard: Storyboard, cast: Assignment) -> frozenset[str]:
    """Slots that hold as many clips and seconds as they ask for, one clip at least."""
    return frozenset(slot.id for slot in storyboard.slots if _is_filled(slot, cast.slots))


def _is_filled(slot: Slot, slots: Mapping[str, tuple[Clip, ...]]) -> bool:
    clips = slots[slot.id]
    enough = sum(usable_seconds(slot, clip) for clip in clips) >= slot.min_s - 1e-6
    return len(clips) >= max(1, slot.min_count) and enough


def _worth(slot: Slot, clip: Clip) -> float:
    """Seconds that a clip gives; a photo's pixels."""
    if slot.takes == "photo" and clip.picture:
        width, height = clip.picture.upright_size
        return width * height
    return usable_seconds(slot, clip)


def _most_s(beat: Footage) -> float:
    return beat.photo_s * beat.max_count if isinstance(beat, Photos) else beat.max_s


def _shortened(beat: Footage, most_s: float) -> Footage | None:
    """The beat with so many seconds at most; None when there is no use in it."""
    if _most_s(beat) <= most_s:
        return beat
    if isinstance(beat, Photos):
        count = int(most_s // beat.photo_s)
        return beat.model_copy(update={"max_count": count}) if count else None
    if most_s < (SHORTEST / 30 if isinstance(beat, Broll) else _LEAST_S):
        return None
    least = {"min_s": min(beat.min_s, most_s)} if isinstance(beat, Broll) else {}
    return beat.model_copy(update={"max_s": most_s, **least})
