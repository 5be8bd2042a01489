"""Conditions ask two questions and nothing else."""

import itertools
import random

import pytest

from kit.errors import InputRefused
from storyboards.conditions import Clause, holds, read_condition
from storyboards.parse import parse
from tests.storyboards.test_parse import GOOD

CLAUSES = {
    "slot a is filled": lambda filled, given: "a" in filled,
    "slot b is empty": lambda filled, given: "b" not in filled,
    "variable a is set": lambda filled, given: "a" in given,
    "variable c is empty": lambda filled, given: "c" not in given,
}
BAD = [
    *("", "community", "slot community", "slot is filled", "slot a is", "slot a is set", "variable a is filled"),
    *("slot a is filled and", "or slot a is filled", "not slot a is filled", "(slot a is filled)", "True", "1 == 1"),
    *("slot a.b is filled", "slot __class__ is filled", "slot A is filled", "variable a.__class__ is set", "SLOT a is"),
    *("slot a is filled AND slot b is filled", "{{ a }}", "lambda: 0", "slot a is filled; slot b is filled"),
    " and ".join(["slot a is filled"] * 20),
]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="condition"):
        read_condition(text)


def test_a_condition_is_read_as_it_stands() -> None:
    found = read_condition("slot  community is filled and variable city is set or slot photos is empty")
    assert found == (
        (Clause("slot", "community", True), Clause("variable", "city", True)),
        (Clause("slot", "photos", False),),
    )


def test_and_binds_tighter_than_or_whatever_is_filled() -> None:
    worlds = [frozenset(one) for n in range(4) for one in itertools.combinations("abc", n)]
    chance = random.Random(5)
    for _ in range(200):
        groups = [chance.sample(sorted(CLAUSES), chance.randint(1, 3)) for _ in range(chance.randint(1, 2))]
        text = " or ".join(" and ".join(group) for group in groups)
        filled, given = chance.choice(worlds), chance.choice(worlds)
        wanted = any(all(CLAUSES[one](filled, given) for one in group) for group in groups)
        assert holds(read_condition(text), filled, given) is wanted, text


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("slot comunity is filled", "there is no slot “comunity” (did you mean community?)"),
        ("variable credit is set", "there is no variable “credit” (did you mean credits?)"),
        ("slot community is full", "is no condition: write `slot NAME is filled`"),
        ("[a]", "should be text"),
    ],
)
def test_a_wrong_condition_is_named_on_its_line(when: str, words: str) -> None:
    text = GOOD.replace("    kind: chapter\n", f"    kind: chapter\n    when: {when}\n")
    line = text[: text.index(f"    when: {when}")].count("\n") + 1
    with pytest.raises(InputRefused) as refused:
        parse(text, "f.yaml")
    (row,) = str(refused.value).splitlines()
    assert row.startswith(f"f.yaml:{line}")
    assert words in row
    assert ".when: " in row
