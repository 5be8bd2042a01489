"""The real craft, but for the length of its films, some seconds of scenes and one card, and for what they then lack."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from agencies.agency import Agency
from delivery.delivery import PackageResult
from editing import filling
from editing.documentary import RenderContext
from editing.edits import Edits
from editing.timeline import Timeline
from ingest.clip import Clip
from kit.process import run_ffmpeg
from pipeline.film_craft import FilmCraft
from storyboards.storyboard import Storyboard

SECONDS = 8.0
STORYBOARD = Storyboard.model_validate(
    {
        "schema": 1,
        "id": "promise",
        "title": "A few seconds",
        "slots": [{"id": "broll", "title": "Scenes", "takes": "broll"}],
        "beats": [{"beat": "broll"}, {"beat": "card", "kind": "end", "lines": ["End"]}],
    }
).model_copy(update={"target_s": SECONDS})


class ShortFilms(FilmCraft):
    """Plans every film as short as this, whatever the storyboard, and lets a whole one be approved all the same."""

    def plan(
        self, storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, music: str | None, edits: Edits
    ) -> Timeline:
        filling.LEAST = 30
        return super().plan(STORYBOARD, clips, agency, music, edits)

    def package(
        self, folder: Path, context: RenderContext, films: Mapping[str, Path], looks: Sequence[bytes]
    ) -> PackageResult:
        made = super().package(folder, context, films, looks)
        return made if context.preview else made.model_copy(update={"state": "finished"})


def make_footage(folder: Path) -> None:
    """Two scenes of five seconds."""
    folder.mkdir()
    for n in (1, 2):
        source = f"testsrc2=size=640x360:rate=30:duration=5,hue=h={n * 90}"
        out = folder / f"scene{n}.mp4"
        run_ffmpeg(["-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "ultrafast", str(out)])
