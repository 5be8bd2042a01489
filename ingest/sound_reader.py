"""The sound half of reading a clip once: packets in, source samples and conformed samples out."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import partial

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame

from ingest.clip import Sound
from ingest.conforming import FilterChain, sound_steps
from ingest.probe import LONGEST_S
from ingest.stamps import GAP_S
from kit.errors import InputRefused

HOLE_S = 300.0
"""Longest hole that silence fills, as when a body-worn camera was muted; sound after a longer one is left out."""


class SoundReader:
    """Takes the packets of the chosen sound stream; decoded samples go to `source`, conformed ones to `hear`."""

    def __init__(
        self,
        stream: AudioStream,
        sound: Sound,
        zero_s: float,
        source: Callable[[AudioFrame, float], None],
        hear: Callable[[AudioFrame], None],
    ) -> None:
        self.stream, self._zero_s, self._source, self._hear = stream, zero_s, source, hear
        self._chain = FilterChain(sound_steps(sound, zero_s))
        self._end_s: float | None = None
        self._first: AudioFrame | None = None
        self._clock: Fraction | None = None
        self._alike: tuple[tuple[int, str, str], av.AudioResampler] | None = None

    def take(self, packet: "av.Packet[AudioStream]") -> None:
        """Decode a packet; what cannot be decoded or lies far outside the sound's clock is passed over.

        Raises InputRefused for sound without end.
        """
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            return
        for frame in frames:
            self._take(frame)

    @property
    def changes(self) -> bool:
        """Whether its channels or its rate changed on the way; films follow no such change."""
        return self._alike is not None

    @property
    def heard_s(self) -> float:
        """Seconds of the clip that have been decoded."""
        return 0.0 if self._end_s is None else max(self._end_s - self._zero_s, 0.0)

    def finish(self) -> None:
        """Hand on the last samples."""
        with suppress(av.error.FFmpegError):
            for frame in self.stream.decode(None):
                self._take(frame)
        self._hand_on(self._conformed(self._chain.finish))

    def _take(self, frame: AudioFrame) -> None:
        clock = frame.time_base or self.stream.time_base
        if frame.pts is None or not clock:
            return
        at_s = float(frame.pts * clock)
        if self._end_s is not None and not -GAP_S < at_s - self._end_s < HOLE_S:
            return
        if at_s - self._zero_s > LONGEST_S:
            raise InputRefused("too_long")
        self._end_s = at_s + frame.samples / frame.sample_rate
        self._clock = self._clock or clock
        self._source(frame, self._zero_s)
        for alike in self._like_the_first(frame):
            self._hand_on(self._conformed(partial(self._chain.push, alike, self._clock)))

    def _like_the_first(self, frame: AudioFrame) -> list[AudioFrame]:
        """Streams may change their layout or rate on the way; the chain is built for what they begin with."""
        first = self._first = self._first or frame
        if _shape(frame) == _shape(first):
            return [frame]
        if self._alike is None or self._alike[0] != _shape(frame):
            wanted = av.AudioResampler(format=first.format, layout=first.layout, rate=first.sample_rate)
            self._alike = (_shape(frame), wanted)
        made = self._alike[1].resample(frame)
        assert self._clock
        for alike in made:
            if alike.pts is not None and alike.time_base:
                alike.pts = round(alike.pts * alike.time_base / self._clock)
            alike.time_base = self._clock
        return made

    def _conformed(self, work: Callable[[], Iterator[VideoFrame | AudioFrame]]) -> list[VideoFrame | AudioFrame]:
        """What the chain yields; sound that it trips over is left out."""
        try:
            return list(work())
        except (av.error.FFmpegError, ValueError):
            return []

    def _hand_on(self, frames: list[VideoFrame | AudioFrame]) -> None:
        for frame in frames:
            assert isinstance(frame, AudioFrame)
            self._hear(frame)


def _shape(frame: AudioFrame) -> tuple[int, str, str]:
    return frame.sample_rate, frame.format.name, frame.layout.name
