"""The real craft: each call handed to the stage whose it is."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import ingest
import kit
from agencies.agency import Agency
from delivery.delivery import PackageResult
from delivery.graph import SAMPLE_SIZE
from delivery.look import SETTLED, joined, packed, unpacked
from delivery.package import build_package
from delivery.survey import look_at_piece, look_of, look_version, words_frames
from editing import documentary
from editing.documentary import Film, Piece, RenderContext
from editing.edits import Edits
from editing.planning import plan
from editing.render import Grid
from editing.spoken_promise import with_promise_notes
from editing.timeline import Timeline
from ingest.clip import Clip
from ingest.inspect import inspect, lay_words
from ingest.speech import listen
from ingest.whisper import check_model, model_identity
from pipeline.craft import Media, OnFrame
from storyboards.storyboard import Storyboard


class FilmCraft:
    """The real craft; `whisper_model` is the folder of a model that recognises words nobody wrote down, if any.

    Raises UsageError when the model or the package that runs it is missing.
    """

    def __init__(self, whisper_model: Path | None = None) -> None:
        if whisper_model:
            check_model(whisper_model)
        self._model = whisper_model

    def inspect(self, path: Path, name: str, digest: str, renditions: Path, on_frame: OnFrame) -> Clip:
        """As in `Craft`."""
        return inspect(path, name, digest=digest, renditions=renditions, on_frame=on_frame)

    def lay_words(self, clip: Clip, path: Path, transcript: Path) -> Clip:
        """As in `Craft`."""
        return lay_words(clip, path, transcript)

    def listen(self, clip: Clip, path: Path, on_frame: OnFrame) -> Clip:
        """As in `Craft`."""
        return listen(clip, path, spoken=True, model=self._model, on_segment=lambda: on_frame(clip.frames))

    def listening_version(self) -> str:
        """As in `Craft`."""
        return model_identity(self._model) if self._model else ""

    def inspection_version(self) -> str:
        """As in `Craft`."""
        return _sources_digest()

    def plan(
        self, storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, music: str | None, edits: Edits
    ) -> Timeline:
        """As in `Craft`."""
        return with_promise_notes(plan(storyboard, clips, agency, music=music, edits=edits), clips, agency)

    def pieces(self, context: RenderContext, films: Sequence[Film]) -> Sequence[Piece]:
        """As in `Craft`."""
        return documentary.pieces(context, films)

    def film_order(self, context: RenderContext, film: Film) -> Sequence[str]:
        """As in `Craft`."""
        return documentary.film_order(context, film)

    def piece_files(self, piece: Piece) -> frozenset[str]:
        """As in `Craft`."""
        return documentary.needed_files(piece)

    def sound_key(self, context: RenderContext) -> str:
        """As in `Craft`."""
        return documentary.sound_key(context)

    def sound_files(self, context: RenderContext) -> frozenset[str]:
        """As in `Craft`."""
        return documentary.sound_files(context)

    def render_pieces(
        self,
        context: RenderContext,
        pieces: Sequence[Piece],
        media: Media,
        paths: Mapping[str, Path],
        on_frame: OnFrame,
        seen: Path | None = None,
    ) -> None:
        """As in `Craft`."""
        grid = Grid(seen, *SAMPLE_SIZE) if seen else None
        documentary.render_pieces(context, pieces, media, paths, on_frame, grid)

    def render_sound(self, context: RenderContext, media: Media, out: Path) -> None:
        """As in `Craft`."""
        documentary.render_sound(context, media, out)

    def join(self, context: RenderContext, film: Film, pictures: Mapping[str, Path], sound: Path, out: Path) -> None:
        """As in `Craft`."""
        documentary.join(context, film, pictures, sound, out)

    def look_key(self, piece_key: str) -> str:
        """As in `Craft`."""
        return f"looks/{look_version()}/{Path(piece_key).stem}.npz"

    def look_at(self, piece: Piece, path: Path, scratch: Path, seen: Path | None = None) -> bytes:
        """As in `Craft`."""
        spec = piece.spec
        thirds = [spec.lower_third] if spec.lower_third else []
        kept = [piece.frames - 1 - spec.fade_out - SETTLED, *words_frames(spec.cues, thirds, piece.frames)]
        return packed(look_at_piece(path, kept, seen) if seen else look_of(path, kept, scratch))

    def package(
        self, folder: Path, context: RenderContext, films: Mapping[str, Path], looks: Sequence[bytes]
    ) -> PackageResult:
        """As in `Craft`."""
        return build_package(
            folder,
            timeline=context.timeline,
            clips=context.clips,
            agency=context.agency,
            films=films,
            state_notes=context.timeline.notes,
            preview=context.preview,
            look=joined([unpacked(look) for look in looks]) if looks else None,
        )


_PARTS = (
    *("av", "ffmpeg-python", "imageio-ffmpeg", "numpy", "opencv-python-headless", "pillow", "pillow-heif"),
    *("pocketsphinx", "pydantic", "pysubs2"),
)
"""Parts whose version may change what an inspection finds."""


@cache
def _sources_digest() -> str:
    """Digest of everything an inspection runs through: our sources and the versions of the parts it calls."""
    digest = hashlib.sha256()
    for package in (ingest, kit):
        for folder in package.__path__:
            for source in sorted(Path(folder).rglob("*.py")):
                digest.update(source.read_bytes())
    for part in _PARTS:
        digest.update(f"{part}={version(part)}".encode())
    return digest.hexdigest()
