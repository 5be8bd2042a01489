"""Test pictures whose every frame is known, files made of them, and what conforming those files yields.

Pictures are RGB arrays (height, width, 3) of 0 to 255; conformed frames are read back from their BT.709 code values
by the numbers of the standard and not by a converter that could err the same way.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from ingest.clip import Clip
from ingest.graph import conform_video, sound_input, video_input
from kit.process import run_ffmpeg, run_ffmpeg_bytes

Pictures = NDArray[np.float32]
BITS = 10
"""Bits of the frame counter: as many black or white blocks, most significant first."""


def make(path: Path, *args: str) -> Path:
    """Run FFmpeg with these arguments into `path`."""
    run_ffmpeg(["-v", "error", *args, str(path)])
    return path


def make_from(path: Path, pictures: NDArray[Any], rate: str, *args: str, kind: str = "rgb24") -> Path:
    """A video of `pictures` (frames, height, width, ...) in the raw pixel format `kind`, encoded with `args`."""
    raw = path.with_suffix(".raw")
    raw.write_bytes(np.ascontiguousarray(pictures).tobytes())
    size = f"{pictures.shape[2]}x{pictures.shape[1]}"
    try:
        return make(path, "-f", "rawvideo", "-pix_fmt", kind, "-s", size, "-framerate", rate, "-i", str(raw), *args)
    finally:
        raw.unlink()


def compass(width: int = 192, height: int = 108) -> NDArray[np.uint8]:
    """A picture that looks different in each of its eight orientations: four coloured corners and an arrow that
    points up from the left of the middle."""
    picture = np.full((height, width, 3), 96, np.uint8)
    side = height // 4
    picture[:side, :side] = 220, 30, 30
    picture[:side, -side:] = 30, 200, 30
    picture[-side:, :side] = 40, 40, 220
    picture[-side:, -side:] = 220, 200, 40
    middle, top = width * 2 // 5, height // 4
    for row in range(height // 4):
        picture[top + row, middle - row // 2 : middle + row // 2 + 1] = 240
    picture[top + height // 4 : height * 3 // 4, middle - 3 : middle + 4] = 240
    return picture


def disc(width: int, height: int, across: float, down: float) -> NDArray[np.uint8]:
    """A white ellipse `across` by `down` pixels in the middle of a dark picture."""
    y, x = np.mgrid[:height, :width]
    inside = ((x - (width - 1) / 2) / (across / 2)) ** 2 + ((y - (height - 1) / 2) / (down / 2)) ** 2 <= 1
    return np.where(inside[..., None], 235, 30).astype(np.uint8).repeat(3, 2)


def counters(count: int, width: int = 320, height: int = 180) -> NDArray[np.uint8]:
    """Frames that carry their number, 0 to `count` - 1, as a bar code of grey levels across the picture."""
    bits = np.arange(count)[:, None] >> np.arange(BITS)[::-1] & 1
    line = np.repeat(np.where(bits, 235, 20), width // BITS, 1).astype(np.uint8)
    return np.broadcast_to(line[:, None, :, None], (count, height, line.shape[1], 3))


def read_counters(frames: Pictures) -> list[int]:
    """The number that each frame of `counters` carries, at whatever size it has now."""
    luma = frames.mean(axis=3)
    _, height, width = luma.shape
    band = luma[:, height // 4 : height * 3 // 4].mean(axis=1)
    middles = ((np.arange(BITS) + 0.5) * width / BITS).astype(int)
    return [int(number) for number in (band[:, middles] > 128) @ (1 << np.arange(BITS)[::-1])]


def seen(
    clip: Clip,
    path: Path,
    size: tuple[int, int],
    *,
    first: int = 0,
    frames: int | None = None,
    framing: str = "cover",
) -> Pictures:
    """Conformed frames of a clip as R'G'B' of 0 to 255 (not rounded), shape (frames, height, width, 3)."""
    width, height = size
    count = clip.frames - first if frames is None else frames
    stream = video_input(clip, path, first, count)
    stream = conform_video(stream, clip, width=width, height=height, framing=framing, ground="#000000")
    args = ffmpeg.output(stream, "pipe:1", format="rawvideo", fps_mode="passthrough").get_args()
    raw = np.frombuffer(run_ffmpeg_bytes(["-v", "error", *args]), np.uint8).reshape(-1, width * height * 3 // 2)
    return _rgb(raw.astype(np.float32), width, height)


def heard(clip: Clip, path: Path) -> NDArray[np.float32]:
    """The conformed sound of a clip, shape (2, samples at 48 kHz)."""
    args = ffmpeg.output(sound_input(clip, path), "pipe:1", format="f32le").get_args()
    return np.frombuffer(run_ffmpeg_bytes(["-v", "error", *args]), np.float32).reshape(-1, 2).T


def means(frame: Pictures, boxes: Sequence[tuple[int, int, int, int]]) -> Pictures:
    """Mean colour inside each box (left, top, right, bottom), shape (boxes, 3)."""
    return np.array([frame[top:bottom, left:right].mean(axis=(0, 1)) for left, top, right, bottom in boxes])


def _rgb(raw: Pictures, width: int, height: int) -> Pictures:
    """Planar 4:2:0 in BT.709 limited range as R'G'B' (ITU-R BT.709-6, items 3.3 and 3.5)."""
    luma, size = raw[:, : width * height], (-1, height // 2, width // 2)
    blue, red = np.split(raw[:, width * height :], 2, axis=1)
    cb, cr = ((plane.reshape(size).repeat(2, 1).repeat(2, 2) - 128) / 224 for plane in (blue, red))
    y = (luma.reshape(-1, height, width) - 16) / 219
    rgb = np.stack([y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb], axis=3)
    return rgb.clip(0, 1) * 255
