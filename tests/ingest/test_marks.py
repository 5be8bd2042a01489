"""Marks of one clip stay alike through another encode; those of different clips do not."""

import subprocess
from itertools import combinations
from pathlib import Path

import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe

from ingest.marks import distance, mark
from ingest.small_picture import shrink
from tests.ingest.conformed import conformed

CLIPS = ("hikers_640x480_17s.mp4", "people_event_640x480_3s.mp4", "sign_language_walk_640x480.mkv")


def marks(path: Path) -> list[str]:
    return [mark(shrink(*planes).luma) for frame, planes in enumerate(conformed(path, 2.5)) if frame % 30 == 0]


def test_marks_survive_another_encode_size_and_brightness(footage: Path, tmp_path: Path) -> None:
    for name in CLIPS:
        source, again = footage / "b_broll" / name, tmp_path / "again.mp4"
        look = "scale=320:-2,eq=brightness=0.05:contrast=0.95"
        coded = ["-an", "-vf", look, "-c:v", "libx264", "-crf", "32", "-pix_fmt", "yuv420p", "-t", "3"]
        subprocess.run([get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(source), *coded, str(again)], check=True)
        apart = [distance(one, other) for one, other in zip(marks(source), marks(again), strict=True)]
        assert max(apart) <= 8


def test_marks_of_different_clips_lie_far_apart(footage: Path) -> None:
    found = [marks(footage / "b_broll" / name) for name in CLIPS]
    apart = [distance(one, other) for first, second in combinations(found, 2) for one in first for other in second]
    assert min(apart) >= 16


def test_pictures_without_a_pattern_share_one_mark() -> None:
    noise = np.random.default_rng(1).integers(16, 19, (108, 192)).astype(np.uint8)
    assert {mark(noise), mark(np.full((108, 192), 128, np.uint8))} == {"0" * 16}
