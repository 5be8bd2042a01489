"""Golden: a flash and a beep made at one instant still come together after conforming, up to the end of a minute."""

import os
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ingest.clip import Clip
from tests.ingest.boxes import with_edits
from tests.ingest.charts import heard, make, seen

ClipFrom = Callable[[Path], Clip]
SECONDS = 60
MARKS = (0.5, *range(5, SECONDS, 5), 59.0)
FRAME_S = 1 / 30
SIZE = (96, 54)
SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "24", "-pix_fmt", "yuv420p", "-g", "30")
AAC = ("-c:a", "aac", "-b:a", "96k")


def write_picture(path: Path, rate: str, starts_s: float = 0.0) -> list[str]:
    """Grey frames with a white one (a thirtieth of a second at most) at each mark; FFmpeg's words to read them."""
    count = round(SECONDS * Fraction(rate))
    frames = np.full((count, SIZE[1], SIZE[0]), 40, np.uint8)
    for mark in MARKS:
        first = round(mark * Fraction(rate))
        frames[first : first + max(1, int(Fraction(rate) / 30))] = 235
    path.write_bytes(frames[round(starts_s * Fraction(rate)) :].tobytes())
    size = f"{SIZE[0]}x{SIZE[1]}"
    return [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray",
        "-s",
        size,
        "-framerate",
        rate,
        "-itsoffset",
        f"{starts_s}",
        "-i",
        str(path),
    ]


def write_sound(
    path: Path, rate: str, samples_s: int, starts_s: float = 0.0, ends_s: float = SECONDS, told_s: int | None = None
) -> list[str]:
    """Quiet noise with a beep of 1 kHz at the instant of each flash, `samples_s` samples to the second of which the
    header tells `told_s`; FFmpeg's words to read it."""
    noise = np.random.default_rng(1).normal(0, 0.002, round(SECONDS * samples_s))
    time = np.arange(round(0.1 * samples_s)) / samples_s
    for mark in MARKS:
        instant = round(mark * Fraction(rate)) / Fraction(rate)
        first = round(instant * samples_s)
        noise[first : first + len(time)] += 0.5 * np.sin(2 * np.pi * 1000 * time)
    kept = noise[round(starts_s * samples_s) : round(ends_s * samples_s)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, told_s or samples_s, 0, "NONE", ""))
        file.writeframes((kept * 32767).astype("<i2").tobytes())
    return ["-itsoffset", f"{starts_s}", "-i", str(path)]


def film(
    folder: Path,
    ending: str,
    *args: str,
    rate: str = "30",
    samples_s: int = 48000,
    told_s: int | None = None,
    picture_starts_s: float = 0.0,
    sound_starts_s: float = 0.0,
    sound_ends_s: float = SECONDS,
    coded: tuple[str, ...] = (*X264, *AAC),
) -> Path:
    """The minute as one file, encoded by `coded` and written by `args`."""
    picture = write_picture(folder / "picture.raw", rate, picture_starts_s)
    sound = write_sound(folder / "sound.wav", rate, samples_s, sound_starts_s, sound_ends_s, told_s)
    return make(folder / f"film.{ending}", *picture, *sound, *coded, *args)


def uneven(folder: Path) -> Path:
    """60 pictures a second of which a phone dropped nearly half, on a clock of 90 kHz."""
    marks = "+".join(f"between(n,{round(mark * 60)},{round(mark * 60) + 1})" for mark in MARKS)
    select = ("-vf", f"select='lt(mod(n*n,9),5)+{marks}'", "-fps_mode", "passthrough", "-enc_time_base", "1/90000")
    return film(folder, "mp4", *select, "-video_track_timescale", "90000", rate="60")


def cut_by_copy(folder: Path) -> Path:
    """The first 3.3 s cut off by stream copy, which leaves the cut to the edit list."""
    return make(folder / "cut.mp4", "-ss", "3.3", "-i", str(film(folder, "mp4")), "-c", "copy")


def edited(*edits: tuple[float, float]) -> Callable[[Path], Path]:
    """An edit list written by hand into both tracks."""

    def build(folder: Path) -> Path:
        path = film(folder, "mp4", coded=(*X264, "-bf", "0", "-c:a", "pcm_s16le"))
        with_edits(path, list(edits))
        return path

    return build


