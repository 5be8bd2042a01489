"""The facts of a video or sound file before it is read whole: its header, and its first pictures decoded.

Runs in a process of its own (see `ingest.inspect`): what it reads is hostile until it has been read.
"""

from fractions import Fraction
from io import RawIOBase
from math import atan2, degrees
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ingest.clip import Picture, Sound
from ingest.graph import DEMUXERS
from ingest.pulse import Pulse
from kit.errors import InputRefused
from kit.values import Value

MAX_SIDE = 8192
"""Widest or highest picture that is read (8K fits)."""

LONGEST_S = 3 * 3600.0
"""Longest recording that is read."""

MOST_STREAMS = 64
"""Streams of a file that is read; cameras write ten at most, and each takes memory while it is open."""

MIN_SIDE = 16
"""A picture narrower or lower than this cannot be shown, and chroma could not be halved."""

PEEK = 12
"""Pictures decoded to tell how the stream is stored."""

MIXED, MIXED_SHARE = 12, 0.02
"""Interlaced pictures, and their share, from which a picture that is mostly progressive is mixed."""

SETTLE_S = 1.0

UNKNOWN = "unknown"
"""Name of a codec that this program has never heard of."""

_BOTTOM_FIRST = (3, 4)
"""FFmpeg's numbers for fields that are shown bottom first, however they are coded."""


_TELEMETRY = ("gopro met", "dji meta", "dji dbgi", "camm", "cameramotionmetadata")
"""Names that cameras give the tracks that log where they were."""


class Probe(Value):
    """What is known of a file: of its header first, of all of it once it has been read."""

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
    ends_damaged: bool = False
    """Only its last pictures are damaged."""
    there: float = 1.0
    """Share of the file's bytes that is there, by its own account (`ingest.ending`)."""
    clock_broken: bool = False
    picture_changes_s: float | None = None
    """Seconds of the clip from which its picture has another shape than at first, or is turned another way."""
    sound_changes: bool = False
    """Its sound changes its channels or its rate on the way."""
    has_place: bool = False
    """It says where it was made."""
    pictures: int = 0
    """Picture tracks that hold something."""
    sounds: int = 0
    """Sound tracks, readable or not."""
    tracks: tuple[int, ...] = ()
    """The number that an MP4 or MOV gives to the track of each stream; nothing for other containers."""
    codec_problem: str = ""
    """Name of the picture's codec (or `UNKNOWN`) when none of its pictures could be decoded."""


def open_media(media: Path | RawIOBase) -> InputContainer:
    """Open a file, or what stands for it, with the demuxers we allow and no protocol but files. Raises av errors."""
    options = {"format_whitelist": DEMUXERS, "protocol_whitelist": "file", "export_xmp": "1"}
    source = f"file:{media}" if isinstance(media, Path) else media
    # Old cameras wrote their tags in whatever letters their country used.
    return av.open(source, mode="r", options=options, metadata_errors="replace")


def peek(path: Path, pulse: Pulse) -> Probe:
    """What the header and the first pictures tell; its picture has no length yet and its sound is still missing.

    Raises InputRefused with a code of `ingest.checks.REFUSALS` when the file cannot be read as footage at all.
    """
    try:
        with open_media(path) as container:
            if len(container.streams) > MOST_STREAMS:
                raise InputRefused("too_many_streams")
            streams = _pictures(container)
            facts = _header(container).model_copy(update={"pictures": len(streams)})
            problem = _unknown_picture(container)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise InputRefused("unreadable") from error
    if facts.declared_s > LONGEST_S:
        raise InputRefused("too_long")
    for index in streams:
        with open_media(path) as container:
            stream = container.streams[index]
            assert isinstance(stream, VideoStream)
            if max(stream.codec_context.width, stream.codec_context.height) > MAX_SIDE:
                raise InputRefused("too_large")
            pictures = first_pictures(container, stream, pulse)
            if pictures and min(pictures[0].width, pictures[0].height) < MIN_SIDE:
                raise InputRefused("too_small")
            if pictures:
                return facts.model_copy(update={"picture": describe(stream, pictures)})
            problem = problem or stream.codec_context.name
    return facts.model_copy(update={"codec_problem": problem})


def first_pictures(container: InputContainer, stream: VideoStream, pulse: Pulse) -> list[VideoFrame]:
    """Up to a dozen pictures from where the container stands; damaged packets are passed over."""
    found: list[VideoFrame] = []
    try:
        for packet in container.demux(stream):
            pulse.beat()
            try:
                found += [frame for frame in packet.decode() if frame.pts is not None or frame.dts is not None]
            except av.error.FFmpegError:
                continue
            if len(found) >= PEEK:
                break
    except (av.error.FFmpegError, OSError):
        return found
    return found[:PEEK]


