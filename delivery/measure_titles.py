"""The title lines of the craft: how long cards stand, what they say, and how they stand against their ground."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from agencies.agency import Agency
from agencies.promise import MARKS_NOTICE, is_intact
from delivery.delivery import Check, checked, graded
from delivery.look import HEIGHT, WIDTH, Look
from delivery.survey import settled_frames
from editing.spoken_promise import heard_promises
from editing.timeline import CardShot, Timeline
from ingest.clip import Clip
from ingest.flashes import luminance

EDGE = 0.05
"""Share of the picture on each side that titles keep clear of."""
STRANGE_LUMA = 60
"""Steps of luma that no gradient or grain of a card's ground makes."""


def title_checks(timeline: Timeline, agency: Agency) -> list[Check]:
    """Checks on what the cards say and how long, from the plan alone."""
    cards = [shot for shot in timeline.shots if isinstance(shot, CardShot)]
    promises = [card for card in cards if card.kind == "promise"]
    promise = bool(promises) and all(is_intact(card.text, agency.name) for card in promises)
    marks = any(_plain(MARKS_NOTICE) in _plain(card.text) for card in cards)
    short = [card.kind for card in cards if (card.end - card.start) / float(timeline.rate) < reading_s(card.text)]
    return [
        checked("the Promise, word for word", "yes" if promise else "no", "yes", promise),
        checked("the notice of marks", "yes" if marks else "no", "yes", marks),
        checked(
            "cards too short to read", ", ".join(short) or "none", "words / 3 + 1.5 s on screen at least", not short
        ),
        *_lower_thirds(timeline),
    ]


def spoken_promise_checks(timeline: Timeline, clips: Sequence[Clip], agency: Agency) -> list[Check]:
    """How the Promise is spoken, where somebody speaks it: other words are told, and the film may leave with them."""
    heard = heard_promises(timeline, clips, agency)
    if not heard:
        return []
    told = [f"at {one.at_s:.1f} s {one.words}" for one in heard if one.words]
    goal = ("word for word", not told)
    return [
        graded("the Promise as it is spoken", "; ".join(told) or goal[0], goal, ("the cards have the wording", True))
    ]


def reading_s(text: str) -> float:
    """Seconds a text must stand: a third of a second for each word, and 1.5."""
    return len(text.split()) / 3 + 1.5


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _lower_thirds(timeline: Timeline) -> list[Check]:
    thirds, rate = timeline.lower_thirds, float(timeline.rate)
    lengths = [(third.end - third.start) / rate for third in thirds]
    again = [name for name, times in Counter(third.name for third in thirds).items() if times > 1]
    fit = not lengths or (min(lengths) >= 4 and max(lengths) <= 6)
    legible = not lengths or (min(lengths) >= 2.5 and max(lengths) <= 7)
    span = f"{min(lengths):.1f} to {max(lengths):.1f}" if lengths else "no speaker named"
    return [
        graded("lower thirds s", span, ("4 to 6", fit), ("2.5 to 7", legible)),
        checked("speakers named again", ", ".join(again) or "none", "each once", not again),
    ]


def card_picture_checks(look: Look, timeline: Timeline) -> list[Check]:
    """Checks on the cards as they came out: contrast of the text with its ground, and the title-safe edge."""
    weakest, strange, kind = math.inf, 0.0, ""
    cards = [shot for shot in timeline.shots if isinstance(shot, CardShot)]
    for shot, frame in zip(cards, settled_frames(timeline), strict=True):
        if not shot.text.strip():
            continue
        contrast = _contrast(look, frame)
        if contrast < weakest:
            weakest, kind = contrast, shot.kind
        strange = max(strange, _edge_marks(look, frame))
    if not kind:
        return []
    return [
        checked("weakest title contrast", f"{weakest:.1f}:1 on the {kind} card", "4.5:1 at least", weakest >= 4.5),
        checked("marks outside the title-safe area, share of it", round(strange, 4), "0", strange == 0),
    ]


def _contrast(look: Look, frame: int) -> float:
    """Contrast of the strongest thousandth of a card's pixels with its ground (the median pixel)."""
    light = luminance(look.rgb(frame))
    ground = float(np.median(light))
    high, low = float(np.percentile(light, 99.9)), float(np.percentile(light, 0.1))
    return max((high + 0.05) / (ground + 0.05), (ground + 0.05) / (low + 0.05))


def _edge_marks(look: Look, frame: int) -> float:
    """Share of the outer edge whose pixels stand out from their half of the edge."""
    luma = look.luma(frame).astype(np.int16)
    rows, columns = int(HEIGHT * EDGE), int(WIDTH * EDGE)
    sides = (luma[:rows], luma[-rows:], luma[:, :columns], luma[:, -columns:])
    marked = sum(int((np.abs(side - np.median(side)) > STRANGE_LUMA).sum()) for side in sides)
    return marked / sum(side.size for side in sides)
