"""Cards stand long enough, the Promise comes breath by breath and then whole, and the notice is never missing."""

from agencies.agency import Agency
from agencies.promise import MARKS_NOTICE, promise_text
from editing.card_timing import cards_of, reading_frames
from storyboards.library import load
from storyboards.storyboard import Card

AGENCY = Agency(name="Anytown Police Department")
STORYBOARD = load("promise")


def test_the_promise_is_breathed_and_then_whole() -> None:
    breaths, whole = cards_of(Card(kind="promise", variant="members"), STORYBOARD, AGENCY)
    assert breaths.lines[3] == "to do no harm"
    assert " ".join(breaths.lines) == whole.lines[0] == promise_text(AGENCY.name, "members")
    pauses = [b - a for a, b in zip(breaths.reveal, [*breaths.reveal[1:], breaths.frames], strict=True)]
    assert all(pause >= 10 * len(line.split()) for pause, line in zip(pauses, breaths.lines, strict=True))


def test_the_end_card_carries_the_notice_once() -> None:
    (bare,) = cards_of(Card(kind="end"), STORYBOARD, AGENCY)
    assert bare.lines == (MARKS_NOTICE,)
    (full,) = cards_of(Card(kind="end", lines=("{{ marks_notice }}", "{{ credits }}")), STORYBOARD, AGENCY)
    assert full.lines == (MARKS_NOTICE,)


def test_the_opening_names_the_department() -> None:
    (card,) = cards_of(Card(kind="opening", lines=("A film",)), STORYBOARD, AGENCY)
    assert card.lines == (AGENCY.name, "A film")
    assert 180 <= card.frames <= 210


def test_long_words_take_longer() -> None:
    assert reading_frames("x" * 120) > reading_frames("word")
