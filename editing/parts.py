"""The film as parts in order, before they have a place in time: what `fitting` has decided and `assembly` lays out."""

from typing import NamedTuple

from editing.card_timing import PlannedCard
from editing.narration import NarratedScenes
from editing.speech_selection import Run
from editing.stock import Piece
from ingest.clip import Clip
from storyboards.storyboard import Beat, Card, MusicLevel, Photos, Portrait, Storyboard, Transition


class Manner(NamedTuple):
    """How the storyboard wants one beat to be shown."""

    enter: Transition | None = None
    """How it begins, when the beat itself says so."""
    usual: Transition = "cross-fade"
    """How beats begin in this film where nothing else asks for something else."""
    portrait: Portrait = "blur"
    """How upright footage fills the picture."""
    music: MusicLevel = "full"
    """How loud the music is during it."""
    voice: str | None = None
    """The slot whose narration is heard over it, when the beat is made for one."""
    by_hand: bool = False
    """Whether a person cut it: it stays as it is."""


class CardPart(NamedTuple):
    """One or two title cards."""

    cards: tuple[PlannedCard, ...]
    manner: Manner = Manner()
    voice: tuple[Run, ...] = ()
    """What is heard over the first of them."""


class Insert(NamedTuple):
    """B-roll over a speaker who goes on talking."""

    start: int
    """Frames since the part's start."""
    slot: str
    piece: Piece

    @property
    def end(self) -> int:
        """Where the speaker is seen again."""
        return self.start + self.piece.frames


class SpeechPart(NamedTuple):
    """The speakers of one interview beat."""

    slot: str
    runs: tuple[Run, ...]
    lower_third: bool
    inserts: tuple[Insert, ...] = ()
    lead: int = 0
    """Frames at its start over which the b-roll before plays on (a J cut)."""
    manner: Manner = Manner()


class BrollPart(NamedTuple):
    """The silent shots of one beat."""

    slot: str
    pieces: tuple[Piece, ...]
    manner: Manner = Manner()


class PhotoPart(NamedTuple):
    """The photos of one beat, each with its frames."""

    slot: str
    photos: tuple[tuple[Clip, int], ...]
    manner: Manner = Manner()


Part = CardPart | SpeechPart | BrollPart | PhotoPart


def frames_of(part: Part) -> int:
    """How long a part is."""
    match part:
        case CardPart(cards=cards):
            return sum(card.frames for card in cards)
        case SpeechPart(runs=runs):
            return sum(run.frames for run in runs)
        case BrollPart(pieces=pieces):
            return sum(piece.frames for piece in pieces)
        case PhotoPart(photos=photos):
            return sum(frames for _, frames in photos)


def manner_of(storyboard: Storyboard, beat: Beat) -> Manner:
    """How a beat is shown: as it says itself, else as its storyboard says."""
    own = None if isinstance(beat, Card | Photos) else beat.portrait
    voice = beat.voice if isinstance(beat, NarratedScenes) else None
    return Manner(beat.transition, storyboard.transition, own or storyboard.portrait, beat.music, voice)
