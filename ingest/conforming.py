"""Conforming while reading: the chain of `ingest.graph` at a small size, run inside the reader by libavfilter.

The film itself is conformed by the FFmpeg binary; this makes the same frames, smaller, for measuring and for the proxy.
Pure until `FilterChain` is made.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.filter import Graph
from av.video.frame import VideoFrame

from ingest.clip import Picture, Sound
from ingest.graph import SYNC, TICKS, TURNS, channel_filter, deinterlaced, even_size
from kit.timing import FILM_RATE, SAMPLE_RATE

SHORT_SIDE = 540
"""Lines of the conformed copy; a smaller picture stays as small as it is."""

Step = tuple[str, str]
"""A filter's name and its arguments."""


def proxy_size(picture: Picture) -> tuple[int, int]:
    """Even width and height of the upright copy: a shorter side of at most 540 and square pixels."""
    width, height = picture.upright_size
    scale = min(1.0, SHORT_SIDE / min(width, height))
    return max(2 * round(width * scale / 2), 16), max(2 * round(height * scale / 2), 16)


def picture_steps(picture: Picture, start_s: float, tones: Path | None) -> list[Step]:
    """The filters that make stored pictures upright, progressive, small, BT.709 4:2:0, at the film's rate.

    `tones` is a cube of colours (`ingest.tones`) that brings HDR into the film's range.
    """
    width, height = proxy_size(picture)
    turned = picture.rotation in (90, 270)
    across, down = (height, width) if turned else (width, height)
    steps: list[Step] = [("settb", f"1/{TICKS}"), ("setpts", f"PTS-{round(start_s * TICKS)}")]
    if picture.interlaced != "progressive":
        steps.append(("bwdif", f"mode=send_field:parity=auto:deint={deinterlaced(picture)}"))
    steps.append(("fps", f"fps={FILM_RATE}:start_time=0:round=near"))
    steps.append(("tpad", "stop=1:stop_mode=clone"))
    if (picture.width, picture.height) != even_size(picture):
        steps.append(("crop", ":".join(map(str, (*even_size(picture), 0, 0)))))
    steps.append(("setfield", "prog"))
    matrix = {"bt709": "bt709", "bt601": "smpte170m", "bt2020": "bt2020", "rgb": "bt709"}[
        "bt2020" if tones else picture.matrix
    ]
    found = f"in_color_matrix={matrix}:in_range={'full' if picture.full_range else 'limited'}"
    film = "out_color_matrix=bt709:out_range=limited"
    if tones:
        steps.append(("scale", f"{across}:{down}:flags=bilinear:{found}"))
        steps += [("format", "gbrp10le"), ("lut3d", f"file={tones}"), ("scale", film)]
    else:
        steps.append(("scale", f"{across}:{down}:flags=bilinear:{found}:{film}"))
    steps.append(("format", "yuv420p"))
    if picture.mirrored:
        steps.append(("hflip", ""))
    steps += [(name, ":".join(values)) for name, values in TURNS[picture.rotation]]
    return [*steps, ("setsar", "1")]


def sound_steps(sound: Sound, zero_s: float) -> list[Step]:
    """The filters of `ingest.graph.sound_input`: centred stereo at 48 kHz from the clip's own zero."""
    centred, told = channel_filter(sound)
    return [
        ("asettb", f"1/{sound.sample_rate}"),
        ("asetpts", f"PTS-{round(zero_s * sound.sample_rate)}"),
        (centred, ":".join(f"{key}={value}" for key, value in told.items())),
        ("aresample", ":".join([str(SAMPLE_RATE), "first_pts=0", *(f"{key}={value}" for key, value in SYNC.items())])),
        ("aformat", "sample_fmts=fltp:channel_layouts=stereo"),
    ]


class FilterChain:
    """A straight run of filters that frames are pushed into and pulled out of."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._graph: Graph | None = None

    def push(self, frame: VideoFrame | AudioFrame, clock: Fraction) -> Iterator[VideoFrame | AudioFrame]:
        """Give one frame, whose time stamps count in `clock` seconds; yields what comes out. Raises av errors."""
        if self._graph is None:
            self._graph = self._built(frame, clock)
        self._graph.push(frame)
        yield from self._ready()

    def finish(self) -> Iterator[VideoFrame | AudioFrame]:
        """The frames still inside. Raises av errors."""
        if self._graph is not None:
            self._graph.push(None)
            yield from self._ready()

    def _built(self, frame: VideoFrame | AudioFrame, clock: Fraction) -> Graph:
        graph = Graph()
        if isinstance(frame, VideoFrame):
            graph.threads = 1
            node = graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=clock, name="in"
            )
            sink = "buffersink"
        else:
            node = graph.add_abuffer(
                sample_rate=frame.sample_rate, format=frame.format, layout=frame.layout, time_base=clock, name="in"
            )
            sink = "abuffersink"
        for name, arguments in [*self._steps, (sink, "")]:
            following = graph.add(name, arguments or None)
            node.link_to(following)
            node = following
        graph.configure()
        return graph

    def _ready(self) -> Iterator[VideoFrame | AudioFrame]:
        assert self._graph
        while True:
            try:
                yield self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
