"""The planned film as data: shots, cards, cues and sounds in integer frames on one rate. Frozen values only."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from editing.edits import NO_EDITS, Edits
from kit.timing import FILM_RATE
from kit.values import Value

Through = Literal["ground", "black"]
"""What a dip goes through: the ground of the cards, or black."""


class Transition(Value):
    """How a shot begins: a cut, a dissolve from the shot before, or a dip."""

    kind: Literal["cut", "dissolve", "dip"] = "cut"
    frames: int = 0
    """dissolve: it covers the first `frames` of the incoming shot while the outgoing one plays on beneath.
    dip: the outgoing shot's last `frames` fade to what it goes through, the incoming shot's first `frames` from it."""
    through: Through = "ground"


class VideoShot(Value):
    """A run of frames of one clip."""

    shot: Literal["video"] = "video"
    start: int
    """First frame in the film."""
    end: int
    """One past the last frame in the film; shots tile the film without gap or overlap."""
    file: str
    slot: str
    source_start: int
    """First frame used of the conformed clip (film rate, counted from the clip's first picture)."""
    transition: Transition = Transition()
    framing: Literal["cover", "fit", "blur"] = "cover"
    """cover crops to fill, fit adds ground-coloured bars, blur lays the picture over a blurred copy of itself."""
    centre: tuple[float, float] = (0.5, 0.5)
    """Point of interest as shares of upright width and height, kept in view when covering."""
    why: str = ""
    """What spoke for this part of the clip, in plain words."""
    damped: tuple[tuple[int, int], ...] = ()
    """Frames [start, end) of the conformed clip in which the picture flashes and is damped."""


class PhotoShot(Value):
    """A photo under a slow move from one view to another."""

    shot: Literal["photo"] = "photo"
    start: int
    end: int
    file: str
    slot: str
    transition: Transition = Transition()
    framing: Literal["cover", "blur"] = "cover"
    """cover crops the photo to fill the picture, blur lays it whole over a blurred copy of itself."""
    zoom: tuple[float, float] = (1.0, 1.12)
    """Magnification at the first and last frame; 1.0 just fills the picture."""
    centre: tuple[tuple[float, float], tuple[float, float]] = ((0.5, 0.5), (0.5, 0.5))
    """Centre of the view at the first and last frame, as shares of the photo's width and height (clamped inside)."""
    why: str = ""
    """What spoke for this photo, in plain words."""


class CardShot(Value):
    """A title card: what it says and how it is set, nothing of pixels."""

    shot: Literal["card"] = "card"
    start: int
    end: int
    kind: Literal["opening", "chapter", "quote", "promise", "end"]
    lines: tuple[str, ...]
    """Paragraphs or phrases in reading order, already with all variables filled in."""
    transition: Transition = Transition()
    reveal: tuple[int, ...] = ()
    """Promise cards: frame (from the card's start) at which each line appears; empty means all at once."""
    seal: str | None = None
    """File of the agency's seal, on a card that shows it."""
    voiced: bool = False
    """Whether somebody is heard over it, so that its words leave room for captions."""

    @property
    def text(self) -> str:
        """The full text a reader sees."""
        return " ".join(self.lines)


Shot = Annotated[VideoShot | PhotoShot | CardShot, Field(discriminator="shot")]


class Cue(Value):
    """One caption: at most two lines, shown from frame start to frame end."""

    start: int
    end: int
    lines: tuple[str, ...]
    speaker: str | None = None
    """Set on the first cue after the speaker changes; shown as part of the lines already."""
    file: str = ""
    """The clip in which it is said."""
    source: tuple[int, int] = (0, 0)
    """Frames of the conformed clip from the begin of its first word to the end of its last."""
    was: str = ""
    """Its words as they were written down, whatever a person has it show."""


class LowerThird(Value):
    """Who is speaking."""

    start: int
    end: int
    name: str
    role: str


class SpeechSpan(Value):
    """Where words are spoken in the film."""

    start: int
    end: int
    file: str


class SoundClip(Value):
    """A run of a clip's sound laid into the film."""

    start: int
    end: int
    file: str
    source_start: int
    """Film-rate frames after the clip's own zero (first picture, or first sample of a sound file)."""
    role: Literal["speech", "narration"] = "speech"
    fade_out: int = 0
    """Its last frames, in which it goes; 0 where the mix fades it as it likes."""


class MusicStep(Value):
    """Where the storyboard has the music lower than in the rest of the film."""

    start: int
    end: int
    by_db: float


class BeatSpan(Value):
    """The frames of one beat, by the name that an edit gives it."""

    start: int
    end: int
    slot: str = ""
    """The slot whose footage it shows; empty for a card."""
    card: str = ""
    """The kind of card; empty for footage."""
    nth: int
    """Which beat of this slot, or card of this kind, in the storyboard, from 1."""


class SlotTitle(Value):
    """What a slot was asked to hold, as its storyboard says it to the agency."""

    id: str
    title: str


class Timeline(Value):
    """The whole plan. Everything that rendering needs, nothing of the disk."""

    storyboard: str
    rate: Fraction = FILM_RATE
    frames: int
    shots: tuple[Shot, ...]
    cues: tuple[Cue, ...] = ()
    lower_thirds: tuple[LowerThird, ...] = ()
    speech: tuple[SpeechSpan, ...] = ()
    sounds: tuple[SoundClip, ...] = ()
    music: str | None = None
    """File of the music bed, when there is one."""
    music_gain_db: float = -18.0
    music_style: Literal["under", "between"] = "under"
    """under: it goes down beneath speech; between: it is not heard while anybody speaks."""
    music_steps: tuple[MusicStep, ...] = ()
    loudness_lufs: float = -16.0
    captions: Literal["soft", "solid"] = "soft"
    """The ground of burned captions: one that lets the picture through, or black."""
    notes: tuple[str, ...] = ()
    """What a person should know of this plan: clips left out and why, speech without words."""
    beats: tuple[BeatSpan, ...] = ()
    """Where each beat lies."""
    slots: tuple[SlotTitle, ...] = ()
    """Every slot of the storyboard."""
    edits: Edits = NO_EDITS
    """What a person decided by hand for this film."""
    unapplied: tuple[str, ...] = ()
    """Which of these decisions do not hold in it, and why, in plain words."""
    complete: bool = True
    """False when speech has no words yet: the film is then a draft."""
