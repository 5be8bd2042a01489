"""Golden: colours arrive as the standards say, measured by ΔE2000 against a conversion that is computed here."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.clip import Clip
from tests.ingest.charts import make_from, means, seen
from tests.ingest.ciede2000 import difference, lab

ClipFrom = Callable[[Path], Clip]
GREYS = np.linspace(0, 255, 11)[:, None].repeat(3, 1)
PATCHES = np.array([[r, g, b] for r in (60, 140, 220) for g in (70, 210) for b in (50, 110, 160, 200)], float)
CHART = np.concatenate([GREYS, PATCHES, np.full((1, 3), 128.0)])
"""11 greys, 24 colours and a filler, as R'G'B' of 0 to 255; laid out in a grid of 6 by 6."""
SIDE = 32
BOXES = [(x * SIDE + 10, y * SIDE + 10, x * SIDE + 22, y * SIDE + 22) for y in range(6) for x in range(6)]
LUMA = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}
"""Weights of red and blue in luma (ITU-R BT.601, BT.709, BT.2020)."""


def coded(rgb: NDArray[np.float64], matrix: str, bits: int, *, full: bool) -> NDArray[np.float64]:
    """Y'CbCr code values of R'G'B' of 0 to 1, shape (n, 3), not rounded (ITU-R BT.709, BT.2020)."""
    red, blue = LUMA[matrix]
    y = rgb @ np.array([red, 1 - red - blue, blue])
    cb, cr = (rgb[:, 2] - y) / (2 - 2 * blue), (rgb[:, 0] - y) / (2 - 2 * red)
    unit = 2 ** (bits - 8)
    if full:
        top = 2**bits - 1
        return np.stack([y * top, cb * top + 128 * unit, cr * top + 128 * unit], axis=1).clip(0, top)
    return np.stack([219 * y + 16, 224 * cb + 128, 224 * cr + 128], axis=1) * unit


def make_chart(path: Path, values: NDArray[np.float64], bits: int, *args: str) -> Path:
    """Three frames of the chart's code values, which FFmpeg packs without loss and never converts."""
    planes = values.round().reshape(6, 6, 3).repeat(SIDE, 0).repeat(SIDE, 1).transpose(2, 0, 1)
    frames = planes.astype(np.uint8 if bits == 8 else "<u2")[None].repeat(3, 0).reshape(3, 6 * SIDE, 6 * SIDE, 3)
    return make_from(path, frames, "30", *args, kind="yuv444p" if bits == 8 else f"yuv444p{bits}le")


def measured(clip: Clip, path: Path) -> NDArray[np.float64]:
    """Mean colour of each patch of the conformed chart, R'G'B' of 0 to 255."""
    return np.asarray(means(seen(clip, path, (6 * SIDE, 6 * SIDE), frames=1)[0], BOXES), np.float64)


def test_the_difference_is_the_one_that_was_published() -> None:
    """Pairs of Sharma, Wu and Dalal's table, which exercise every branch of the formula."""
    pairs = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ]
    one, other, expected = (np.array([pair[place] for pair in pairs], float) for place in range(3))
    assert difference(one, other) == pytest.approx(expected, abs=1e-4)


HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "lossless=1:log-level=error")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0")


def tags(matrix: str, transfer: str, primaries: str, *, full: bool = False) -> tuple[str, ...]:
    """FFmpeg's words that name the colours of what it only packs."""
    extent = "pc" if full else "tv"
    return ("-vf", f"setparams=range={extent}:colorspace={matrix}:color_trc={transfer}:color_primaries={primaries}")


BT601, BT709 = tags("smpte170m", "bt709", "bt709"), tags("bt709", "bt709", "bt709")


@pytest.mark.parametrize(
    ("matrix", "bits", "full", "args", "ending"),
    [
        ("bt601", 8, False, (*H264, *BT601), "mp4"),
        ("bt601", 8, False, ("-c:v", "ffv1"), "avi"),
        ("bt709", 8, False, (*H264, *BT709), "mov"),
        ("bt709", 8, True, (*H264, *tags("bt709", "bt709", "bt709", full=True)), "mp4"),
        ("bt601", 8, True, ("-c:v", "mjpeg", "-q:v", "1", *tags("smpte170m", "bt709", "bt709", full=True)), "avi"),
        ("bt709", 10, False, (*HEVC, *BT709), "mp4"),
    ],
)
def test_colours_of_standard_range_arrive_as_they_were(
    tmp_path: Path, clip_from: ClipFrom, matrix: str, bits: int, full: bool, args: tuple[str, ...], ending: str
) -> None:
    """Whatever the matrix, range and depth, greys are within 1 and colours within 2 of the chart."""
    path = make_chart(tmp_path / f"chart.{ending}", coded(CHART / 255, matrix, bits, full=full), bits, *args)
    apart = difference(lab(measured(clip_from(path), path)), lab(CHART))
    assert apart[:11].max() <= 1
    assert apart.max() <= 2


