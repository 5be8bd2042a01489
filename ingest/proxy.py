"""Writing the proxy: the conformed copy of a clip, small and quick to seek in.

It is written in fragments first, because the table of an MP4 that is written in one stays in memory, 70 bytes for each
picture and packet of sound; FFmpeg then makes one file of them in a process that holds nothing else.
"""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from kit.process import run_ffmpeg
from kit.timing import FILM_RATE, SAMPLE_RATE

PICTURE = {"preset": "superfast", "crf": "25", "g": "30", "bf": "0"}
"""One key frame a second and no B-frames, so that a page or a preview lands on any frame at once."""

SOUND_BITS = 96_000

FRAGMENTS = "+frag_keyframe+delay_moov"
WHOLE = ("-map", "0", "-c", "copy", "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart")


class ProxyWriter:
    """An MP4 that conformed frames and samples are written to; it is there once the block ends without an error."""

    def __init__(self, path: Path, scratch: Path, size: tuple[int, int] | None, *, sound: bool) -> None:
        """`scratch` is a folder for its fragments; `size` its width and height, None without a picture."""
        self._path, self._fragments = path, scratch / path.name
        self._container = av.open(str(self._fragments), "w", format="mp4", options={"movflags": FRAGMENTS})
        self._picture = self._picture_stream(size) if size else None
        self._sound = self._sound_stream() if sound else None
        self._samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for stream in (self._picture, self._sound):
                    if stream is not None:
                        self._container.mux(stream.encode(None))
        finally:
            self._container.close()
        if kind is None:
            run_ffmpeg(["-v", "error", "-i", str(self._fragments), *WHOLE, str(self._path)])

    def picture(self, frame: VideoFrame, number: int) -> None:
        """Write conformed frame `number`: 4:2:0 in the size given at the start."""
        assert self._picture
        frame.pts, frame.time_base = number, 1 / FILM_RATE
        frame.pict_type = av.video.frame.PictureType.NONE
        self._container.mux(self._picture.encode(frame))

    def source(self, frame: AudioFrame, zero_s: float) -> None:
        """Source samples are not for the proxy."""

    def sound(self, frame: AudioFrame) -> None:
        """Write the samples that follow: stereo at 48 kHz."""
        assert self._sound
        frame.pts, frame.time_base = self._samples, Fraction(1, SAMPLE_RATE)
        self._samples += frame.samples
        self._container.mux(self._sound.encode(frame))

    def _picture_stream(self, size: tuple[int, int]) -> VideoStream:
        stream = self._container.add_stream("libx264", rate=FILM_RATE, options=PICTURE)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.thread_count = 1
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = 1, 1, 1, 1
        return stream

    def _sound_stream(self) -> AudioStream:
        stream = self._container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        stream.bit_rate = SOUND_BITS
        return stream
