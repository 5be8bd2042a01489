"""Mutated media ends with a verdict: no hang, no crash, nothing left behind; and what is accepted can be rendered."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import ffmpeg
import pytest

from ingest import checks
from ingest.clip import Clip, Verdict
from ingest.graph import conform_video, sound_input, video_input
from ingest.inspect import SILENCE_S, inspect
from ingest.photo import open_upright
from kit.process import run_ffmpeg_bytes
from kit.timing import SAMPLE_RATE, frames_to_samples
from tests.ingest.mutations import mutate

COUNT = 500
STEP = 1 if os.environ.get("PROMISEREEL_SOAK") else 10

VERDICT_CPU_S = 30.0
"""Most processor seconds that a verdict on a mutated file of under a megabyte may take; it takes about two."""

SMALL = {
    "a_speech": "grid_swwp2s_set-white-with-p-two-soon.mpg narration_LJ001-0008.wav",
    "b_broll": "people_event_640x480_3s.mp4 sign_language_thanks_640x480.mkv",
    "c_phone": (
        "android_hlg_1080p.mp4 android_slowmo_gap.mp4 iphone14pro_dolbyvision_720p.MOV "
        "samsung_sef_super_slowmo.mp4 selfie_rotate_and_reflect.mp4"
    ),
    "d_old": (
        "amrnb_8k.3gp avi_h264_mp3.avi avi_xvid_mp3.avi flv_sample.flv h263_176x144.3gp people_h264_mp3.mp4 "
        "people_h265_aac.mp4 people_mp4v_aac.mp4 people_theora_opus.ogg people_theora_vorbis.ogg "
        "people_vp8_opus.webm sample_h262_mpeg_audio.ps sample_h262_mpeg_audio.ts sample_h263.ts "
        "sample_h265.ts"
    ),
    "derived": "highspeed_120fps_720p.mp4 phone_vfr_720p.mp4 hikers_wmv2.wmv police_exif_orientation_6.jpg",
    "e_audio": (
        "bbb_6ch_8kHz_opus.ogg edit_list_positive_shift.mp4 long_edit_list_audioonly.mp4 sample_ac3_aac.mp4 "
        "sample_alac.mp4 sample_float32.wav sample_nb.amr sample_twos_pcm.mp4"
    ),
    "f_photos": (
        "extra_bytes.webp london.jpg race_640x428.jpg pixel-motion-photo-shortened.jpg sample_MP.heic "
        "sample_still_photo.heic"
    ),
    "g_broken": "sample_empty_track.mp4 sample_with_av1c.mp4 ts_with_junk.ts",
}
SOURCES = [f"{folder}/{name}" for folder, names in SMALL.items() for name in names.split()]
"""Small files of every container and kind of photo there is."""

WORDS = ["anytown/leader.srt", "i_text/webvtt_with_positioning.vtt", "i_text/subrip_typical_utf16le.srt"]

KNOWN = {*checks.REFUSALS, *checks.NOTES}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that everything started here keeps its temporary files in."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.mark.parametrize("number", range(0, COUNT, STEP))
def test_mutated_media_ends_with_a_verdict(
    footage: Path, tmp_path: Path, scratch: Path, number: int, record_property: Callable[[str, object], None]
) -> None:
    chance = Random(f"mutation {number}")
    source, other = footage / chance.choice(SOURCES), footage / chance.choice(SOURCES)
    way, data = mutate(source.read_bytes(), other.read_bytes(), chance)
    path = tmp_path / source.name
    path.write_bytes(data)
    words = _words(footage, tmp_path, chance) if chance.random() < 0.25 else None
    began, began_cpu_s = time.monotonic(), _spent_s()
    clip = inspect(path, source.name, transcript=words, renditions=tmp_path / "made")
    took, spent_s = time.monotonic() - began, _spent_s() - began_cpu_s
    for key, value in (
        ("source", source.name),
        ("way", way),
        ("verdict", clip.verdict),
        ("seconds", round(spent_s, 2)),
    ):
        record_property(key, str(value))
    record_property("codes", " ".join(note.code for note in clip.notes))
    record_property("frames", clip.frames)
    assert spent_s < VERDICT_CPU_S
    # Whoever waits without working spends nothing, and is ended only after this long.
    assert took < SILENCE_S
    assert {note.code for note in clip.notes} <= KNOWN
    assert (clip.verdict is Verdict.ACCEPTED) == (not clip.notes)
    if clip.verdict is not Verdict.REFUSED:
        _render(clip, path, tmp_path)
    assert list(scratch.iterdir()) == []
    for _ in range(100):  # what has been killed needs its turn on a busy machine to end
        if not _started_with(scratch):
            return
        time.sleep(0.1)
    raise AssertionError(_started_with(scratch))


def _spent_s() -> float:
    """Processor seconds of this process and of all it has started and seen end."""
    return sum(os.times()[:4])


def _words(footage: Path, folder: Path, chance: Random) -> Path:
    source, other = (footage / chance.choice(WORDS) for _ in range(2))
    path = folder / f"words{source.suffix}"
    path.write_bytes(mutate(source.read_bytes(), other.read_bytes(), chance)[1])
    return path


def _render(clip: Clip, path: Path, folder: Path) -> None:
    """Every frame and every sample that an accepted clip promised comes out of the graphs that films are made with."""
    if clip.frames:
        for first in (0, clip.frames - min(8, clip.frames)):
            frames = clip.frames - first
            picture = conform_video(video_input(clip, path, first, frames), clip, width=320, height=180)
            output = ffmpeg.output(picture, "pipe:1", format="rawvideo", pix_fmt="gray", fps_mode="passthrough")
            yielded = run_ffmpeg_bytes(["-v", "error", *output.get_args()], timeout_s=300, memory_bytes=4 << 30)
            assert len(yielded) / (320 * 180) == frames, f"from frame {first}"
    elif clip.picture:
        open_upright(path, 640)
    if clip.sound:
        samples = frames_to_samples(clip.frames) or round(clip.duration_s * SAMPLE_RATE)
        whole = sound_input(clip, path).filter("apad", whole_len=samples).filter("atrim", end_sample=samples)
        output = ffmpeg.output(whole, "pipe:1", format="s8", acodec="pcm_s8", ac=1)
        yielded = run_ffmpeg_bytes(["-v", "error", *output.get_args()], timeout_s=300, memory_bytes=2 << 30)
        assert len(yielded) == samples


def _started_with(scratch: Path) -> list[str]:
    """Programs that still run and were started with this folder for temporary files, adopted ones included."""
    mark, running = f"TMPDIR={scratch}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(process.name) != os.getpid() and mark in (process / "environ").read_bytes().split(b"\0"):
                running.append((process / "cmdline").read_text())
        except OSError:
            continue
    return running
