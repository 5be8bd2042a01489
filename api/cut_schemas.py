"""What goes over the wire of a film that is cut by hand: its parts on a timeline, and what other edits would cost."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.schemas import Body
from editing.corrections import frames_of_word, words_of
from editing.decision_list import ListedBeat, ListedCard, ListedSpeaker
from editing.edits import Edits, Line
from editing.hand_cuts import by_digest
from editing.lanes import Heard, Seen
from editing.misfits import Misfit, misfits
from ingest.clip import Clip, Kind
from ingest.renditions import STRIP, strip_step
from pipeline.jobs import JobState
from pipeline.plans import Ingredients
from pipeline.trials import Cost, Cut, Sheet, Trial
from storyboards.storyboard import Card, Storyboard


class WantedCut(Body):
    """Edits to be tried; nothing is saved."""

    edits: Edits


class WantedFilm(Body):
    """With which edits a film is made, or its preview."""

    preview: Annotated[bool, Field(description="960x540, from the proxies: in seconds.")] = False
    edits_version: Annotated[int | None, Field(ge=0, le=10**6, description="By default the newest; 0 for none.")] = None


class WantedCard(Body):
    """A card as it shall read, to be drawn."""

    card: Annotated[Literal["opening", "chapter", "quote", "promise", "end"], Field(examples=["opening"])]
    nth: Annotated[int, Field(ge=1, le=80, description="Which card of this kind in the storyboard.")] = 1
    lines: Annotated[
        tuple[Line, ...],
        Field(
            min_length=1, max_length=8, examples=[["Anytown Police Department", "A Peace Officer Promise documentary"]]
        ),
    ]


class CutBeat(ListedBeat):
    """A beat of the film: what it shows, or has heard where somebody speaks."""

    what: Annotated[Literal["interview", "broll", "photos", "narration"], Field(description="The kind of beat.")]
    title: Annotated[str, Field(description="What the storyboard calls its slot.", examples=["Everyday scenes"])]
    by_hand: Annotated[bool, Field(description="Whether it is cut by hand as a whole.")]


class CutCard(ListedCard):
    """A card of the film."""

    by_hand: Annotated[bool, Field(description="Whether its words are given by hand.")]


class CutFilm(BaseModel):
    """A film part by part, in frames at 30 a second."""

    frames: int
    beats: list[CutBeat]
    cards: list[CutCard]
    lower_thirds: list[ListedSpeaker]
    seen: Annotated[list[Seen], Field(description="All pictures in order; they tile the film.")]
    heard: Annotated[list[Heard], Field(description="Where somebody is heard.")]
    music: Annotated[str | None, Field(description="The file under the film.")]
    music_db: Annotated[float, Field(description="Decibels against speech, where nobody speaks.")]
    misfits: Annotated[list[Misfit], Field(description="Edits that change nothing in this film, and why.")]

    @classmethod
    def of(cls, sheet: Sheet, storyboard: Storyboard) -> "CutFilm":
        """The public shape of a film."""
        told, edits = sheet.decisions, sheet.timeline.edits
        cut = {(one.slot, one.nth) for one in edits.beats}
        worded = {(one.card, one.nth) for one in edits.cards}
        kinds, titles = _kinds(storyboard), {slot.id: slot.title for slot in storyboard.slots}
        return cls(
            frames=sheet.lanes.frames,
            beats=[
                CutBeat(
                    **dict(one),
                    what=kinds[one.slot, one.nth],
                    title=titles[one.slot],
                    by_hand=(one.slot, one.nth) in cut,
                )
                for one in told.beats
            ],
            cards=[CutCard(**dict(one), by_hand=(one.card, one.nth) in worded) for one in told.cards],
            lower_thirds=list(told.lower_thirds),
            seen=list(sheet.lanes.seen),
            heard=list(sheet.lanes.heard),
            music=told.music,
            music_db=told.music_db,
            misfits=list(misfits(edits, told.unapplied)),
        )


class SpokenWord(BaseModel):
    """A word that is said in a clip; a cut goes before or after it."""

    text: str
    start: Annotated[int, Field(description="The frame of the clip at which it begins.")]
    end: int


class CutClip(BaseModel):
    """Footage that a film may be cut of."""

    id: Annotated[str, Field(description="For `getRendition`.")]
    clip: Annotated[str, Field(description="SHA-256 of its bytes, hex: how edits name it.")]
    file: str
    kind: Kind
    frames: Annotated[int, Field(description="At 30 a second; 0 of a photo.")]
    slot: Annotated[str | None, Field(description="The slot that a person gave it.")]
    speaker: str | None
    role: str | None
    renditions: list[str]
    strip_step: Annotated[int | None, Field(description="Seconds from one thumbnail of its strip to the next.")]
    words: list[SpokenWord]

    @classmethod
    def of(cls, id_: str, clip: Clip) -> "CutClip":
        """The public shape of a clip."""
        spoken = [(word.text, *frames_of_word(word)) for word in words_of(clip)]
        return cls(
            id=id_,
            clip=clip.digest,
            file=clip.file,
            kind=clip.kind,
            frames=clip.frames,
            slot=clip.slot,
            speaker=clip.speaker_name,
            role=clip.speaker_role,
            renditions=list(clip.renditions),
            strip_step=strip_step(clip.frames) if STRIP in clip.renditions else None,
            words=[SpokenWord(text=text, start=start, end=end) for text, start, end in spoken],
        )


class CutOut(BaseModel):
    """A film as it was planned last, what it may be cut of, and the project's newest edits."""

    project: str
    state: JobState
    preview: bool
    round: Annotated[int, Field(description="How often the film was planned.")]
    based_on: Annotated[int, Field(description="The project's newest edits, 0 for none; sent back when saving.")]
    edits: Edits
    film: CutFilm
    clips: list[CutClip]

    @classmethod
    def of(cls, cut: Cut) -> "CutOut":
        """The public shape of a film that may be cut."""
        return cls(
            project=cut.job.project_id,
            state=cut.job.state,
            preview=cut.job.preview,
            round=cut.job.round,
            based_on=cut.based_on,
            edits=cut.edits,
            film=CutFilm.of(cut.sheet, cut.ingredients.storyboard),
            clips=_clips(cut.ingredients),
        )


