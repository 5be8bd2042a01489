"""Any department's name fits its card: no line too wide, no word lost, no size below the smallest."""

import random

import pytest

from editing.typesetting import SAFE_WIDTH, SMALLEST, balance, fit, width

WORDS = [
    "County",
    "Sheriff’s",
    "Office",
    "of",
    "the",
    "Saint-Étienne",
    "Metropolitan",
    "Police",
    "Department",
    "Đà",
    "Nẵng",
    "Łódź",
    "&",
    "Sons",
    "№1",
]


@pytest.mark.parametrize("seed", range(60))
def test_names_of_any_length_fit(seed: int) -> None:
    chance = random.Random(seed)
    name = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 20)))[: chance.randint(1, 120)].strip() or "X"
    size, lines = fit(name, range(SMALLEST, 88, 4), SAFE_WIDTH, most_lines=4)
    assert size >= SMALLEST
    assert all(width(line, size) <= SAFE_WIDTH for line in lines)
    assert "".join(lines).replace(" ", "").replace("-", "") == name.replace(" ", "").replace("-", "")


def test_an_unbreakable_word_breaks_with_hyphens() -> None:
    size, lines = fit("W" * 120, (84, 64, 48, 36), 1500, most_lines=3)
    assert len(lines) > 1
    assert all(line.endswith("-") for line in lines[:-1])
    assert all(width(line, size) <= 1500 for line in lines)


def test_lines_are_balanced() -> None:
    lines = balance("the members of the Anytown Metropolitan Police Department and Harbour Patrol", 60, 1500)
    widths = [width(line, 60) for line in lines]
    assert len(lines) == 2
    assert min(widths) > 0.75 * max(widths)
