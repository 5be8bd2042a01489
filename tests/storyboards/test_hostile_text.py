"""Texts made to do harm are refused like any other mistake: with a place, soon, in words that can be sent."""

import json
import time

import pytest

from storyboards.diff import differences
from storyboards.library import shipped_text
from storyboards.parse import parse
from storyboards.problem import MOST_PROBLEMS, StoryboardRefused

PROMISE = shipped_text("promise")
TITLE = next(line for line in PROMISE.splitlines() if line.startswith("title:"))


def card(words: str) -> str:
    """The shipped storyboard with another card."""
    return PROMISE + f"\n  - beat: card\n    kind: chapter\n    lines:\n      - {words}\n"


@pytest.mark.parametrize(
    "text",
    [
        PROMISE.replace(TITLE, "title: !!bool foo"),
        PROMISE.replace(TITLE, 'title: !!int ""'),
        PROMISE.replace(TITLE, 'title: !!float ""'),
        PROMISE.replace(TITLE, r'title: "\UFFFFFFFF"'),
        PROMISE.replace(TITLE, r'title: "\U00110000"'),
        PROMISE.replace(TITLE, r'title: "\uD800"'),
        PROMISE.replace(TITLE, r'title: "a\0b"'),
        PROMISE.replace(TITLE, r'title: "a\u202eb"'),
        PROMISE + "\n" + r'"\uD800": 1' + "\n",
        PROMISE + "\nloudness_lufs: [1]\n",
        PROMISE + "\nloudness_lufs: {a: 1}\n",
        PROMISE.replace("takes: broll", f"takes: broll\n    min_s: {'9' * 400}\n    max_s: {'8' * 400}"),
        PROMISE.replace(TITLE, f"title: 0x{'f' * 6000}"),
        PROMISE + f"\n  - beat: broll\n    when: 0x{'f' * 6000}\n",
        card('"{{ a' + ".b" * 20_000 + ' }}"'),
        card('"{{ ' + "9" * 6000 + ' }}"'),
        card('"{{ ' + "(" * 20_000 + ' }}"'),
        card('"{{ ' + "(" * 20_000 + '"'),
    ],
)
def test_it_is_refused_in_words_that_can_be_sent(text: str) -> None:
    with pytest.raises(StoryboardRefused) as refused:
        parse(text, "own.yaml")
    json.dumps([list(problem) for problem in refused.value.problems], ensure_ascii=False).encode()
    assert all(problem.place.line >= 1 for problem in refused.value.problems)


@pytest.mark.parametrize(
    "more",
    [
        "".join(f"  - {{beat: broll, slot: n{n}}}\n" for n in range(1300)),
        "  - beat: card\n    kind: chapter\n    lines:\n" + "".join(f'      - "{{{{ v{n} }}}}"\n' for n in range(1200)),
        "".join(f"x{n}: 1\n" for n in range(5000)),
        "  - {" + ", ".join(f"q{n}: 1" for n in range(5000)) + "}\n",
    ],
    ids=["beats", "lines", "fields", "fields of a beat"],
)
def test_ten_thousand_mistakes_take_seconds_and_are_told_in_part(more: str) -> None:
    began = time.process_time()
    with pytest.raises(StoryboardRefused) as refused:
        parse(f"{PROMISE.rstrip()}\n{more}", "own.yaml")
    assert time.process_time() - began < 10
    assert len(refused.value.problems) <= MOST_PROBLEMS


def test_two_versions_full_of_words_are_compared_in_seconds() -> None:
    one, other = (
        parse(
            PROMISE
            + "".join(
                f"\n  - {{beat: card, kind: chapter, lines: [{'a' * n}{letter * 190} {letter * 180}]}}"
                for n in range(60)
            ),
            "promise.yaml",
        )
        for letter in ("x", "y")
    )
    began = time.process_time()
    assert differences(one, other)
    assert time.process_time() - began < 10
