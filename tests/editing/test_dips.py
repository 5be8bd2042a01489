"""A dip touches the frames it fades, to its very colour, and no others."""

from pathlib import Path

import numpy as np
import pytest

from editing.graph import Frame, footage_name, segment_arguments
from editing.segments import Segment, Take
from editing.timeline import Through, VideoShot
from kit.process import run_ffmpeg_bytes

from .filming import AGENCY, interview, make_media

SMALL = Frame(width=160, height=90)
CODES: dict[Through, tuple[int, int, int]] = {"ground": (41, 142, 118), "black": (16, 128, 128)}
"""#0B1F3A and black in BT.709 limited range: Y, Cb, Cr."""


def pictures(folder: Path, **dips: object) -> np.ndarray:
    """The composed frames of an interview of 40 frames before they are encoded: frames x bytes of 4:2:0."""
    clip = interview(folder)
    shot = VideoShot(start=0, end=40, file=clip.file, slot="leader", source_start=10)
    segment = Segment(start=0, frames=40, take=Take(shot=shot, first=0), **dips)
    listed = segment_arguments(segment, {clip.file: clip}, AGENCY, {}, SMALL)
    composed = listed[: listed.index("-map") + 2]
    raw = run_ffmpeg_bytes([*composed, "-frames:v", "40", "-f", "rawvideo", "pipe:1"], cwd=folder)
    return np.frombuffer(raw, np.uint8).reshape(40, -1)


@pytest.mark.parametrize(("came", "goes"), [("ground", "black"), ("black", "ground")])
def test_a_dip_touches_only_the_frames_it_fades(came: Through, goes: Through, tmp_path: Path) -> None:
    make_media(tmp_path)
    (tmp_path / "footage").mkdir()
    (tmp_path / footage_name(interview(tmp_path))).symlink_to(tmp_path / "talk.mp4")
    plain = pictures(tmp_path).astype(int)
    dipped = pictures(tmp_path, fade_in=12, fade_in_from=came, fade_out=12, fade_out_to=goes).astype(int)
    assert np.array_equal(plain[12:28], dipped[12:28])
    luma = SMALL.width * SMALL.height
    first = np.split(dipped[0], [luma, luma + luma // 4])
    assert all(np.abs(plane - code).max() <= 2 for plane, code in zip(first, CODES[came], strict=True))
    # The last frame before the cut is eleven twelfths of the way to the colour.
    last, bare = (np.split(frame[-1], [luma, luma + luma // 4]) for frame in (dipped, plain))
    for plane, before, code in zip(last, bare, CODES[goes], strict=True):
        assert np.abs(plane - (code + (before - code) / 12)).max() <= 3
    spread = [float(np.ptp(frame[:luma])) for frame in dipped]
    assert spread[:12] == sorted(spread[:12])
    assert spread[28:] == sorted(spread[28:], reverse=True)
    assert spread[-1] < spread[27] / 4
