"""Cuts on real footage whose cuts are known, and none where there are none."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from ingest.shots import ShotFinder
from ingest.small_picture import SmallPicture, shrink
from tests.ingest.conformed import conformed


def shots(pictures: Iterable[SmallPicture]) -> tuple[int, ...]:
    finder = ShotFinder()
    for frame, small in enumerate(pictures):
        finder.take(small, frame)
    return finder.finish()


def small_pictures(path: Path, seconds: float) -> list[SmallPicture]:
    return [shrink(*planes) for planes in conformed(path, seconds)]


def lit(small: SmallPicture, by: int) -> SmallPicture:
    return small._replace(luma=np.clip(small.luma.astype(int) + by, 16, 235).astype(np.uint8))


@pytest.mark.parametrize(
    ("file", "seconds", "starts"),
    [
        ("derived/interview_grid_720p25_30s.mp4", 10, (0, 90, 180, 270)),
        ("derived/old_phone_h263.3gp", 6.2, (0, 94)),
        ("b_broll/city_night_720x405_mpeg2_no_audio.mpg", 8, (0, 140)),
        ("b_broll/hikers_640x480_17s.mp4", 4, (0,)),
        ("b_broll/people_event_640x480_3s.mp4", 4, (0,)),
        ("c_phone/quicktime_pcm_1080p50_concert.mov", 1, (0,)),
        ("c_phone/rot90_640x480_man_talking_17s.mp4", 9, (0,)),
    ],
)
def test_cuts_of_real_footage_to_the_frame(footage: Path, file: str, seconds: float, starts: tuple[int, ...]) -> None:
    assert shots(small_pictures(footage / file, seconds)) == starts


def test_every_join_of_clips_of_different_rates_is_a_cut(footage: Path) -> None:
    folder = footage / "b_broll"
    takes = [
        small_pictures(folder / file, 2)
        for file in ("hikers_640x480_17s.mp4", "parking_cars_768x432_12.5fps_30s.mp4", "people_event_640x480_3s.mp4")
    ]
    assert shots(picture for take in takes for picture in take) == (0, 60, 120)


def test_a_flash_of_light_is_no_cut(footage: Path) -> None:
    pictures = small_pictures(footage / "b_broll" / "people_event_640x480_3s.mp4", 3)
    for start, length in ((20, 1), (40, 2), (60, 5)):
        pictures[start : start + length] = [lit(small, 60) for small in islice(pictures, start, start + length)]
    assert shots(pictures) == (0,)