class TrialOut(BaseModel):
    """The film that edits would make of the footage of now, and what making it takes."""

    film: CutFilm
    changes: Annotated[list[str], Field(description="What they decide otherwise than the newest edits, in words.")]
    render: Annotated[Cost, Field(description="For the film itself.")]
    preview: Annotated[Cost, Field(description="For its preview.")]

    @classmethod
    def of(cls, trial: Trial) -> "TrialOut":
        """The public shape of a trial."""
        film = CutFilm.of(trial.sheet, trial.ingredients.storyboard)
        return cls(film=film, changes=list(trial.changes), render=trial.film, preview=trial.preview)


def _clips(of: Ingredients) -> list[CutClip]:
    """Footage by name; of copies one."""
    ids = {record.name: record.id for record in of.held}
    chosen = sorted(by_digest(of.clips).values(), key=lambda clip: clip.file)
    return [CutClip.of(ids[clip.file], clip) for clip in chosen]


def _kinds(storyboard: Storyboard) -> dict[tuple[str, int], Literal["interview", "broll", "photos", "narration"]]:
    """What each beat that shows footage is, by its slot and place."""
    seen: Counter[str] = Counter()
    kinds: dict[tuple[str, int], Literal["interview", "broll", "photos", "narration"]] = {}
    for beat in storyboard.beats:
        if not isinstance(beat, Card):
            seen[beat.slot] += 1
            kinds[beat.slot, seen[beat.slot]] = beat.beat
    return kinds
