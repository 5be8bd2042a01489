"""Unsteadiness of made-up camera movement over a real photo, and of real cameras."""

from itertools import accumulate
from pathlib import Path

import cv2
import numpy as np
import pytest

from ingest.photo import open_upright
from ingest.shake import ShakeMeter
from ingest.small_picture import shrink
from tests.ingest.conformed import conformed


def shake(footage: Path, moves: list[tuple[float, float]], repeat: int = 1) -> float:
    """Median shake of a camera that moves over a photo by so many pixels (of 960) a picture."""
    photo = np.asarray(open_upright(footage / "f_photos" / "police_cars_row_2428x1459.jpg", 1600).convert("L"))
    grey = np.full((270, 480), 128, np.uint8)
    meter = ShakeMeter()
    places = accumulate(moves, lambda at, move: (at[0] + move[0], at[1] + move[1]), initial=(780.0, 480.0))
    for count, place in enumerate(places):
        meter.take(
            shrink(cv2.getRectSubPix(photo, (960, 540), place).astype(np.uint8), grey, grey),
            count * repeat // 30,
            540 / 960,
        )
    return float(np.median(meter.finish(len(moves) * repeat // 30)))


def jitter(pixels: float, count: int = 90) -> list[tuple[float, float]]:
    drawn = np.random.default_rng(1).normal(0, pixels, (count + 1, 2))
    return [(float(x), float(y)) for x, y in np.diff(drawn, axis=0)]


def test_a_tripod_and_an_even_pan_are_steady(footage: Path) -> None:
    assert shake(footage, [(0.0, 0.0)] * 90) < 0.05
    assert shake(footage, [(-3.0, 1.0)] * 90) < 0.35


@pytest.mark.parametrize("pixels", [1.0, 3.0, 6.0])
def test_jitter_is_told_in_thousandths_of_the_width(footage: Path, pixels: float) -> None:
    moves = jitter(pixels)
    truth = float(np.median(np.hypot(*np.array(moves).T))) / 960 * 1000
    assert shake(footage, moves) == pytest.approx(truth, rel=0.25, abs=0.6)


def test_slow_footage_moves_less_often(footage: Path) -> None:
    assert shake(footage, jitter(6.0), repeat=3) == pytest.approx(shake(footage, jitter(6.0)) / 3, rel=0.3)


def test_real_cameras_stand_in_the_order_the_eye_gives_them(footage: Path) -> None:
    def median(file: str) -> float:
        meter, before = ShakeMeter(), None
        for frame, planes in enumerate(conformed(footage / file, 3)):
            small = shrink(*planes)
            if before is None or (small.luma != before.luma).any():
                meter.take(small, frame // 30, planes[0].shape[0] / planes[0].shape[1])
            before = small
        return float(np.median(meter.finish(3)))

    tripod = median("b_broll/surveillance_people_768x432_10fps_139s.mp4")
    walking = median("b_broll/hikers_640x480_17s.mp4")
    whipped = median("c_phone/rot90_640x480_man_talking_17s.mp4")
    assert tripod < 0.3 < walking < 3 < whipped
