"""All picture measurements of one pass, on real clips and made-up pictures."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.photo import open_upright
from ingest.picture_meter import PictureFindings, PictureMeter, measure_photo
from ingest.renditions import POSTER, STRIP
from tests.ingest.conformed import Planes, conformed


def metered(frames: Iterable[Planes], folder: Path | None = None) -> PictureFindings:
    meter = PictureMeter()
    for frame, planes in enumerate(frames):
        # What is given dies after the call.
        lent = [plane.copy() for plane in planes]
        meter.take(lent[0], lent[1], lent[2], frame)
        for plane in lent:
            plane.fill(0)
    if folder:
        meter.write(folder)
    return meter.finish()


def plain(luma: int, shape: tuple[int, int] = (270, 480)) -> Planes:
    half = (shape[0] // 2, shape[1] // 2)
    return np.full(shape, luma, np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8)


def test_a_real_interview(footage: Path, tmp_path: Path) -> None:
    found = metered(conformed(footage / "derived" / "phone_portrait_rotated_hevc.MOV", 3.5), tmp_path)
    assert found.shots == (0, 90)
    assert found.flashes == ()
    assert found.screen < 0.2
    assert len(found.marks) == 4
    assert {len(series) for series in found.picture.model_dump().values()} == {4}
    assert found.face_samples == len(found.faces) == 4
    assert [face.frame for face in found.faces] == [0, 30, 60, 90]
    assert found.face == pytest.approx((0.45, 0.55), abs=0.1)
    assert Image.open(tmp_path / POSTER).size == (540, 960)
    strip = Image.open(tmp_path / STRIP)
    assert strip.height == 72
    assert strip.width == 4 * 40


def test_exposure_black_and_blown_second_by_second() -> None:
    found = metered([plain(16)] * 30 + [plain(235)] * 30 + [plain(126)] * 10).picture
    assert found.exposure == pytest.approx((0, 1, 0.502), abs=0.001)
    assert found.black == (1, 0, 0)
    assert found.blown == (0, 1, 0)
    assert found.motion == pytest.approx((0, 219 / 30, 109 / 10), abs=0.01)


def test_the_poster_is_no_black_picture_and_keeps_its_colours(footage: Path, tmp_path: Path) -> None:
    red = (np.full((270, 480), 63, np.uint8), np.full((135, 240), 102, np.uint8), np.full((135, 240), 240, np.uint8))
    red[0][:, ::40] = 30
    metered([plain(16)] * 16 + [red] * 16, tmp_path)
    assert Image.open(tmp_path / POSTER).getpixel((110, 100)) == pytest.approx((255, 0, 0), abs=14)


def test_a_clip_without_frames_tells_nothing(tmp_path: Path) -> None:
    assert metered([], tmp_path) == PictureFindings()
    assert list(tmp_path.iterdir()) == []


def test_a_photo(footage: Path) -> None:
    photo = open_upright(footage / "f_photos" / "police_cars_row_2428x1459.jpg", 960).convert("L")
    found = measure_photo((np.asarray(photo) * (219 / 255) + 16).astype(np.uint8))
    assert found.sharpness > 100
    assert found.screen < 0.5
    assert len(found.marks) == len(found.picture.exposure) == 1
    assert 0.2 < found.picture.exposure[0] < 0.8
