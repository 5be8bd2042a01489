"""Looking at what the stages below know, for doors that only show it: files, footage folders and storyboards."""

from pathlib import Path
from typing import TYPE_CHECKING

from ingest.clip import Clip
from pipeline.projects import TRANSCRIPT_SUFFIXES
from storyboards.library import list_ids, load
from storyboards.storyboard import Storyboard

if TYPE_CHECKING:
    from ingest.footage import Footage


def inspect_file(path: Path) -> Clip:
    """One file's verdict, with the words of a sidecar of the same stem. Broken files are refused, not raised."""
    from ingest.inspect import inspect

    beside = (path.with_suffix(suffix) for suffix in sorted(TRANSCRIPT_SUFFIXES))
    return inspect(path, path.name, transcript=next((words for words in beside if words.is_file()), None))


def footage_in(folder: Path) -> "Footage":
    """A footage folder: what is in it and what its `footage.yaml` says. Raises InputRefused."""
    from ingest.footage import read_footage

    return read_footage(folder)


def storyboard_ids() -> tuple[str, ...]:
    """Ids of the storyboards that come with the program."""
    return list_ids()


def storyboard_named(id_or_path: str) -> Storyboard:
    """A storyboard by its id or its file. Raises InputRefused, naming every mistake."""
    return load(id_or_path)
