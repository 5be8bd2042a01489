"""Reading a clip once, from its first packet to its last: facts, measurements and renditions out of one decode."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ingest.conforming import proxy_size
from ingest.ending import share_there
from ingest.hearing import read_sound
from ingest.picture_reader import PictureReader
from ingest.probe import Probe, open_media, peek
from ingest.proxy import ProxyWriter
from ingest.pulse import Pulse
from ingest.renditions import FRAME_TIMES, PROXY
from ingest.sound_reader import SoundReader
from ingest.tones import write_cube

MOST_THREADS = 4
"""Threads that decode; each holds pictures of its own."""


class Watcher(Protocol):
    """Sees everything that one decode yields."""

    def picture(self, frame: VideoFrame, number: int) -> None:
        """Conformed frame `number`: small, upright, BT.709 4:2:0."""

    def source(self, frame: AudioFrame, zero_s: float) -> None:
        """Samples as stored; the clip's own zero lies at `zero_s` on their clock."""

    def sound(self, frame: AudioFrame) -> None:
        """The next conformed samples: stereo float at 48 kHz."""


def read(path: Path, watchers: list[Watcher], renditions: Path | None, tell: Callable[[int], None]) -> Probe:
    """Decode a file once and tell its facts; watchers see what goes by, and the proxy is written into `renditions`.

    `tell` hears about once a second how many frames have been conformed. Raises InputRefused with a code of
    `ingest.checks.REFUSALS` when the file cannot be read as footage at all.
    """
    pulse = Pulse(tell)
    facts = peek(path, pulse)
    sound, sound_end = read_sound(path, open_media, pulse)
    facts = facts.model_copy(update={"sound": sound, "there": share_there(path)})
    if facts.picture is None:
        facts = facts.model_copy(update={"duration_s": sound_end - sound.start_s if sound else 0.0})
    if facts.codec_problem or (facts.picture is None and sound is None):
        return facts
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory()))
        tones = write_cube(facts.picture, scratch) if facts.picture and facts.picture.transfer != "sdr" else None
        if renditions:
            size = proxy_size(facts.picture) if facts.picture else None
            proxy = stack.enter_context(ProxyWriter(renditions / PROXY, scratch, size, sound=sound is not None))
            watchers = [*watchers, proxy]
        container = stack.enter_context(open_media(path))
        pictures, sounds = _readers(container, facts, tones, watchers)
        _work_through(container, pictures, sounds, pulse)
        if sounds:
            sounds.finish()
            if sounds.changes:
                facts = facts.model_copy(update={"sound": None, "sound_changes": True})
        if pictures:
            facts = pictures.finish(facts)
            if renditions:
                np.save(renditions / FRAME_TIMES, pictures.stamps.ticks())
    return facts


def _readers(
    container: InputContainer, facts: Probe, tones: Path | None, watchers: list[Watcher]
) -> tuple[PictureReader | None, SoundReader | None]:
    def show(frame: VideoFrame, number: int) -> None:
        for watcher in watchers:
            watcher.picture(frame, number)

    def source(frame: AudioFrame, zero_s: float) -> None:
        for watcher in watchers:
            watcher.source(frame, zero_s)

    def hear(frame: AudioFrame) -> None:
        for watcher in watchers:
            watcher.sound(frame)

    pictures = sounds = None
    if facts.picture:
        stream = container.streams[facts.picture.stream]
        assert isinstance(stream, VideoStream)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = min(MOST_THREADS, os.cpu_count() or 1)
        pictures = PictureReader(stream, facts, tones, show)
    if facts.sound:
        zero_s = facts.picture.start_s if facts.picture else facts.sound.start_s
        heard = container.streams[facts.sound.stream]
        assert isinstance(heard, AudioStream)
        sounds = SoundReader(heard, facts.sound, zero_s, source, hear)
    return pictures, sounds


def _work_through(
    container: InputContainer, pictures: PictureReader | None, sounds: SoundReader | None, pulse: Pulse
) -> None:
    streams = [reader.stream for reader in (pictures, sounds) if reader]
    for packet in _packets(container, streams):
        if pictures and packet.stream is pictures.stream:
            pictures.take(cast("av.Packet[VideoStream]", packet))
        elif sounds:
            sounds.take(cast("av.Packet[AudioStream]", packet))
        pulse.beat(pictures.shown if pictures else int(30 * sounds.heard_s) if sounds else 0)


def _packets(
    container: InputContainer, streams: list[VideoStream | AudioStream]
) -> "Iterator[av.Packet[av.stream.Stream]]":
    """The streams' packets up to the end of what can be read."""
    try:
        yield from container.demux(streams)
    except (av.error.FFmpegError, OSError):
        return
