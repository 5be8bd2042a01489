"""Golden: every conformed frame is the source frame that is on screen at its time, at every rate and from fields."""

import os
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.clip import Clip
from tests.ingest.charts import Pictures, counters, make_from, read_counters, seen

ClipFrom = Callable[[Path], Clip]
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p")
SECONDS = 4
SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))


def on_screen(stamps: NDArray[np.float64], count: int) -> list[list[int]]:
    """For each of `count` film frames the source frames that may stand there: the one whose time, rounded to the
    film's grid, is the latest that is not later (both neighbours where a time lies on the edge of rounding)."""
    slack = 1e-3
    early, late = (np.floor(stamps * 30 + 0.5 + edge) for edge in (-slack * 30, slack * 30))
    allowed = []
    for frame in range(count):
        ends = [int(np.searchsorted(grid, frame, side="right")) - 1 for grid in (early, late)]
        allowed.append(list(range(max(min(ends), 0), max(ends) + 1)))
    return allowed


def assert_shown(found: list[int], stamps: NDArray[np.float64]) -> None:
    wrong = {
        frame: (shown, allowed)
        for frame, (shown, allowed) in enumerate(zip(found, on_screen(stamps, len(found)), strict=True))
        if shown not in allowed
    }
    assert not wrong


@pytest.mark.parametrize("rate", ["10", "24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "120"])
@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"] if SOAK else ["mp4"])
def test_each_frame_is_the_one_on_screen_at_its_time(
    tmp_path: Path, clip_from: ClipFrom, rate: str, ending: str
) -> None:
    """A counter burned into the picture tells which source frame each film frame is: the nearest, none skipped
    that a slower source would need, none twice where the source is as fast as the film."""
    count = int(Fraction(rate) * SECONDS)
    path = make_from(tmp_path / f"count.{ending}", counters(count, 160, 90), rate, *X264)
    clip = clip_from(path)
    found = read_counters(seen(clip, path, (160, 90)))
    assert len(found) == clip.frames
    assert abs(len(found) - count / Fraction(rate) * 30) <= 1
    assert_shown(found, np.arange(count) / float(Fraction(rate)))
    if Fraction(rate) >= 30:
        assert all(later > earlier for earlier, later in pairwise(found[:-1]))
    if Fraction(rate) <= 30:
        # The last one is lost where it comes after the middle of the last film frame.
        assert set(found) >= set(range(count - 1))


@pytest.mark.parametrize(
    "kept", ["not(eq(mod(n,7),3))*not(eq(mod(n,11),5))", "not(between(n,50,67))", "lt(mod(n*n,9),5)"]
)
def test_frames_that_a_phone_dropped_are_bridged(tmp_path: Path, clip_from: ClipFrom, kept: str) -> None:
    """Uneven drops and a gap of 0.3 s on a clock of 90 kHz: the frame before stands until the next one comes."""
    count = 60 * SECONDS
    path = make_from(
        *(
            tmp_path / "drops.mp4",
            counters(count, 160, 90),
            "60",
            "-vf",
            f"select='{kept}'",
            "-fps_mode",
            "passthrough",
        ),
        *("-enc_time_base", "1/90000", "-video_track_timescale", "90000", *X264),
    )
    n = np.arange(count)
    left = (
        {"l": n * n % 9 < 5, "n": (n % 7 != 3) & (n % 11 != 5)}[kept[0]]
        if "between" not in kept
        else (n < 50) | (n > 67)
    )
    source = n[left]
    clip = clip_from(path)
    found = read_counters(seen(clip, path, (160, 90)))
    stamps = (source - source[0]) / 60
    assert len(found) == clip.frames
    assert_shown([int(np.searchsorted(source, number)) for number in found], stamps)
    assert set(found) <= set(source.tolist())


def moving_fields(count: int, width: int, height: int) -> NDArray[np.uint8]:
    """Progressive pictures, one for each field, of a white bar that moves 3 pixels a field over grey."""
    pictures = np.full((count, height, width), 60, np.uint8)
    for number in range(count):
        left = 40 + 3 * number
        pictures[number, :, left : left + 60] = 220
    return pictures


def combing(frames: Pictures) -> float:
    """How much neighbouring lines differ more than lines two apart, 0 to 255, in the worst column of a frame: a bar of
    woven fields has edges like a comb."""
    luma = frames.mean(axis=3)
    near, far = np.abs(np.diff(luma, axis=1))[:, 1:], np.abs(luma[:, 2:] - luma[:, :-2])
    return float((near - far).mean(axis=1).max())


def middles(frames: Pictures) -> NDArray[np.float64]:
    """Where the bar's middle stands in each frame, in pixels."""
    light = (frames.mean(axis=(1, 3)) - 80).clip(0)
    return np.asarray((light * np.arange(light.shape[1])).sum(axis=1) / light.sum(axis=1))


@pytest.mark.parametrize(
    ("system", "order", "codec", "ending"),
    [
        ("pal", "tff", "mpeg2video", "ts"),
        ("pal", "bff", "dvvideo", "avi"),
        ("ntsc", "tff", "libx264", "mp4"),
        ("ntsc", "bff", "mpeg2video", "mpg"),
        ("pal", "bff", "libx264", "mov"),
    ],
)
def test_fields_become_whole_pictures(
    tmp_path: Path, clip_from: ClipFrom, system: str, order: str, codec: str, ending: str
) -> None:
    """A bar that moves with every field arrives without a comb and moves evenly: no field is shown before its time."""
    rate, height = (Fraction(50), 576) if system == "pal" else (Fraction(60000, 1001), 480)
    width = 720 if codec == "dvvideo" else 352
    flags = {
        "mpeg2video": ("-flags", "+ildct+ilme", "-q:v", "2"),
        "dvvideo": ("-aspect", "5:4"),
        "libx264": ("-flags", "+ildct+ilme", "-x264-params", f"{order}=1", "-preset", "ultrafast", "-crf", "14"),
    }[codec]
    mode = "interleave_top" if order == "tff" else "interleave_bottom"
    path = make_from(
        *(tmp_path / f"fields.{ending}", moving_fields(60, width, height), str(rate), "-vf"),
        *(f"tinterlace={mode},setfield={order},format=yuv420p", "-c:v", codec, *flags),
        kind="gray",
    )
    clip = clip_from(path)
    assert clip.picture
    assert clip.picture.interlaced == order
    frames = seen(clip, path, (width, height), frames=24)
    assert combing(frames) < 10
    woven = clip.model_copy(update={"picture": clip.picture.model_copy(update={"interlaced": "progressive"})})
    assert combing(seen(woven, path, (width, height), first=10, frames=2)) > 40
    steps = np.diff(middles(frames))[2:-3]
    even = 3 * float(rate) / 30
    # At 50 fields a film frame is one or two fields on, never none and never back.
    assert steps.min() > 2.5
    assert steps.max() < 6.5
    assert abs(steps.mean() - even) < 0.2


def test_film_in_fields_does_not_comb(tmp_path: Path, clip_from: ClipFrom) -> None:
    """24 pictures a second spread over fields by 3:2: at least no comb is left."""
    path = make_from(
        *(tmp_path / "telecine.mpg", moving_fields(40, 352, 480), "24000/1001"),
        *("-vf", "telecine=pattern=23,setfield=tff,format=yuv420p"),
        *("-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-q:v", "2"),
        kind="gray",
    )
    clip = clip_from(path)
    assert clip.picture
    assert clip.picture.interlaced == "tff"
    assert combing(seen(clip, path, (352, 480), frames=24)) < 10
