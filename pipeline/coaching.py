"""What to film next: the coach over the clips of a project, or over a folder of footage."""

import hashlib
import json
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from agencies.agency import Agency
from ingest.clip import Clip
from pipeline.looking import Looked, footage_in, look
from storyboards.storyboard import Storyboard

if TYPE_CHECKING:
    from editing.coach import Coached


KEPT = 256
"""Answers that are kept in memory, a few kB each."""

_kept: OrderedDict[str, "Coached"] = OrderedDict()
"""What was answered, by a digest of all that was asked; what was asked for last comes last."""
_keeping = threading.Lock()


def coach_clips(storyboard: Storyboard, clips: list[Clip], agency: Agency, music: str | None) -> "Coached":
    """How far clips are from a film, and what to film next.

    Answers are kept, because each plans a film, and a page asks at every view.
    """
    from editing.coach import coach

    asked = [storyboard.model_dump_json(), agency.model_dump_json(), music, *(clip.model_dump_json() for clip in clips)]
    key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    with _keeping:
        found = _kept.get(key)
    found = found or coach(storyboard, clips, agency, music=music)
    with _keeping:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def coach_folder(storyboard: Storyboard, folder: Path, agency: Agency) -> "tuple[Coached, list[Looked]]":
    """The same of a footage folder, and the files that could not be looked at. Raises InputRefused."""
    music = footage_in(folder).music
    found = look([folder])
    clips = [one.clip.model_copy(update={"file": str(Path(one.file).relative_to(folder))}) for one in found if one.clip]
    return coach_clips(storyboard, clips, agency, music), [one for one in found if one.clip is None]
