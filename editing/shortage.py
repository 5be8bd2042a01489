"""What is missing when footage cannot make a film, in words an agency can act on."""

import math
from collections.abc import Sequence

from editing.assignment import Assignment
from editing.speech_selection import bounds_of, choose, length_of, speeches_of
from editing.stretches import SHORTEST, clean_ranges
from ingest.clip import Clip
from kit.errors import InputRefused
from storyboards.storyboard import Slot, Storyboard


class NotEnoughFootage(InputRefused):
    """The footage cannot fill two minutes; the message lists everything that is missing, in plain words."""


def missing_slots(storyboard: Storyboard, cast: Assignment) -> tuple[str, ...]:
    """One phrase for each required slot that has nothing, or less than it needs."""
    missing = []
    for slot in storyboard.slots:
        if not slot.required:
            continue
        seconds = [usable_seconds(slot, clip) for clip in cast.slots[slot.id]]
        lacking = math.ceil(slot.min_s - sum(seconds) - 1e-6)
        fewer = slot.min_count - sum(one > 0 for one in seconds)
        if not sum(seconds):
            length = f", {math.ceil(slot.min_s)} s at least" if slot.min_s else ""
            missing.append(f"{_several(slot, slot.min_count)}{_small(slot.title)} (slot {slot.id}{length})")
            continue
        if fewer > 0:
            missing.append(f"{_several(slot, fewer, more=True)}{_small(slot.title)} (slot {slot.id})")
        if lacking > 0:
            missing.append(f"{lacking} s more of {_small(slot.title)} (slot {slot.id})")
    return tuple(missing)


def refusal(storyboard: Storyboard, missing: Sequence[str], lacking: int, notes: Sequence[str]) -> NotEnoughFootage:
    """The error that lists what is missing: phrases, frames short of two minutes, and the clips left out."""
    asked = [*missing]
    if lacking > 0:
        asked.append(f"{math.ceil(lacking / 30)} s more of {_best_source(storyboard)}")
    words = "; ".join(asked)
    left = [note for note in notes if "was left out" in note]
    tail = f" Not usable now: {'; '.join(left)}." if left else ""
    return NotEnoughFootage(f"There is not enough footage for a film of two minutes. Still needed: {words}.{tail}")


def _several(slot: Slot, count: int, *, more: bool = False) -> str:
    """“a clip of ”, “2 photos: ”, “1 more clip of ”."""
    noun, tie = ("photo", ": ") if slot.takes == "photo" else ("clip", " of ")
    if more:
        return f"{count} more {noun}{'s' * (count > 1)}{tie}"
    return f"{count} {noun}s{tie}" if count > 1 else f"a {noun}{tie}"


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


def _best_source(storyboard: Storyboard) -> str:
    """Where more footage helps most: voices first, scenes else."""
    titles = {slot.id: slot.title for slot in storyboard.slots}
    voices = [beat.slot for beat in storyboard.beats if beat.beat == "interview" and beat.slot in titles]
    scenes = [beat.slot for beat in storyboard.beats if beat.beat == "broll" and beat.slot in titles]
    names = [_small(titles[found[-1]]) for found in (voices, scenes) if found]
    return " or ".join(dict.fromkeys(names)) or "footage"


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]
