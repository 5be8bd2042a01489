"""One decode of a finished film, kept as numbers: what FFmpeg said of it, grid pixels of every frame, its samples."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from delivery.graph import CHANNELS, SAMPLE_SIZE, survey_args
from ingest.flashes import Levels, cells, linear_rgb
from kit.process import run_ffmpeg

Bytes = NDArray[np.uint8]
WIDTH, HEIGHT = SAMPLE_SIZE
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2


@dataclass(frozen=True)
class Survey:
    """What one decode of a film gave."""

    log: str
    picture: Bytes
    """One row a frame: planar 4:2:0 grid pixels."""
    sound: NDArray[np.int16]
    """Shape (samples, 2) at 48 kHz; no rows for a film without sound."""

    @property
    def frames(self) -> int:
        """Pictures that came out of the decoder."""
        return len(self.picture)

    def luma(self, frame: int) -> Bytes:
        """Grid pixels of one frame, shape (108, 192), limited range."""
        return self.picture[frame, : WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)

    def chroma(self, frame: int) -> tuple[Bytes, Bytes]:
        """Blue and red difference of one frame, shape (54, 96)."""
        both = self.picture[frame, WIDTH * HEIGHT :].reshape(2, HEIGHT // 2, WIDTH // 2)
        return both[0], both[1]

    def rgb(self, frame: int) -> Levels:
        """Linear RGB of one frame, shape (108, 192, 3)."""
        blue, red = (np.repeat(np.repeat(plane, 2, 0), 2, 1) for plane in self.chroma(frame))
        return linear_rgb(self.luma(frame), blue, red)

    def cell_rgb(self) -> Iterator[Levels]:
        """Linear RGB of the coarse cells, frame by frame, shape (cells, 3)."""
        for frame in range(self.frames):
            blue, red = self.chroma(frame)
            yield linear_rgb(cells(self.luma(frame)), cells(blue), cells(red))

    def changes(self) -> NDArray[np.float32]:
        """Mean absolute luma change from the frame before, 0 to 255, one a frame; the first is 0."""
        moved = np.zeros(self.frames, np.float32)
        for frame in range(1, self.frames):
            now, before = self.luma(frame), self.luma(frame - 1)
            moved[frame] = (np.maximum(now, before) - np.minimum(now, before)).mean()
        return moved

    def errors(self) -> list[str]:
        """What the decoder complained of."""
        return [line.strip() for line in self.log.splitlines() if re.search(r"\[(error|fatal|panic)\]", line)]


def survey(film: Path, workspace: Path, has_sound: bool) -> Survey:
    """Decode a film once. Two files of raw numbers appear in `workspace` (about 1 MB a second of film).

    Raises Outage and Bug as `kit.process.run_ffmpeg`.
    """
    picture, sound = workspace / "picture.raw", workspace / "sound.raw"
    log = run_ffmpeg(survey_args(film, picture, sound if has_sound else None))
    seen = np.fromfile(picture, np.uint8) if picture.exists() else np.zeros(0, np.uint8)
    heard = np.fromfile(sound, np.int16) if has_sound else np.zeros(0, np.int16)
    return Survey(
        log=log,
        picture=seen[: len(seen) // FRAME_BYTES * FRAME_BYTES].reshape(-1, FRAME_BYTES),
        sound=heard[: len(heard) // CHANNELS * CHANNELS].reshape(-1, CHANNELS),
    )
