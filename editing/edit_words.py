"""Edits by hand in the words of those who make them, and what changed between two versions. Pure."""

from collections.abc import Mapping
from typing import Literal

from editing.edits import BeatCuts, CaptionCue, CaptionText, CardText, Cut, Edits, LeftOut, LowerThirdText, Placed
from kit.timing import clock

Edit = LeftOut | Placed | BeatCuts | CardText | LowerThirdText | CaptionText | CaptionCue


def about(edit: Edit) -> str:
    """What an edit is about, in a few words."""
    match edit:
        case LeftOut() | Placed():
            return f"“{edit.file}”"
        case BeatCuts():
            return f"the {nth(edit.nth)}beat of “{edit.slot}”"
        case CardText():
            return f"the {nth(edit.nth)}{edit.card} card"
        case LowerThirdText():
            return f"the name of the speaker of “{edit.file}”"
        case CaptionText():
            return f"the caption of “{edit.file}” at {clock(edit.start / 30)}"
        case CaptionCue():
            return f"the caption made of “{shortened(edit.was)}” in “{edit.file}” at {clock(edit.start / 30)}"


def decided(edit: Edit) -> str:
    """What it decides."""
    match edit:
        case LeftOut() | Placed():
            return f"used for “{edit.slot}”" if isinstance(edit, Placed) else "left out"
        case BeatCuts():
            return ", ".join(map(_cut, edit.cuts))
        case CardText():
            return f"“{' / '.join(edit.lines)}”"
        case LowerThirdText():
            return f"“{edit.name}”" + (f", “{edit.role}”" if edit.role else "")
        case CaptionText():
            return f"“{edit.was}” reads “{edit.words}”"
        case CaptionCue():
            return "one caption" + _moved("comes", edit.comes, "first") + _moved("goes", edit.goes, "last")


def differences(old: Edits, new: Edits) -> tuple[str, ...]:
    """What was decided anew, otherwise, or taken back, one sentence each; nothing when the two say the same."""
    before, after = _by_subject(old), _by_subject(new)
    said = []
    for subject, words in after.items():
        if subject not in before:
            said.append(f"{subject}: {words}")
        elif before[subject] != words:
            said.append(f"{subject}: {before[subject]} → {words}")
    taken_back = [f"{subject}: no longer {words}" for subject, words in before.items() if subject not in after]
    return (*said, *taken_back)


def nth(number: int) -> str:
    """Nothing for the first, which is mostly the only one; “2nd ”, “3rd ”, “4th ” …"""
    if number == 1:
        return ""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} "


def _by_subject(edits: Edits) -> Mapping[str, str]:
    every: list[Edit] = [*edits.left_out, *edits.slots, *edits.beats, *edits.cards, *edits.lower_thirds]
    every += [*edits.captions, *edits.cues]
    said: dict[str, str] = {}
    for edit in every:
        subject = about(edit)
        said[subject] = f"{said[subject]}; {decided(edit)}" if subject in said else decided(edit)
    if edits.music is not None:
        said["the film’s music"] = "none" if edits.music == "none" else f"“{edits.music.file}”"
    if edits.music_db is not None:
        said["the music"] = f"at {edits.music_db:g} dB"
    return said


def shortened(text: str) -> str:
    """The first four words of a text."""
    words = text.split()
    return text if len(words) <= 4 else f"{' '.join(words[:4])} …"


def _moved(comes: str, frames: int | None, word: Literal["first", "last"]) -> str:
    if frames is None:
        return ""
    edge = "begins" if word == "first" else "ends"
    side = "after" if frames >= 0 else "before"
    return f", {comes} {abs(frames) / 30:.2f} s {side} its {word} word {edge}"


def _cut(cut: Cut) -> str:
    if cut.start is None or cut.end is None:
        return f"“{cut.file}”"
    return f"“{cut.file}” {seconds(cut.start)} to {seconds(cut.end)}"


def seconds(frame: int) -> str:
    """When a frame starts, to the hundredth: 12.40 s."""
    return f"{frame / 30:.2f} s"
