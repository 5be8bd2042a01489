"""The sound half of reading a clip once: packets in, source samples and conformed samples out."""

from collections.abc import Callable, Iterator

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame

from ingest.clip import Sound
from ingest.conforming import FilterChain, sound_steps
from ingest.stamps import GAP_S


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

    def take(self, packet: "av.Packet[AudioStream]") -> None:
        """Decode a packet; what cannot be decoded or stands outside the sound's clock is passed over."""
        try:
            for frame in packet.decode():
                self._take(frame)
        except av.error.FFmpegError:
            return

    def finish(self) -> None:
        """Hand on the last samples."""
        self._hand_on(self._chain.finish())

    def _take(self, frame: AudioFrame) -> None:
        clock = frame.time_base or self.stream.time_base
        if frame.pts is None or not clock:
            return
        at_s = float(frame.pts * clock)
        if self._end_s is not None and not -GAP_S < at_s - self._end_s < GAP_S:
            return
        self._end_s = at_s + frame.samples / frame.sample_rate
        self._source(frame, self._zero_s)
        for alike in self._like_the_first(frame):
            self._hand_on(self._chain.push(alike, clock))

    def _like_the_first(self, frame: AudioFrame) -> list[AudioFrame]:
        """Streams may change their layout or rate on the way; the chain is built for what they begin with."""
        first = self._first = self._first or frame
        if (frame.sample_rate, frame.format.name, frame.layout.name) == (
            first.sample_rate,
            first.format.name,
            first.layout.name,
        ):
            return [frame]
        resampler = av.AudioResampler(format=first.format, layout=first.layout, rate=first.sample_rate)
        return resampler.resample(frame)

    def _hand_on(self, frames: Iterator[VideoFrame | AudioFrame]) -> None:
        for frame in frames:
            assert isinstance(frame, AudioFrame)
            self._hear(frame)
