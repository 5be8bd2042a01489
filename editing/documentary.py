"""A planned film as pieces of work: what to encode, under which key, and how the results become one film.

A piece's key is the digest of FFmpeg's arguments and of every text and still behind them, so whatever can change one of
its pixels changes the key, and nothing else does.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from PIL import features

from agencies import seal
from agencies.agency import Agency
from editing import (
    bed,
    captioning,
    card_layout,
    colouring,
    ducking,
    graph,
    layout,
    levels,
    line_breaks,
    mix,
    mix_graph,
    photo_move,
    photo_stage,
    render,
    titles,
    typesetting,
)
from editing import join as joining
from editing.captioning import script
from editing.graph import Frame, segment_arguments
from editing.photo_move import stage_of
from editing.render import Grid, drawings_planned, render_segment, shots_drawn
from editing.segments import Segment, split, uncaptioned
from editing.timeline import CardShot, PhotoShot, Timeline
from editing.typesetting import font_file
from ingest import photo
from ingest.clip import Clip
from kit.errors import Bug
from kit.values import Value

Film = Literal["open", "clean"]
"""open carries burned captions, clean does not."""


class RenderContext(Value):
    """All that rendering a film needs, but for the footage itself."""

    timeline: Timeline
    clips: tuple[Clip, ...]
    agency: Agency
    preview: bool = False

    @property
    def frame(self) -> Frame:
        """The picture's size."""
        return Frame(width=960, height=540) if self.preview else Frame()

    @property
    def by_name(self) -> dict[str, Clip]:
        """Clips by their name in the project."""
        return {clip.file: clip for clip in self.clips}


class Piece(Value):
    """One encode: a segment as one or both films show it."""

    key: str
    """Its address in storage: `segments/<sha256>.mp4`."""
    index: int
    """Which segment of the film it is."""
    frames: int
    captioned: bool
    spec: Segment


@cache
def _picture_tools() -> tuple[str, ...]:
    """What else decides pixels: our drawing code, the parts it calls, the fonts."""
    drawing = (card_layout, colouring, layout, line_breaks, photo_move, photo_stage, seal, titles, typesetting)
    files = [Path(str(module.__file__)) for module in (captioning, graph, render, photo, *drawing)]
    files += [font_file(weight) for weight in ("SemiBold", "Regular")]
    parts = _versions("imageio-ffmpeg", "moviepy", "numpy", "pillow", "pillow-heif")
    return (*map(_digest, files), *parts, f"raqm={features.check('raqm')}")


@cache
def _sound_tools() -> tuple[str, ...]:
    """What else decides samples: our mixing code and FFmpeg."""
    files = [Path(str(module.__file__)) for module in (bed, ducking, levels, mix, mix_graph)]
    return (*map(_digest, files), *_versions("imageio-ffmpeg", "numpy"))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _versions(*parts: str) -> list[str]:
    return [f"{part}={version(part)}" for part in parts]


def fingerprint(segment: Segment, clips: Mapping[str, Clip], agency: Agency, frame: Frame) -> str:
    """SHA-256 over everything that can change one of the segment's pixels, and nothing else."""
    stills: list[object] = []
    for _, shot in shots_drawn(segment):
        if isinstance(shot, CardShot):
            # When a phrase comes and goes stands in the arguments, as far as this segment still shows it.
            phrases = len(shot.reveal)
            stills.append([shot.kind, shot.lines, phrases, shot.seal, shot.voiced, agency.colours.model_dump()])
        elif isinstance(shot, PhotoShot):
            clip = clips[shot.file]
            assert clip.picture is not None
            stage = stage_of(shot, clip.picture.upright_size) if shot.framing == "cover" else None
            stills.append([clip.digest, stage])
    if segment.through_ground:
        stills.append(colouring.palette(agency.colours)[:2])
    if segment.lower_third:
        stills.append([segment.lower_third.name, segment.lower_third.role, agency.colours.model_dump()])
    arguments = segment_arguments(segment, clips, agency, drawings_planned(segment), frame)
    drawn = script(segment.cues, segment.captions) if segment.cues else ""
    recipe = [_picture_tools(), arguments, stills, drawn, frame.model_dump()]
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


