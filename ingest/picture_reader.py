"""The picture half of reading a clip once: packets in, conformed frames and facts out."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ingest.conforming import FilterChain, picture_steps
from ingest.probe import LONGEST_S, SETTLE_S, Probe, fields, plain_turn, shown_at
from ingest.stamps import GAP_S, HOLD_S, Stamps
from kit.errors import InputRefused
from kit.timing import frames_before

_NO_KEY_SEEK = ("mpegts", "mpeg")
"""Containers whose seek lands at a time and not at a key frame."""

SHAPE = 0.02
"""Relative change of shape that is seen."""

_LAST = 24
"""Pictures at the end of a clip that one damaged packet there can spoil, several threads decoding ahead of it."""


class PictureReader:
    """Takes the packets of the picture stream; conformed frames go to `show`, each with its number."""

    def __init__(
        self, stream: VideoStream, facts: Probe, tones: Path | None, show: Callable[[VideoFrame, int], None]
    ) -> None:
        assert facts.picture
        self.stream, self._picture, self._show = stream, facts.picture, show
        self._chain = FilterChain(picture_steps(facts.picture, facts.picture.start_s, tones))
        self._held: deque[VideoFrame] = deque()
        self._keys: list[float] = []
        self._interlaced = 0
        self.stamps = Stamps()
        self._before_damage = 0
        self._changes_s: float | None = None
        self._turn: int | None = None
        self.shown = self.decoded = self.damaged = 0

    def take(self, packet: "av.Packet[VideoStream]") -> None:
        """Decode a packet. Raises InputRefused when what comes out cannot be conformed."""
        if self.stamps.broken:
            return
        assert self.stream.time_base
        if packet.is_keyframe and packet.pts is not None:
            self._keys.append(float(packet.pts * self.stream.time_base))
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            # An empty packet that has its time says that the last picture stays (Theora).
            self._spoil(packet.size > 0 or packet.pts is None)
            return
        for frame in frames:
            if frame.pts is not None or frame.dts is not None:
                self._take(frame)

    def end(self) -> None:
        """Hand on the last frames, exactly as many as the clip is long; its file may be closed after that."""
        # A file that breaks off leaves pictures in the decoder; one that ends well has been asked for them already.
        with suppress(av.error.FFmpegError):
            for frame in self.stream.decode(None):
                self._take(frame)
        self._frames = max(1, frames_before(self.stamps.duration_s))
        self._hold(self._conformed(self._chain.finish))
        while self._held and self.shown < self._frames:
            self._hand_on(self._held.popleft())
        self._told = self.stream.average_rate
        self._fields = fields(self.stream, self._interlaced, self.decoded)

    def finish(self, facts: Probe) -> Probe:
        """The facts of the whole picture, after its end."""
        picture = self._picture.model_copy(
            update={
                "rate": self.stamps.rate(self._told),
                "variable_rate": self.stamps.varies(),
                "start_s": self.stamps.start_s,
                "duration_s": self.stamps.duration_s,
                "interlaced": self._fields,
            }
        )
        margin, seekable = self._seeking(facts)
        return facts.model_copy(
            update={
                "picture": picture,
                "seekable": seekable,
                "seek_margin_s": margin,
                "duration_s": picture.duration_s,
                "frames": self._frames,
                "damaged": self.damaged,
                "ends_damaged": self.damaged > 0 and self.decoded - self._before_damage <= _LAST < self.decoded,
                "decoded": self.decoded,
                "clock_broken": self.stamps.broken,
                "picture_changes_s": self._changes_s,
            }
        )

    def _take(self, frame: VideoFrame) -> None:
        assert self.stream.time_base
        if self.stamps.broken:
            return
        at_s, length_s = shown_at(frame, self.stream), float((frame.duration or 0) * self.stream.time_base)
        if not self.stamps.take(at_s, length_s):
            return
        if at_s - self.stamps.start_s > LONGEST_S:
            raise InputRefused("too_long")
        if length_s >= HOLD_S:
            frame.duration = 0
        self.decoded += 1
        self._spoil(frame.is_corrupt)
        self._interlaced += frame.interlaced_frame
        if self._changes_s is None and frame.key_frame and self._differs(frame):
            self._changes_s = max(at_s - self.stamps.start_s, 0.0)
        self._conform(frame)

    def _spoil(self, damaged: bool) -> None:
        """Count a damaged picture, and remember how many came before the first one."""
        if damaged and not self.damaged:
            self._before_damage = self.decoded
        self.damaged += damaged

    def _differs(self, frame: VideoFrame) -> bool:
        """Whether a picture has another shape than the first, or must be turned another way."""
        first = self._picture
        shape = frame.width * first.height / (frame.height * first.width)
        # Its side data tells the turn in full, but a picture that was asked for them is held until the next collection
        # of garbage: hundreds of pictures where each is a key frame. A picture that is mirrored is turned as well here.
        turn = self._turn = plain_turn(frame) if self._turn is None else self._turn
        return abs(shape - 1) > SHAPE or plain_turn(frame) != turn

    def _conform(self, frame: VideoFrame) -> None:
        picture = self._picture
        if (frame.width, frame.height, frame.format.name) != (picture.width, picture.height, picture.pixel_format):
            frame = self._like_the_first(frame)
        # What a frame says of its colours may change on the way; the chain is told once what they are.
        frame.colorspace, frame.color_range = 2, 0
        clock = self.stream.time_base
        assert clock
        frame.pts = frame.pts if frame.pts is not None else frame.dts
        self._hold(self._conformed(lambda: self._chain.push(frame, clock)))

    def _conformed(self, work: Callable[[], Iterator[VideoFrame | AudioFrame]]) -> list[VideoFrame | AudioFrame]:
        """What the chain yields; only its own failure is the file's fault, not that of those who watch."""
        try:
            return list(work())
        except av.error.FFmpegError as error:
            raise InputRefused("crashed") from error

    def _like_the_first(self, frame: VideoFrame) -> VideoFrame:
        picture, stamp = self._picture, frame.pts
        frame = frame.reformat(width=picture.width, height=picture.height, format=picture.pixel_format)
        frame.pts = stamp
        return frame

    def _hold(self, frames: list[VideoFrame | AudioFrame]) -> None:
        """The last frames wait until it is known how long the clip is: containers differ by a hair on that."""
        for frame in frames:
            assert isinstance(frame, VideoFrame)
            self._held.append(frame)
            if len(self._held) > 2:
                self._hand_on(self._held.popleft())

    def _hand_on(self, frame: VideoFrame) -> None:
        self._show(frame, self.shown)
        self.shown += 1

    def _seeking(self, facts: Probe) -> tuple[float, bool]:
        seekable = facts.seekable and not self.stamps.broken
        if not any(name in facts.container for name in _NO_KEY_SEEK):
            return SETTLE_S, seekable
        marks = [*sorted(self._keys), self.stamps.start_s + self.stamps.duration_s]
        widest = max((after - before for before, after in pairwise(marks)), default=GAP_S)
        return round(SETTLE_S + widest, 3), seekable and widest < GAP_S
