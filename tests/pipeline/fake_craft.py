"""A craft without film: every product is a line of text, so that the order of steps can be tried in milliseconds."""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agencies.agency import Agency
from delivery.delivery import PackageFile, PackageResult, Report
from editing.documentary import Film, Piece, RenderContext
from editing.edits import Edits
from editing.timeline import CardShot, Timeline
from ingest.clip import Clip, Kind, Note, Verdict
from ingest.renditions import POSTER, PROXY
from kit.errors import InputRefused
from pipeline.craft import Media, OnFrame
from storyboards.storyboard import Storyboard


class FakeCraft:
    """Plans one segment of ten frames for each clip, the first captioned; `frame_s` makes rendering slow."""

    def __init__(self, *, frame_s: float = 0.0, on_piece: Callable[[Piece], None] = lambda _: None) -> None:
        self.frame_s = frame_s
        self.on_piece = on_piece
        self.inspected: list[str] = []
        self.transcripts: list[str] = []
        self.listened: list[str] = []
        self.listening = "1"
        self.rendered: list[str] = []
        self.looked_at: list[str] = []
        self._lock = threading.Lock()

    def inspect(self, path: Path, name: str, digest: str, renditions: Path, on_frame: Callable[[int], None]) -> Clip:
        on_frame(0)
        with self._lock:
            self.inspected.append(name)
        data = path.read_bytes()
        verdict = Verdict.REFUSED if b"broken" in data else Verdict.ACCEPTED
        assert digest == hashlib.sha256(data).hexdigest()
        clip = Clip(file=name, digest=digest, size=len(data), kind=Kind.VIDEO, verdict=verdict, frames=10)
        if verdict is Verdict.REFUSED:
            return clip
        renditions.mkdir()
        (renditions / POSTER).write_bytes(data[:10])
        (renditions / PROXY).write_bytes(b"small " + data)
        return clip.model_copy(update={"renditions": (POSTER, PROXY), "proxy": f"proxy of {digest}"})

    def lay_words(self, clip: Clip, path: Path, transcript: Path) -> Clip:
        with self._lock:
            self.listened.append(clip.file)
            self.transcripts.append(transcript.name)
        note = Note(code="realigned", message=transcript.read_text())
        return clip.model_copy(update={"notes": (*clip.notes, note)})

    def listen(self, clip: Clip, path: Path, on_frame: Callable[[int], None]) -> Clip:
        with self._lock:
            self.listened.append(clip.file)
        note = Note(code="needs_transcript", message=f"version {self.listening}")
        return clip.model_copy(update={"notes": (*clip.notes, note)})

    def listening_version(self) -> str:
        return self.listening

    def inspection_version(self) -> str:
        return "1"

    def plan(
        self, storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, music: str | None, edits: Edits
    ) -> Timeline:
        usable = [clip for clip in clips if clip.verdict is not Verdict.REFUSED]
        if not usable:
            raise InputRefused("There is no footage to make a film of.")
        shots = tuple(
            CardShot(start=n * 10, end=n * 10 + 10, kind="chapter", lines=(clip.file, clip.digest, clip.slot or ""))
            for n, clip in enumerate(usable)
        )
        notes = (f"music: {music}",) if music else ()
        return Timeline(storyboard=storyboard.id, frames=10 * len(shots), shots=shots, notes=notes)

    def pieces(self, context: RenderContext, films: Sequence[Film]) -> Sequence[Piece]:
        nothing: Any = None
        found: dict[str, Piece] = {}
        for film in films:
            for index, key in enumerate(self.film_order(context, film)):
                piece = Piece.model_construct(key=key, index=index, frames=10, captioned=film == "open", spec=nothing)
                found.setdefault(key, piece)
        return tuple(sorted(found.values(), key=lambda piece: piece.index))

    def film_order(self, context: RenderContext, film: Film) -> Sequence[str]:
        keys = []
        for n, shot in enumerate(context.timeline.shots):
            recipe = f"{film if n == 0 else ''}{shot.model_dump_json()}"
            keys.append(f"segments/{hashlib.sha256(recipe.encode()).hexdigest()}.mp4")
        return tuple(keys)

    def piece_files(self, piece: Piece) -> frozenset[str]:
        return frozenset()

    def sound_key(self, context: RenderContext) -> str:
        recipe = "".join([context.timeline.model_dump_json(), *(clip.digest for clip in context.clips)])
        return f"sound/{hashlib.sha256(recipe.encode()).hexdigest()}.m4a"

    def sound_files(self, context: RenderContext) -> frozenset[str]:
        return frozenset(clip.file for clip in context.clips)

    def render_pieces(
        self,
        context: RenderContext,
        pieces: Sequence[Piece],
        media: Media,
        paths: Mapping[str, Path],
        on_frame: OnFrame,
        seen: Path | None = None,
    ) -> None:
        self.on_piece(pieces[0])
        for frame in range(pieces[0].frames):
            time.sleep(self.frame_s)
            on_frame(frame + 1)
        for piece in pieces:
            paths[piece.key].write_text(piece.key + "\n")
        with self._lock:
            self.rendered += [piece.key for piece in pieces]

    def render_sound(self, context: RenderContext, media: Media, out: Path) -> None:
        out.write_text("".join(media(name).read_text() for name in sorted(self.sound_files(context))))

    def join(self, context: RenderContext, film: Film, pictures: Mapping[str, Path], sound: Path, out: Path) -> None:
        parts = [pictures[key].read_text() for key in self.film_order(context, film)]
        out.write_text("".join(parts) + sound.read_text())

    def look_key(self, piece_key: str) -> str:
        return f"looks/{Path(piece_key).stem}"

    def look_at(self, piece: Piece, path: Path, scratch: Path, seen: Path | None = None) -> bytes:
        with self._lock:
            self.looked_at.append(piece.key)
        return path.read_bytes()

    def package(
        self, folder: Path, context: RenderContext, films: Mapping[str, Path], looks: Sequence[bytes]
    ) -> PackageResult:
        shown = [] if context.preview else list(self.film_order(context, "open"))
        assert [look.decode().strip() for look in looks] == shown
        folder.mkdir()
        for name, film in films.items():
            (folder / name).write_bytes(film.read_bytes())
        (folder / "manifest.json").write_text('{"app": "promise-reel"}')
        files = tuple(
            PackageFile(name=path.name, size=path.stat().st_size, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
            for path in sorted(folder.iterdir())
        )
        report = Report(film="documentary.mp4", checks=())
        notes = context.timeline.notes
        state = "draft" if context.preview else "finished"
        return PackageResult(state=state, notes=notes, report=report, files=files, manifest="{}")
