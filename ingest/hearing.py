"""Which sound stream of a file carries speech, and in which of its channels."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from ingest.clip import Sound

LISTEN_S = 60.0
"""How much of each stream is decoded to tell levels."""

HEARD_DBFS = -50.0
"""A stream whose loudest tenths lie below this carries no speech."""

ALONE_DB = 15.0
"""A channel this much louder than the others carries the speech alone."""


def read_sound(path: Path, open_media: Callable[[Path], InputContainer]) -> tuple[Sound | None, float]:
    """The first stream with speech-like energy (else the first that decodes), and when its last packet ends."""
    quiet: tuple[Sound, float] | None = None
    try:
        with open_media(path) as container:
            indices = [stream.index for stream in container.streams.audio if stream.codec_context]
        for index in indices:
            with open_media(path) as container:
                found = _listen(container, index)
            if found is None:
                continue
            sound, end_s, level = found
            if level > HEARD_DBFS:
                return sound, end_s
            quiet = quiet or (sound, end_s)
    except (av.error.FFmpegError, OSError, ValueError):
        return quiet or (None, 0.0)
    return quiet or (None, 0.0)


def speech_channel(levels: NDArray[np.float64]) -> str:
    """all, left, right or centre: where speech lies, by the level of each channel in dBFS."""
    if len(levels) == 2:
        if levels[0] - levels[1] > ALONE_DB:
            return "left"
        return "right" if levels[1] - levels[0] > ALONE_DB else "all"
    if len(levels) >= 5 and levels[2] - max(levels[0], levels[1]) > ALONE_DB:
        return "centre"
    return "all"


def _listen(container: InputContainer, index: int) -> tuple[Sound, float, float] | None:
    """One stream: its facts, when it ends (container clock) and the level of its loudest channel (dBFS)."""
    stream = container.streams[index]
    assert isinstance(stream, AudioStream)
    assert stream.time_base
    resampler = av.AudioResampler(format="fltp")
    energies: list[NDArray[np.float64]] = []
    start: float | None = None
    end = 0.0
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * stream.time_base))
            if start is not None and end - start > LISTEN_S:
                continue
            for frame in _frames(packet):
                if start is None:
                    start = float((frame.pts or 0) * (frame.time_base or stream.time_base))
                end = max(end, start + frame.samples / frame.sample_rate)
                energies += _energies(resampler, frame)
    except (av.error.FFmpegError, OSError):
        if start is None:
            return None
    if start is None:
        return None
    levels = _levels(energies)
    context = stream.codec_context
    sound = Sound(
        stream=index,
        channels=context.layout.nb_channels,
        layout=context.layout.name,
        sample_rate=context.sample_rate,
        start_s=start,
        duration_s=max(end - start, 0.0),
        speech_channel=speech_channel(levels),
    )
    return sound, end, float(levels.max(initial=-120.0))


def _frames(packet: "av.Packet[AudioStream]") -> list[av.AudioFrame]:
    try:
        return packet.decode()
    except av.error.FFmpegError:
        return []


def _energies(resampler: av.AudioResampler, frame: av.AudioFrame) -> list[NDArray[np.float64]]:
    frame.pts = None
    return [
        np.mean(np.square(part.to_ndarray().astype(np.float64)), axis=1)
        for part in resampler.resample(frame)
        if part.samples
    ]


def _levels(energies: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Level of each channel over its loudest tenth of blocks, in dBFS, floor -120."""
    if not energies:
        return np.full(1, -120.0)
    blocks = np.array([block for block in energies if len(block) == len(energies[0])])
    loudest = np.quantile(blocks, 0.9, axis=0)
    return np.asarray(10 * np.log10(np.maximum(loudest, 1e-12)), dtype=np.float64)
