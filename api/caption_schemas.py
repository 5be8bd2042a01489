"""What goes over the wire of a film's captions: their words and times, the limits they are held against, its pieces."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.edit_schemas import FromReview
from api.schemas import Body
from editing.caption_desk import LONGEST_TEXT, DeskCaption, HeardWord, WantedCaption
from editing.captions import GAP, LONGEST, READING_GOAL, SHORTEST
from editing.edits import Frame, LowerThirdText
from editing.line_breaks import LINE_LIMIT
from editing.timeline import Cue
from kit.timing import frames_to_seconds, nearest_frame
from pipeline.cuts import Captioned
from pipeline.jobs import JobState

LINES = 2
Second = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]


class CaptionLimits(BaseModel):
    """What a caption keeps to; a corrected one that does not is broken into several when the film is planned again."""

    characters_a_second: float = READING_GOAL
    line_characters: int = LINE_LIMIT
    lines: int = LINES
    shortest_s: float = frames_to_seconds(SHORTEST)
    longest_s: float = frames_to_seconds(LONGEST)
    gap_s: float = frames_to_seconds(GAP)
    characters: Annotated[int, Field(description="Of one caption that is sent.")] = LONGEST_TEXT


class SpokenOut(BaseModel):
    """A word as it was written down, and when it is spoken."""

    text: str
    start: Annotated[int, Field(description="The frame of the clip at which it begins.")]
    end: Annotated[int, Field(description="The frame of the clip at which it has ended.")]
    at_s: Annotated[float, Field(description="Seconds of the film at which it begins.")]
    until_s: float

    @classmethod
    def of(cls, word: HeardWord) -> "SpokenOut":
        """The public shape of a word."""
        return cls(text=word.text, start=word.start, end=word.end, at_s=_seconds(word.at), until_s=_seconds(word.until))


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
    end: Annotated[int, Field(description="The frame of the clip at which they have ended.")]
    spoken: Annotated[list[SpokenOut], Field(description="Its words as they were written down.")]
    made: Annotated[bool, Field(description="Whether a person made it of these words.")]
    comes_by_hand: Annotated[bool, Field(description="Whether a person said when it comes.")]
    goes_by_hand: Annotated[bool, Field(description="Whether a person said when it goes.")]

    @classmethod
    def of(cls, caption: DeskCaption, cue: Cue, speaker: str | None) -> "CaptionOut":
        """The public shape of a caption."""
        listed = caption.listed
        return cls(
            number=listed.number,
            at_s=_seconds(cue.start),
            until_s=_seconds(cue.end),
            speaker=speaker,
            words=listed.words,
            lines=list(cue.lines),
            clip=listed.clip,
            start=listed.start,
            end=listed.end,
            spoken=[SpokenOut.of(word) for word in caption.words],
            made=caption.made,
            comes_by_hand=caption.comes,
            goes_by_hand=caption.goes,
        )


class SpeakerOut(BaseModel):
    """A clip in which somebody is heard, and who."""

    clip: Annotated[str, Field(description="SHA-256 of the clip, hex.")]
    file: str
    name: str | None
    role: str | None


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
    shots: Annotated[list[float], Field(description="When each shot begins: captions like to go with theirs.")]
    speakers: Annotated[list[SpeakerOut], Field(description="Who is heard, clip by clip.")]
    refused: Annotated[list[str], Field(description="Why captions are not as they were wanted.")]
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
            shots=[_seconds(shot.start) for shot in seen.timeline.shots],
            speakers=[
                SpeakerOut(clip=one.digest, file=one.file, name=one.speaker_name, role=one.speaker_role)
                for one in seen.clips
            ],
            refused=list(seen.refused),
            captions=[
                CaptionOut.of(caption, cue, speaker)
                for caption, cue, speaker in zip(seen.captions, seen.cues, _speakers(seen.cues), strict=True)
            ],
        )


class CaptionWish(Body):
    """Words of a clip as they shall be captioned."""

    clip: Annotated[str, Field(min_length=1, max_length=64, description="SHA-256 of the clip, hex.")]
    start: Annotated[Frame, Field(description="The frame of the clip at which the first of them begins.")]
    end: Annotated[Frame, Field(description="The frame of the clip at which the last of them has ended.")]
    shape: Annotated[
        Literal["made", "planned", "kept"],
        Field(description="made: one caption of their own; planned: the planner breaks them; kept: as it is."),
    ] = "kept"
    words: Annotated[str | None, Field(max_length=LONGEST_TEXT, description="What they shall read.")] = None
    at_s: Annotated[Second | None, Field(description="When it comes, where a person says it; of one that is made.")] = (
        None
    )
    until_s: Annotated[Second | None, Field(description="When it goes, where a person says it.")] = None

    @property
    def wanted(self) -> WantedCaption:
        """The wish in frames of the film."""
        return WantedCaption(
            clip=self.clip,
            start=self.start,
            end=self.end,
            shape=self.shape,
            text=self.words,
            at=None if self.at_s is None else nearest_frame(self.at_s),
            until=None if self.until_s is None else nearest_frame(self.until_s),
        )


class Wishes(Body):
    """Captions of a film as they shall be."""

    captions: Annotated[list[CaptionWish], Field(max_length=1000)] = Field(default_factory=list)


class SavedWishes(Wishes, FromReview):
    """Captions and speakers of a film in review, saved as the project's next edits."""

    speakers: Annotated[list[LowerThirdText], Field(max_length=200)] = Field(default_factory=list)


class WaveformOut(BaseModel):
    """The speech of a film for drawing."""

    rate: Annotated[int, Field(description="Peaks a second.")]
    peaks: Annotated[list[int], Field(description="0 to 255, from the beginning of the film.")]


def _seconds(frame: int) -> float:
    return round(frames_to_seconds(frame), 3)


def _speakers(cues: Sequence[Cue]) -> Iterator[str | None]:
    """Who speaks in each cue: it is named, or its words begin with a dash, where another voice begins."""
    now = None
    for cue in cues:
        if cue.speaker or cue.lines[0].startswith("- "):
            now = cue.speaker
        yield now
