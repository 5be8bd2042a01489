"""Writing the proxy: the conformed copy of a clip, small and quick to seek in.

It is written in fragments first, because the table of an MP4 that is written in one stays in memory, 70 bytes for each
picture and packet of sound; FFmpeg then makes one file of them in a process that holds nothing else.
"""

from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from kit.process import run_ffmpeg
from kit.timing import FILM_RATE, SAMPLE_RATE

PICTURE = {"preset": "superfast", "crf": "25", "g": "30", "bf": "0"}
"""One key frame a second and no B-frames, so that a page or a preview lands on any frame at once."""

SOUND_BITS = 96_000

FRAGMENTS = {"movflags": "+frag_keyframe+delay_moov", "frag_duration": "5000000"}
"""One from each key frame on, and one every five seconds (in us) of sound, which has no such frames."""
WHOLE = ("-c", "copy", "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart")


class ProxyWriter:
    """An MP4 that conformed frames and samples are written to; it is there once the block ends without an error.

    Picture and sound may come in any order, so each has a file of fragments of its own.
    """

    def __init__(self, path: Path, scratch: Path, size: tuple[int, int] | None, *, sound: bool) -> None:
        """`scratch` is a folder for its fragments; `size` its width and height, None without a picture."""
        self._path = path
        self._picture = _Fragments(scratch / f"picture_{path.name}", partial(_add_picture, size)) if size else None
        self._sound = _Fragments(scratch / f"sound_{path.name}", _add_sound) if sound else None
        self._samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        parts = [part for part in (self._picture, self._sound) if part]
        for part in parts:
            part.close(complete=kind is None)
        if kind is None:
            given = [word for part in parts for word in ("-i", str(part.path))]
            mapped = [word for number in range(len(parts)) for word in ("-map", str(number))]
            run_ffmpeg(["-v", "error", *given, *mapped, *WHOLE, str(self._path)])

    def picture(self, frame: VideoFrame, number: int) -> None:
        """Write conformed frame `number`: 4:2:0 in the size given at the start."""
        assert self._picture
        frame.pts, frame.time_base = number, 1 / FILM_RATE
        frame.pict_type = av.video.frame.PictureType.NONE
        self._picture.write(frame)

    def source(self, frame: AudioFrame, zero_s: float) -> None:
        """Source samples are not for the proxy."""

    def sound(self, frame: AudioFrame) -> None:
        """Write the samples that follow: stereo at 48 kHz."""
        assert self._sound
        frame.pts, frame.time_base = self._samples, Fraction(1, SAMPLE_RATE)
        self._samples += frame.samples
        self._sound.write(frame)


class _Fragments:
    """A fragmented MP4 of one stream.

    It is written by a file of ours, because PyAV's own passes over what the disk says to the last fragment, and a proxy
    that ends too soon would be taken for whole.
    """

    def __init__(self, path: Path, add: Callable[[OutputContainer], VideoStream | AudioStream]) -> None:
        self.path = path
        self._file = path.open("wb")
        self._container = av.open(self._file, "w", format="mp4", options=FRAGMENTS)
        self._stream = add(self._container)

    def write(self, frame: VideoFrame | AudioFrame | None) -> None:
        self._container.mux(self._stream.encode(frame))  # type: ignore[arg-type]  # of its own kind

    def close(self, *, complete: bool) -> None:
        with self._file, closing(self._container):
            if complete:
                self.write(None)


def _add_picture(size: tuple[int, int], container: OutputContainer) -> VideoStream:
    stream = container.add_stream("libx264", rate=FILM_RATE, options=PICTURE)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.thread_count = 1
    context.color_range, context.colorspace, context.color_primaries, context.color_trc = 1, 1, 1, 1
    return stream


def _add_sound(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
    stream.bit_rate = SOUND_BITS
    return stream
