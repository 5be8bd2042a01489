"""Flash counting after WCAG 2.3.1 on known pictures."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest import flashes
from ingest.small_picture import resized, shrink
from tests.ingest.conformed import conformed


def blinking(hertz: float, share: float, low: float = 0.1, high: float = 0.9, frames: int = 90) -> Iterator[np.ndarray]:
    """A grid of which a share switches between two levels `hertz` times a second at 30 frames a second."""
    total = flashes.ROWS * flashes.COLUMNS
    for frame in range(frames):
        level = np.full(total, low, np.float32)
        if int(frame * hertz * 2 / 30) % 2:
            level[: int(total * share)] = high
        yield level


@pytest.mark.parametrize("size", [(108, 192), (54, 96), (540, 960)])
def test_a_cell_is_the_mean_of_its_pixels(size: tuple[int, int]) -> None:
    plane = np.random.default_rng(3).integers(0, 256, size, np.uint8)
    plane[: size[0] // flashes.ROWS] = 255
    rows = [row for band in np.split(plane, flashes.ROWS) for row in np.split(band, flashes.COLUMNS, axis=1)]
    assert flashes.cells(plane).tolist() == [round(cell.mean()) for cell in rows]


@pytest.mark.parametrize(
    ("hertz", "share", "high", "area"),
    [(2, 1.0, 0.9, 0.0), (3, 1.0, 0.9, 0.0), (5, 1.0, 0.9, 1.0), (10, 0.5, 0.9, 0.5), (10, 1.0, 0.15, 0.0)],
)
def test_area_that_flashes_more_than_three_times_a_second(hertz: float, share: float, high: float, area: float) -> None:
    found = flashes.worst(blinking(hertz, share, high=high), flashes.LIGHT_STEP, flashes.LIGHT_CEILING, 30)
    assert found.area == pytest.approx(area, abs=0.01)


def test_bright_flicker_above_the_ceiling_is_no_flash() -> None:
    found = flashes.worst(blinking(10, 1.0, low=0.85, high=1.0), flashes.LIGHT_STEP, flashes.LIGHT_CEILING, 30)
    assert found.area == 0


def test_a_slow_swell_counts_as_one_change() -> None:
    swell = (np.full(576, level, np.float32) for level in np.linspace(0, 0.79, 30))
    assert flashes.worst(swell, flashes.LIGHT_STEP, flashes.LIGHT_CEILING, 30).area == 0


def test_colours_of_limited_range_bt709() -> None:
    def plane(value: int) -> np.ndarray:
        return np.full((1,), value, np.uint8)

    assert flashes.luminance(flashes.linear_rgb(plane(235), plane(128), plane(128)))[0] == pytest.approx(1)
    assert flashes.luminance(flashes.linear_rgb(plane(16), plane(128), plane(128)))[0] == pytest.approx(0)
    red = flashes.linear_rgb(plane(63), plane(102), plane(240))
    assert flashes.redness(red)[0] > 250
    assert flashes.redness(flashes.linear_rgb(plane(235), plane(128), plane(128)))[0] == 0


def strobe(hertz: float, cells: int, dark: tuple[int, int, int], bright: tuple[int, int, int]) -> tuple:
    """Stretches found in 1 s of stillness, 2 s of so many flashing cells and 1 s of stillness."""
    finder = flashes.FlashFinder(30)
    for frame in range(120):
        lit = 30 <= frame < 90 and int((frame - 30) * hertz * 2 / 30) % 2 == 0
        planes = [np.full(576, value, np.uint8) for value in dark]
        for plane, value in zip(planes, bright, strict=True):
            plane[:cells] = value if lit else plane[0]
        finder.take(*planes)
    return finder.finish()


WHITE, BLACK, RED = (235, 128, 128), (16, 128, 128), (63, 102, 240)


def test_a_stretch_holds_the_whole_run_of_flashes() -> None:
    (found,) = strobe(5, 576, BLACK, WHITE)
    assert (found.start, found.end) == (29, 88)


@pytest.mark.parametrize(
    ("hertz", "cells", "bright", "stretches"),
    [
        (3, 576, WHITE, 0),
        (4, 576, WHITE, 1),
        (5, 144, WHITE, 0),
        (5, 150, WHITE, 1),
        (5, 150, RED, 1),
        (3, 576, RED, 0),
    ],
)
def test_flashing_beyond_three_a_second_on_more_than_a_quarter(
    hertz: float, cells: int, bright: tuple[int, int, int], stretches: int
) -> None:
    assert len(strobe(hertz, cells, BLACK, bright)) == stretches


def test_saturated_red_counts_where_its_light_alone_would_not() -> None:
    dark_red, black = (45, 119, 168), (16, 128, 128)
    light = flashes.luminance(flashes.linear_rgb(*(np.array([value], np.uint8) for value in dark_red)))
    assert light[0] < flashes.LIGHT_STEP
    assert strobe(5, 576, black, dark_red)


@pytest.mark.parametrize(
    ("file", "stretches"),
    [
        # The camera is swung between dark jackets and a bright sky, again and again.
        ("c_phone/rot90_640x480_man_talking_17s.mp4", ((204, 247),)),
        # A sea of small lights that twinkle covers little of the picture.
        ("c_phone/quicktime_pcm_1080p50_concert.mov", ()),
        ("b_broll/people_event_640x480_3s.mp4", ()),
    ],
)
def test_real_footage(footage: Path, file: str, stretches: tuple[tuple[int, int], ...]) -> None:
    finder = flashes.FlashFinder(30)
    for planes in conformed(footage / file, 9):
        grid = (flashes.COLUMNS, flashes.ROWS)
        finder.take(*(resized(plane, grid).ravel() for plane in shrink(*planes)))
    assert tuple((found.start, found.end) for found in finder.finish()) == stretches
