"""Seals: read as they are, refused in words that say what to do."""

from pathlib import Path

import pytest
from PIL import Image

from agencies.seal import read_seal
from kit.errors import InputRefused


def test_a_seal_keeps_its_clear_parts_and_loses_its_empty_margin(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (300, 300))
    picture.paste((200, 10, 10, 255), (100, 50, 250, 200))
    picture.save(tmp_path / "s.png")
    seal = read_seal(tmp_path / "s.png")
    assert (seal.mode, seal.size) == ("RGBA", (150, 150))


def test_a_sideways_jpeg_is_turned(tmp_path: Path) -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    Image.new("RGB", (300, 100), "red").save(tmp_path / "s.jpg", exif=tags)
    assert read_seal(tmp_path / "s.jpg").size == (100, 300)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'\xef\xbb\xbf <?xml version="1.0"?><svg/>', "SVG"),
        (b"<svg xmlns='x'/>", "SVG"),
        (b"GIF89a" + bytes(40), "PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "PNG or JPEG"),
        (b"", "PNG or JPEG"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "s").write_bytes(data)
    with pytest.raises(InputRefused, match=words):
        read_seal(tmp_path / "s")


def test_a_tiny_seal_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (40, 400)).save(tmp_path / "s.png")
    with pytest.raises(InputRefused, match="too small"):
        read_seal(tmp_path / "s.png")


def test_a_missing_seal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="there is no seal"):
        read_seal(tmp_path / "none.png")
