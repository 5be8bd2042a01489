"""The file lines of the craft: format, tags, spacing, closed groups, order of boxes, and what must not be in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
from av.video.codeccontext import VideoCodecContext

from delivery.delivery import Check, checked
from editing.timeline import Timeline
from kit.boxes import Box, boxes

SIZE = (1920, 1080)
PREVIEW_SIZE = (960, 540)
BT709_LIMITED = (1, 1, 1, 1)
"""Primaries, transfer, matrix and range as FFmpeg numbers them."""
IDR = 5
"""Kind of the H.264 unit that starts a closed group."""
SLICES = range(1, 6)
TRACES = (
    b"\xa9xyz",
    b"loci",
    b"location",
    b"GPSCoordinates",
    b"serial",
    b"Serial",
    b"\xa9mak",
    b"\xa9mod",
    b"quicktime.make",
)
"""Marks of place, maker and serial tags in a film's index."""


@dataclass(frozen=True)
class FileFacts:
    """What the container says, packet by packet, without decoding."""

    codec: str
    profile: str
    pixels: str
    size: tuple[int, int]
    rate: Fraction
    tags: tuple[int, int, int, int]
    times: list[Fraction]
    """Presentation times of all pictures in seconds, sorted."""
    open_groups: int
    """Groups that do not start with an IDR picture or show pictures from before their start."""
    sound: str
    """Codec, rate and channels, or nothing."""
    boxes: list[str]
    traces: list[str] = field(default_factory=list)

    @property
    def duration(self) -> float:
        """First picture to end of the last, in seconds."""
        return float(self.times[-1] - self.times[0] + 1 / self.rate) if self.times else 0.0


def read_facts(film: Path) -> FileFacts:
    """Read a film's facts. Raises av.FFmpegError when the file is no film."""
    with av.open(str(film)) as box:
        video = box.streams.video[0]
        audio = box.streams.audio[0] if box.streams.audio else None
        codec, base = video.codec_context, video.time_base or Fraction(1)
        prefix = length_prefix(codec)
        times: list[Fraction] = []
        bad, group_start = 0, Fraction(0)
        for packet in box.demux(video):
            if packet.pts is None or not packet.size:
                continue
            at = packet.pts * base
            if packet.is_keyframe:
                group_start = at
                bad += first_slice(bytes(packet), prefix) != IDR
            elif at < group_start:
                bad += 1
            times.append(at)
        tags = (codec.color_primaries, codec.color_trc, codec.colorspace, codec.color_range)
        sound = f"{audio.codec_context.name} {audio.rate} Hz {audio.channels} ch" if audio else ""
        texts = [*box.metadata, *video.metadata, *(audio.metadata if audio else ())]
        return FileFacts(
            codec=codec.name,
            profile=str(codec.profile),
            pixels=str(codec.pix_fmt),
            size=(video.width, video.height),
            rate=Fraction(video.average_rate or 0),
            tags=(int(tags[0]), int(tags[1]), int(tags[2]), int(tags[3])),
            times=sorted(times),
            open_groups=bad,
            sound=sound,
            boxes=[box.kind.decode("latin1") for box in outer_boxes(film)],
            traces=_traces(film, texts),
        )


def first_slice(packet: bytes, prefix: int) -> int:
    """Kind of the first picture unit of an H.264 packet whose units carry lengths of `prefix` bytes; 0 when none."""
    return next((unit[0] & 31 for unit in units(packet, prefix) if unit[0] & 31 in SLICES), 0)


def units(packet: bytes, prefix: int) -> Iterator[bytes]:
    """The units of an H.264 packet, none of them empty, whose lengths stand before them in `prefix` bytes."""
    at = 0
    while at + prefix < len(packet):
        length = int.from_bytes(packet[at : at + prefix], "big")
        if length:
            yield packet[at + prefix : at + prefix + length]
        at += prefix + length


def length_prefix(codec: VideoCodecContext) -> int:
    """Bytes of the lengths in a film of ours: its index is written in avcC form, whose fifth byte tells."""
    return ((codec.extradata or bytes(5))[4] & 3) + 1


def outer_boxes(film: Path) -> list[Box]:
    """The outermost boxes of an MP4, in order."""
    with film.open("rb") as file:
        return list(boxes(file, 0, film.stat().st_size))


def _traces(film: Path, texts: list[str]) -> list[str]:
    found = [text for text in texts if any(word in text.lower() for word in ("location", "gps", "serial", "make"))]
    for box in outer_boxes(film):
        if box.kind in (b"moov", b"meta", b"udta"):
            with film.open("rb") as file:
                file.seek(box.at)
                index = file.read(box.length)
            found += [mark.decode("latin1") for mark in TRACES if mark in index]
    return sorted(set(found))


def file_checks(facts: FileFacts, timeline: Timeline, size: tuple[int, int]) -> list[Check]:
    """Checks on the file as it lies there; `size` is the width and height the film should have."""
    order, spacing = facts.boxes, {b - a for a, b in zip(facts.times, facts.times[1:], strict=False)}
    first = facts.times[0] if facts.times else Fraction(-1)
    even = spacing == {1 / timeline.rate} and facts.rate == timeline.rate
    front = "moov" in order and "mdat" in order and order.index("moov") < order.index("mdat")
    planned = len(facts.times) == timeline.frames
    form = f"{facts.codec} {facts.profile} {facts.pixels}"
    return [
        checked("length s", round(facts.duration, 3), "120 to 300", 120 <= facts.duration <= 300),
        checked("frames planned and in the file", f"{timeline.frames} and {len(facts.times)}", "equal", planned),
        checked("spacing of frames", f"{len(spacing)} distinct at {facts.rate}", f"1 at {timeline.rate}", even),
        checked("first picture at s", float(first), "0", first == 0),
        checked("picture format", form, "h264 High yuv420p", form == "h264 High yuv420p"),
        checked("picture size", "{}x{}".format(*facts.size), "{}x{}".format(*size), facts.size == size),
        checked("colour tags", str(facts.tags), "(1, 1, 1, 1): BT.709, limited range", facts.tags == BT709_LIMITED),
        checked("open groups of pictures", facts.open_groups, "none", facts.open_groups == 0),
        checked("index first", " ".join(order), "moov before mdat", front),
        checked("sound format", facts.sound or "none", "aac 48000 Hz 2 ch", facts.sound == "aac 48000 Hz 2 ch"),
        checked("place, maker and serial tags", ", ".join(facts.traces) or "none", "none", not facts.traces),
    ]
