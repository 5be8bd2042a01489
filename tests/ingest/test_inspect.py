"""Verdicts on real, odd, broken and hostile files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import inspect as inspection
from ingest import speech
from ingest.clip import Verdict
from ingest.inspect import inspect
from ingest.inspect_child import find
from kit.errors import Bug, NoRoom, NotFound


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{inner}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{inner}'\n",
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{inner}"/></svg>',
    ],
)
def test_files_that_name_other_files_are_refused(footage: Path, tmp_path: Path, text: str) -> None:
    hostile = tmp_path / "clip.mp4"
    hostile.write_text(text.format(inner=footage / "anytown" / "broll_park.mp4"))
    assert inspect(hostile, "clip.mp4").verdict is Verdict.REFUSED


def test_a_reader_that_never_ends_is_a_verdict(footage: Path) -> None:
    clip = inspect(footage / "anytown" / "broll_park.mp4", "a.mp4", silence_s=0.01)
    assert [note.code for note in clip.notes] == ["crashed"]


@pytest.mark.parametrize(("limit", "value"), [("MEMORY_BYTES", 700 << 20), ("FINDINGS_BYTES", 100)])
def test_a_reader_that_passes_its_limits_is_a_verdict(
    footage: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(inspection, limit, value)
    clip = inspect(footage / "c_phone" / "android_8k24.mp4", "a.mp4")
    assert [note.code for note in clip.notes] == ["crashed"]


def test_an_interview_has_a_face_words_and_a_level(footage: Path) -> None:
    folder = footage / "anytown"
    clip = inspect(folder / "phone_portrait.MOV", "phone_portrait.MOV", transcript=folder / "phone_portrait.srt")
    assert clip.faces is not None
    assert abs(clip.faces[0] - 0.5) < 0.15
    assert clip.sound is not None
    assert clip.sound.loudness_lufs is not None
    assert clip.sentences[0].text == "bin blue at F two now"


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        inspect(tmp_path / "none.mp4", "none.mp4")


@pytest.mark.parametrize(
    ("file", "written"), [("anytown/broll_park.mp4", "proxy.mp4"), ("anytown/photo_cars.jpg", "poster.jpg")]
)
def test_a_full_disk_is_the_machines_fault_and_waited_for(
    footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, written: str
) -> None:
    (tmp_path / written).symlink_to("/dev/full")
    found = find(footage / file, tmp_path, lambda _: None)
    assert (found.no_room, found.facts, found.photo, found.refused) == (True, None, None, "")

    def tells(*_: object, on_line: Callable[[bytes], None], **__: object) -> int:
        on_line(found.model_dump_json().encode())
        return 0

    monkeypatch.setattr(inspection, "run_lines", tells)
    with pytest.raises(NoRoom, match="disk is full"):
        inspect(footage / file, "a")


def test_sound_that_cannot_be_laid_out_is_a_note(footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise Bug("FFmpeg failed with code 1")

    monkeypatch.setattr(speech, "run_ffmpeg_bytes", fails)
    folder = footage / "anytown"
    clip = inspect(folder / "phone_portrait.MOV", "phone_portrait.MOV", transcript=folder / "phone_portrait.srt")
    assert "unaligned" in {note.code for note in clip.notes}
    assert len(clip.sentences) == 3
