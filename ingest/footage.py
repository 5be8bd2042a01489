"""A folder of footage as it lies on disk: which files, which words belong to them, and what `footage.yaml` says."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.transcript import SUFFIXES as WORDS
from kit.errors import InputRefused
from kit.values import Value

LARGEST_YAML = 128 << 10
"""Bytes of the largest `footage.yaml`: about a thousand clips, read in seconds."""

DEEPEST_YAML = 10

_NOT_FILMED = frozenset(
    {
        ".wav",
        ".mp3",
        ".m4a",
        ".aac",
        ".flac",
        ".ogg",
        ".amr",
        ".jpg",
        ".jpeg",
        ".png",
        ".heic",
        ".heif",
        ".webp",
        ".tif",
    }
)
"""Endings of sound and photos: where a video has the same stem, the words belong to the video."""

_FOLDER_NOTES = ("thumbs.db", "ehthumbs.db", "desktop.ini")
"""What Windows leaves in a folder; what a Mac leaves there begins with a dot."""

_ASIDE = (".yaml", ".yml", ".aae", ".xmp", ".thm")
"""Our own sheet, and what phones, cameras and photo programs write beside their files."""


class FootageFile(Value):
    """One file of footage with what was said about it by hand."""

    path: Path
    name: str
    slot: str | None = None
    speaker_name: str | None = None
    speaker_role: str | None = None
    transcript: Path | None = None
    in_s: float | None = None
    out_s: float | None = None


class Footage(Value):
    """All files of a project, by name."""

    files: tuple[FootageFile, ...]
    music: str | None = None
    """Name of the file that is the music bed."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Speaker(_Entry):
    name: str = Field(min_length=1, max_length=120)
    role: str | None = Field(default=None, max_length=120)


class _ClipEntry(_Entry):
    file: str
    slot: str | None = None
    speaker: _Speaker | None = None
    transcript: str | None = None
    in_s: float | None = Field(default=None, alias="in", ge=0, allow_inf_nan=False)
    out_s: float | None = Field(default=None, alias="out", gt=0, allow_inf_nan=False)


class _Sheet(_Entry):
    clips: list[_ClipEntry] = Field(default_factory=list)
    music: str | None = None


def read_footage(folder: Path) -> Footage:
    """List a folder's media with sidecars and `footage.yaml` applied.

    Raises InputRefused naming the file and field that is wrong, or that the folder is empty.
    """
    if not folder.is_dir():
        raise InputRefused(f"there is no footage folder “{folder.name}”: check the path given with --footage")
    sheet = _read_sheet(folder)
    entries = {entry.file: entry for entry in sheet.clips}
    for entry in sheet.clips:
        for field, name in (("file", entry.file), ("transcript", entry.transcript)):
            _inside(folder, field, name)
        if entry.in_s is not None and entry.out_s is not None and entry.out_s <= entry.in_s:
            raise InputRefused(f"footage.yaml: {entry.file}: “out” must come after “in”")
    _inside(folder, "music", sheet.music)
    words_of_others = {entry.transcript for entry in sheet.clips if entry.transcript}
    media = [path for path in sorted(folder.iterdir()) if _is_media(path) and path.name not in words_of_others]
    if not media:
        raise InputRefused(f"the footage folder “{folder.name}” holds no media: put videos, photos or sound in it")
    for path in media:
        if not path.name.isprintable():
            raise InputRefused(f"the file name {path.name!a} cannot be read as text: rename the file")
    owners = _owners_of_words(media, words_of_others)
    files = tuple(_file(path, entries.get(path.name), owners.get(path.name)) for path in media)
    return Footage(files=files, music=sheet.music)


def words_beside(path: Path) -> Path | None:
    """The sidecar of a file's stem; of several the one with times, which tells most."""
    return next((side for suffix in WORDS if (side := path.with_suffix(suffix)).is_file()), None)


def _owners_of_words(media: list[Path], spoken_for: set[str]) -> dict[str, Path]:
    """Sidecars by the file they belong to: of files that share a stem, the video; none that the sheet gives away."""
    owners: dict[str, Path] = {}
    taken = set(spoken_for)
    for path in sorted(media, key=lambda path: (path.suffix.lower() in _NOT_FILMED, path.name)):
        beside = words_beside(path)
        if beside and beside.name not in taken:
            owners[path.name] = beside
            taken.add(beside.name)
    return owners


def _is_media(path: Path) -> bool:
    ending = path.suffix.lower()
    aside = path.name.startswith(".") or path.name.lower() in _FOLDER_NOTES or ending in _ASIDE
    return path.is_file() and not aside and ending not in WORDS


def _file(path: Path, entry: _ClipEntry | None, beside: Path | None) -> FootageFile:
    if entry is None:
        return FootageFile(path=path, name=path.name, transcript=beside)
    return FootageFile(
        path=path,
        name=path.name,
        slot=entry.slot,
        speaker_name=entry.speaker.name if entry.speaker else None,
        speaker_role=entry.speaker.role if entry.speaker else None,
        transcript=path.parent / entry.transcript if entry.transcript else beside,
        in_s=entry.in_s,
        out_s=entry.out_s,
    )


def _inside(folder: Path, field: str, name: str | None) -> None:
    if name is None:
        return
    if not name.isprintable() or len(name.encode("utf-8", "replace")) > 255:
        raise InputRefused(f"footage.yaml: {field}: {name[:60]!a} is not a file name: check its spelling")
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()) or Path(name).name != name:
        raise InputRefused(f"footage.yaml: {field}: “{name}” lies outside the footage folder: name a file inside it")
    if not target.is_file():
        raise InputRefused(f"footage.yaml: {field}: there is no file “{name}” in the folder: check its spelling")


def _read_sheet(folder: Path) -> _Sheet:
    path = folder / "footage.yaml"
    if not path.is_file():
        return _Sheet()
    if path.stat().st_size > LARGEST_YAML:
        raise InputRefused("footage.yaml is too large: it only names clips")
    try:
        text = path.read_text("utf-8-sig")
        _refuse_riddles(text)
        said: Any = yaml.safe_load(text)
        return _Sheet.model_validate({} if said is None else said)
    except UnicodeDecodeError as error:
        raise InputRefused("footage.yaml is not plain text: save it as UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputRefused(f"footage.yaml{where}: {getattr(error, 'problem', None) or 'not valid YAML'}") from error
    except ValidationError as error:
        top = yaml.compose(text, Loader=yaml.SafeLoader)
        problems = "; ".join(
            f"line {_line_of(top, row['loc'])}: {'.'.join(str(part) for part in row['loc'])}: {row['msg'].lower()}"
            for row in error.errors()[:5]
        )
        raise InputRefused(f"footage.yaml: {problems}") from error
    except ValueError as error:  # PyYAML lets out what Python says of dates and numbers that do not exist
        raise InputRefused("footage.yaml: a number or date in it cannot be read: write seconds, such as 3.5") from error


def _refuse_riddles(text: str) -> None:
    """Refuse aliases and deep nesting before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise InputRefused("footage.yaml: aliases (*name) are not used here: write the value out")
        if depth > DEEPEST_YAML:
            raise InputRefused("footage.yaml: lists inside lists are not used here: name the clips plainly")


def _line_of(node: yaml.Node | None, place: tuple[int | str, ...]) -> int:
    """Line (from 1) of the deepest thing on the way to a place in the sheet; a missing field is its parent's line."""
    line = node.start_mark.line if node else 0
    for part in place:
        below: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    below, line = value, key.start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            below = node.value[part]
            line = below.start_mark.line
        if below is None:
            break
        node = below
    return line + 1
