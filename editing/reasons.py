"""Why a part of a clip was chosen, in a few plain words, for whoever looks at the plan. Pure."""

from editing.speech_selection import Run, ends_thought, speeches_of
from ingest.clip import Clip

BY_HAND = "chosen by hand"
"""What speaks for all that a person cut himself."""


def why_said(run: Run) -> str:
    """What speaks for a run of a speaker: how much of what he says it is, and whether it is a whole thought."""
    if not run.words:
        marked = run.clip.in_s is not None or run.clip.out_s is not None
        return "marked by in and out points, not written down" if marked else "the slot needs a voice, not written down"
    speeches = speeches_of(run.clip)
    said = sorted({number for _, number in run.words})
    kept = [n for n, one in enumerate(speeches) if one.number in said]
    if not kept:
        return ""
    sentence = "sentence" if len(kept) == 1 else "sentences"
    much = "all that is said" if len(kept) == len(speeches) else f"{len(kept)} of {len(speeches)} sentences"
    place = "" if len(kept) == len(speeches) else f" ({sentence} {_span(kept)})"
    opens = kept[0] == 0 or ends_thought(speeches[kept[0] - 1].sentence)
    whole = opens and ends_thought(speeches[kept[-1]].sentence)
    return f"{much}{place}, {'a whole thought' if whole else 'whole sentences'}"


def why_shown(photo: Clip) -> str:
    """What speaks for a photo: photos are shown in order of their names, as many as the storyboard takes."""
    return "next by name, people" if photo.faces else "next by name"


def _span(kept: list[int]) -> str:
    first, last = kept[0] + 1, kept[-1] + 1
    return f"{first}" if first == last else f"{first} to {last}"
