"""A dip touches the frames it fades, to the ground colour itself, and no others."""

from pathlib import Path

import numpy as np

from editing.graph import Frame, footage_name, segment_arguments
from editing.segments import Segment, Take
from editing.timeline import VideoShot
from kit.process import run_ffmpeg_bytes

from .filming import AGENCY, interview, make_media

SMALL = Frame(width=160, height=90)
GROUND = (41, 142, 118)
"""#0B1F3A in BT.709 limited range: Y, Cb, Cr."""


def pictures(folder: Path, **dips: int) -> np.ndarray:
    """The composed frames of an interview of 40 frames before they are encoded: frames x bytes of 4:2:0."""
    clip = interview(folder)
    shot = VideoShot(start=0, end=40, file=clip.file, slot="leader", source_start=10)
    segment = Segment(start=0, frames=40, take=Take(shot=shot, first=0), **dips)
    listed = segment_arguments(segment, {clip.file: clip}, AGENCY, {}, SMALL)
    composed = listed[: listed.index("-map") + 2]
    raw = run_ffmpeg_bytes([*composed, "-frames:v", "40", "-f", "rawvideo", "pipe:1"], cwd=folder)
    return np.frombuffer(raw, np.uint8).reshape(40, -1)


def test_a_dip_touches_only_the_frames_it_fades(tmp_path: Path) -> None:
    make_media(tmp_path)
    (tmp_path / "footage").mkdir()
    (tmp_path / footage_name(interview(tmp_path))).symlink_to(tmp_path / "talk.mp4")
    plain, dipped = pictures(tmp_path), pictures(tmp_path, fade_in=12, fade_out=12)
    assert np.array_equal(plain[12:28], dipped[12:28])
    luma = SMALL.width * SMALL.height
    first = dipped[0].astype(int)
    planes = np.split(first, [luma, luma + luma // 4])
    assert all(np.abs(plane - code).max() <= 2 for plane, code in zip(planes, GROUND, strict=True))
    spread = [float(np.ptp(frame[:luma].astype(int))) for frame in dipped]
    assert spread[:12] == sorted(spread[:12])
    assert spread[28:] == sorted(spread[28:], reverse=True)
    assert spread[-1] < spread[27] / 4
