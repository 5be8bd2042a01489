"""Rare but sound footage, made here: each kind gets a sensible verdict, and its length and sound arrive whole."""

import os
from pathlib import Path
from typing import NamedTuple

import ffmpeg
import numpy as np
import pytest

from ingest.clip import Clip
from ingest.graph import bounded_sound, conform_video, video_input
from ingest.inspect import inspect
from kit.process import run_ffmpeg, run_ffmpeg_bytes
from kit.timing import SAMPLE_RATE

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
SECONDS = 1.2
PICTURE = "testsrc2=s=160x120:r=25"
TONE = "sine=440:r=48000"
H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"
TOGETHER = ["-map", "0", "-map", "1", "-map_chapters", "2", "-c", "copy", "-c:s", "mov_text"]
WITH_COVER = ["-map", "0:a", "-map", "1", "-c:a", "flac", "-c:v", "copy", "-disposition:v", "attached_pic"]
EVERYDAY = {"small", "short", "screen_recording"}
"""What is said of every test picture of this size and length."""


class Odd(NamedTuple):
    """How a file is made, and what must come of it."""

    told: str
    picture: str = PICTURE
    sound: str = TONE
    size: tuple[int, int] | None = (160, 120)
    codes: str = ""


ODD = {
    "anamorphic.mp4": Odd(f"{H264} -vf setsar=4/3 -c:a aac", size=(213, 120)),
    "fast.mp4": Odd(f"{H264} -c:a aac", picture="testsrc2=s=160x120:r=120"),
    "film.mp4": Odd(f"{H264} -c:a aac", picture="testsrc2=s=160x120:r=24000/1001"),
    "slow.mp4": Odd(f"{H264} -c:a aac", picture="testsrc2=s=160x120:r=5"),
    "deep.mov": Odd("-c:v libx264 -preset ultrafast -pix_fmt yuv422p10le -c:a pcm_s24le"),
    "alpha.mov": Odd("-c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le -c:a pcm_s16le"),
    "alpha.webm": Odd("-c:v libvpx-vp9 -pix_fmt yuva420p -deadline realtime -cpu-used 8 -c:a libopus"),
    "tape.mov": Odd("-c:v dvvideo -s 720x576 -pix_fmt yuv420p -c:a pcm_s16le", size=(768, 576), codes="interlaced"),
    "rgb.mkv": Odd("-c:v libx264 -preset ultrafast -qp 0 -pix_fmt gbrp -c:a flac"),
    "grey.mp4": Odd("-c:v libx264 -preset ultrafast -pix_fmt gray -c:a aac"),
    "raw.avi": Odd("-c:v rawvideo -pix_fmt yuyv422 -c:a pcm_s16le"),
    "telephone.avi": Odd("-c:v mjpeg -q:v 5 -pix_fmt yuvj420p -c:a pcm_alaw", sound="sine=440:r=8000"),
    "studio.mov": Odd(f"{H264} -c:a pcm_s24le", sound="sine=440:r=96000"),
    "surround.mp4": Odd(f"{H264} -c:a aac -ac 8", codes="one_channel"),
    "far.ts": Odd(f"{H264} -c:a aac -output_ts_offset 50000"),
    "far.mkv": Odd(f"{H264} -c:a aac -output_ts_offset 36000"),
    "fragments.mp4": Odd(f"{H264} -g 10 -c:a aac -movflags frag_keyframe+delay_moov+default_base_moof"),
    "timecode.mov": Odd(f"{H264} -c:a aac -timecode 01:00:00:00"),
    "widest.avi": Odd(
        "-c:v mjpeg -q:v 9 -pix_fmt yuvj420p -c:a pcm_s16le", picture="testsrc2=s=8192x320:r=5", size=(8192, 320)
    ),
    "too_wide.avi": Odd("-c:v mjpeg -q:v 9 -pix_fmt yuvj420p", picture="testsrc2=s=8200x64:r=5", codes="too_large"),
    "dot.mp4": Odd("-c:v libx264 -pix_fmt yuv444p", picture="color=red:s=2x2:r=25", codes="too_small"),
    "hifi.wav": Odd("-vn -c:a pcm_f32le", sound="sine=440:r=96000", size=None, codes="sound_only"),
}


