"""Which clip fills which slot, and a note for every clip that is left out or used otherwise than asked."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from editing.casting import in_turn, suited
from ingest.clip import BLANK_PICTURE, DUPLICATE, Clip, Kind, Verdict
from storyboards.storyboard import Storyboard

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
    reasons: Mapping[str, str]
    """For each clip that nobody gave its slot, by file: why it has this one."""


def assign(storyboard: Storyboard, clips: Sequence[Clip], music: str | None) -> Assignment:
    """Place every usable clip once; the order of `clips` does not matter.

    What people said of clips comes first; those that nobody gave a slot go where they suit, best candidates first.
    """
    slots: dict[str, list[Clip]] = {slot.id: [] for slot in storyboard.slots}
    asked = {slot.id: slot for slot in storyboard.slots}
    notes: dict[str, str] = {}
    reasons: dict[str, str] = {}
    loose: list[Clip] = []
    for clip in sorted(clips, key=lambda clip: clip.file):
        if clip.file == music and clip.verdict is not Verdict.REFUSED and clip.sound is not None:
            continue
        if why := _unusable(clip):
            notes[clip.file] = left_out(clip, why)
        elif clip.slot in asked and clip.kind in TAKES[asked[clip.slot].takes]:
            slots[clip.slot].append(clip)
        else:
            loose.append(clip)
    for clip in in_turn(loose):
        seconds = {name: sum(one.duration_s or 1.0 for one in found) for name, found in slots.items()}
        slot, why = suited(storyboard, clip, seconds)
        if slot is None:
            notes[clip.file] = left_out(clip, "; ".join(filter(None, (_mistaken(storyboard, clip), why))))
            continue
        slots[slot.id].append(clip)
        mistaken = _mistaken(storyboard, clip)
        if why:
            reasons[clip.file] = f"used for “{slot.id}” because {why}"
        if why or mistaken:
            used = ": ".join(filter(None, (f"so it is used for “{slot.id}”", why)))
            notes[clip.file] = f"“{clip.file}”: {mistaken or 'it has no slot'}, {used}"
    said = [notes[name] for name in sorted(notes)]
    usable = {clip.file for clip in clips if clip.verdict is not Verdict.REFUSED and clip.sound is not None}
    if music is not None and music not in usable:
        said.append(f"the music “{music}” cannot be used: the film has no music")
        music = None
    if music is not None and storyboard.music.style == "none":
        said.append(f"the music “{music}” is not used: the storyboard has none")
        music = None
    placed = {name: tuple(sorted(found, key=lambda clip: clip.file)) for name, found in slots.items()}
    return Assignment(placed, music, tuple(said), reasons)


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
    if clip.kind is Kind.PHOTO and any(note.code == BLANK_PICTURE for note in clip.notes):
        return "nothing can be seen in it"
    return ""


def _mistaken(storyboard: Storyboard, clip: Clip) -> str:
    """What is wrong with the slot that a clip was given, if anything."""
    if clip.slot is None:
        return ""
    if clip.slot in (slot.id for slot in storyboard.slots):
        return f"the slot “{clip.slot}” does not take a {clip.kind}"
    known = ", ".join(slot.id for slot in storyboard.slots)
    return f"there is no slot “{clip.slot}” (the slots are {known})"


def music_of(storyboard: Storyboard, clips: Sequence[Clip], given: str | None) -> str | None:
    """The film's music: what the footage names, else the storyboard's file when the project has it."""
    wished = storyboard.music.file
    return given or (wished if any(clip.file == wished for clip in clips) else None)