def describe(stream: VideoStream, pictures: list[VideoFrame]) -> Picture:
    """How a stream's pictures are stored, told by the first of them; start and rate are the stream's own."""
    frame = pictures[0]
    rotation, mirrored = frame_orientation(frame)
    aspect = stream.sample_aspect_ratio or Fraction(1)
    pixel_format = frame.format.name
    return Picture(
        stream=stream.index,
        width=frame.width,
        height=frame.height,
        pixel_aspect=aspect if Fraction(1, 4) <= aspect <= 4 else Fraction(1),
        rotation=rotation,
        mirrored=mirrored,
        interlaced=fields(stream, sum(each.interlaced_frame for each in pictures), len(pictures)),
        transfer={18: "hlg", 16: "pq"}.get(frame.color_trc, "sdr"),
        matrix=_matrix(frame),
        full_range=frame.color_range == 2 or pixel_format.startswith("yuvj"),
        pixel_format=pixel_format,
        codec=stream.codec_context.name,
        start_s=min(shown_at(each, stream) for each in pictures),
    )


def shown_at(frame: VideoFrame, stream: VideoStream) -> float:
    """When a decoded picture is shown, in seconds on the container's clock."""
    stamp = frame.pts if frame.pts is not None else frame.dts
    assert stamp is not None
    assert stream.time_base
    return float(stamp * stream.time_base)


def fields(stream: VideoStream, interlaced: int, decoded: int) -> str:
    """progressive, tff, bff or mixed, by how many of the decoded pictures say that they are interlaced."""
    if interlaced * 2 <= decoded:
        return "mixed" if interlaced >= MIXED and interlaced >= MIXED_SHARE * decoded else "progressive"
    # DV tells no order and always shows its lower field first.
    bottom_first = stream.codec_context.field_order in _BOTTOM_FIRST or stream.codec_context.name == "dvvideo"
    return "bff" if bottom_first else "tff"


def orientation(matrix: tuple[int, ...]) -> tuple[int, bool]:
    """Degrees clockwise and mirrored-first of a 3x3 display matrix (nine numbers, row by row)."""
    a, b, _, c, d = matrix[:5]
    mirrored = a * d - b * c < 0
    return round(degrees(atan2(-c, d)) / 90) * 90 % 360, mirrored


def frame_orientation(frame: VideoFrame) -> tuple[int, bool]:
    """Degrees clockwise, and whether mirrored first, that set a decoded picture upright."""
    try:
        data = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # Side data of a kind that PyAV does not know hides the rest; the plain turn is still told.
        return plain_turn(frame), False
    if data is None:
        return 0, False
    return orientation(tuple(int(number) for number in np.frombuffer(cast("bytes", data), np.int32)))


def plain_turn(frame: VideoFrame) -> int:
    """Degrees clockwise that a decoded picture is to be turned, as if it were not mirrored."""
    return round(-frame.rotation / 90) * 90 % 360


def _header(container: InputContainer) -> Probe:
    name = container.format.name
    declared_s, starts_s = (container.duration or 0) / av.time_base, (container.start_time or 0) / av.time_base
    if "matroska" in name:  # tells when its clock ends, which may have been running for days
        declared_s -= max(starts_s, 0.0)
    return Probe(
        container=name,
        seekable="asf" not in name,
        declared_s=declared_s,
        starts_s=starts_s,
        has_place=_says_place(container),
        sounds=len(container.streams.audio),
        tracks=tuple(stream.id for stream in container.streams) if "mov" in name else (),
    )


def _says_place(container: InputContainer) -> bool:
    """Whether the tags of the file or of a track name a place, or a track logs one (action cameras, drones)."""
    told = [container.metadata, *(stream.metadata for stream in container.streams)]
    keys = [key.lower() for tags in told for key, value in tags.items() if value]
    if any(name in key for key in keys for name in ("location", "xyz", "gps")):
        return True
    if any(name in container.metadata.get("xmp", "") for name in ("GPSLatitude", "LocationCreated")):
        return True
    handlers = [tags.get("handler_name", "").strip().lower() for tags in told]
    return any(name in handler for handler in handlers for name in _TELEMETRY)


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
    filled = [one for one in found if one[0]] or found
    return [-index for *_, index in sorted(filled, reverse=True)]


def _unknown_picture(container: InputContainer) -> str:
    """`UNKNOWN` when there is a picture of a kind that no decoder is known for; covers of music are none."""
    cover = av.stream.Disposition.attached_pic
    streams = [stream for stream in container.streams.video if not stream.disposition & cover]
    return UNKNOWN if any(stream.codec_context is None for stream in streams) else ""


def _matrix(frame: VideoFrame) -> str:
    if frame.format.is_rgb:
        return "rgb"
    told = {1: "bt709", 5: "bt601", 6: "bt601", 9: "bt2020", 10: "bt2020"}.get(frame.colorspace)
    if told:
        return told
    if frame.color_trc in (16, 18):
        return "bt2020"
    return "bt709" if max(frame.width, frame.height) >= 1280 or min(frame.width, frame.height) >= 720 else "bt601"
