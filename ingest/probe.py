"""The facts of a video or sound file, found by decoding it and not by believing its header.

Runs in a process of its own (see `ingest.inspect`): what it reads is hostile until it has been read.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import atan2, degrees
from pathlib import Path
from statistics import median
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ingest.clip import Picture, Sound
from ingest.graph import DEMUXERS
from ingest.hearing import read_sound
from kit.errors import InputRefused
from kit.timing import frames_before
from kit.values import Value

MAX_SIDE = 8192
"""Widest or highest picture that is read (8K fits)."""

MIN_SIDE = 16
"""A picture narrower or lower than this cannot be shown, and chroma could not be halved."""

DECODE_BUDGET = 4_000_000_000
"""Pixels decoded in full; after that only key frames are, and packets tell the time."""

GAP_S = 10.0
"""A longer hole between two pictures, or any step backwards, is a broken clock and ends the clip."""

SETTLE_S = 1.0
_NO_KEY_SEEK = ("mpegts", "mpeg")
"""Containers whose seek lands at a time and not at a key frame."""

_BOTTOM_FIRST = (3, 4)
"""FFmpeg's numbers for fields that are shown bottom first, however they are coded."""

Watcher = Callable[[VideoFrame, float, int, bool], None]
"""Sees each decoded picture: the frame, its seconds, and how to set it upright (degrees clockwise, mirrored)."""


class Probe(Value):
    """What decoding a file told."""

    container: str
    seekable: bool = True
    seek_margin_s: float = SETTLE_S
    picture: Picture | None = None
    sound: Sound | None = None
    duration_s: float = 0.0
    declared_s: float = 0.0
    """What the header promised."""
    starts_s: float = 0.0
    """Where the container's clock starts."""
    frames: int = 0
    damaged: int = 0
    """Pictures that could not be decoded cleanly."""
    decoded: int = 0
    clock_broken: bool = False
    has_place: bool = False
    codec_problem: str = ""
    """Name of the picture's codec when none of its pictures could be decoded."""


class _Reading:
    """What is gathered while one picture stream goes by."""

    def __init__(self) -> None:
        self.first: VideoFrame | None = None
        self.stamps: list[float] = []
        self.last_s = 0.0
        self.interlaced = 0
        self.decoded = 0
        self.damaged = 0
        self.keys: list[float] = []
        self.clock_broken = False


def open_media(path: Path) -> InputContainer:
    """Open a file with the demuxers we allow and no protocol but files. Raises av errors."""
    return av.open(f"file:{path}", options={"format_whitelist": DEMUXERS, "protocol_whitelist": "file"})


def probe(path: Path, watch: Watcher | None = None) -> Probe:
    """Decode a file and tell its facts; `watch` sees the pictures go by.

    Raises InputRefused with a code of `ingest.checks.REFUSALS` when it cannot be read as footage at all.
    """
    try:
        with open_media(path) as container:
            facts = _header(container)
            streams = _pictures(container)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise InputRefused("unreadable") from error
    problem = ""
    for index in streams:
        picture, reading = _read_picture(path, index, watch)
        if picture is None:
            problem = problem or _codec_name(path, index)
            continue
        facts = facts.model_copy(update=_picture_facts(facts, picture, reading))
        break
    sound, sound_end = read_sound(path, open_media)
    update: dict[str, object] = {"sound": sound}
    if facts.picture is None:
        update["codec_problem"] = problem
        update["duration_s"] = sound_end - sound.start_s if sound else 0.0
    return facts.model_copy(update=update)


def orientation(matrix: tuple[int, ...]) -> tuple[int, bool]:
    """Degrees clockwise and mirrored-first of a 3x3 display matrix (nine numbers, row by row)."""
    a, b, _, c, d = matrix[:5]
    mirrored = a * d - b * c < 0
    return round(degrees(atan2(-c, d)) / 90) * 90 % 360, mirrored


