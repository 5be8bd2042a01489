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


def survey_args(film: Path, picture: Path, sound: Path | None) -> list[str]:
    """One decode of a film: black and frozen runs and loudness go to the log, grid pixels and samples to files.

    `picture` receives planar 4:2:0 bytes of SAMPLE_SIZE a frame (single pixels, not averages, so that noise stays
    noise); `sound` 16-bit stereo samples at 48 kHz, None for a film without sound.
    """
    source = ffmpeg.input(str(film), **SAFE_INPUT)
    seen = (
        source.video.filter("blackdetect", d=0.5, pix_th=0.06, pic_th=0.995)
        .filter("freezedetect", n="-60dB", d=1)
        .filter("scale", *SAMPLE_SIZE, flags="neighbor")
        .filter("format", "yuv420p")
    )
    outputs = [ffmpeg.output(seen, str(picture), format="rawvideo", fps_mode="passthrough")]
    if sound:
        heard = source.audio.filter("ebur128", peak="true", framelog="info")
        outputs.append(
            ffmpeg.output(heard, str(sound), format="s16le", acodec="pcm_s16le", ar=SAMPLE_RATE, ac=CHANNELS)
        )
    return ["-loglevel", "level+info", *_args(outputs)]


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
    """The most typical of `frames` pictures from `frame` on, as a JPEG without any tags."""
    source = ffmpeg.input(str(film), ss=f"{float(frame / rate):.6f}", **SAFE_INPUT)
    seen = source.video.filter("trim", end_frame=frames).filter("thumbnail", frames)
    still = ffmpeg.output(
        seen, str(out), format="image2", vframes=1, pix_fmt="yuvj420p", update=1, **{"q:v": 3, "flags:v": "+bitexact"}
    )
    return _args([still])


def _args(outputs: Sequence[Any]) -> list[str]:
    return [str(part) for part in ffmpeg.get_args(ffmpeg.merge_outputs(*outputs))]