@pytest.mark.parametrize(("codec", "ending"), [("png", "mov"), ("libx264rgb", "mp4")])
def test_rgb_arrives_as_it_was(tmp_path: Path, clip_from: ClipFrom, codec: str, ending: str) -> None:
    """A screen recording in RGB has no matrix to get wrong."""
    picture = CHART.round().astype(np.uint8).reshape(6, 6, 3).repeat(SIDE, 0).repeat(SIDE, 1)
    args = ("-qp", "0") if codec == "libx264rgb" else ()
    path = make_from(tmp_path / f"chart.{ending}", picture[None].repeat(3, 0), "30", "-c:v", codec, *args)
    apart = difference(lab(measured(clip_from(path), path)), lab(CHART))
    assert apart[:11].max() <= 1
    assert apart.max() <= 2


def pq(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signal of PQ for a luminance (ITU-R BT.2100-2, table 4, inverse EOTF)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 4096 * 128, 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = (nits / 10000) ** m1
    return np.asarray(((c1 + c2 * power) / (1 + c3 * power)) ** m2)


def hlg(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signal of HLG that a display of 1000 cd/m2 shows as this luminance (BT.2100-2, table 5: inverse OOTF, OETF)."""
    display = nits / 1000
    luminance = display @ np.array([0.2627, 0.6780, 0.0593])
    scene = display * np.maximum(luminance, 1e-9)[:, None] ** ((1 - 1.2) / 1.2)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)


TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
"""Linear light of BT.709 in the primaries of BT.2020 (ITU-R BT.2087)."""


@pytest.mark.parametrize(("name", "signal", "colours"), [("arib-std-b67", hlg, 4), ("smpte2084", pq, 1)])
def test_hdr_below_its_knee_arrives_as_the_same_light(
    tmp_path: Path, clip_from: ClipFrom, name: str, signal: Callable[..., NDArray[np.float64]], colours: float
) -> None:
    """A chart shown in HDR with its white at 203 cd/m2 (BT.2408): greys and colours below the knee are those of the
    chart, and what is brighter rises, stays neutral and is not cut off."""
    # Display light of BT.709 video by BT.1886, as HDR light under the same white.
    light = (CHART / 255) ** 2.4 * 203
    values = coded(signal(light @ TO_2020.T), "bt2020", 10, full=False)
    path = make_chart(tmp_path / "chart.mp4", values, 10, *HEVC, *tags("bt2020nc", name, "bt2020"))
    found = measured(clip_from(path), path)
    apart = difference(lab(found), lab(CHART))
    below = (light.max(axis=1) / 203) < 0.6
    assert apart[:11][below[:11]].max() <= 1
    # zimg bends HLG's light channel by channel where the standard bends its luminance: strong colours differ a little.
    assert apart[below].max() <= colours
    assert np.ptp(found[:11], axis=1).max() <= 2
    assert np.diff(found[:11].mean(axis=1)).min() > 5


@pytest.mark.parametrize(("name", "limit"), [("hlg_hevc10_720p.mov", 6), ("hdr10_hevc10_720p.mp4", 2)])
def test_real_footage_in_hdr_looks_like_its_source(footage: Path, clip_from: ClipFrom, name: str, limit: float) -> None:
    """The same filmed frame through HDR and through SDR looks alike, on the mean over its pixels; the HLG file was made
    without naming 203 cd/m2 as its white, so it differs in brightness."""
    shown = []
    for path in (footage / "derived" / name, footage / "b_broll" / "squirrel_1280x720_10s.mp4"):
        frame = seen(clip_from(path), path, (192, 108), first=60, frames=1)[0]
        shown.append(lab(frame.reshape(-1, 3).astype(np.float64)))
    apart = difference(*shown)
    assert apart.mean() <= limit
