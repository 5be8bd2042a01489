"""What FFmpeg is asked when a finished film is measured, stripped or photographed. Pure: values in, arguments out."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from kit.timing import SAMPLE_RATE

SAMPLE_SIZE = (192, 108)
"""Width and height of the grid of pixels that are looked at in every frame."""

CHANNELS = 2

SAFE_INPUT = {"protocol_whitelist": "file,pipe"}


def look_args(film: Path, picture: Path) -> list[str]:
    """Decode a film's pictures into planar 4:2:0 bytes of SAMPLE_SIZE a frame.

    They are single pixels, not averages, so that noise stays noise.
    """
    source = ffmpeg.input(str(film), **SAFE_INPUT)
    seen = source.video.filter("scale", *SAMPLE_SIZE, flags="neighbor").filter("format", "yuv420p")
    return [
        "-loglevel",
        "level+info",
        *_args([ffmpeg.output(seen, str(picture), format="rawvideo", fps_mode="passthrough")]),
    ]


def hearing_args(film: Path, sound: Path) -> list[str]:
    """Decode a film's sound: loudness goes to the log, 16-bit stereo samples at 48 kHz to `sound`."""
    source = ffmpeg.input(str(film), **SAFE_INPUT)
    heard = source.audio.filter("ebur128", peak="true", framelog="info")
    out = ffmpeg.output(heard, str(sound), format="s16le", acodec="pcm_s16le", ar=SAMPLE_RATE, ac=CHANNELS)
    return ["-loglevel", "level+info", *_args([out])]


def strip_args(film: Path, out: Path) -> list[str]:
    """Copy the streams of a film and nothing else that was written into it; the index first."""
    source = ffmpeg.input(str(film), **SAFE_INPUT)
    stripped = ffmpeg.output(
        source,
        str(out),
        format="mp4",
        c="copy",
        map_metadata=-1,
        map_chapters=-1,
        movflags="+faststart",
        fflags="+bitexact",
    )
    return _args([stripped])


def poster_args(film: Path, frame: int, frames: int, rate: Fraction, out: Path) -> list[str]:
    """The most typical of every third of `frames` pictures from `frame` on, as a JPEG without any tags."""
    source = ffmpeg.input(str(film), ss=f"{float(frame / rate):.6f}", **SAFE_INPUT)
    # Each picture that is chosen from is held till the end: 3 MB of an HD film.
    seen = source.video.filter("trim", end_frame=frames).filter("framestep", 3).filter("thumbnail", -(-frames // 3))
    still = ffmpeg.output(
        seen, str(out), format="image2", vframes=1, pix_fmt="yuvj420p", update=1, **{"q:v": 3, "flags:v": "+bitexact"}
    )
    return _args([still])


def _args(outputs: Sequence[Any]) -> list[str]:
    return [str(part) for part in ffmpeg.get_args(ffmpeg.merge_outputs(*outputs))]
