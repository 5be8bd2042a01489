"""The craft as the pipeline calls it: one list of functions, so that the order of steps can be tried without film."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from agencies.agency import Agency
from delivery.delivery import PackageResult
from editing.documentary import Film, Piece, RenderContext
from editing.edits import Edits
from editing.timeline import Timeline
from ingest.clip import Clip
from storyboards.storyboard import Storyboard

OnFrame = Callable[[int], None]
"""Hears how many frames are done; what it raises stops the work."""

Media = Callable[[str], Path]
"""Where the file of a name lies on this disk."""


class Craft(Protocol):
    """All that the pipeline asks of the stages below it."""

    def inspect(self, path: Path, name: str, digest: str, renditions: Path, on_frame: OnFrame) -> Clip:
        """What a file with this SHA-256 is and whether it can be used; what is made of it goes into a folder."""

    def lay_words(self, clip: Clip, path: Path, transcript: Path) -> Clip:
        """An inspected clip with the words of its transcript laid against its sound."""

    def listen(self, clip: Clip, path: Path, on_frame: OnFrame) -> Clip:
        """An inspected clip that a person means to be heard and nobody wrote down: with words, or a note."""

    def listening_version(self) -> str:
        """Changes whenever listening may come out differently while the inspection does not."""

    def inspection_version(self) -> str:
        """Changes whenever an inspection may come out differently."""

    def plan(
        self, storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, music: str | None, edits: Edits
    ) -> Timeline:
        """The film as planned, with what was decided by hand; InputRefused when there is too little."""

    def pieces(self, context: RenderContext, films: Sequence[Film]) -> Sequence[Piece]:
        """Every distinct encode that the films need, those of one segment together and the captioned first."""

    def film_order(self, context: RenderContext, film: Film) -> Sequence[str]:
        """Keys of one film's pieces in film order."""

    def piece_files(self, piece: Piece) -> frozenset[str]:
        """Names of the clips a piece reads."""

    def sound_key(self, context: RenderContext) -> str:
        """Address of the film's sound."""

    def sound_files(self, context: RenderContext) -> frozenset[str]:
        """Names of the clips the sound reads."""

    def render_pieces(
        self,
        context: RenderContext,
        pieces: Sequence[Piece],
        media: Media,
        paths: Mapping[str, Path],
        on_frame: OnFrame,
        seen: Path | None = None,
    ) -> None:
        """Encode pieces of one segment to their paths by key; `on_frame` hears the frames of one.

        What is wanted to look at the first piece goes to `seen`.
        """

    def render_sound(self, context: RenderContext, media: Media, out: Path) -> None:
        """Mix the film's sound."""

    def join(self, context: RenderContext, film: Film, pictures: Mapping[str, Path], sound: Path, out: Path) -> None:
        """Join a film from its pieces (paths by key) and its sound."""

    def look_key(self, piece_key: str) -> str:
        """Address of what is measured of a piece's pictures."""

    def look_at(self, piece: Piece, path: Path, scratch: Path, seen: Path | None = None) -> bytes:
        """What is measured of a piece's pictures, to be kept; without `seen` they are decoded."""

    def package(
        self, folder: Path, context: RenderContext, films: Mapping[str, Path], looks: Sequence[bytes]
    ) -> PackageResult:
        """Write every other file of the package beside the films.

        `looks` are those of the pieces of the film that is measured, in film order; without them it is decoded.
        """
