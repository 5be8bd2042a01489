"""The Promise as it is spoken is found among other words, and every word that is not as approved is told."""

import os
import random
from collections import Counter

import pytest

from agencies.promise import Variant, promise_text
from agencies.spoken_promise import Difference, spoken_promises

NAME = "Anytown Police Department"
WORDS = "I joined this department twelve years ago because I wanted to help people where I grew up."
TALK = WORDS.split()
MEMBERS = promise_text(NAME, "members")
SETS = 2000 if os.environ.get("PROMISEREEL_SOAK") else 200


def told(text: str, name: str = NAME) -> list[list[str]]:
    """The differences of each time the Promise is found in a text."""
    return [[str(one) for one in spoken.differences] for spoken in spoken_promises(text.split(), name)]


@pytest.mark.parametrize("variant", ["department", "members"])
def test_the_approved_words_are_word_for_word(variant: Variant) -> None:
    (spoken,) = spoken_promises([*TALK, *promise_text(NAME, variant).split(), *TALK], NAME)
    assert spoken.variant == variant
    assert spoken.differences == ()
    assert (spoken.start, spoken.end) == (len(TALK), len(TALK) + len(promise_text(NAME, variant).split()))


def test_case_punctuation_and_apostrophes_do_not_count() -> None:
    text = "WE the members of the Anytown police department PROMISE — that, while doing our best to control crime: we "
    text += "will do everything in our power, to do no harm to the communities we serve... and protect"
    assert told(text) == [[]]
    assert told(promise_text("Chief’s Own Police", "department").replace("’", "'"), "Chief’s Own Police") == [[]]


def test_words_said_as_others_left_out_and_added_are_told() -> None:
    text = MEMBERS.replace("control crime", "fight crime").replace("no harm", "no harm whatsoever")
    text = text.replace("everything in our power", "everything")
    assert told(text) == [
        ["“control” was said as “fight”", "“in our power” was left out", "“whatsoever” was added"],
    ]


def test_another_name_is_told() -> None:
    assert told(MEMBERS.replace(NAME, "Othertown Police Department")) == [["“Anytown” was said as “Othertown”"]]


def test_the_nearest_wording_is_the_one_that_is_meant() -> None:
    text = promise_text(NAME, "department").replace("We, Anytown", "We, the Anytown")
    (spoken,) = spoken_promises(text.split(), NAME)
    assert (spoken.variant, spoken.differences) == ("department", (Difference("", "the"),))


def test_a_promise_that_stops_in_the_middle_is_told() -> None:
    cut = MEMBERS[: MEMBERS.index(" to the communities")]
    assert told(cut) == [["“to the communities we serve and protect” was left out"]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ".join(TALK),
        "I promise that we will do everything in our power for you.",
        "To do no harm: that is what the Promise is about, and we protect and serve our communities.",
        "the we our to do " * 60,
    ],
)
def test_talk_about_the_promise_is_not_the_promise(text: str) -> None:
    assert told(text) == []


def test_it_is_compared_each_time_it_is_spoken() -> None:
    wrong = MEMBERS.replace("no harm", "little harm")
    text = f"{wrong} {' '.join(TALK)} {MEMBERS} And now you all. {wrong}"
    assert told(text) == [["“no” was said as “little”"], [], ["“no” was said as “little”"]]


@pytest.mark.parametrize("seed", range(SETS))
def test_whatever_was_changed_is_told(seed: int) -> None:
    """The words said, less those told as said, with those told as approved, are the approved words."""
    rng = random.Random(seed)
    approved = promise_text(NAME, rng.choice(["department", "members"])).split()
    said, changes = list(approved), rng.randrange(6)
    for _ in range(changes):
        at = rng.randrange(len(said))
        said[at : at + 1] = rng.choice([[], ["hm"], [said[at], "um"]])
    talk = [rng.choice(TALK) for _ in range(rng.randrange(200))]
    whole = [*talk, *said, *TALK]
    (spoken,) = spoken_promises(whole, NAME)
    words = Counter(_keys(" ".join(whole[spoken.start : spoken.end])))
    for one in spoken.differences:
        words.subtract(_keys(one.said))
        words.update(_keys(one.approved))
    assert +words == Counter(_keys(promise_text(NAME, spoken.variant)))
    assert min(words.values()) >= 0
    told_words = sum(max(len(one.said.split()), len(one.approved.split())) for one in spoken.differences)
    assert told_words <= changes, "no more is told than was changed"


def _keys(text: str) -> list[str]:
    return [word.strip(".,").casefold() for word in text.split()]