def _header(container: InputContainer) -> Probe:
    name = container.format.name
    return Probe(
        container=name,
        seekable="asf" not in name,
        declared_s=(container.duration or 0) / av.time_base,
        starts_s=(container.start_time or 0) / av.time_base,
        has_place=any("location" in key.lower() or "xyz" in key.lower() for key in container.metadata),
    )


def _pictures(container: InputContainer) -> list[int]:
    """Indices of the streams that may be the film's picture, likeliest first."""
    unwanted = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    found = []
    for stream in container.streams.video:
        if stream.disposition & unwanted or stream.codec_context is None:
            continue
        length = float(stream.duration * (stream.time_base or 0)) if stream.duration else 0.0
        main = bool(stream.disposition & av.stream.Disposition.default)
        found.append((stream.frames, main, length, -stream.index))
    return [-index for *_, index in sorted(found, reverse=True)]


def _codec_name(path: Path, index: int) -> str:
    with open_media(path) as container:
        context = container.streams[index].codec_context
        return context.name if context else "unknown"


def _read_picture(path: Path, index: int, watch: Watcher | None) -> tuple[Picture | None, _Reading]:
    reading = _Reading()
    with open_media(path) as container:
        stream = container.streams[index]
        assert isinstance(stream, VideoStream)
        if max(stream.codec_context.width, stream.codec_context.height) > MAX_SIDE:
            raise InputRefused("too_large")
        if min(stream.codec_context.width, stream.codec_context.height) < MIN_SIDE:
            raise InputRefused("too_small")
        stream.thread_type = "AUTO"
        _decode(container, stream, reading, watch)
        if reading.first is None:
            return None, reading
        return _describe(stream, reading), reading


def _decode(container: InputContainer, stream: VideoStream, reading: _Reading, watch: Watcher | None) -> None:
    assert stream.time_base
    upright: tuple[int, bool] | None = None
    budget = DECODE_BUDGET
    for packet in _packets(container, stream):
        if packet.pts is not None:
            at_s = float(packet.pts * stream.time_base)
            if packet.is_keyframe:
                reading.keys.append(at_s)
            if budget < 0 and at_s < reading.last_s + GAP_S:
                reading.stamps.append(at_s)
                reading.last_s = max(reading.last_s, at_s + float((packet.duration or 0) * stream.time_base))
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            reading.damaged += 1
            frames = []
        for frame in frames:
            budget -= frame.width * frame.height
            if not _take(frame, stream.time_base, reading, timed=budget >= 0):
                continue
            if upright is None:
                upright = frame_orientation(frame)
            if watch:
                watch(frame, reading.last_s, *upright)
        if reading.clock_broken:
            return
        if budget < 0:
            stream.codec_context.skip_frame = "NONKEY"


def _packets(container: InputContainer, stream: VideoStream) -> "Iterator[av.Packet[VideoStream]]":
    """The stream's packets up to the end of what can be read."""
    try:
        yield from container.demux(stream)
    except (av.error.FFmpegError, OSError):
        return


def _take(frame: VideoFrame, clock: Fraction, reading: _Reading, *, timed: bool) -> bool:
    """Note one decoded picture; False when it stands outside the clip's clock."""
    stamp = frame.pts if frame.pts is not None else frame.dts
    if stamp is None:
        return False
    at_s = float(stamp * clock)
    if timed and reading.stamps and not -0.5 < at_s - reading.stamps[-1] < GAP_S:
        reading.clock_broken = True
        return False
    reading.first = reading.first or frame
    reading.decoded += 1
    reading.damaged += frame.is_corrupt
    reading.interlaced += frame.interlaced_frame
    if timed:
        reading.stamps.append(at_s)
        length = float((frame.duration or 0) * clock)
        reading.last_s = max(reading.last_s, at_s + (length if length < GAP_S else 0.0))
    return True