def told(ending: str, *args: str, **facts: object) -> Callable[[Path], Path]:
    return lambda folder: film(folder, ending, *args, **facts)  # type: ignore[arg-type]


DROP = "noise=drop='between(pts*tb,20,20.4)'"
NICKS = "noise=drop='lt(mod(pts*tb+2.5,4),0.06)'"
DRIFT = "setts=pts=PTS*1.004:dts=DTS*1.004"
LARGE = ("-vf", "scale=192:108,noise=alls=30:allf=t", "-g", "1", "-q:v", "2")
"""Pictures that each fill a packet of their own: several in one share its time stamp."""

PCM = (*X264, "-c:a", "pcm_s16le")

VARIANTS: dict[str, Callable[[Path], Path]] = {
    "30 a second": told("mp4"),
    "29.97": told("mp4", rate="30000/1001"),
    "25": told("mov", rate="25"),
    "variable rate": uneven,
    "cut by stream copy": cut_by_copy,
    "edit list that starts late": edited((SECONDS - 2.1, 2.1)),
    "edit list that leaves out a middle": edited((18, 0), (SECONDS - 23, 23)),
    "edit list with nothing first": edited((0.8, -1), (SECONDS, 0)),
    "late sound": told("mp4", sound_starts_s=0.7),
    "early sound": told("mp4", "-fps_mode", "passthrough", picture_starts_s=0.4),
    "short sound": told("mp4", sound_ends_s=40),
    "transport stream after 9 hours": told("ts", "-output_ts_offset", "32400"),
    "transport stream whose clock runs over": told("ts", "-output_ts_offset", "95420"),
    "AVI with MP3": told("avi", coded=("-c:v", "mpeg4", "-q:v", "5", "-c:a", "libmp3lame"), samples_s=44100),
    "program stream": told("mpg", *LARGE, rate="25", coded=("-c:v", "mpeg2video", "-c:a", "mp2")),
    "WebM": told("webm", coded=("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")),
    "sample clock that is off": told("mkv", samples_s=44089, told_s=44100, coded=PCM),
    "sample clock that drifts from the stamps": told("mkv", "-bsf:a", DRIFT, samples_s=47809, told_s=48000, coded=PCM),
    "11.025 kHz": told("avi", samples_s=11025, coded=("-c:v", "mjpeg", "-c:a", "pcm_s16le")),
    "22.05 kHz": told("mp4", samples_s=22050),
    "96 kHz": told("mov", samples_s=96000, coded=PCM),
    "a hole in the sound": told("mp4", "-bsf:a", DROP),
    "a hole in a transport stream": told("ts", "-bsf:a", DROP),
    "many small holes": told("mkv", "-bsf:a", NICKS),
}

WITHOUT_SOUND = {"late sound": (1, 0), "short sound": (0, 5)}
"""How many marks at the start and at the end have no beep by intent."""


IN_SHORT = (
    *(
        "25",
        "variable rate",
        "cut by stream copy",
        "edit list that leaves out a middle",
        "edit list with nothing first",
    ),
    *("late sound", "early sound", "short sound", "transport stream whose clock runs over", "AVI with MP3"),
    *("sample clock that drifts from the stamps", "many small holes"),
)
"""Those that are tried in every run; the others differ less from each other."""


@pytest.mark.parametrize("variant", VARIANTS if SOAK else IN_SHORT)
def test_flash_and_beep_come_together(tmp_path: Path, clip_from: ClipFrom, variant: str) -> None:
    """At every mark that the file holds, the last one included, picture and sound are at most one frame apart."""
    path = VARIANTS[variant](tmp_path)
    clip = clip_from(path)
    bright = seen(clip, path, (32, 18)).mean(axis=(1, 2, 3)) > 150
    flashes = np.flatnonzero(bright & ~np.roll(bright, 1)) / 30
    loud = np.flatnonzero(np.abs(heard(clip, path)).max(axis=0) > 0.12) / 48000
    beeps = loud[np.diff(loud, prepend=-1.0) > 0.5]
    first, last = WITHOUT_SOUND.get(variant, (0, 0))
    flashes = flashes[first : len(flashes) - last]
    assert len(flashes) == len(beeps) >= 8
    apart = np.abs(flashes - beeps)
    assert apart.max() <= FRAME_S, f"{apart.max() * 1000:.0f} ms apart"
