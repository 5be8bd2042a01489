"""Looking at what the stages below know, for doors that only show it: files, footage folders and storyboards."""

import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.clip import Clip
from kit.errors import NotFound, PromiseReelError
from kit.interrupt import raise_if_heard
from pipeline.spoken import is_spoken
from storyboards.diff import Difference, differences
from storyboards.json_schema import json_schema
from storyboards.library import fill_in, list_ids, load
from storyboards.storyboard import Storyboard

if TYPE_CHECKING:
    from ingest.footage import Footage, FootageFile

AT_A_TIME = 2
"""Files looked at side by side: while one is read, the other is measured."""

LOOK_S = 0.2
"""Seconds of waiting at a stretch."""


class Looked(NamedTuple):
    """What came of one file or folder that was asked for: its clip, or the error that stands in its place."""

    file: str
    """The path as it was given; of a file in a folder, the folder's path and its name."""
    clip: Clip | None
    error: PromiseReelError | None = None


def look(paths: Sequence[Path], on_done: Callable[[int, int, str], None] = lambda *_: None) -> list[Looked]:
    """Inspect files and the files of folders, in the order given, and tell which are duplicates of others.

    A file that is named twice, or by itself and by its folder, is looked at once, as its folder's sheet describes it.
    What is missing or unreadable has an error in its place and stops nothing. `on_done` hears how many files are done,
    of how many, and the name of the last one. Broken files are refused by their clip's verdict.
    """
    asked: list[Looked | FootageFile] = []
    for path in dict.fromkeys(paths):
        try:
            asked += _files_at(path)
        except PromiseReelError as error:
            asked.append(Looked(str(path), None, error))
    asked = _once(asked)
    files = [one for one in asked if not isinstance(one, Looked)]
    found = iter(_tell([*_inspect_all(files, on_done)]))
    return [one if isinstance(one, Looked) else next(found) for one in asked]


def inspect_file(file: "FootageFile") -> Clip:
    """One file's verdict, with what its folder's sheet says of it. Raises NotFound, Outage, Bug.

    Words that nobody wrote down are said to be missing; recognising them is left to making a film, which keeps them.
    """
    from ingest.inspect import inspect
    from ingest.speech import listen

    clip = inspect(file.path, file.name, transcript=file.transcript)
    if file.transcript is None:
        clip = listen(clip, file.path, spoken=is_spoken(file))
    said = file.model_dump(include={"slot", "speaker_name", "speaker_role", "in_s", "out_s"})
    return clip.model_copy(update=said)


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


def storyboard_example(id_or_path: str, variables: Mapping[str, str]) -> Storyboard:
    """The same with words for its variables; examples stand in for those that it asks for. Raises InputRefused."""
    return fill_in(load(id_or_path).as_example, variables)


def storyboard_differences(old: str, new: str) -> tuple[Difference, ...]:
    """What changed from one storyboard to another, in words; each by its id or its file. Raises InputRefused."""
    return differences(load(old), load(new))


def storyboard_schema() -> dict[str, Any]:
    """The storyboard language as JSON Schema."""
    return json_schema()


def _files_at(path: Path) -> list["FootageFile"]:
    """A file with the words of a sidecar of the same stem, or the files of a folder, each named by its path."""
    from ingest.footage import FootageFile, words_beside

    if path.is_dir():
        return [file.model_copy(update={"name": str(path / file.name)}) for file in footage_in(path).files]
    if not path.is_file():
        raise NotFound("There is no such file: check its name.")
    return [FootageFile(path=path, name=str(path), transcript=words_beside(path))]


def _once(asked: "Sequence[Looked | FootageFile]") -> "list[Looked | FootageFile]":
    """The same without second mentions of a file; of two the one counts that more is said of."""
    held: dict[object, Looked | FootageFile] = {}
    for one in asked:
        if isinstance(one, Looked):
            held[one.file] = one
            continue
        place = one.path.parent.resolve() / one.path.name
        earlier = held.get(place)
        if not isinstance(earlier, Looked) and (earlier is None or _said(one) > _said(earlier)):
            held[place] = one
    return list(held.values())


def _said(file: "FootageFile") -> int:
    """How much is said of a file beside its name."""
    return len(file.model_dump(exclude={"path", "name"}, exclude_none=True))


def _inspect_all(files: Sequence["FootageFile"], on_done: Callable[[int, int, str], None]) -> list[Looked]:
    """Inspect files side by side; the order is kept.

    The threads are daemons: Ctrl-C ends the process without waiting for them, and what they started ends with them.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Looked | BaseException]] = queue.SimpleQueue()
    for n in range(len(files)):
        waiting.put(n)

    def work() -> None:
        while not waiting.empty():
            try:
                n = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((n, _looked(files[n])))
            except BaseException as error:  # raised again where it is waited for
                done.put((n, error))

    for _ in range(min(AT_A_TIME, os.cpu_count() or 1, len(files))):
        threading.Thread(target=work, name="look", daemon=True).start()
    found: dict[int, Looked] = {}
    while len(found) < len(files):
        raise_if_heard()
        try:
            # A Ctrl-C that another thread received is heard only between two waits.
            n, looked = done.get(timeout=LOOK_S)
        except queue.Empty:
            continue
        if isinstance(looked, BaseException):
            raise looked
        found[n] = looked
        on_done(len(found), len(files), files[n].path.name)
    return [found[n] for n in range(len(files))]


def _looked(file: "FootageFile") -> Looked:
    try:
        return Looked(file.name, inspect_file(file))
    except NotFound as error:
        return Looked(file.name, None, error)
    except OSError as error:
        return Looked(file.name, None, NotFound(f"It cannot be read: {error.strerror}."))


def _tell(found: Sequence[Looked]) -> list[Looked]:
    """The same with the notes of duplicates."""
    from ingest.duplicates import tell_duplicates

    told = {clip.file: clip for clip in tell_duplicates([one.clip for one in found if one.clip])}
    return [one._replace(clip=told.get(one.file)) for one in found]