def _describe(stream: VideoStream, reading: _Reading) -> Picture:
    frame = reading.first
    assert frame is not None
    rotation, mirrored = frame_orientation(frame)
    pixel_format = frame.format.name
    stamps = sorted(reading.stamps)
    step = median(np.diff(stamps)) if len(stamps) > 1 else 0.0
    end = max(reading.last_s, stamps[-1] + (step if reading.last_s <= stamps[-1] else 0.0))
    aspect = stream.sample_aspect_ratio or Fraction(1)
    interlaced = "progressive"
    if reading.interlaced * 2 > reading.decoded:
        # DV tells no order and always shows its lower field first.
        bottom_first = stream.codec_context.field_order in _BOTTOM_FIRST or stream.codec_context.name == "dvvideo"
        interlaced = "bff" if bottom_first else "tff"
    return Picture(
        stream=stream.index,
        width=frame.width,
        height=frame.height,
        pixel_aspect=aspect if Fraction(1, 4) <= aspect <= 4 else Fraction(1),
        rotation=rotation,
        mirrored=mirrored,
        interlaced=interlaced,
        transfer={18: "hlg", 16: "pq"}.get(frame.color_trc, "sdr"),
        matrix=_matrix(frame),
        full_range=frame.color_range == 2 or pixel_format.startswith("yuvj"),
        pixel_format=pixel_format,
        codec=stream.codec_context.name,
        rate=_mean_rate(stream, stamps, step),
        variable_rate=_is_variable(stamps, step),
        start_s=stamps[0],
        duration_s=end - stamps[0],
    )


def _picture_facts(facts: Probe, picture: Picture, reading: _Reading) -> dict[str, object]:
    seekable = facts.seekable and not reading.clock_broken
    margin = SETTLE_S
    if any(name in facts.container for name in _NO_KEY_SEEK):
        marks = [*sorted(reading.keys), picture.start_s + picture.duration_s]
        widest = max(np.diff(marks), default=GAP_S)
        margin = SETTLE_S + float(widest)
        seekable = seekable and widest < GAP_S
    return {
        "picture": picture,
        "seekable": seekable,
        "seek_margin_s": round(margin, 3),
        "duration_s": picture.duration_s,
        "frames": max(1, frames_before(picture.duration_s)),
        "damaged": reading.damaged,
        "decoded": reading.decoded,
        "clock_broken": reading.clock_broken,
    }


def frame_orientation(frame: VideoFrame) -> tuple[int, bool]:
    """Degrees clockwise, and whether mirrored first, that set a decoded picture upright."""
    try:
        data = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # Side data of a kind that PyAV does not know hides the rest; the plain turn is still told.
        return round(-frame.rotation / 90) * 90 % 360, False
    if data is None:
        return 0, False
    return orientation(tuple(int(number) for number in np.frombuffer(cast("bytes", data), np.int32)))


def _matrix(frame: VideoFrame) -> str:
    if frame.format.is_rgb:
        return "rgb"
    told = {1: "bt709", 5: "bt601", 6: "bt601", 9: "bt2020", 10: "bt2020"}.get(frame.colorspace)
    if told:
        return told
    if frame.color_trc in (16, 18):
        return "bt2020"
    return "bt709" if max(frame.width, frame.height) >= 1280 or min(frame.width, frame.height) >= 720 else "bt601"


def _mean_rate(stream: VideoStream, stamps: list[float], step: float) -> Fraction:
    if len(stamps) < 2 or stamps[-1] <= stamps[0]:
        return Fraction(30)
    measured = (len(stamps) - 1) / (stamps[-1] - stamps[0])
    told = stream.average_rate
    if told and abs(float(told) / measured - 1) < 0.01:
        return Fraction(told)
    exact = Fraction(1 / step if step and abs(step * measured - 1) < 0.01 else measured)
    return exact.limit_denominator(1001)


def _is_variable(stamps: list[float], step: float) -> bool:
    """True when over 2 % of the steps differ by a fifth (and more than a clock of milliseconds explains)."""
    if len(stamps) < 3:
        return False
    steps = np.diff(stamps)
    return bool(np.mean(np.abs(steps - step) > max(0.2 * step, 0.0015)) > 0.02)
