"""Words that captions show otherwise than they were written down: found again in their clip, word by word. Pure.

A correction is kept as the few words it changes, so that it holds when the captions break elsewhere, and is found by
those words near its place, so that it holds when a transcript is laid against the sound anew.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from agencies.agency import Agency
from agencies.spoken_promise import Spoken, spoken_promises
from editing.edits import CaptionText
from editing.typesetting import WRITABLE, unwritable
from ingest.clip import Clip, Word
from kit.timing import nearest_frame

NEAR = 60
"""Frames that the words of a correction may have moved since."""
_LOCKED = "these words belong to the Promise, whose wording is locked"


class Corrected(NamedTuple):
    """A clip's words as captions show them."""

    shown: dict[int, str]
    """What is shown in place of a word, by its number in the clip; empty where nothing is."""
    places: dict[CaptionText, tuple[int, ...]]
    """The words that each correction concerns."""
    refused: dict[CaptionText, str]
    """Why a correction does not hold."""


def words_of(clip: Clip) -> list[Word]:
    """All that is said in a clip, in order of time."""
    return [word for one in sorted(clip.sentences, key=lambda one: one.start_s) for word in one.words]


def frames_of_word(word: Word) -> tuple[int, int]:
    """The frames of its clip in which a word is spoken."""
    first = nearest_frame(word.start_s)
    return first, max(first + 1, nearest_frame(word.end_s))


def said_in(clip: Clip, was: str, source: tuple[int, int]) -> tuple[int, ...]:
    """The numbers of these words of a clip, spoken within these frames of it; nothing when they are not there."""
    return _place(was.split(), source, words_of(clip))


def correct(clip: Clip, edits: Sequence[CaptionText], agency: Agency) -> Corrected:
    """The words of a clip with these corrections; those that no longer fit, or touch the Promise, change nothing."""
    words = words_of(clip)
    corrected = Corrected({}, {}, {})
    for edit in edits:
        place = _place(edit.was.split(), (edit.start, edit.end), words)
        if not place:
            corrected.refused[edit] = f"nobody says “{edit.was}” there any more"
            continue
        told = dict(zip(place, spread([words[n].text for n in place], edit.words.split()), strict=True))
        why = _why_not(edit, words, corrected.shown, told, agency)
        if why:
            corrected.refused[edit] = why
            continue
        corrected.places[edit] = place
        corrected.shown.update(told)
    return corrected


def corrections(
    clip: Clip, held: Sequence[CaptionText], said: Collection[int], text: str, agency: Agency
) -> tuple[CaptionText, ...]:
    """The corrections of a clip after the words of these numbers are to read as `text`.

    Those that fit nothing any more are kept as they are.
    """
    words = words_of(clip)
    before = correct(clip, held, agency)
    numbers = sorted(said)
    shown = dict(before.shown)
    shown |= dict(zip(numbers, spread([words[n].text for n in numbers], text.split()), strict=True))
    return (*_fine(clip, words, shown), *before.refused)


def spread(was: Sequence[str], words: Sequence[str]) -> list[str]:
    """What is shown in place of each old word, when together they become the new ones."""
    shown = [""] * len(was)
    before: list[str] = []
    for kind, a, b, first, last in SequenceMatcher(a=was, b=words, autojunk=False).get_opcodes():
        new = words[first:last]
        if kind == "insert" and not a:
            before = list(new)
        elif kind == "insert":
            shown[a - 1] = " ".join([shown[a - 1], *new]).strip()
        else:
            edges = [len(new) * n // (b - a) for n in range(b - a + 1)]
            shown[a:b] = [" ".join(new[i:j]) for i, j in pairwise(edges)]
    if before and shown:
        shown[0] = " ".join([*before, shown[0]]).strip()
    return shown


def _place(was: Sequence[str], source: tuple[int, int], words: Sequence[Word]) -> tuple[int, ...]:
    """The numbers of the words that are meant: in a row and near their place, else in order within it."""
    texts = [word.text for word in words]
    runs = [n for n in range(len(words) - len(was) + 1) if texts[n : n + len(was)] == was]
    off = {n: abs(frames_of_word(words[n])[0] - source[0]) for n in runs}
    best = min(runs, key=lambda n: (off[n], n), default=None)
    if best is not None and off[best] <= NEAR:
        return tuple(range(best, best + len(was)))
    within = [n for n, word in enumerate(words) if source[0] <= frames_of_word(word)[0] < source[1]]
    return tuple(_in_order(within, texts, was))


def _in_order(numbers: Sequence[int], texts: Sequence[str], was: Sequence[str]) -> list[int]:
    """The first of these words that are the old ones one after the other; nothing when one is not there."""
    found: list[int] = []
    for n in numbers:
        if len(found) < len(was) and texts[n] == was[len(found)]:
            found.append(n)
    return found if len(found) == len(was) else []


def _why_not(
    edit: CaptionText, words: Sequence[Word], shown: Mapping[int, str], told: Mapping[int, str], agency: Agency
) -> str:
    if strange := unwritable(edit.words):
        return f"our typeface does not have “{strange}”: {WRITABLE}"
    now = [word.text for word in words]
    then = [{**shown, **told}.get(n, text) for n, text in enumerate(now)]
    return _LOCKED if alters_promise(now, then, agency) else ""


def alters_promise(now: Sequence[str], then: Sequence[str], agency: Agency) -> bool:
    """Whether words that change take the Promise away, or farther from its approved wording than it was."""
    before, after = (spoken_promises(" ".join(one).split(), agency.name) for one in (now, then))
    return len(after) < len(before) or _off(after) > _off(before)


def _off(found: Sequence[Spoken]) -> int:
    """How many words of the Promise are not as approved."""
    return sum(len(one.approved.split()) + len(one.said.split()) for spoken in found for one in spoken.differences)


def _fine(clip: Clip, words: Sequence[Word], shown: Mapping[int, str]) -> Iterator[CaptionText]:
    """The fewest words that make this difference, one correction for each run of them."""
    changed = [n for n, text in sorted(shown.items()) if text != words[n].text]
    runs: list[list[int]] = []
    for n in changed:
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    for run in _never_empty(runs, words, shown):
        new = " ".join(text for n in run if (text := shown.get(n, words[n].text)))
        if new:
            first, last = frames_of_word(words[run[0]])[0], frames_of_word(words[run[-1]])[1]
            was = " ".join(words[n].text for n in run)
            yield CaptionText(clip=clip.digest, file=clip.file, start=first, end=last, was=was, words=new)


def _never_empty(runs: list[list[int]], words: Sequence[Word], shown: Mapping[int, str]) -> list[list[int]]:
    """The runs, one in which nothing is left to show together with a neighbour; runs that meet are one."""
    joined: list[list[int]] = []
    for run in runs:
        grown = list(run)
        while not any(shown.get(n, words[n].text) for n in grown) and len(grown) < len(words):
            grown = [grown[0] - 1, *grown] if grown[0] else [*grown, grown[-1] + 1]
        if joined and grown[0] <= joined[-1][-1]:
            joined[-1] = sorted({*joined[-1], *grown})
        else:
            joined.append(grown)
    return joined
