"""The film as parts in order, before they have a place in time: what `fitting` has decided and `assembly` lays out."""

from typing import NamedTuple

from editing.card_timing import PlannedCard
from editing.speech_selection import Run
from editing.stock import Piece
from ingest.clip import Clip


class CardPart(NamedTuple):
    """One or two title cards."""

    cards: tuple[PlannedCard, ...]


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


class BrollPart(NamedTuple):
    """The silent shots of one beat."""

    slot: str
    pieces: tuple[Piece, ...]


class PhotoPart(NamedTuple):
    """The photos of one beat, each with its frames."""

    slot: str
    photos: tuple[tuple[Clip, int], ...]


Part = CardPart | SpeechPart | BrollPart | PhotoPart


def frames_of(part: Part) -> int:
    """How long a part is."""
    match part:
        case CardPart(cards):
            return sum(card.frames for card in cards)
        case SpeechPart(runs=runs):
            return sum(run.frames for run in runs)
        case BrollPart(_, pieces):
            return sum(piece.frames for piece in pieces)
        case PhotoPart(_, photos):
            return sum(frames for _, frames in photos)
