"""Golden: pictures and photos stand upright by their pixels, whichever of the eight ways they were stored."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

from ingest.clip import Clip
from ingest.photo import open_upright, photo_facts
from tests.ingest.charts import Pictures, compass, make, make_from, seen

ClipFrom = Callable[[Path], Clip]
MATRICES = [(a, 0, 0, d) for a in (1, -1) for d in (1, -1)] + [(0, b, c, 0) for b in (1, -1) for c in (1, -1)]
"""The eight ways a, b, c, d of a display matrix can turn and mirror a picture."""

X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "10", "-pix_fmt", "yuv420p", "-colorspace", "bt709")

EXIF_SIDES = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}
"""Where the stored picture's first row and first column belong, as the EXIF standard words it (tag 274)."""


def displayed(stored: NDArray[np.uint8], matrix: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """What a viewer sees, by ISO 14496-12, 6.2.2: the pixel at (x, y) belongs at (ax + cy, bx + dy)."""
    a, b, c, d = matrix
    y, x = np.mgrid[: stored.shape[0], : stored.shape[1]]
    across, down = a * x + c * y, b * x + d * y
    across, down = across - across.min(), down - down.min()
    shown = np.zeros((down.max() + 1, across.max() + 1, 3), np.uint8)
    shown[down, across] = stored
    return shown


def stored_for(upright: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """How a camera stores a picture that it tags with EXIF orientation `number`."""
    row, column = EXIF_SIDES[number]
    picture = upright if row in ("top", "bottom") else upright.transpose(1, 0, 2)
    picture = picture[::-1] if row in ("bottom", "right") else picture
    return np.ascontiguousarray(picture[:, ::-1] if column in ("right", "bottom") else picture)


def difference(frame: Pictures, expected: NDArray[np.uint8]) -> float:
    assert frame.shape == expected.shape
    return float(np.abs(frame - expected).mean())


def with_matrix(plain: Path, out: Path, matrix: tuple[int, int, int, int]) -> Path:
    """A copy of an MP4 or MOV file whose only track has another matrix in its header (`tkhd`, version 0)."""
    data = bytearray(plain.read_bytes())
    at = data.index(b"tkhd") + 44
    assert data[at - 40] == 0
    a, b, c, d = (number << 16 for number in matrix)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    out.write_bytes(data)
    return out


@pytest.mark.parametrize("ending", ["mp4", "mov"])
def test_all_eight_matrices_put_the_corners_where_they_belong(tmp_path: Path, clip_from: ClipFrom, ending: str) -> None:
    """Each matrix, written into the track's header by hand, gives the picture the standard asks for."""
    stored = compass()
    plain = make_from(tmp_path / f"plain.{ending}", stored[None].repeat(3, 0), "30", *X264)
    for number, matrix in enumerate(MATRICES):
        path = with_matrix(plain, tmp_path / f"{number}.{ending}", matrix)
        expected = displayed(stored, matrix)
        clip = clip_from(path)
        frame = seen(clip, path, (expected.shape[1], expected.shape[0]), frames=1)[0]
        assert difference(frame, expected) < 3, matrix


@pytest.mark.parametrize(
    ("options", "ending", "matrix"),
    [
        (("-display_rotation:v", "90"), "mkv", (0, -1, 1, 0)),
        (("-display_rotation:v", "180"), "mkv", (-1, 0, 0, -1)),
        (("-display_rotation:v", "270"), "mkv", (0, 1, -1, 0)),
        (("-display_rotation:v", "90", "-display_hflip:v"), "mp4", (0, -1, -1, 0)),
        (("-display_rotation:v", "90", "-display_hflip:v"), "mkv", (0, -1, -1, 0)),
    ],
)
def test_other_containers_tell_their_turn(
    tmp_path: Path, clip_from: ClipFrom, options: tuple[str, ...], ending: str, matrix: tuple[int, int, int, int]
) -> None:
    """Matroska has no matrix, only a turn (and a mirroring) of its projection."""
    stored = compass()
    plain = make_from(tmp_path / "plain.mp4", stored[None].repeat(3, 0), "30", *X264)
    path = make(tmp_path / f"turned.{ending}", *options, "-i", str(plain), "-c", "copy")
    expected = displayed(stored, matrix)
    frame = seen(clip_from(path), path, (expected.shape[1], expected.shape[0]), frames=1)[0]
    assert difference(frame, expected) < 3


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("flip", ["", ":flip=horizontal"])
def test_a_turn_told_by_the_picture_stream_itself(tmp_path: Path, clip_from: ClipFrom, turn: int, flip: str) -> None:
    """A transport stream has no header for it: H.264 carries the turn as a message beside its pictures."""
    stored = compass()
    told = f"h264_metadata=display_orientation=insert:rotate={turn}{flip}"
    path = make_from(tmp_path / "turned.ts", stored[None].repeat(3, 0), "30", *X264, "-bsf:v", told)
    # H.264, D.2.24: mirrored first, then turned anticlockwise.
    expected = np.rot90(stored[:, ::-1] if flip else stored, turn // 90)
    frame = seen(clip_from(path), path, (expected.shape[1], expected.shape[0]), frames=1)[0]
    assert difference(frame, expected) < 3


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "heic", "avif"])
def test_all_eight_exif_orientations_of_every_photo_container(tmp_path: Path, ending: str) -> None:
    """A photo stored in any of the eight ways is one and the same picture, and its size is told as seen."""
    upright = compass()
    for number in EXIF_SIDES:
        exif = Image.Exif()
        exif[0x0112] = number
        photo = tmp_path / f"{number}.{ending}"
        pillow_heif.register_heif_opener()
        options: dict[str, Any] = {"quality": 95} if ending not in ("png", "tif") else {}
        Image.fromarray(stored_for(upright, number)).save(photo, exif=exif.tobytes(), **options)
        size = (upright.shape[1], upright.shape[0])
        seen = open_upright(photo, 400)
        assert seen.size == size
        facts = photo_facts(photo)
        assert (facts.width, facts.height) == size, number
        assert difference(np.asarray(seen, np.float64), upright) < 6, number


def test_a_real_file_obeys_the_matrix_in_its_header(footage: Path, clip_from: ClipFrom) -> None:
    """A selfie that its file both turns and mirrors is shown as its matrix says, pixel for pixel."""
    path = footage / "c_phone" / "selfie_rotate_and_reflect.mp4"
    data = path.read_bytes()
    header = data.index(b"tkhd") + 44
    a, b, _, c, d = (number >> 16 for number in struct.unpack(">5i", data[header : header + 20]))
    with av.open(str(path)) as container:
        stored = next(container.decode(video=0)).to_ndarray(format="rgb24")
    expected = displayed(stored.astype(np.uint8), (a, b, c, d))
    frame = seen(clip_from(path), path, (expected.shape[1], expected.shape[0]), frames=1)[0]
    assert difference(frame, expected) < 3
