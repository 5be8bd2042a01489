"""Title cards: their words filled in and how long each stands, by the reading pace of the craft."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from agencies.agency import Agency
from agencies.promise import MARKS_NOTICE, promise_phrases, promise_text
from editing.card_layout import fits
from editing.timeline import CardShot
from editing.typesetting import WRITABLE, unwritable
from kit.errors import InputRefused
from storyboards.storyboard import Card, Storyboard
from storyboards.variables import fill

FADE = 12
"""Frames a card's words need to come up; not counted as reading time."""
_SHORTEST = {"opening": 195, "chapter": 105, "quote": 150, "promise": 150, "end": 210}
_BREATH_PAUSE = 21
"""Frames of rest after each breath of the Promise."""
_BETWEEN = 12
"""Frames in which the breaths of the Promise go before the whole of it comes up, so that their lines do not mingle."""


class PlannedCard(NamedTuple):
    """A card without its place in the film."""

    kind: str
    lines: tuple[str, ...]
    frames: int
    reveal: tuple[int, ...] = ()
    seal: str | None = None
    voiced: bool = False

    def at(self, start: int) -> CardShot:
        """The card as a shot that starts at a frame of the film."""
        facts = self._asdict() | {"start": start, "end": start + self.frames}
        facts.pop("frames")
        return CardShot.model_validate(facts)


def cards_of(card: Card, storyboard: Storyboard, agency: Agency, *, voiced: bool = False) -> tuple[PlannedCard, ...]:
    """The cards a card beat becomes: the Promise is two, breath by breath and then whole.

    Where somebody is heard over them (`voiced`), their words must leave room for captions.

    Raises InputRefused for words that do not fit on the card or that the films' typeface cannot show.
    """
    cards = _promise(agency, card) if card.kind == "promise" else _plain(card, storyboard, agency)
    for one in cards:
        text = " ".join(one.lines)
        if strange := unwritable(text):
            raise InputRefused(f"the {one.kind} card says “{strange}”, which our typeface does not have: {WRITABLE}")
        if not fits(one._replace(voiced=voiced).at(0)):
            raise InputRefused(f"the {one.kind} card holds more words than fit on it: shorten “{text[:60]}…”")
    return cards


def card_shot(storyboard: Storyboard, agency: Agency, kind: str, nth: int, lines: tuple[str, ...]) -> CardShot | None:
    """The nth card of a kind with other words, as a shot; of the Promise, which keeps its own, the whole sentence.

    None when the storyboard has no such card or it has no words. Raises InputRefused as `cards_of`.
    """
    found = [beat for beat in storyboard.beats if isinstance(beat, Card) and beat.kind == kind]
    if nth > len(found):
        return None
    card = found[nth - 1] if kind == "promise" else found[nth - 1].model_copy(update={"lines": lines})
    cards = cards_of(card, storyboard, agency, voiced=bool(card.voice))
    return cards[-1].at(0) if cards else None


def _plain(card: Card, storyboard: Storyboard, agency: Agency) -> tuple[PlannedCard, ...]:
    filled = [fill(one, _values(storyboard, agency)) for one in card.lines]
    lines = [line.strip() for text in filled for line in text.splitlines() if line.strip()]
    if card.kind == "opening" and agency.name not in " ".join(lines):
        lines.insert(0, agency.name)
    if card.kind == "end" and MARKS_NOTICE not in " ".join(lines):
        lines.append(MARKS_NOTICE)
    if not lines:
        return ()
    frames = max(_SHORTEST[card.kind], reading_frames(" ".join(lines)))
    seal = agency.seal.file if agency.seal and card.kind in ("opening", "end") else None
    return (PlannedCard(card.kind, tuple(lines), frames, seal=seal),)


def reading_frames(text: str) -> int:
    """Frames a text stands to be read: words/3 + 1.5 s, and its fade; a very long word counts as several."""
    words = sum(math.ceil(len(word) / 14) for word in text.split())
    return math.ceil(30 * (words / 3 + 1.5)) + FADE


def _promise(agency: Agency, card: Card) -> tuple[PlannedCard, ...]:
    phrases = promise_phrases(agency.name, card.variant)
    reveal, at = [], FADE // 2
    for phrase in phrases:
        reveal.append(at)
        at += reading_frames(phrase) - FADE - 45 + _BREATH_PAUSE
    whole = promise_text(agency.name, card.variant)
    frames = max(at + 45, reading_frames(whole))
    return (
        PlannedCard("promise", phrases, frames, tuple(reveal)),
        PlannedCard("promise", (whole,), reading_frames(whole) + _BETWEEN, (_BETWEEN,)),
    )


def _values(storyboard: Storyboard, agency: Agency) -> Mapping[str, str]:
    offered = {"department": agency.name, "marks_notice": MARKS_NOTICE, "title": storyboard.title}
    return {**storyboard.variables, **offered}
