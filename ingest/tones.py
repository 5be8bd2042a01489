"""HDR into the film's colours as a cube: the film's own chain run once over every colour, for the proxy to look up."""

from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from ingest.clip import Picture
from ingest.graph import to_bt709
from kit.process import run_ffmpeg_bytes

SIDE = 33
"""Steps of each colour."""

BLOCK = 4
"""Every colour is a square of so many pixels, so that halving the chroma mixes no neighbours into its middle."""

_KR, _KB = 0.2627, 0.0593
"""BT.2020 shares of red and blue in luma."""


def write_cube(picture: Picture, folder: Path) -> Path:
    """A .cube file in `folder` from the picture's BT.2020 code values to BT.709 ones. Raises as `run_ffmpeg_bytes`."""
    chart, out = folder / "chart.yuv", folder / "tones.cube"
    width, height = SIDE * BLOCK, SIDE * SIDE * BLOCK
    _chart(full=picture.full_range).tofile(chart)
    given = ffmpeg.input(chart.name, format="rawvideo", pix_fmt="yuv444p10le", s=f"{width}x{height}", framerate=1)
    mapped = to_bt709(given, picture, (width, height)).filter("setsar", 1)
    arguments = ffmpeg.output(mapped, "pipe:1", format="rawvideo", pix_fmt="yuv420p").get_args()
    pixels = np.frombuffer(run_ffmpeg_bytes(["-v", "error", *arguments], timeout_s=60, cwd=folder), np.uint8)
    chart.unlink()
    colours = _colours(pixels, width, height)
    rows = "\n".join(" ".join(f"{value:.5f}" for value in colour) for colour in colours)
    out.write_text(f"LUT_3D_SIZE {SIDE}\n{rows}\n")
    return out


def _chart(*, full: bool) -> NDArray[np.uint16]:
    """Planar 4:4:4 10-bit pixels of every colour; red runs fastest, blue slowest, as a cube file lists them."""
    step = np.linspace(0, 1, SIDE)
    blue, green, red = np.meshgrid(step, step, step, indexing="ij")
    luma = _KR * red + (1 - _KR - _KB) * green + _KB * blue
    planes = [luma, (blue - luma) / (2 * (1 - _KB)), (red - luma) / (2 * (1 - _KR))]
    spans = ((0, 1023), (512, 1023), (512, 1023)) if full else ((64, 876), (512, 896), (512, 896))
    coded = [low + span * plane for plane, (low, span) in zip(planes, spans, strict=True)]
    grids = [np.kron(plane.reshape(SIDE * SIDE, SIDE), np.ones((BLOCK, BLOCK))) for plane in coded]
    return np.rint(np.stack(grids)).clip(0, 1023).astype("<u2")


def _colours(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.float64]:
    """BT.709 R'G'B' (0 to 1) of the middle of every square of a planar 4:2:0 picture."""
    luma = pixels[: width * height].reshape(height, width)[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK].ravel()
    chroma = pixels[width * height :].reshape(2, height // 2, width // 2)[
        :, BLOCK // 4 :: BLOCK // 2, BLOCK // 4 :: BLOCK // 2
    ]
    y = (luma.astype(float) - 16) / 219
    cb, cr = ((plane.ravel().astype(float) - 128) / 224 for plane in chroma)
    return np.stack([y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb], axis=1).clip(0, 1)
