"""When a beat is in the film: a closed language of two questions, joined by `and` and `or`. Pure; nothing is evaluated.

    when: slot community is filled and variable city is set

A slot is filled or empty, a variable is set or empty; `and` binds tighter than `or`, and there is nothing else.
"""

import re
from collections.abc import Collection
from typing import Literal, NamedTuple

LONGEST = 200
"""Characters of a condition; more is a mistake."""

FORM = "write `slot NAME is filled`, `slot NAME is empty`, `variable NAME is set` or `variable NAME is empty`"
"""What a condition may say, for messages."""

_WORDS = r"(slot [a-z][a-z0-9_]* is (filled|empty)|variable [a-z][a-z0-9_]* is (set|empty))"
PATTERN = rf"^{_WORDS}( (and|or) {_WORDS})*$"
"""The same as a pattern, for editors' plugins."""

_CLAUSE = re.compile(r"(slot) ([a-z][a-z0-9_]*) is (filled|empty)|(variable) ([a-z][a-z0-9_]*) is (set|empty)")


class Clause(NamedTuple):
    """One question and the answer that it wants."""

    about: Literal["slot", "variable"]
    name: str
    wanted: bool
    """True: filled or set; False: empty."""


Condition = tuple[tuple[Clause, ...], ...]
"""Any of these groups, all of whose clauses hold."""


def read_condition(text: str) -> Condition:
    """The condition that a text states. Raises ValueError with what to write instead."""
    if len(text) > LONGEST:
        raise ValueError(f"a condition has {LONGEST} characters at most")
    words = " ".join(text.split())
    return tuple(tuple(_clause(one) for one in group.split(" and ")) for group in words.split(" or "))


def holds(condition: Condition, filled: Collection[str], given: Collection[str]) -> bool:
    """Whether a condition holds when these slots are filled and these variables are set."""

    def answered(clause: Clause) -> bool:
        return (clause.name in (filled if clause.about == "slot" else given)) is clause.wanted

    return any(all(map(answered, group)) for group in condition)


def _clause(text: str) -> Clause:
    found = _CLAUSE.fullmatch(text)
    if not found:
        raise ValueError(f"“{text[:60]}” is no condition: {FORM}")
    if found[1]:
        return Clause("slot", found[2], found[3] == "filled")
    return Clause("variable", found[5], found[6] == "set")
