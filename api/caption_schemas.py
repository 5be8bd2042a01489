"""What goes over the wire of a film's captions: their words and times, the limits they are held against, its pieces."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from editing.captions import GAP, LONGEST, READING_GOAL, SHORTEST
from editing.line_breaks import LINE_LIMIT
from editing.timeline import Cue
from kit.timing import frames_to_seconds
from pipeline.cuts import LONGEST_CAPTION, Captioned
from pipeline.jobs import JobState

LINES = 2


class CaptionLimits(BaseModel):
    """What a caption keeps to; a corrected one that does not is broken into several when the film is planned again."""

    characters_a_second: float = READING_GOAL
    line_characters: int = LINE_LIMIT
    lines: int = LINES
    shortest_s: float = frames_to_seconds(SHORTEST)
    longest_s: float = frames_to_seconds(LONGEST)
    gap_s: float = frames_to_seconds(GAP)
    characters: Annotated[int, Field(description="Of one caption that is sent.")] = LONGEST_CAPTION


class CaptionOut(BaseModel):
    """A caption of a film."""

    number: Annotated[int, Field(description="Counts the film's captions from 1.")]
    at_s: Annotated[float, Field(description="Seconds of the film at which it comes.")]
    until_s: Annotated[float, Field(description="Seconds of the film at which it goes.")]
    speaker: Annotated[str | None, Field(description="Who speaks, when known.")]
    words: Annotated[str, Field(description="What it shows, without the dash of an answer.")]
    lines: Annotated[list[str], Field(description="What it shows, line by line; an answer begins with a dash.")]
    clip: Annotated[str, Field(description="SHA-256 of the clip in which it is said, hex.")]
    start: Annotated[int, Field(description="The frame of the clip at which its words begin.")]


class CaptionsOut(BaseModel):
    """All captions of a film as it was planned last, and what correcting them needs."""

    project: str
    round: Annotated[int, Field(description="The planning of the film they belong to; sent back with corrections.")]
    based_on: Annotated[int, Field(description="The project's newest edits, 0 for none; sent back with corrections.")]
    correctable: Annotated[bool, Field(description="Whether the film is in review.")]
    limits: CaptionLimits
    pieces: Annotated[
        list[float],
        Field(description="When each piece of the film ends, in seconds; those under a corrected caption are remade."),
    ]
    captions: list[CaptionOut]

    @classmethod
    def of(cls, seen: Captioned) -> "CaptionsOut":
        """The public shape of a film's captions."""
        return cls(
            project=seen.job.project_id,
            round=seen.job.round,
            based_on=seen.based_on,
            correctable=seen.job.state is JobState.IN_REVIEW,
            limits=CaptionLimits(),
            pieces=[round(frames_to_seconds(end), 3) for end in seen.pieces],
            captions=[
                CaptionOut(
                    number=caption.number,
                    at_s=round(frames_to_seconds(cue.start), 3),
                    until_s=round(frames_to_seconds(cue.end), 3),
                    speaker=speaker,
                    words=caption.words,
                    lines=list(cue.lines),
                    clip=caption.clip,
                    start=caption.start,
                )
                for caption, cue, speaker in zip(seen.captions, seen.cues, _speakers(seen.cues), strict=True)
            ],
        )


def _speakers(cues: Sequence[Cue]) -> Iterator[str | None]:
    """Who speaks in each cue: it is named, or its words begin with a dash, where another voice begins."""
    now = None
    for cue in cues:
        if cue.speaker or cue.lines[0].startswith("- "):
            now = cue.speaker
        yield now
