"""Which clip fills which slot, and a note for every clip that is left out or used otherwise than asked."""

from collections.abc import Sequence
from typing import NamedTuple

from ingest.clip import DUPLICATE, Clip, Kind, Verdict
from storyboards.storyboard import Slot, Storyboard

TAKES = {
    "interview": (Kind.VIDEO,),
    "broll": (Kind.VIDEO,),
    "photo": (Kind.PHOTO,),
    "narration": (Kind.SOUND, Kind.VIDEO),
}
"""What kinds of files each kind of slot takes."""


class Assignment(NamedTuple):
    """Clips by slot id, each list in order of file name."""

    slots: dict[str, tuple[Clip, ...]]
    music: str | None
    notes: tuple[str, ...]


def assign(storyboard: Storyboard, clips: Sequence[Clip], music: str | None) -> Assignment:
    """Place every usable clip once; the order of `clips` does not matter."""
    slots: dict[str, list[Clip]] = {slot.id: [] for slot in storyboard.slots}
    notes: list[str] = []
    for clip in sorted(clips, key=lambda clip: clip.file):
        if clip.file == music and clip.verdict is not Verdict.REFUSED and clip.sound is not None:
            continue
        why = _unusable(clip)
        if why:
            notes.append(left_out(clip, why))
            continue
        slot, remark = _slot_for(storyboard, clip)
        if slot is None:
            notes.append(left_out(clip, remark))
            continue
        if remark:
            notes.append(f"“{clip.file}”: {remark}")
        slots[slot.id].append(clip)
    usable = {clip.file for clip in clips if clip.verdict is not Verdict.REFUSED and clip.sound is not None}
    if music is not None and music not in usable:
        notes.append(f"the music “{music}” cannot be used: the film has no music")
        music = None
    if music is not None and storyboard.music.style == "none":
        notes.append(f"the music “{music}” is not used: the storyboard has none")
        music = None
    return Assignment({name: tuple(found) for name, found in slots.items()}, music, tuple(notes))


def left_out(clip: Clip, why: str) -> str:
    """The note for a clip that is not in the film."""
    return f"“{clip.file}” was left out: {why}"


def _unusable(clip: Clip) -> str:
    if clip.verdict is Verdict.REFUSED:
        return clip.notes[0].message if clip.notes else "the file cannot be read"
    duplicate = next((note.message for note in clip.notes if note.code == DUPLICATE), "")
    if duplicate:
        return duplicate[0].lower() + duplicate[1:].rstrip(".")
    if clip.kind is Kind.VIDEO and (clip.picture is None or clip.frames <= 0):
        return "it has no picture"
    if clip.kind is Kind.PHOTO and clip.picture is None:
        return "it has no picture"
    return ""


def _slot_for(storyboard: Storyboard, clip: Clip) -> tuple[Slot | None, str]:
    """The slot of a clip and a remark; without a slot the remark says why."""
    if clip.slot is not None:
        asked = next((slot for slot in storyboard.slots if slot.id == clip.slot), None)
        if asked is not None and clip.kind in TAKES[asked.takes]:
            return asked, ""
        slot, _ = _natural_slot(storyboard, clip)
        if asked is None:
            known = ", ".join(slot.id for slot in storyboard.slots)
            remark = f"there is no slot “{clip.slot}” (the slots are {known})"
        else:
            remark = f"the slot “{asked.id}” does not take a {clip.kind}"
        return slot, f"{remark}, so it is used for “{slot.id}”" if slot else remark
    return _natural_slot(storyboard, clip)


def _natural_slot(storyboard: Storyboard, clip: Clip) -> tuple[Slot | None, str]:
    """The slot for a clip that nobody assigned."""
    first = {slot.takes: slot for slot in reversed(storyboard.slots)}
    if clip.kind is Kind.PHOTO:
        slot = first.get("photo")
        return slot, "" if slot else "the storyboard has no place for photos"
    if clip.kind is Kind.SOUND:
        slot = first.get("narration") if clip.sentences else None
        why = "sound is used as narration with a transcript, or as music when `music:` names it"
        return slot, "" if slot else why
    if clip.sentences and clip.sound is not None:
        interviews = [slot for slot in storyboard.slots if slot.takes == "interview"]
        named = [slot for slot in interviews if slot.id == "community"]
        for slot in [*named, *(slot for slot in interviews if not slot.required)]:
            return slot, f"it has a transcript but no slot, so it is used for “{slot.id}”"
        return None, "somebody speaks in it, and the storyboard has no place for another voice: give it a slot"
    slot = first.get("broll")
    if slot is None:
        return None, "the storyboard has no place for scenes without speech"
    return slot, "it has no slot and no transcript, so its pictures are used without its sound"


def music_of(storyboard: Storyboard, clips: Sequence[Clip], given: str | None) -> str | None:
    """The film's music: what the footage names, else the storyboard's file when the project has it."""
    wished = storyboard.music.file
    return given or (wished if any(clip.file == wished for clip in clips) else None)