def make(path: Path, odd: Odd) -> None:
    """Write a file as it is told."""
    sources = [f"{source}:d={SECONDS}" for source in (odd.picture, odd.sound)]
    run_ffmpeg([word for source in sources for word in ("-f", "lavfi", "-i", source)] + [*odd.told.split(), str(path)])


def codes(clip: Clip) -> set[str]:
    """The codes of its notes that are not said of every test picture."""
    return {note.code for note in clip.notes} - EVERYDAY


def check_film(clip: Clip, path: Path) -> None:
    """The film gets every frame that was promised, and a tone that lasts as long as the clip."""
    if clip.picture:
        stream = conform_video(video_input(clip, path, 0, clip.frames), clip, width=160, height=90)
        args = ffmpeg.output(stream, "pipe:1", format="rawvideo", pix_fmt="gray", fps_mode="passthrough").get_args()
        assert len(run_ffmpeg_bytes(["-v", "error", *args])) == clip.frames * 160 * 90
    if clip.sound:
        args = ffmpeg.output(bounded_sound(clip, path), "pipe:1", format="s16le", ac=1, ar=SAMPLE_RATE).get_args()
        heard = np.frombuffer(run_ffmpeg_bytes(["-v", "error", *args]), np.int16).astype(np.float32)
        assert len(heard) / SAMPLE_RATE == pytest.approx(SECONDS, abs=0.05)
        tenths = np.sqrt(np.square(heard[: len(heard) // 4800 * 4800].reshape(-1, 4800)).mean(axis=1))
        assert tenths[1:11].min() > 0.5 * tenths.max()


IN_SHORT = ("anamorphic.mp4", "alpha.webm", "tape.mov", "surround.mp4", "far.mkv", "too_wide.avi", "telephone.avi")


@pytest.mark.parametrize("name", ODD if SOAK else IN_SHORT)
def test_odd_footage_arrives_whole(tmp_path: Path, name: str) -> None:
    odd, path = ODD[name], tmp_path / name
    make(path, odd)
    clip = inspect(path, name)
    assert codes(clip) == set(odd.codes.split())
    if clip.verdict == "refused":
        return
    assert (clip.picture and clip.picture.upright_size) == odd.size
    assert clip.duration_s == pytest.approx(SECONDS, abs=0.06)
    assert clip.frames == pytest.approx(30 * SECONDS if odd.size else 0, abs=1)
    check_film(clip, path)


@pytest.mark.parametrize("degrees", [45, 30, -100] if SOAK else [-100])
def test_a_slanted_turn_is_taken_for_the_nearest_upright_one(tmp_path: Path, degrees: int) -> None:
    make(tmp_path / "a.mp4", Odd(f"{H264} -c:a aac"))
    path = tmp_path / "turned.mp4"
    run_ffmpeg(["-display_rotation", str(degrees), "-i", str(tmp_path / "a.mp4"), "-c", "copy", str(path)])
    clip = inspect(path, "turned.mp4")
    assert clip.picture is not None
    assert clip.picture.rotation == (90 if degrees == -100 else 0)
    check_film(clip, path)


def test_chapters_subtitles_and_covers_are_passed_over(tmp_path: Path) -> None:
    plain, words, chapters, cover = (tmp_path / name for name in ("a.mp4", "a.srt", "a.txt", "a.png"))
    make(plain, Odd(f"{H264} -c:a aac"))
    words.write_text("1\n00:00:00,200 --> 00:00:01,000\nGood morning.\n")
    chapters.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=One\n")
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1", str(cover)])
    given = [word for path in (plain, words, chapters) for word in ("-i", str(path))]
    full = tmp_path / "full.mp4"
    run_ffmpeg([*given, *TOGETHER, str(full)])
    assert not codes(inspect(full, "full.mp4"))
    song = tmp_path / "song.flac"
    run_ffmpeg(["-i", str(plain), "-i", str(cover), *WITH_COVER, str(song)])
    clip = inspect(song, "song.flac")
    assert (clip.kind, codes(clip)) == ("sound", {"sound_only"})
    check_film(clip, song)
