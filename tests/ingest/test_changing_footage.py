"""Footage that changes on the way: fields, shape, turn, channels and rate of its sound."""

import os
from collections.abc import Callable
from pathlib import Path

import ffmpeg
import numpy as np
import pytest

from ingest.clip import Clip
from ingest.graph import conform_video, video_input
from ingest.inspect import inspect
from kit.process import run_ffmpeg, run_ffmpeg_bytes

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
BARS = "testsrc2=s=128x96:r=25:d=1.6"
H264 = "-c:v libx264 -preset ultrafast"
FIELDS = "-vf interlace -c:v mpeg2video -flags +ildct+ilme -b:v 2M"


@pytest.fixture
def joined(tmp_path: Path) -> Callable[..., Path]:
    """Transport streams of 1.6 seconds each, one after the other, as security recorders join them."""

    def make(*parts: tuple[str, str, str]) -> Path:
        data = b""
        for number, (picture, sound, told) in enumerate(parts):
            given = [word for source in (picture, sound) if source for word in ("-f", "lavfi", "-i", source)]
            part = tmp_path / f"{number}.ts"
            run_ffmpeg([*given, *told.split(), "-output_ts_offset", str(1.6 * number), str(part)])
            data += part.read_bytes()
        whole = tmp_path / "whole.ts"
        whole.write_bytes(data)
        return whole

    return make


def codes(clip: Clip) -> set[str]:
    """The codes of a clip's notes, but for those on what test pictures look like."""
    return {note.code for note in clip.notes} - {"small", "screen_recording", "no_sound", "short", "variable_rate"}


def frames_of(clip: Clip, path: Path) -> np.ndarray:
    """The conformed frames, grey, shape (frames, 96, 128)."""
    stream = conform_video(video_input(clip, path, 0, clip.frames), clip, width=128, height=96)
    args = ffmpeg.output(stream, "pipe:1", format="rawvideo", pix_fmt="gray", fps_mode="passthrough").get_args()
    return np.frombuffer(run_ffmpeg_bytes(["-v", "error", *args]), np.uint8).reshape(-1, 96, 128)


def combing(frames: np.ndarray) -> float:
    """How much each line differs from both its neighbours in the same way, as two fields of a movement do."""
    lines = frames.astype(np.float32)
    above, below = lines[:, 1:-1] - lines[:, :-2], lines[:, 1:-1] - lines[:, 2:]
    return float(np.maximum(above * below, 0).mean())


def test_fields_that_begin_late_are_taken_out_and_nothing_else(joined: Callable[..., Path]) -> None:
    moving = "testsrc2=s=128x96:r=50:d=0.8"
    path = joined((BARS, "", "-c:v mpeg2video -b:v 2M"), (moving, "", FIELDS))
    clip = inspect(path, "whole.ts")
    assert clip.picture is not None
    assert clip.picture.interlaced == "mixed"
    assert codes(clip) == {"interlaced"}
    assert "Parts of it" in next(note.message for note in clip.notes if note.code == "interlaced")
    assert clip.frames == pytest.approx(72, abs=3)
    mended = frames_of(clip, path)
    left = frames_of(
        clip.model_copy(update={"picture": clip.picture.model_copy(update={"interlaced": "progressive"})}), path
    )
    assert len(mended) == len(left) == clip.frames
    assert combing(mended[54:70]) < 0.6 * combing(left[54:70])
    assert np.array_equal(mended[:44], left[:44])


@pytest.mark.parametrize("second", ["96x128", "240x96"] if SOAK else ["96x128"])
def test_a_picture_that_changes_its_shape_says_from_when(joined: Callable[..., Path], second: str) -> None:
    path = joined((BARS, "", H264), (f"testsrc2=s={second}:r=25:d=1.6", "", H264))
    clip = inspect(path, "whole.ts")
    assert codes(clip) - {"portrait"} == {"picture_changes"}
    assert "from 0:02 on" in next(note.message for note in clip.notes if note.code == "picture_changes")
    assert len(frames_of(clip, path)) == clip.frames


def test_a_picture_that_only_changes_its_size_is_no_trouble(joined: Callable[..., Path]) -> None:
    path = joined((BARS, "", H264), ("testsrc2=s=256x192:r=25:d=1.6", "", H264))
    clip = inspect(path, "whole.ts")
    assert not codes(clip)
    assert len(frames_of(clip, path)) == clip.frames


@pytest.mark.parametrize("second", ["-ac 2", "-ac 1 -ar 44100"] if SOAK else ["-ac 2"])
def test_sound_that_changes_on_the_way_is_left_out_and_said_so(joined: Callable[..., Path], second: str) -> None:
    tone = "sine=440:r=48000:d=1.6"
    path = joined((BARS, tone, f"{H264} -c:a aac -ac 1"), (BARS, tone, f"{H264} -c:a aac {second}"))
    clip = inspect(path, "whole.ts")
    assert codes(clip) == {"sound_changes"}
    assert clip.sound is None
    assert clip.analysis is not None
    assert clip.analysis.sound is None


def test_sound_alone_that_changes_on_the_way_is_refused(tmp_path: Path) -> None:
    for name, channels in (("a.mp3", "1"), ("b.mp3", "2")):
        run_ffmpeg(["-f", "lavfi", "-i", "sine=440:d=1", "-ac", channels, str(tmp_path / name)])
    path = tmp_path / "joined.mp3"
    path.write_bytes((tmp_path / "a.mp3").read_bytes() + (tmp_path / "b.mp3").read_bytes())
    clip = inspect(path, "joined.mp3")
    assert [note.code for note in clip.notes] == ["uneven_sound"]


def test_a_video_of_one_picture_is_called_one(tmp_path: Path) -> None:
    path = tmp_path / "one.mp4"
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=640x480:r=25:d=0.04", *H264.split(), str(path)])
    clip = inspect(path, "one.mp4")
    assert clip.frames == 1
    note = next(note for note in clip.notes if note.code == "short")
    assert "a single picture" in note.message
    assert "photo" in note.action
