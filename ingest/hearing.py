"""Which sound track of a file carries speech, and in which of its channels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from ingest.clip import Sound
from ingest.voice import RATE, voice

LISTEN_S = 60.0
"""How much of each track is decoded to choose between them."""

MOST_TRACKS = 8
"""Later tracks are not listened to."""

MOST_CHANNELS = 8
"""Later channels of a track (there are layouts of 64) are not listened to."""

HEARD_DBFS = -50.0
"""A track whose loudest tenth lies below this carries no speech."""

ALONE_DB = 15.0
"""A channel this much louder than all others in its loudest tenth carries the speech alone, if it lasts:"""

OUTWEIGHS_DB = 6.0
"""and has this much more power over all."""

LEADING_DB = 3.0
"""A centre this much louder than front left and right carries the speech, when it is the only one that is a voice."""

CLEARER = 0.1
"""A later track is chosen only when it is this much more like a voice."""

OPPOSED = -0.7
"""Correlation of left and right below which one is the other upside down."""

Channels = NDArray[np.float32]


def read_sound(path: Path, open_media: Callable[[Path], InputContainer]) -> tuple[Sound | None, float]:
    """The track most like a voice (the first of equals), and when its last packet ends on the container's clock."""
    try:
        with open_media(path) as container:
            # Parts of a surround sound that only add to another track are no tracks of their own.
            part = av.stream.Disposition.dependent
            streams = [stream for stream in container.streams.audio if not stream.disposition & part]
            tracks = [_Track(stream, number) for number, stream in enumerate(streams, start=1) if stream.codec_context]
            tracks = tracks[:MOST_TRACKS]
            _listen(container, tracks)
            found = [track.judge(len(streams)) for track in tracks if track.start_s is not None]
    except (av.error.FFmpegError, OSError, ValueError):
        return None, 0.0
    if not found:
        return None, 0.0
    best, *others = [sound for sound, level in found if level > HEARD_DBFS] or [sound for sound, _ in found]
    for sound in others:
        if sound.voice > best.voice + CLEARER:
            best = sound
    return best, best.start_s + best.duration_s


def speech_channel(channels: Channels, names: list[str]) -> str:
    """all, left, right or centre: where speech lies in 16 kHz sound of shape (channels, n); `names` are FFmpeg's."""
    levels = [loudest(channel) for channel in channels]
    first = int(np.argmax(levels))
    has_centre = len(names) > 2 and names[2] == "FC"
    if len(levels) < 2 or first > 2 or (first == 2 and not has_centre):
        return "all"
    place = ("left", "right", "centre")[first]
    if levels[first] - sorted(levels)[-2] > ALONE_DB and _outweighs(channels, first):
        return place
    leads = first == 2 and levels[2] - max(levels[:2]) > LEADING_DB
    return place if leads and voice(channels[2]) > voice(channels[:2].mean(axis=0)) + CLEARER else "all"


def _outweighs(channels: Channels, first: int) -> bool:
    """Whether a channel has more power than each other by far; two that take turns, seldom, differ only in loudness."""
    powers = np.square(channels.astype(np.float64)).mean(axis=1)
    return bool((np.delete(powers, first) * 10 ** (OUTWEIGHS_DB / 10) < powers[first]).all())


def opposed(channels: Channels) -> bool:
    """Whether the two channels of stereo sound (shape (2, n)) are the same one with opposite signs."""
    if len(channels) != 2:
        return False
    left, right = (channel - channel.mean() for channel in channels.astype(np.float64))
    power = float(np.sqrt(np.dot(left, left) * np.dot(right, right)))
    return power > 0 and float(np.dot(left, right)) / power < OPPOSED


def loudest(channel: NDArray[np.float32]) -> float:
    """Level of the loudest tenth of 16 kHz sound in dBFS, floor -120."""
    step = RATE // 50
    if len(channel) < step:
        return -120.0
    powers = np.square(channel[: len(channel) // step * step].astype(np.float64)).reshape(-1, step).mean(axis=1)
    return 10 * float(np.log10(max(float(np.quantile(powers, 0.9)), 1e-12)))


class _Track:
    """One sound track while it goes by: when it starts and ends, and its first minute at 16 kHz."""

    def __init__(self, stream: AudioStream, number: int) -> None:
        self.stream = stream
        self.number = number
        self.start_s: float | None = None
        self._end_s = 0.0
        self._decoded_s = 0.0
        self._names: list[str] = []
        self._resampler = av.AudioResampler(format="s16", rate=RATE)
        self._parts: list[NDArray[np.int16]] = []

    def take(self, packet: "av.Packet[Any]") -> None:
        """Note when a packet ends, and listen to it while it belongs to the first minute."""
        clock = self.stream.time_base
        if packet.pts is not None and clock:
            self._end_s = max(self._end_s, float((packet.pts + (packet.duration or 0)) * clock))
        if self._decoded_s >= LISTEN_S:
            return
        try:
            for frame in packet.decode():
                assert isinstance(frame, av.AudioFrame)
                self._hear(frame)
        except (av.error.FFmpegError, ValueError):
            # A damaged packet, or a frame of another layout than the first, is left out.
            return

    def judge(self, count: int) -> tuple[Sound, float]:
        """It as the clip's sound, one of so many tracks, and the level of its loudest channel in dBFS."""
        assert self.start_s is not None
        channels = self._channels()
        place = speech_channel(channels, self._names)
        out_of_phase = place == "all" and opposed(channels)
        place = "left" if out_of_phase else place
        level = max(loudest(channel) for channel in channels)
        only = {"left": 0, "right": 1, "centre": 2}.get(place)
        context = self.stream.codec_context
        sound = Sound(
            stream=self.stream.index,
            channels=context.layout.nb_channels,
            layout=context.layout.name,
            sample_rate=context.sample_rate,
            start_s=self.start_s,
            duration_s=max(self._end_s - self.start_s, 0.0),
            speech_channel=place,
            out_of_phase=out_of_phase,
            track=self.number,
            tracks=count,
            voice=voice(channels.mean(axis=0) if only is None else channels[only]) if level > HEARD_DBFS else 0.0,
        )
        return sound, level

    def _channels(self) -> Channels:
        if not self._parts:
            return np.zeros((1, 0), np.float32)
        return np.asarray(np.concatenate(self._parts, axis=1) / np.float32(32768), dtype=np.float32)

    def _hear(self, frame: av.AudioFrame) -> None:
        if self.start_s is None:
            self.start_s = float((frame.pts or 0) * (frame.time_base or self.stream.time_base or 0))
            self._names = [channel.name for channel in frame.layout.channels]
        self._decoded_s += frame.samples / frame.sample_rate
        self._end_s = max(self._end_s, self.start_s + self._decoded_s)
        frame.pts = None
        for part in self._resampler.resample(frame):
            # Interleaved, because PyAV reads past the end of eight and more planes.
            samples = part.to_ndarray().reshape(-1, part.layout.nb_channels).T
            self._parts.append(samples[:MOST_CHANNELS].astype(np.int16))


def _listen(container: InputContainer, tracks: list[_Track]) -> None:
    """Give every track its packets, as far as the file can be read."""
    if not tracks:
        return
    by_index = {track.stream.index: track for track in tracks}
    try:
        for packet in container.demux(*(track.stream for track in tracks)):
            by_index[packet.stream.index].take(packet)
    except (av.error.FFmpegError, OSError):
        return
