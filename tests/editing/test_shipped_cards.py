"""Any department's name fits every card of every storyboard that comes with the program."""

import os

import pytest

from agencies.agency import Agency, Seal
from api.profile import profile_of
from editing.card_layout import lay_out
from editing.card_timing import PlannedCard, cards_of
from editing.typesetting import SAFE_BOTTOM, SAFE_TOP, SAFE_WIDTH, SMALLEST
from storyboards.library import list_ids, load
from storyboards.storyboard import Card
from tests.editing.test_typesetting import made_up

NAMES = 10_000 if os.environ.get("PROMISEREEL_SOAK") else 500
SHIPPED = [load(name).as_example for name in list_ids()]
SEAL = Seal(digest="0", key="seals/0")


def distinct_cards(agency: Agency) -> set[PlannedCard]:
    """Each card once, however many storyboards show it."""
    beats = [(beat, storyboard) for storyboard in SHIPPED for beat in storyboard.beats if isinstance(beat, Card)]
    return {card for beat, storyboard in beats for card in cards_of(beat, storyboard, agency)}


@pytest.mark.parametrize("part", range(10))
def test_names_of_any_kind_fit_every_card_of_every_storyboard(part: int) -> None:
    for seed in range(part, NAMES, 10):
        typed = made_up(seed, odd=False)
        if not typed.strip():
            continue
        agency = profile_of(typed).model_copy(update={"seal": SEAL if seed % 2 else None})
        cards = distinct_cards(agency)
        assert len(cards) >= 12
        for card in cards:
            rows = lay_out(card.at(0), (700, 600) if card.seal else None)
            assert rows[0].top >= SAFE_TOP, (seed, card)
            assert rows[-1].top + rows[-1].height <= SAFE_BOTTOM, (seed, card)
            texts = [row for row in rows if row.kind == "text"]
            assert all(row.size >= SMALLEST and row.wide <= SAFE_WIDTH for row in texts), (seed, card)
            whole = " ".join(card.lines)
            assert card.frames >= 30 * (len(whole.split()) / 3 + 1.5), (seed, card)
