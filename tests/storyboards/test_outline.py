"""Where beats stand in a text: lines that can change places, and values that can be written anew."""

import random

import pytest

from storyboards.library import list_ids, shipped_text
from storyboards.outline import outline
from storyboards.parse import parse
from storyboards.problem import StoryboardRefused

REMARKED = """\
schema: 1
beats:
  # who begins
  - {beat: card, kind: opening}

  # the leader, whole
  - beat: interview
    slot: leader   # as the guide says
    lines: [
      "a", "b"]
    note: |
      long
      words
  - beat: broll
variables: {}
"""


def moved(text: str, one: int, other: int) -> str:
    """The text with two neighbouring beats in each other's place, as a page moves them."""
    items, lines = outline(text), text.splitlines(keepends=True)
    a, b = items[one], items[other]
    assert a.last + 1 == b.first
    return "".join(
        [*lines[: a.first - 1], *lines[b.first - 1 : b.last], *lines[a.first - 1 : a.last], *lines[b.last :]]
    )


def test_a_beat_is_its_lines_with_the_remarks_above_it() -> None:
    assert [(item.first, item.last) for item in outline(REMARKED)] == [(3, 4), (5, 13), (14, 14)]
    assert [[span.name for span in item.fields] for item in outline(REMARKED)] == [
        ["beat", "kind"],
        ["beat", "slot"],
        ["beat"],
    ]


@pytest.mark.parametrize("name", list_ids())
def test_lines_of_every_card_are_found_in_the_text(name: str) -> None:
    text = shipped_text(name)
    for item, beat in zip(outline(text), parse(text, name).beats, strict=True):
        told = [text[span.start : span.end].strip("'\"") for span in item.lines]
        assert told == [span.value for span in item.lines] == list(getattr(beat, "lines", ()))


def test_lines_that_go_over_several_lines_of_the_text_are_left_to_it() -> None:
    folded = "beats:\n  - beat: card\n    lines:\n      - one\n      - >-\n        two\n        three\n"
    assert [item.lines for item in outline(folded)] == [()]
    assert [[span.value for span in item.lines] for item in outline(REMARKED)] == [[], ["a", "b"], []]


@pytest.mark.parametrize("name", list_ids())
def test_beats_of_every_template_change_places_and_values(name: str) -> None:
    text = shipped_text(name)
    beats = parse(text, name).beats
    items = outline(text)
    assert len(items) == len(beats)
    for item, beat in zip(items, beats, strict=True):
        for span in item.fields:
            assert text[span.start : span.end].strip("'\"") == span.value
        assert {span.name: span.value for span in item.fields}["beat"] == beat.beat
    dice = random.Random(name)
    order = list(beats)
    for _ in range(3):
        n = dice.randrange(len(order) - 1)
        text = moved(text, n, n + 1)
        order[n], order[n + 1] = order[n + 1], order[n]
        assert [span.value for item in outline(text) for span in item.fields if span.name == "beat"] == [
            one.beat for one in order
        ]
    seconds = next(span for item in items for span in item.fields if span.name == "max_s")
    fresh = shipped_text(name)
    fresh = fresh[: seconds.start] + "7" + fresh[seconds.end :]
    assert sum(getattr(beat, "max_s", 0) == 7 for beat in parse(fresh, name).beats) >= 1


@pytest.mark.parametrize(
    "text", ["beats: 3", "- beat", "title: x", "beats: [{beat: card}, {beat: card}]", "beats:\n  - - 1\n  - x"]
)
def test_what_has_no_lines_of_its_own_is_not_moved(text: str) -> None:
    assert all(item.first == 0 or item.first <= item.last for item in outline(text))
    if "[" in text:
        assert {(item.first, item.last) for item in outline(text)} == {(0, 0)}


def test_what_is_no_yaml_has_no_outline() -> None:
    with pytest.raises(StoryboardRefused):
        outline("beats: [")
