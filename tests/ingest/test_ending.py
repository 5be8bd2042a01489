"""Files that break off say so, whatever their container; whole ones never do."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.clip import Clip
from ingest.ending import Table, share_there, table_of
from ingest.inspect import inspect
from kit.process import run_ffmpeg

PICTURE = "testsrc2=s=128x96:r=25:d=2.4"
SOUND = "sine=440:r=44100:d=2.4"
WAYS = {
    "a.avi": "-c:v mpeg4 -c:a libmp3lame",
    "a.mkv": "-c:v libx264 -preset ultrafast -c:a aac",
    "a.webm": "-c:v libvpx -deadline realtime -c:a libopus",
    "a.mp4": "-c:v libx264 -preset ultrafast -c:a aac -movflags +faststart",
    "a.flv": "-c:v flv1 -c:a libmp3lame",
    "a.wmv": "-c:v wmv2 -c:a wmav2",
    "a.ts": "-c:v mpeg2video -c:a mp2",
    "a.mpg": "-c:v mpeg2video -c:a mp2",
    "a.wav": "-vn",
    "a.mp3": "-vn",
    "a.ogg": "-vn",
    "a.flac": "-vn",
}
SILENT_ON_LENGTH = ("a.ts", "a.mpg", "a.flac")
"""Containers whose outer structure does not say how long the file is."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A small file of a container, made once."""
    folder = tmp_path_factory.mktemp("whole")

    def make(name: str) -> Path:
        path = folder / name
        if not path.exists():
            run_ffmpeg(["-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND, *WAYS[name].split(), str(path)])
        return path

    return make


def cut(path: Path, share: float, folder: Path) -> Path:
    """The first part of a file."""
    data = path.read_bytes()
    short = folder / path.name
    short.write_bytes(data[: int(len(data) * share)])
    return short


def codes(clip: Clip) -> list[str]:
    """The codes of a clip's notes."""
    return [note.code for note in clip.notes]


@pytest.mark.parametrize("name", WAYS)
def test_the_share_that_is_there_is_known_from_the_structure(
    whole: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    assert share_there(whole(name)) == 1.0
    there = share_there(cut(whole(name), 0.7, tmp_path))
    if name in SILENT_ON_LENGTH:
        assert there == 1.0
    elif name == "a.ogg":
        assert 0.98 < there < 0.999
    else:
        assert there == pytest.approx(0.7, abs=0.05)


@pytest.mark.parametrize("name", ["a.avi", "a.mkv", "a.ts", "a.mp4"])
def test_a_file_that_breaks_off_says_so(whole: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    assert not {"cut_off", "some_damage"} & {*codes(inspect(whole(name), name))}
    clip = inspect(cut(whole(name), 0.6, tmp_path), name)
    if name == "a.ts":
        assert codes(clip)[0] == "cut_off"
        assert "upload it again" in clip.notes[0].action
    else:
        assert codes(clip) == ["truncated"]


def test_a_film_without_its_last_moments_is_used_and_says_so(whole: Callable[[str], Path], tmp_path: Path) -> None:
    for name in ("a.avi", "a.mkv"):
        clip = inspect(cut(whole(name), 0.94, tmp_path), name)
        assert codes(clip)[0] == "cut_off"
        assert clip.duration_s < 2.39


def box(kind: bytes, size: int, length: int | None = None) -> bytes:
    """An outer box of so many bytes that says it has `length`."""
    return struct.pack(">I4s", size if length is None else length, kind) + bytes(size - 8)


@pytest.mark.parametrize(
    ("boxes", "table"),
    [
        (box(b"ftyp", 20) + box(b"mdat", 100), Table.NEVER_WRITTEN),
        (box(b"ftyp", 20) + box(b"mdat", 100, 0), Table.NEVER_WRITTEN),
        (box(b"ftyp", 20) + box(b"mdat", 100, 5000), Table.CUT_OFF),
        (box(b"ftyp", 20) + box(b"mdat", 100) + box(b"moov", 50, 90), Table.CUT_OFF),
        (box(b"ftyp", 20) + box(b"moov", 50) + box(b"mdat", 100, 5000), Table.THERE),
        (box(b"ftyp", 20) + box(b"mdat", 100) + box(b"moov", 50), Table.THERE),
        (b"RIFF" + bytes(100), Table.THERE),
    ],
)
def test_what_became_of_the_table_is_told(tmp_path: Path, boxes: bytes, table: Table) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(boxes)
    assert table_of(path) is table


def test_a_recording_that_was_never_closed_says_what_to_do(whole: Callable[[str], Path], tmp_path: Path) -> None:
    data = whole("a.mp4").read_bytes()
    at = data.index(b"mdat") - 4
    path = tmp_path / "a.mp4"
    path.write_bytes(data[:32] + struct.pack(">I", 0) + data[at + 4 :])
    clip = inspect(path, "a.mp4")
    assert codes(clip) == ["unfinished"]
    assert "never finished" in clip.notes[0].message
    assert "back into the camera" in clip.notes[0].action
