"""What to film next: the coach over the clips of a project, or over a folder of footage."""

from pathlib import Path
from typing import TYPE_CHECKING

from agencies.agency import Agency
from ingest.clip import Clip
from pipeline.looking import Looked, footage_in, look
from storyboards.storyboard import Storyboard

if TYPE_CHECKING:
    from editing.coach import Coached


def coach_clips(storyboard: Storyboard, clips: list[Clip], agency: Agency, music: str | None) -> "Coached":
    """How far clips are from a film, and what to film next."""
    from editing.coach import coach

    return coach(storyboard, clips, agency, music=music)


def coach_folder(storyboard: Storyboard, folder: Path, agency: Agency) -> "tuple[Coached, list[Looked]]":
    """The same of a footage folder, and the files that could not be looked at. Raises InputRefused."""
    music = footage_in(folder).music
    found = look([folder])
    clips = [one.clip.model_copy(update={"file": str(Path(one.file).relative_to(folder))}) for one in found if one.clip]
    return coach_clips(storyboard, clips, agency, music), [one for one in found if one.clip is None]
