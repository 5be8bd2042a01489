"""Flash counting after WCAG 2.3.1 on known pictures."""

from collections.abc import Iterator

import numpy as np
import pytest

from delivery import flashes


def blinking(hertz: float, share: float, low: float = 0.1, high: float = 0.9, frames: int = 90) -> Iterator[np.ndarray]:
    """A grid of which a share switches between two levels `hertz` times a second at 30 frames a second."""
    total = flashes.ROWS * flashes.COLUMNS
    for frame in range(frames):
        level = np.full(total, low, np.float32)
        if int(frame * hertz * 2 / 30) % 2:
            level[: int(total * share)] = high
        yield level


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