def _piece(context: RenderContext, clips: Mapping[str, Clip], index: int, segment: Segment) -> Piece:
    key = f"segments/{fingerprint(segment, clips, context.agency, context.frame)}.mp4"
    return Piece(key=key, index=index, frames=segment.frames, captioned=bool(segment.cues), spec=segment)


class _Same:
    """A context as the key of a cache: the very object, because comparing two takes longer than the cache saves."""

    def __init__(self, context: RenderContext) -> None:
        self.context = context

    def __hash__(self) -> int:
        return id(self.context)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.context is self.context


def film_pieces(context: RenderContext, film: Film) -> tuple[Piece, ...]:
    """The pieces of one film in film order."""
    return _film_pieces(_Same(context), film)


@lru_cache(maxsize=4)
def _film_pieces(same: _Same, film: Film) -> tuple[Piece, ...]:
    """Kept, because every step of a film asks for them, and one fingerprint takes milliseconds."""
    context = same.context
    clips = context.by_name
    if film == "open":
        segments = split(context.timeline)
        return tuple(_piece(context, clips, index, segment) for index, segment in enumerate(segments))
    return tuple(
        _piece(context, clips, piece.index, uncaptioned(piece.spec)) if piece.captioned else piece
        for piece in film_pieces(context, "open")
    )


def pieces(context: RenderContext, films: Sequence[Film] = ("open", "clean")) -> tuple[Piece, ...]:
    """Every distinct piece of the films asked for, in film order; of one segment the captioned piece comes first."""
    found: dict[str, Piece] = {}
    for film in films:
        for piece in film_pieces(context, film):
            found.setdefault(piece.key, piece)
    return tuple(sorted(found.values(), key=lambda piece: (piece.index, not piece.captioned)))


def film_order(context: RenderContext, film: Film) -> tuple[str, ...]:
    """Keys of one film's pieces in film order."""
    return tuple(piece.key for piece in film_pieces(context, film))


def sound_key(context: RenderContext) -> str:
    """Address of the film's sound in storage."""
    recipe = json.dumps([_sound_tools(), mix.sound_recipe(context.timeline, context.by_name, preview=context.preview)])
    return f"sound/{hashlib.sha256(recipe.encode()).hexdigest()}.m4a"


def needed_files(piece: Piece) -> frozenset[str]:
    """Names of the clips, and of the seal, that a piece reads."""
    shots = [shot for _, shot in shots_drawn(piece.spec)]
    return frozenset(name for shot in shots if (name := shot.seal if isinstance(shot, CardShot) else shot.file))


def sound_files(context: RenderContext) -> frozenset[str]:
    """Names of the clips that the sound reads."""
    return mix.sounding(context.timeline)


def render_pieces(
    context: RenderContext,
    wanted: Sequence[Piece],
    media: Callable[[str], Path],
    paths: Mapping[str, Path],
    on_frame: Callable[[int], None] | None = None,
    grid: Grid | None = None,
) -> None:
    """Encode one segment's piece, or its captioned and its clean piece in one run, to their paths by key.

    `on_frame` hears the frames of one piece; `grid` takes pixels of the first. Scratch files lie beside the first path
    and are gone afterwards.
    """
    first, *others = wanted
    if others and [piece.spec for piece in others] != [uncaptioned(first.spec)]:
        raise Bug("Only a segment's captioned and its clean piece are encoded in one run.")
    out, clean = paths[first.key], paths[others[0].key] if others else None
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="piece-") as scratch:
        render_segment(
            first.spec,
            context.by_name,
            context.agency,
            media,
            out,
            Path(scratch),
            context.frame,
            on_frame,
            clean=clean,
            grid=grid,
        )


def render_sound(context: RenderContext, media: Callable[[str], Path], out: Path) -> None:
    """Mix the film's sound to `out` at its loudness."""
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="sound-") as scratch:
        mix.render_sound(context.timeline, context.by_name, media, out, Path(scratch), preview=context.preview)


def join(context: RenderContext, film: Film, paths: Mapping[str, Path], sound: Path, out: Path) -> None:
    """Join a film from its pieces (paths by key) and its sound, by stream copy."""
    segments = [(paths[piece.key], piece.frames) for piece in film_pieces(context, film)]
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="join-") as scratch:
        joining.join(segments, sound, out, Path(scratch))
