"""Any two brand colours make a card that can be read."""

import random

import pytest

from agencies.agency import Colours
from editing.colouring import READABLE, VISIBLE, contrast, palette


@pytest.mark.parametrize("seed", range(40))
def test_every_pair_of_colours_is_readable(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        ground, accent = (f"#{chance.randrange(1 << 24):06X}" for _ in range(2))
        colours = palette(Colours(ground=ground, accent=accent))
        for end in (colours.top, colours.bottom):
            assert contrast(colours.text, end) >= READABLE
            assert contrast(colours.emphasis, end) >= READABLE
            assert contrast(colours.accent, end) >= VISIBLE


def test_an_accent_that_stands_out_stays_as_it_is() -> None:
    colours = palette(Colours())
    assert (colours.text, colours.accent, colours.emphasis) == ("#FFFFFF", "#C8A14B", "#C8A14B")
