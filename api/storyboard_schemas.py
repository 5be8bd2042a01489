"""What goes over the wire of storyboards: their versions, what changed, and what a check found."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.problems import FieldProblem, fields_of
from api.schemas import Body, Listing, moment
from pipeline.versions import LONGEST_NOTE, LONGEST_WORD, Checked, Version
from storyboards.diff import Difference


class NewVersion(Body):
    """A change of a storyboard to be saved."""

    text: Annotated[str, Field(description="The whole storyboard in YAML.")]
    author: Annotated[str, Field(min_length=1, max_length=LONGEST_WORD, description="Who changed it.")]
    note: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE, description="What was changed, and why.")]
    based_on: Annotated[
        int | None,
        Field(ge=1, description="The version that was edited: 409 when another was saved since. Null for a new one."),
    ] = None


class WantedCheck(Body):
    """A text to be checked, not saved."""

    text: Annotated[str, Field(description="The whole storyboard in YAML.")]
    storyboard: Annotated[
        str | None, Field(max_length=64, description="The id it would be saved by; by default its own.")
    ] = None


class VersionOut(BaseModel):
    """One version of a storyboard; it stays as it is."""

    storyboard: str
    number: Annotated[int, Field(description="Counts a storyboard's versions from 1.")]
    title: str
    author: str
    note: str
    shipped: Annotated[bool, Field(description="Whether it came with the program.")]
    created: datetime

    @classmethod
    def of(cls, version: Version) -> "VersionOut":
        """The public shape of a version, without its text."""
        names = ("storyboard", "number", "title", "author", "note", "shipped")
        return cls(**{name: getattr(version, name) for name in names}, created=moment(version.created_at))


class VersionText(VersionOut):
    """One version with its text."""

    text: Annotated[str, Field(description="The YAML, letter by letter.")]

    @classmethod
    def whole(cls, version: Version) -> "VersionText":
        """The public shape of a version."""
        return cls(**VersionOut.of(version).model_dump(), text=version.text)


class ChangeOut(BaseModel):
    """One thing that changed."""

    about: Annotated[str, Field(examples=["interview leader"])]
    words: Annotated[str, Field(examples=["max 25 s → 20 s"])]

    @classmethod
    def of(cls, change: Difference) -> "ChangeOut":
        """The public shape of a difference."""
        return cls(about=change.about, words=change.words)


class DiffOut(BaseModel):
    """What changed between two versions."""

    old: VersionOut
    new: VersionOut
    changes: list[ChangeOut]


class CheckOut(BaseModel):
    """What saving a text would find."""

    good: bool
    problems: list[FieldProblem]
    title: str | None = None
    beats: int | None = None
    slots: int | None = None
    target_s: float | None = None
    changes: Annotated[list[ChangeOut], Field(description="What it would change of the newest version.")] = []

    @classmethod
    def of(cls, checked: Checked) -> "CheckOut":
        """The public shape of a check."""
        spec = checked.storyboard
        if spec is None:
            return cls(good=False, problems=fields_of(checked.problems))
        return cls(
            good=True,
            problems=[],
            title=spec.title,
            beats=len(spec.beats),
            slots=len(spec.slots),
            target_s=spec.target_s,
            changes=list(map(ChangeOut.of, checked.changes)),
        )


class VersionList(Listing):
    """Versions: the newest of each storyboard by id, or one storyboard's, newest first."""

    items: list[VersionOut]
