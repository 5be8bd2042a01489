"""Written words are read as people say them."""

import pytest

from ingest.numbers import cardinal, ordinal
from ingest.spoken_forms import MOST, readings

SAID = {
    "2024": "twenty twenty four",
    "2007": "two thousand seven",
    "1500": "fifteen hundred",
    "$1,500": "fifteen hundred dollars",
    "$2.50": "two dollars fifty cents",
    "24/7": "twenty four seven",
    "3rd": "third",
    "9-1-1": "nine one one",
    "911,": "nine one one",
    "10:30": "ten thirty",
    "10:05": "ten oh five",
    "10:00": "ten o'clock",
    "50%": "fifty percent",
    "3.5": "three point five",
    "I-95": "i ninety five",
    "1990s": "nineteen nineties",
    "No.": "number",
    "#5": "number five",
    "007": "oh oh seven",
    "Dr.": "doctor",
    "St.": "street",
    "(Sgt.": "sergeant",
    "B-12,": "b twelve",
    "7A": "seven a",
    "U.S.": "u s",
    "PD": "p d",
    "SWAT": "swat",
    "“forty-two": "forty two",
    "“Don’t!”": "don't",
    "(officers’)": "officers",
    "and/or": "and or",
    "&": "and",
    "it.": "it",
    "Łódź": "łódź",
}


@pytest.mark.parametrize(("word", "form"), SAID.items())
def test_a_word_is_said_so(word: str, form: str) -> None:
    assert tuple(form.split()) in readings(word)


@pytest.mark.parametrize("word", ["[applause]", "[crowd cheering]", "(laughs)", "—", "...", "-", "♪", "“", "'"])
def test_signs_are_silent(word: str) -> None:
    assert readings(word) == ()


@pytest.mark.parametrize(
    "word",
    ["9" * 9000, "a." * 9000, "1455", "999999999999999", "1,234,567.89", "12-34-56-78", "0", "²", "٣", "$", "%", "'s"],
)
def test_any_word_has_a_few_readings_without_digits(word: str) -> None:
    found = readings(word)
    assert len(found) <= MOST
    assert not any(part.isdecimal() and part.isascii() for way in found for part in way)


def test_numbers_in_full() -> None:
    assert " ".join(cardinal(1_020_304)) == "one million twenty thousand three hundred four"
    assert [ordinal(n)[-1] for n in (1, 12, 20, 23, 100)] == ["first", "twelfth", "twentieth", "third", "hundredth"]
