"""The wording of the Promise: locked, versioned, the same on every film. Templates never edit its words."""

from typing import Literal

Variant = Literal["department", "members"]

WORDING_VERSION = 1
"""Grows by one with every change of the wording, so that a film can say which wording it carries."""

MARKS_NOTICE = (
    "Police2Peace is a registered mark of Police2Peace. "
    "Peace Officer Project and Peace Officer Promise are trademarks of Police2Peace."
)
"""The notice every end card carries."""

_REST = (
    "promise that while doing our best to control crime,",
    "we will do everything in our power",
    "to do no harm",
    "to the communities we serve and protect.",
)


def promise_phrases(agency_name: str, variant: Variant = "department") -> tuple[str, ...]:
    """The Promise in its five breaths; joined by blanks they are the whole sentence.

    The name is used letter by letter. A name that brings its own article gets no second one.
    """
    if variant == "department":
        return (f"We, {agency_name},", *_REST)
    article = "" if agency_name.casefold().startswith("the ") else "the "
    return (f"We, the members of {article}{agency_name},", *_REST)


def promise_text(agency_name: str, variant: Variant = "department") -> str:
    """The Promise as one sentence."""
    return " ".join(promise_phrases(agency_name, variant))


def is_intact(text: str, agency_name: str) -> bool:
    """Whether a text is the Promise of this agency word for word, in either variant; only white space may differ."""
    tidy = " ".join(text.split())
    return any(tidy == " ".join(promise_text(agency_name, variant).split()) for variant in ("department", "members"))
