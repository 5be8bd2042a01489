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
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ingest.clip import Picture, Sound
from ingest.conforming import proxy_size
from ingest.ending import share_there
from ingest.hearing import read_sound
from ingest.one_track import open_alone
from ingest.picture_reader import PictureReader
from ingest.probe import Probe, open_media, peek
from ingest.proxy import ProxyWriter
from ingest.pulse import Pulse
from ingest.renditions import FRAME_TIMES, PROXY
from ingest.sound_reader import SoundReader
from ingest.tones import write_cube

MOST_THREADS = 4
"""Threads that decode; each holds pictures of its own."""

SOUND_SHARE = 0.1
"""About how much of the work on a clip with a picture is its sound."""


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

    All of the sound goes by first, then all of the picture. `tell` hears about once a second how many frames that comes
    to. Raises InputRefused with a code of `ingest.checks.REFUSALS` when the file cannot be read as footage at all.
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
        if renditions:
            size = proxy_size(facts.picture) if facts.picture else None
            proxy = stack.enter_context(ProxyWriter(renditions / PROXY, scratch, size, sound=sound is not None))
            watchers = [*watchers, proxy]
        changes = sound is not None and _read_sound(path, facts, sound, watchers, pulse)
        if facts.picture:
            facts, times = _read_picture(path, facts, facts.picture, watchers, scratch, pulse)
            if renditions:
                np.save(renditions / FRAME_TIMES, times)
    return facts.model_copy(update={"sound": None, "sound_changes": True}) if changes else facts


def _read_sound(path: Path, facts: Probe, sound: Sound, watchers: list[Watcher], pulse: Pulse) -> bool:
    """Show all of the sound; whether it changes on the way."""

    def source(frame: AudioFrame, zero_s: float) -> None:
        for watcher in watchers:
            watcher.source(frame, zero_s)

    def hear(frame: AudioFrame) -> None:
        for watcher in watchers:
            watcher.sound(frame)

    zero_s = facts.picture.start_s if facts.picture else sound.start_s
    share = SOUND_SHARE if facts.picture else 1.0
    with open_alone(path, sound.stream, facts.tracks) as (container, stream):
        assert isinstance(stream, AudioStream)
        reader = SoundReader(stream, sound, zero_s, source, hear)
        for packet in _packets(container, stream):
            reader.take(cast("av.Packet[AudioStream]", packet))
            pulse.beat(int(share * 30 * reader.heard_s))
        reader.finish()
    return reader.changes


def _read_picture(
    path: Path, facts: Probe, picture: Picture, watchers: list[Watcher], scratch: Path, pulse: Pulse
) -> tuple[Probe, NDArray[np.int64]]:
    """Show all of the picture; the facts of the clip with it, and when each stored picture is shown, in ticks."""

    def show(frame: VideoFrame, number: int) -> None:
        for watcher in watchers:
            watcher.picture(frame, number)

    tones = write_cube(picture, scratch) if picture.transfer != "sdr" else None
    done, share = (SOUND_SHARE * 30 * facts.sound.duration_s, 1 - SOUND_SHARE) if facts.sound else (0.0, 1.0)
    with open_alone(path, picture.stream, facts.tracks) as (container, stream):
        assert isinstance(stream, VideoStream)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = min(MOST_THREADS, os.cpu_count() or 1)
        reader = PictureReader(stream, facts, tones, show)
        for packet in _packets(container, stream):
            reader.take(cast("av.Packet[VideoStream]", packet))
            pulse.beat(int(done + share * reader.shown))
        reader.end()
    # What follows copies the times of all pictures, and the table of the file does not stand beside them any more.
    return reader.finish(facts), reader.stamps.ticks()


def _packets(container: InputContainer, stream: Stream) -> "Iterator[av.Packet[Stream]]":
    """The stream's packets up to the end of what can be read."""
    try:
        yield from container.demux(stream)
    except (av.error.FFmpegError, OSError):
        return
