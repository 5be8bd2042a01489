"""Cards stand long enough, the Promise comes breath by breath and then whole, and the notice is never missing."""

import pytest

from agencies.agency import Agency, Seal
from agencies.promise import MARKS_NOTICE, promise_text
from editing.card_timing import cards_of, reading_frames
from editing.graph import REVEAL
from editing.titles import plan_card
from kit.errors import InputRefused
from storyboards.library import list_ids, load
from storyboards.storyboard import Card

AGENCY = Agency(name="Anytown Police Department")
STORYBOARD = load("promise")


def test_the_promise_is_breathed_and_then_whole() -> None:
    breaths, whole = cards_of(Card(kind="promise", variant="members"), STORYBOARD, AGENCY)
    assert breaths.lines[3] == "to do no harm"
    assert " ".join(breaths.lines) == whole.lines[0] == promise_text(AGENCY.name, "members")
    assert whole.reveal == (12,)
    pauses = [b - a for a, b in zip(breaths.reveal, [*breaths.reveal[1:], breaths.frames], strict=True)]
    assert all(pause >= 10 * len(line.split()) for pause, line in zip(pauses, breaths.lines, strict=True))


@pytest.mark.parametrize("name", list_ids())
def test_words_can_be_read_once_they_have_come_up(name: str) -> None:
    """All of a card but the Promise's breaths, which dim, can be read at its pace, and most of a second more."""
    storyboard = load(name).as_example
    for department in (AGENCY.name, "The Police Department of Upper Saint Croix Falls " * 2):
        for beat in storyboard.beats:
            cards = cards_of(beat, storyboard, Agency(name=department.strip())) if isinstance(beat, Card) else ()
            for card in cards[-1:]:
                layers = plan_card(card.at(0), "c").layers
                assert all(layer.fade_in >= 0 and layer.fade_out < 0 for layer in layers)
                up = max(layer.fade_in for layer in layers) + REVEAL
                assert card.frames - up >= 30 * (len(" ".join(card.lines).split()) / 3 + 0.9)


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


def test_a_quote_names_who_said_it_and_stands_as_long_as_it_takes_to_read() -> None:
    said = ("A badge is a promise.", "Speaker One", "Chief of Police")
    (card,) = cards_of(Card(kind="quote", lines=said), STORYBOARD, AGENCY)
    assert card.lines == said
    assert card.frames >= reading_frames(" ".join(said))


def test_credits_of_several_lines_stand_each_on_its_own() -> None:
    storyboard = STORYBOARD.model_copy(update={"variables": {"credits": "Music by A.\n\nPhotos by B.\n"}})
    (card,) = cards_of(Card(kind="end", lines=("{{ credits }}", "{{ marks_notice }}")), storyboard, AGENCY)
    assert card.lines == ("Music by A.", "Photos by B.", MARKS_NOTICE)


def test_the_seal_is_on_the_opening_and_the_end_alone() -> None:
    agency = AGENCY.model_copy(update={"seal": Seal(digest="d", key="k")})
    for kind in ("opening", "chapter", "promise", "end"):
        shown = [card.seal for card in cards_of(Card(kind=kind, lines=("A",)), STORYBOARD, agency)]
        assert set(shown) == {"seal-d" if kind in ("opening", "end") else None}


@pytest.mark.parametrize(
    ("lines", "words"),
    [(("警察",), "typeface does not have"), (("much too long " * 30,) * 8, "more words than fit")],
)
def test_a_card_that_cannot_be_set_is_refused(lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputRefused, match=words):
        cards_of(Card(kind="chapter", lines=lines), STORYBOARD, AGENCY)
