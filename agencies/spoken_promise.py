"""The Promise as somebody speaks it, found among other words and compared word by word with the approved text. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from agencies.promise import Variant, promise_text

_VARIANTS: tuple[Variant, ...] = ("department", "members")
_NEAR = 0.6
"""Share of the approved words after the name that must be said: less is talk about the Promise, not the Promise."""
_ONE, _OTHER = 10, 11
"""What a word costs that is missing or added, and one said as another: the former explains more by words that match."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

Step = Literal["same", "other", "missing", "added"]


class Difference(NamedTuple):
    """Neighbouring words that are not as approved."""

    approved: str
    """Empty where words were added."""
    said: str
    """Empty where words were left out."""

    def __str__(self) -> str:
        if not self.said:
            return f"“{self.approved}” was left out"
        if not self.approved:
            return f"“{self.said}” was added"
        return f"“{self.approved}” was said as “{self.said}”"


class Spoken(NamedTuple):
    """The Promise, spoken once."""

    start: int
    """Which of the words given is its first."""
    end: int
    """One past its last."""
    variant: Variant
    """The approved wording that it is nearest to."""
    differences: tuple[Difference, ...]
    """In the order of the words; none when it was spoken word for word."""


class _Word(NamedTuple):
    shown: str
    key: str
    at: int
    """Which of the words given it is, or is a part of."""


def spoken_promises(words: Sequence[str], agency_name: str) -> tuple[Spoken, ...]:
    """Every time these words, in the order of speaking, make the Promise of an agency or come near it.

    Case and punctuation do not count.
    """
    return tuple(_found(_words(words), agency_name))


def _found(said: list[_Word], agency_name: str) -> Iterator[Spoken]:
    core = {word.key for word in _words(promise_text("", "department").split())}
    if len(core & {word.key for word in said}) < _NEAR * len(core):
        return
    best: tuple[int, int, int, Variant, list[Step]] | None = None
    for variant in _VARIANTS:
        approved = _words(promise_text(agency_name, variant).split())
        start, steps = _aligned(approved, said)
        distance = sum(step != "same" for step in steps)
        same_core = sum(step == "same" for step in [one for one in steps if one != "added"][-_core_length() :])
        if same_core >= _NEAR * _core_length() and (best is None or distance < best[0]):
            end = start + sum(step != "missing" for step in steps)
            best = (distance, start, end, variant, steps)
    if best is None:
        return
    _, start, end, variant, steps = best
    yield from _found(said[:start], agency_name)
    approved = _words(promise_text(agency_name, variant).split())
    told = tuple(_differences(approved, said[start:end], steps))
    yield Spoken(said[start].at, said[end - 1].at + 1, variant, told)
    yield from _found(said[end:], agency_name)


def _core_length() -> int:
    """Words of the Promise after “We” and the name."""
    return len(_words(promise_text("", "department").split())) - 1


def _words(given: Sequence[str]) -> list[_Word]:
    return [
        _Word(part, part.casefold().replace("’", "'"), at)
        for at, word in enumerate(given)
        for part in _WORD.findall(word)
    ]


def _aligned(approved: Sequence[_Word], said: Sequence[_Word]) -> tuple[int, list[Step]]:
    """Where among the words said the approved ones lie with the fewest changes, and how the two go together.

    What is said before and after costs nothing.
    """
    rows = [[0] * (len(said) + 1)]
    for i, word in enumerate(approved, start=1):
        row = [i * _ONE]
        for j, heard in enumerate(said, start=1):
            pair = rows[-1][j - 1] + _OTHER * (word.key != heard.key)
            row.append(min(pair, rows[-1][j] + _ONE, row[-1] + _ONE))
        rows.append(row)
    j = min(range(len(said) + 1), key=lambda end: (rows[-1][end], end))
    steps: list[Step] = []
    i = len(approved)
    while i:
        here = rows[i][j]
        other = j > 0 and approved[i - 1].key != said[j - 1].key
        if j and here == rows[i - 1][j - 1] + _OTHER * other:
            steps.append("other" if other else "same")
            i, j = i - 1, j - 1
        elif j and here == rows[i][j - 1] + _ONE:
            steps.append("added")
            j -= 1
        else:
            steps.append("missing")
            i -= 1
    return j, steps[::-1]


def _differences(approved: Sequence[_Word], said: Sequence[_Word], steps: Sequence[Step]) -> Iterator[Difference]:
    meant: list[str] = []
    heard: list[str] = []
    i = j = 0
    for step in [*steps, "same"]:
        if step == "same":
            if meant or heard:
                yield Difference(" ".join(meant), " ".join(heard))
                meant, heard = [], []
            i, j = i + 1, j + 1
            continue
        if step != "added":
            meant.append(approved[i].shown)
            i += 1
        if step != "missing":
            heard.append(said[j].shown)
            j += 1
