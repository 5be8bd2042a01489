"""What FFmpeg is given for each piece of a film, and which pictures it makes of it, held against the pieces' keys."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import av

from editing.documentary import RenderContext, fingerprint
from editing.graph import Frame
from editing.render import lay_out, render_segment, shots_drawn
from editing.segments import Segment, split, uncaptioned
from editing.timeline import CardShot, PhotoShot, Timeline
from kit.process import run_ffmpeg_bytes


def segments_of(timeline: Timeline) -> Iterator[Segment]:
    """The segments of both films."""
    for segment in split(timeline):
        yield segment
        if segment.cues:
            yield uncaptioned(segment)


class Evidence:
    """Keys, what FFmpeg is given and the pictures it makes, of every piece that is asked about."""

    def __init__(self, folder: Path, media: Callable[[str], Path], frame: Frame) -> None:
        self._folder, self._media, self._frame = folder, media, frame
        self._keys: dict[str, str] = {}
        self._given: dict[str, str] = {}
        self._pictures: dict[str, str] = {}

    def keys(self, context: RenderContext) -> dict[str, Segment]:
        """The pieces of both films by their keys."""
        return {self.key(context, segment): segment for segment in segments_of(context.timeline)}

    def key(self, context: RenderContext, segment: Segment) -> str:
        """A piece's key."""
        asked = _asked(context, segment)
        if asked not in self._keys:
            self._keys[asked] = fingerprint(segment, context.by_name, context.agency, self._frame)
        return self._keys[asked]

    def given(self, context: RenderContext, segment: Segment) -> str:
        """Digest of what FFmpeg is given for a piece."""
        asked = _asked(context, segment)
        if asked not in self._given:
            self._given[asked] = self._given_to_ffmpeg(context, segment)
        return self._given[asked]

    def _given_to_ffmpeg(self, context: RenderContext, segment: Segment) -> str:
        """Digest of the arguments and of every file that they name; footage goes by the digest in its name."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            scratch = Path(folder)
            arguments = lay_out(segment, context.by_name, context.agency, self._media, scratch, self._frame)
            digest = hashlib.sha256(repr(arguments).encode())
            for file in sorted(path for path in scratch.iterdir() if path.is_file()):
                digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
        for _, shot in shots_drawn(segment):
            # A photo is known by its digest before its stage is cut from it.
            digest.update(context.by_name[shot.file].digest.encode() if isinstance(shot, PhotoShot) else b"")
        return digest.hexdigest()

    def pictures(self, context: RenderContext, segment: Segment) -> str:
        """Digests of a segment's pictures as they go to the encoder; the same FFmpeg is not asked for twice."""
        given = self.given(context, segment)
        if given not in self._pictures:
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                scratch = Path(folder)
                arguments = lay_out(segment, context.by_name, context.agency, self._media, scratch, self._frame)
                composed = [*arguments[: arguments.index("-map") + 2], "-frames:v", str(segment.frames)]
                self._pictures[given] = run_ffmpeg_bytes([*composed, "-f", "framemd5", "pipe:1"], cwd=scratch).decode()
        return self._pictures[given]

    def encoded(self, context: RenderContext, segment: Segment) -> list[str]:
        """Digests of a segment's pictures as films have them, rendered now."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            out, scratch = Path(folder) / "out.mp4", Path(folder) / "scratch"
            scratch.mkdir()
            render_segment(segment, context.by_name, context.agency, self._media, out, scratch, self._frame)
            with av.open(str(out)) as box:
                return [hashlib.sha256(one.to_ndarray().tobytes()).hexdigest() for one in box.decode(video=0)]


def _asked(context: RenderContext, segment: Segment) -> str:
    """All that a piece is made of."""
    shown = [context.by_name[shot.file] for _, shot in shots_drawn(segment) if not isinstance(shot, CardShot)]
    return "\n".join(one.model_dump_json() for one in (segment, context.agency, *shown))
