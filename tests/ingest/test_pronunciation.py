"""Guessed pronunciations, measured against the words whose pronunciation is known."""

import random
import re
from pathlib import Path

import pytest
from pocketsphinx import get_model_path

from ingest.pronunciation import pronunciation


def known() -> dict[str, list[list[str]]]:
    """Pronunciations of every plain word of the dictionary."""
    table: dict[str, list[list[str]]] = {}
    for line in Path(get_model_path("en-us"), "cmudict-en-us.dict").read_text("utf-8").splitlines():
        word, *phones = line.split()
        if found := re.fullmatch(r"([a-z]{3,})(\(\d\))?", word):
            table.setdefault(found[1], []).append(phones)
    return table


def distance(guess: list[str], truth: list[str]) -> int:
    """Sounds to change, add or leave out."""
    row = list(range(len(truth) + 1))
    for i, sound in enumerate(guess, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(truth, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (sound != other))
    return row[-1]


def test_four_sounds_of_five_are_right() -> None:
    table = known()
    wrong = total = 0
    for word in random.Random(20).sample(sorted(table), 500):
        errors, sounds = min((distance(pronunciation(word).split(), truth), len(truth)) for truth in table[word])
        wrong, total = wrong + errors, total + sounds
    assert wrong / total <= 0.2  # one letter, one sound: 0.46


@pytest.mark.parametrize("word", ["Łódź", "zzyzx", "Nguyễn", "名前", "mcdonough", "'", "ieee", "queue", "x"])
def test_every_word_has_a_pronunciation(word: str) -> None:
    assert re.fullmatch(r"[A-Z]{1,2}(?: [A-Z]{1,2})*", pronunciation(word))
