"""A folder of footage is read as its owner meant it, or refused with the file and field to mend."""

from pathlib import Path

import pytest

from ingest.footage import read_footage
from kit.errors import InputRefused


def test_anytown(footage: Path) -> None:
    project = read_footage(footage / "anytown")
    files = {file.name: file for file in project.files}
    assert project.music == "music.ogg"
    assert files["leader.mp4"].slot == "leader"
    assert files["leader.mp4"].speaker_role == "Chief of Police"
    assert files["community.mp4"].transcript == footage / "anytown" / "community.srt"
    assert "footage.yaml" not in files
    assert "leader.srt" not in files


def test_sidecars_lie_beside_their_clip_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "名前 with 'quotes' #1.mp4").write_bytes(b"x")
    (tmp_path / "名前 with 'quotes' #1.vtt").write_text("WEBVTT")
    (file,) = read_footage(tmp_path).files
    assert file.transcript is not None
    assert file.transcript.suffix == ".vtt"


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        ("clips: [", "line 1"),
        ("clips:\n  - file: missing.mp4\n", "missing.mp4"),
        ("clips:\n  - file: a.mp4\n    slto: leader\n", "clips.0.slto"),
        ("clips:\n  - file: ../a.mp4\n", "outside"),
        ("clips:\n  - file: a.mp4\n    in: 9\n    out: 3\n", "after"),
        ("music: none.ogg\n", "music"),
        ("clips: &a [*a]\n", "aliases"),
        ("- 1\n", "footage.yaml"),
        ("[" * 100_000, "lists inside lists"),
        ("clips: " + "{a: " * 50, "lists inside lists"),
        ("clips:\n  - file: a.mp4\n    in: " + "9" * 9000, "write seconds"),
        ("clips:\n  - file: a.mp4\n    in: 2001-99-99\n", "write seconds"),
        ("clips:\n  - file: a.mp4\n    out: .inf\n", "clips.0.out"),
        ('clips:\n  - file: "a\\0.mp4"\n', "not a file name"),
        ("clips:\n  - file: " + "a" * 3000, "not a file name"),
        ("clips: !!python/object/apply:os.system [ls]\n", "line 1"),
        ("x" * 200_000, "too large"),
    ],
)
def test_a_wrong_sheet_names_what_to_mend(sheet: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")
    (tmp_path / "footage.yaml").write_text(sheet)
    with pytest.raises(InputRefused, match=message):
        read_footage(tmp_path)


def test_what_computers_and_cameras_leave_in_folders_is_no_footage(tmp_path: Path) -> None:
    for name in (".DS_Store", "._a.mov", "Thumbs.db", "desktop.ini", "IMG_1.AAE", "GX01.THM", "a.xmp", "a.MOV"):
        (tmp_path / name).write_bytes(b"x")
    assert [file.name for file in read_footage(tmp_path).files] == ["a.MOV"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="holds no media"):
        read_footage(tmp_path)
    with pytest.raises(InputRefused, match="no footage folder"):
        read_footage(tmp_path / "none")


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("clips:\n  - file: a.mp4\n    in: soon\n", r"line 3: clips\.0\.in"),
        ("clips:\n  - file: a.mp4\n  - slot: leader\n", r"line 3: clips\.1\.file"),
        ("musik: a.ogg\n", r"line 1: musik"),
        ("only words", r"line 1"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(tmp_path: Path, sheet: str, said: str) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")
    (tmp_path / "footage.yaml").write_text(sheet)
    with pytest.raises(InputRefused, match=said):
        read_footage(tmp_path)


def test_words_belong_to_the_video_of_their_name(tmp_path: Path) -> None:
    for name in ("leader.mp4", "leader.wav", "leader.jpg", "leader.srt"):
        (tmp_path / name).write_bytes(b"x")
    given = {file.name: file.transcript for file in read_footage(tmp_path).files}
    assert given == {"leader.mp4": tmp_path / "leader.srt", "leader.wav": None, "leader.jpg": None}


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.mp4").write_bytes(b"x")
    with pytest.raises(InputRefused, match="rename"):
        read_footage(tmp_path)
