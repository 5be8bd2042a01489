"""The wording of the Promise stays as it is, for any name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.promise import MARKS_NOTICE, Variant, is_intact, promise_phrases, promise_text

TAIL = (
    "promise that while doing our best to control crime, we will do everything in our power to do no harm "
    "to the communities we serve and protect."
)
ODD = ['O\'Brien "PD"', "A:B", r"back\slash", "%{}", r"{\an8}", "{{ department }}", "{% raw %}", "Žďár nad Sázavou"]


def test_department_wording_is_locked() -> None:
    assert promise_text("Anytown Police Department", "department") == f"We, Anytown Police Department, {TAIL}"


def test_members_wording_is_locked() -> None:
    assert promise_text("Anytown Police", "members") == f"We, the members of the Anytown Police, {TAIL}"


def test_a_name_with_its_own_article_gets_no_second_one() -> None:
    assert promise_text("The Anytown Police", "members").startswith("We, the members of The Anytown Police, promise")


def test_the_five_breaths() -> None:
    assert promise_phrases("X", "members")[1:] == (
        "promise that while doing our best to control crime,",
        "we will do everything in our power",
        "to do no harm",
        "to the communities we serve and protect.",
    )


def test_the_notice_is_locked() -> None:
    assert MARKS_NOTICE == (
        "Police2Peace is a registered mark of Police2Peace. "
        "Peace Officer Project and Peace Officer Promise are trademarks of Police2Peace."
    )


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("variant", ["department", "members"])
def test_odd_names_stay_verbatim(name: str, variant: Variant) -> None:
    assert name in promise_text(name, variant)
    assert is_intact(promise_text(name, variant), name)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=120), st.integers(0))
def test_any_changed_letter_is_found(name: str, place: int) -> None:
    text = promise_text(name, "members")
    at = place % len(text)
    assert is_intact(text, name)
    if not text[at].isspace():
        assert not is_intact(text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :], name)


def test_white_space_alone_may_differ() -> None:
    assert is_intact(promise_text("A B").replace(" ", "\n "), "A B")
    assert not is_intact(promise_text("A B"), "A C")
