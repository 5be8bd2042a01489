"""One decode of a finished film, kept as numbers: the look of its pictures, its samples, what FFmpeg said of them."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from delivery import graph, key_frames
from delivery import look as look_module
from delivery.graph import CHANNELS, hearing_args, look_args
from delivery.key_frames import key_frame_errors
from delivery.look import FRAME_BYTES, SETTLED, Look, coded_pictures, look_at
from editing.layout import THIRD_IN, THIRD_OUT
from editing.timeline import CardShot, Cue, LowerThird, Timeline
from ingest import flashes
from kit.digest import file_sha256
from kit.process import run_ffmpeg


@dataclass(frozen=True)
class Heard:
    """What a film's sound gave."""

    log: str
    """What was said of its loudness."""
    samples: NDArray[np.int16]
    """Shape (n, 2) at 48 kHz; no rows for a film without sound."""


SILENT = Heard("", np.zeros((0, CHANNELS), np.int16))
"""A film without sound."""


def hear(film: Path, workspace: Path) -> Heard:
    """Decode a film's sound; a file of samples appears in `workspace`. Raises Outage and Bug as `run_ffmpeg`."""
    sound = workspace / "sound.raw"
    log = run_ffmpeg(hearing_args(film, sound))
    heard = np.fromfile(sound, np.int16)
    return Heard(log, heard[: len(heard) // CHANNELS * CHANNELS].reshape(-1, CHANNELS))


def see(film: Path, timeline: Timeline, workspace: Path, look: Look | None = None) -> Look:
    """What a film's pictures look like: `look`, put together from its pieces, or what decoding them gives.

    Such a look is believed when every picture of the film is, byte for byte, the one that was looked at. A file of raw
    numbers appears in `workspace` (about 1 MB a second of film). Raises Outage and Bug as `kit.process.run_ffmpeg`.
    """
    if look is not None and np.array_equal(look.coded, coded_pictures(film)):
        return look
    return look_of(film, kept_frames(timeline), workspace)


def look_at_piece(piece: Path, kept: Sequence[int], grid: Path) -> Look:
    """Look at a piece by the grid pixels that its encoder was given, `grid` holding a row a frame.

    Its key frames are decoded and held against them: what the decoder complains of, and pictures that are not the ones
    that were encoded, are errors of the look.
    """
    rows = np.fromfile(grid, np.uint8).reshape(-1, FRAME_BYTES)
    return look_at(rows, kept, coded=coded_pictures(piece), errors=key_frame_errors(piece, rows))


def look_of(film: Path, kept: Sequence[int], workspace: Path) -> Look:
    """Decode the pictures of a film, or of a piece of one, and look at them; the frames `kept` are kept whole."""
    picture = workspace / "picture.raw"
    log = run_ffmpeg(look_args(film, picture))
    seen = np.fromfile(picture, np.uint8) if picture.exists() else np.zeros(0, np.uint8)
    errors = [line.strip() for line in log.splitlines() if re.search(r"\[(error|fatal|panic)\]", line)]
    rows = seen[: len(seen) // FRAME_BYTES * FRAME_BYTES].reshape(-1, FRAME_BYTES)
    return look_at(rows, kept, coded=coded_pictures(film), errors=errors)


@cache
def look_version() -> str:
    """Changes whenever a look may come out differently: 16 digits of the digest of our sources and their parts."""
    sources = [Path(str(module.__file__)) for module in (graph, key_frames, look_module, flashes)] + [Path(__file__)]
    parts = [f"{part}={version(part)}" for part in ("imageio-ffmpeg", "numpy", "av")]
    return hashlib.sha256("\n".join([*map(file_sha256, sources), *parts]).encode()).hexdigest()[:16]


def kept_frames(timeline: Timeline) -> list[int]:
    """The frames of a film that are looked at whole: each card as it stands, each caption and lower third."""
    return [*settled_frames(timeline), *words_frames(timeline.cues, timeline.lower_thirds, timeline.frames)]


def words_frames(cues: Sequence[Cue], thirds: Sequence[LowerThird], frames: int) -> list[int]:
    """The middle frame of each caption, and of each lower third while it stands still, as [0, frames) shows them.

    The middle of all that a film shows of one lies nearest to one of these frames of its pieces.
    """
    spans = [(cue.start, cue.end) for cue in cues]
    spans += [(third.start + THIRD_IN, third.end - THIRD_OUT) for third in thirds]
    shown = [(max(0, start), min(frames, end)) for start, end in spans]
    return [(start + end) // 2 for start, end in shown if end > start]


def settled_frames(timeline: Timeline) -> list[int]:
    """For each card the frame at which all of it stands, just before it leaves."""
    frames = []
    for at, shot in enumerate(timeline.shots):
        following = timeline.shots[at + 1].transition if at + 1 < len(timeline.shots) else None
        leaving = following.frames if following and following.kind == "dip" else 0
        if isinstance(shot, CardShot):
            frames.append(max(shot.start, shot.end - 1 - leaving - SETTLED))
    return frames
