"""What goes over the wire of edits by hand: their versions, what changed, and captions corrected."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas import Body, Listing, moment
from editing.caption_desk import LONGEST_TEXT
from editing.edits import NO_EDITS, Edits
from pipeline.cuts import Reader
from pipeline.edits import EditsVersion, Saved
from pipeline.versions import LONGEST_NOTE, LONGEST_WORD

Author = Annotated[str, Field(min_length=1, max_length=LONGEST_WORD, description="Who decided.")]
Note = Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE, description="What was changed, and why.")]
Basis = Annotated[
    int,
    Field(ge=0, le=10**6, strict=True, description="The version that was edited, 0 before the first: else 409."),
]


class NewEdits(Body):
    """All that is decided by hand for a project's film, to be saved as its next version."""

    edits: Edits
    author: Author
    note: Note
    based_on: Basis


class WantedChanges(Body):
    """With which edits a film in review is planned again."""

    edits_version: Annotated[int | None, Field(ge=0, le=10**6, description="By default the newest; 0 for none.")] = None


class CorrectedCaption(Body):
    """One caption as it shall read."""

    number: Annotated[int, Field(ge=1, le=10_000, strict=True)]
    words: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class FromReview(Body):
    """Who corrects captions of a film in review, and in what they were read."""

    round: Annotated[int, Field(ge=1, strict=True, description="The job's `round` in which they were read.")]
    author: Author
    note: Note = "Captions corrected in review."
    based_on: Basis

    @property
    def reader(self) -> Reader:
        """The same for the use-cases."""
        return Reader(self.round, self.based_on, self.author, self.note)


class CorrectedCaptions(FromReview):
    """Captions of a film in review, corrected where they were read."""

    captions: Annotated[list[CorrectedCaption], Field(min_length=1, max_length=1000)]


class EditsOut(BaseModel):
    """One version of a project's edits; it stays as it is. Number 0 stands for none."""

    project: str
    number: int
    author: str
    note: str
    created: datetime | None
    edits: Edits

    @classmethod
    def of(cls, version: EditsVersion) -> "EditsOut":
        """The public shape of a version."""
        return cls(
            project=version.project_id,
            number=version.number,
            author=version.author,
            note=version.note,
            created=moment(version.created_at),
            edits=version.edits,
        )


class EditsNow(EditsOut):
    """A version with what of it does not hold with the footage of now."""

    unapplied: Annotated[
        list[str], Field(description="Edits that change nothing now, and why: their clip is gone, words changed.")
    ]

    @classmethod
    def seen(cls, project: str, saved: Saved | None) -> "EditsNow":
        """The public shape of a version; of none before the first."""
        if saved is None:
            return cls(project=project, number=0, author="", note="", created=None, edits=NO_EDITS, unapplied=[])
        return cls(**dict(EditsOut.of(saved.version)), unapplied=list(saved.unapplied))


class EditsDiff(BaseModel):
    """What changed between two versions, in words."""

    old: int
    new: int
    changes: list[str]


class EditsList(Listing):
    """A project's versions, newest first."""

    items: list[EditsOut]
