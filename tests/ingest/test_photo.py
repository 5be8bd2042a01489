"""Photos stand upright whatever their orientation and container; what is no photo is refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.photo import open_upright
from kit.errors import InputRefused


def test_all_eight_orientations_are_the_same_picture(footage: Path) -> None:
    seen = []
    for number in range(1, 9):
        photo = footage / "derived" / f"police_exif_orientation_{number}.jpg"
        upright = open_upright(photo, 400)
        assert upright.size == (400, 241)
        seen.append(np.asarray(upright, np.float32))
    assert all(np.abs(picture - seen[0]).mean() < 4 for picture in seen[1:])


@pytest.mark.parametrize(
    ("name", "portrait"),
    [("iphone11_rot90_4032x3024.HEIC", True), ("extra_bytes.webp", False), ("ultraHDR.jpg", True), ("tokyo.jpg", True)],
)
def test_every_container(name: str, portrait: bool, footage: Path) -> None:
    width, height = open_upright(footage / "f_photos" / name, 512).size
    assert max(width, height) == 512
    assert (height > width) == portrait


def test_what_is_no_photo_is_refused(footage: Path) -> None:
    with pytest.raises(InputRefused, match="cannot be read"):
        open_upright(footage / "derived" / "broken" / "text_renamed.mp4", 512)


def test_a_picture_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(bomb)
    with pytest.raises(InputRefused, match="large"):
        open_upright(bomb, 512)


def test_sixteen_bits_of_grey_are_scaled_not_clipped(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(8, 0)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    seen = np.asarray(open_upright(tmp_path / "deep.png", 256))[0, :, 0].astype(int)
    assert np.abs(seen - np.arange(256)).max() <= 1


def test_what_is_transparent_shows_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert np.asarray(open_upright(tmp_path / "clear.png", 8)).min() == 255
