"""Golden: pictures keep their shape, whatever their pixels' aspect, their odd sides, or a change on the way."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest.clip import Clip, Verdict
from ingest.inspect import inspect
from tests.ingest.charts import Pictures, compass, disc, make, make_from, seen

ClipFrom = Callable[[Path], Clip]
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "10")


def extent(frame: Pictures) -> tuple[float, float]:
    """Width and height of what is white in a frame, to parts of a pixel."""
    light = ((frame.mean(axis=2) - 30) / 205).clip(0, 1)
    middle_row, middle_column = frame.shape[0] // 2, frame.shape[1] // 2
    across = light[middle_row - 1 : middle_row + 1].mean(axis=0).sum()
    down = light[:, middle_column - 1 : middle_column + 1].mean(axis=1).sum()
    return float(across), float(down)


def corners(frame: Pictures) -> list[int]:
    """Strongest of red, green and blue in the upper left, upper right and lower left of a picture."""
    return [int(np.argmax(place)) for place in (frame[15, 15], frame[15, -15], frame[-15, 15])]


@pytest.mark.parametrize(
    ("size", "aspect", "ending"),
    [
        ((720, 576), (16, 15), "mp4"),
        ((720, 576), (64, 45), "mpg"),
        ((720, 480), (8, 9), "mp4"),
        ((704, 576), (12, 11), "mkv"),
        ((1440, 1080), (4, 3), "mov"),
        ((960, 720), (4, 3), "ts"),
        ((640, 360), (1, 1), "mp4"),
    ],
)
def test_a_circle_stays_a_circle(
    tmp_path: Path, clip_from: ClipFrom, size: tuple[int, int], aspect: tuple[int, int], ending: str
) -> None:
    """A disc that is round on pixels of this aspect is round on square ones within 1 %."""
    down = size[1] / 2
    picture = disc(*size, down * aspect[1] / aspect[0], down)
    coded = ("-c:v", "mpeg2video", "-q:v", "2") if ending == "mpg" else X264
    shape = ("-aspect", f"{size[0] * aspect[0]}:{size[1] * aspect[1]}", "-pix_fmt", "yuv420p")
    path = make_from(tmp_path / f"disc.{ending}", picture[None].repeat(2, 0), "25", *shape, *coded)
    for framing in ("fit", "cover"):
        across, down = extent(seen(clip_from(path), path, (960, 540), frames=1, framing=framing)[0])
        assert across / down == pytest.approx(1, abs=0.01)
        assert down > 250


def test_an_aspect_that_no_camera_has_is_not_believed(tmp_path: Path, clip_from: ClipFrom) -> None:
    """Pixels five times as wide as high are a broken header: the picture is shown as it is stored."""
    picture = disc(320, 240, 120, 120)
    path = make_from(
        tmp_path / "disc.mp4", picture[None].repeat(5, 0), "25", *X264, "-vf", "setsar=5", "-pix_fmt", "yuv420p"
    )
    clip = clip_from(path)
    assert clip.picture
    assert clip.picture.upright_size == (320, 240)
    across, down = extent(seen(clip, path, (640, 480), frames=1)[0])
    assert across / down == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("size", "pixels"), [((853, 479), "yuv420p"), ((853, 479), "yuv422p"), ((35, 21), "yuv420p")])
def test_odd_sides(tmp_path: Path, clip_from: ClipFrom, size: tuple[int, int], pixels: str) -> None:
    """A picture with odd sides arrives whole: its corners are where they were."""
    picture = compass(*size)
    path = make_from(tmp_path / "odd.mkv", picture[None].repeat(3, 0), "30", "-c:v", "ffv1", "-pix_fmt", pixels)
    for framing in ("cover", "fit", "blur"):
        frame = seen(clip_from(path), path, (640, 360), frames=1, framing=framing)[0]
        assert frame.shape == (360, 640, 3)
        if size[0] == 853:
            assert corners(frame) == [0, 1, 2]


@pytest.mark.parametrize("size", [(1, 1), (640, 2), (8, 360)])
def test_a_picture_of_next_to_nothing_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    """A few pixels are no picture; the answer is a verdict in plain words and not a render that fails."""
    picture = np.full((3, size[1], size[0], 3), 200, np.uint8)
    path = make_from(tmp_path / "dot.mkv", picture, "30", "-c:v", "png", "-pix_fmt", "rgb24")
    clip = inspect(path, path.name)
    assert clip.verdict is Verdict.REFUSED
    assert [note.code for note in clip.notes] == ["too_small"]


def test_a_size_that_changes_on_the_way(tmp_path: Path, clip_from: ClipFrom) -> None:
    """A stream that changes its size in the middle keeps all its frames, and every corner stays in its corner."""
    parts = []
    for number, size in enumerate(((320, 180), (640, 360), (320, 240))):
        part = tmp_path / f"{number}.h264"
        parts.append(
            make_from(part, compass(*size)[None].repeat(30, 0), "30", *X264, "-pix_fmt", "yuv420p", "-bf", "0")
        )
    joined = tmp_path / "joined.h264"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    path = make(tmp_path / "joined.ts", "-framerate", "30", "-i", str(joined), "-c", "copy")
    clip = clip_from(path)
    frames = seen(clip, path, (320, 180))
    assert len(frames) == clip.frames >= 89
    for frame in frames[[5, 45, 85]]:
        assert corners(frame) == [0, 1, 2]


def test_cropped_by_the_stream_itself(tmp_path: Path, clip_from: ClipFrom) -> None:
    """What H.264 says is outside the picture stays outside."""
    inner = compass(192, 108)
    whole = np.pad(inner, ((20, 16), (0, 64), (0, 0)), constant_values=255)
    crop = ("-bsf:v", "h264_metadata=crop_right=64:crop_top=20:crop_bottom=16")
    path = make_from(tmp_path / "crop.mp4", whole[None].repeat(3, 0), "30", *X264, "-pix_fmt", "yuv420p", *crop)
    frame = seen(clip_from(path), path, (192, 108), frames=1)[0]
    assert np.abs(frame - inner).mean() < 3


def test_a_clean_aperture_changes_no_shape(tmp_path: Path, clip_from: ClipFrom) -> None:
    """A container that asks for a crop of its own (`clap`) gets the whole picture, as round as it was stored."""
    plain = make_from(tmp_path / "plain.mov", disc(320, 240, 120, 120)[None].repeat(3, 0), "30", *X264)
    data = plain.read_bytes()
    clap = struct.pack(">I4s8I", 40, b"clap", 240, 1, 200, 1, 0, 1, 0, 1)
    entry = data.index(b"avc1") - 4
    for at in [data.index(name) - 4 for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")] + [entry]:
        size = int.from_bytes(data[at : at + 4], "big") + len(clap)
        data = data[:at] + size.to_bytes(4, "big") + data[at + 4 :]
    assert data.index(b"mdat") < data.index(b"moov"), "sample offsets must not move"
    end = entry + int.from_bytes(data[entry : entry + 4], "big") - len(clap)
    path = tmp_path / "clap.mov"
    path.write_bytes(data[:end] + clap + data[end:])
    across, down = extent(seen(clip_from(path), path, (640, 480), frames=1)[0])
    assert across / down == pytest.approx(1, abs=0.01)
    assert across == pytest.approx(240, abs=3)
