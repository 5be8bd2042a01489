"""Which sound track of a file carries speech, and in which of its channels."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from ingest.clip import Sound
from ingest.pulse import Pulse
from ingest.voice import RATE, WINDOW_S, voice

LISTEN_S = 60.0
"""How much of each track is decoded and judged at a time."""

APART = 1.06
"""How many times later each piece begins than the one before it, where the first minute holds no speech."""

SPOKEN = 0.6
"""Sound that is so much like a voice tells where speech lies; the rest of the track is not listened to."""

ENOUGH = 3
"""Pieces with speech after the first minute that tell as much as it would."""

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


def read_sound(path: Path, open_media: Callable[[Path], InputContainer], pulse: Pulse) -> tuple[Sound | None, float]:
    """The track most like a voice (the first of equals), and when its last packet ends on the container's clock."""
    try:
        with open_media(path) as container:
            # Parts of a surround sound that only add to another track are no tracks of their own.
            part = av.stream.Disposition.dependent
            streams = [stream for stream in container.streams.audio if not stream.disposition & part]
            tracks = [_Track(stream, number) for number, stream in enumerate(streams, start=1) if stream.codec_context]
            tracks = tracks[:MOST_TRACKS]
            _listen(container, tracks, pulse)
            found = [track.sound(len(streams)) for track in tracks if track.start_s is not None]
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


class _Heard(NamedTuple):
    """A minute of a track, judged."""

    place: str
    """As in `speech_channel`."""
    out_of_phase: bool
    voice: float
    level: float
    """Of its loudest channel, in dBFS."""

    @property
    def tells(self) -> int:
        """How much it tells of where speech lies: 2 when there is some, 1 for other sound, 0 for silence."""
        return (self.level > HEARD_DBFS) + (self.voice >= SPOKEN)


def judged(channels: Channels, names: list[str]) -> _Heard:
    """What 16 kHz sound of shape (channels, n) tells; `names` as in `speech_channel`."""
    place = speech_channel(channels, names)
    out_of_phase = place == "all" and opposed(channels)
    place = "left" if out_of_phase else place
    level = max(loudest(channel) for channel in channels)
    only = {"left": 0, "right": 1, "centre": 2}.get(place)
    heard = channels.mean(axis=0) if only is None else channels[only]
    return _Heard(place, out_of_phase, voice(heard) if level > HEARD_DBFS else 0.0, level)


def is_listened_to(at_s: float) -> bool:
    """Whether a track is heard at a time while nobody has spoken: its first minute, then pieces further and further
    apart, so that hours cost little and speech is found wherever it begins."""
    if at_s < LISTEN_S:
        return True
    piece = math.floor(math.log(at_s / LISTEN_S) / math.log(APART))
    return at_s - LISTEN_S * APART**piece < WINDOW_S


class _Track:
    """One sound track while it goes by: when it starts and ends, and a minute of it at 16 kHz."""

    def __init__(self, stream: AudioStream, number: int) -> None:
        self.stream = stream
        self.number = number
        self.start_s: float | None = None
        self._end_s = 0.0
        self._decoded_s = 0.0
        self._skipped = self._apart = False
        self._names: list[str] = []
        self._resampler = av.AudioResampler(format="s16", rate=RATE)
        self._parts: list[NDArray[np.int16]] = []
        self._held_s = 0.0
        self._best: _Heard | None = None
        self._spoken_pieces: list[Channels] = []

    def take(self, packet: "av.Packet[Any]") -> None:
        """Note when a packet ends, and listen to it while speech has not been found."""
        clock = self.stream.time_base
        at_s = self._decoded_s
        if packet.pts is not None and clock:
            self._end_s = max(self._end_s, float((packet.pts + (packet.duration or 0)) * clock))
            at_s = float(packet.pts * clock) - (self.start_s or 0.0)
        if self._spoken or (self.start_s is not None and not is_listened_to(at_s)):
            self._skipped = self._apart = True
            self._end_piece()
            return
        try:
            if self._apart:
                self.stream.codec_context.flush_buffers()
                self._apart = False
            for frame in packet.decode():
                assert isinstance(frame, av.AudioFrame)
                self._hear(frame)
        except (av.error.FFmpegError, ValueError):
            # A damaged packet, or a frame of another layout than the first, is left out.
            return
        if self._held_s >= (WINDOW_S if self._best else LISTEN_S):
            self._end_piece()

    def sound(self, count: int) -> tuple[Sound, float]:
        """It as the clip's sound, one of so many tracks, and the level of its loudest channel in dBFS."""
        assert self.start_s is not None
        self._end_piece()
        self._judge_spoken()
        self._best = self._best or judged(np.zeros((1, 0), np.float32), self._names)
        context = self.stream.codec_context
        sound = Sound(
            stream=self.stream.index,
            channels=context.layout.nb_channels,
            layout=context.layout.name,
            sample_rate=context.sample_rate,
            start_s=self.start_s,
            duration_s=max(self._end_s - self.start_s, 0.0),
            speech_channel=self._best.place,
            out_of_phase=self._best.out_of_phase,
            track=self.number,
            tracks=count,
            voice=self._best.voice,
        )
        return sound, self._best.level

    @property
    def _spoken(self) -> bool:
        return self._best is not None and self._best.tells == 2

    def _end_piece(self) -> None:
        """Judge what is held: the first minute; after it each piece, of which those with speech are kept."""
        if not self._parts:
            return
        channels = np.asarray(np.concatenate(self._parts, axis=1) / np.float32(32768), dtype=np.float32)
        self._parts, self._held_s = [], 0.0
        if self._best is None:
            self._best = judged(channels, self._names)
        elif judged(channels, self._names).tells == 2:
            self._spoken_pieces.append(channels)
            if len(self._spoken_pieces) == ENOUGH:
                self._judge_spoken()

    def _judge_spoken(self) -> None:
        """Let pieces with speech decide, because the first minute holds none."""
        if self._spoken_pieces and not self._spoken:
            self._best = judged(np.concatenate(self._spoken_pieces, axis=1), self._names)

    def _hear(self, frame: av.AudioFrame) -> None:
        if self.start_s is None:
            self.start_s = float((frame.pts or 0) * (frame.time_base or self.stream.time_base or 0))
            self._names = [channel.name for channel in frame.layout.channels]
        length_s = frame.samples / frame.sample_rate
        self._held_s += length_s
        self._decoded_s += length_s
        if not self._skipped:
            self._end_s = max(self._end_s, self.start_s + self._decoded_s)
        frame.pts = None
        for part in self._resampler.resample(frame):
            # Interleaved, because PyAV reads past the end of eight and more planes.
            samples = part.to_ndarray().reshape(-1, part.layout.nb_channels).T
            self._parts.append(samples[:MOST_CHANNELS].astype(np.int16))


def _listen(container: InputContainer, tracks: list[_Track], pulse: Pulse) -> None:
    """Give every track its packets, as far as the file can be read."""
    if not tracks:
        return
    by_index = {track.stream.index: track for track in tracks}
    try:
        for packet in container.demux(*(track.stream for track in tracks)):
            by_index[packet.stream.index].take(packet)
            pulse.beat()
    except (av.error.FFmpegError, OSError):
        return
