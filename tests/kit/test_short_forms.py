"""Which full stops end no sentence."""

import pytest

from kit.short_forms import goes_on


@pytest.mark.parametrize(
    ("word", "following"),
    [
        ("Sgt.", "Miller"),
        ("“Dr.", "Okafor"),
        ("J.", "Smith"),
        ("St.", "Mary's"),
        ("Jan.", "5"),
        ("No.", "2"),
        ("(No.", "(2"),
    ],
)
def test_a_short_form_belongs_to_what_follows(word: str, following: str) -> None:
    assert goes_on(word, following)


@pytest.mark.parametrize(
    ("word", "following"),
    [
        ("No.", "We"),
        ("I.", "We"),
        ("Jan.", "We"),
        ("came.", "We"),
        ("Sgt.", ""),
        ("Sgt", "Miller"),
        ("col.", "we"),
        ("", ""),
    ],
)
def test_other_full_stops_end_a_sentence(word: str, following: str) -> None:
    assert not goes_on(word, following)
