"""Edits that do not hold in a film, each by the name of what it decides, so that it is told beside its field. Pure."""

from collections.abc import Iterator, Sequence

from editing.edit_words import Edit, about
from editing.edits import BeatCuts, CaptionText, CardText, Edits, LowerThirdText
from kit.values import Value

FILM = "film"
MUSIC = "music"


class Misfit(Value):
    """An edit that changes nothing, and why."""

    subject: str
    """What it decides: `beat SLOT NTH`, `card KIND NTH`, `clip`, `name` or `caption` with a digest, `music`, `film`."""
    words: str
    """Why it does not hold, as one sentence."""


def misfits(edits: Edits, unapplied: Sequence[str]) -> tuple[Misfit, ...]:
    """The sentences of what does not hold, each with what it is about."""
    known = sorted(_named(edits), key=lambda one: len(one[0]), reverse=True)
    return tuple(_misfit(words, known) for words in unapplied)


def _misfit(words: str, known: Sequence[tuple[str, str]]) -> Misfit:
    for name, subject in known:
        if words.startswith((f"{name}: ", f"{name}, ")):
            return Misfit(subject=subject, words=_sentence(words[len(name) + 2 :]))
    return Misfit(subject=FILM, words=_sentence(words))


def _named(edits: Edits) -> Iterator[tuple[str, str]]:
    """How each edit is called in sentences, and its subject."""
    yield "the music", MUSIC
    every: Sequence[Edit] = (*edits.left_out, *edits.slots, *edits.beats, *edits.cards, *edits.lower_thirds)
    for edit in (*every, *edits.captions):
        yield about(edit), _subject(edit)


def _subject(edit: Edit) -> str:
    if isinstance(edit, BeatCuts):
        return f"beat {edit.slot} {edit.nth}"
    if isinstance(edit, CardText):
        return f"card {edit.card} {edit.nth}"
    if isinstance(edit, CaptionText):
        return f"caption {edit.clip}"
    return f"{'name' if isinstance(edit, LowerThirdText) else 'clip'} {edit.clip}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
