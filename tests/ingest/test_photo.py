"""Photos stand upright whatever their orientation and container; what is no photo is refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.photo import prepare_photo
from kit.errors import InputRefused


def test_all_eight_orientations_are_the_same_picture(footage: Path, tmp_path: Path) -> None:
    seen = []
    for number in range(1, 9):
        photo = footage / "derived" / f"police_exif_orientation_{number}.jpg"
        assert prepare_photo(photo, tmp_path / "p.png", 400) == (400, 241)
        seen.append(np.asarray(Image.open(tmp_path / "p.png"), np.float32))
    assert all(np.abs(picture - seen[0]).mean() < 4 for picture in seen[1:])


@pytest.mark.parametrize(
    ("name", "portrait"),
    [("iphone11_rot90_4032x3024.HEIC", True), ("extra_bytes.webp", False), ("ultraHDR.jpg", True), ("tokyo.jpg", True)],
)
def test_every_container(name: str, portrait: bool, footage: Path, tmp_path: Path) -> None:
    width, height = prepare_photo(footage / "f_photos" / name, tmp_path / "p.png", 512)
    assert max(width, height) == 512
    assert (height > width) == portrait


def test_what_is_no_photo_is_refused(footage: Path, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="cannot be read"):
        prepare_photo(footage / "derived" / "broken" / "text_renamed.mp4", tmp_path / "p.png", 512)
    assert not (tmp_path / "p.png").exists()


def test_a_picture_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(bomb)
    with pytest.raises(InputRefused, match="large"):
        prepare_photo(bomb, tmp_path / "p.png", 512)


def test_sixteen_bits_of_grey_are_scaled_not_clipped(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(8, 0)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    prepare_photo(tmp_path / "deep.png", tmp_path / "p.png", 256)
    seen = np.asarray(Image.open(tmp_path / "p.png"))[0, :, 0].astype(int)
    assert np.abs(seen - np.arange(256)).max() <= 1


def test_what_is_transparent_shows_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    prepare_photo(tmp_path / "clear.png", tmp_path / "p.png", 8)
    assert np.asarray(Image.open(tmp_path / "p.png")).min() == 255
