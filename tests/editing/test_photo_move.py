"""Photos move over the picture without jitter and never across a head."""

import random
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from agencies.agency import Agency
from editing.graph import Frame
from editing.photo_move import WIDE, heads_of, move_of, stage_of, views_of
from editing.render import lay_out
from editing.segments import Segment, Take
from editing.timeline import PhotoShot
from ingest.analysis import Analysis, Face
from ingest.clip import Clip, Kind, Picture, Verdict
from ingest.inspect import inspect
from kit.process import FFMPEG

FRAMES = 31
"""Frames of a move that is measured: five times as fast as in a film."""


def photo(width: int, height: int, *faces: tuple[float, float, float]) -> Clip:
    """A photo with faces, each a centre and a width as shares."""
    found = tuple(Face(frame=0, x=x, y=y, width=w, height=min(1.0, w * width / height)) for x, y, w in faces)
    return Clip(
        file="p",
        digest="d",
        size=1,
        kind=Kind.PHOTO,
        verdict=Verdict.ACCEPTED,
        picture=Picture(stream=0, width=width, height=height),
        analysis=Analysis(faces=found, face_samples=1),
    )


def shot_of(clip: Clip, *, inwards: bool = True) -> PhotoShot:
    return PhotoShot(start=0, end=150, file="p", slot="photos", **move_of(clip, inwards=inwards)._asdict())


@pytest.mark.parametrize("seed", range(400))
def test_no_view_cuts_a_head(seed: int) -> None:
    chance = random.Random(seed)
    size = chance.randint(400, 6000), chance.randint(400, 4000)
    faces = [
        (chance.uniform(0.1, 0.9), chance.uniform(0.1, 0.9), chance.uniform(0.02, 0.2))
        for _ in range(chance.randint(0, 5))
    ]
    clip = photo(*size, *faces)
    shot = shot_of(clip, inwards=chance.random() < 0.5)
    heads = heads_of(clip)
    for view in views_of(shot, size):
        assert -1e-6 <= view.left < view.right <= 1 + 1e-6
        assert -1e-6 <= view.top < view.bottom <= 1 + 1e-6
        shape = (
            (view.right - view.left) / (view.bottom - view.top) * (1 if shot.framing == "blur" else size[0] / size[1])
        )
        assert shape == pytest.approx(WIDE if shot.framing == "cover" else 1, rel=1e-3)
        if heads and shot.framing == "cover":
            assert view.left <= heads.left + 1e-3
            assert view.right >= heads.right - 1e-3
            assert view.top <= heads.top + 1e-3
            assert view.bottom >= heads.bottom - 1e-3


@pytest.mark.parametrize(
    ("clip", "framing", "inwards"),
    [
        (photo(3000, 2000), "cover", True),
        (photo(3000, 2000, (0.7, 0.4, 0.05)), "cover", True),
        (photo(3000, 2000, (0.5, 0.5, 0.3)), "cover", False),
        (photo(2000, 3000, (0.5, 0.2, 0.1)), "blur", True),
        (photo(4000, 3000, (0.2, 0.15, 0.1), (0.8, 0.9, 0.1)), "blur", True),
    ],
)
def test_where_the_heads_are_decides_the_move(clip: Clip, framing: str, inwards: bool) -> None:
    move = move_of(clip, inwards=True)
    assert (move.framing, move.zoom[0] < move.zoom[1]) == (framing, inwards)


def test_a_panorama_is_panned_along() -> None:
    first, last = views_of(shot_of(photo(8000, 2000)), (8000, 2000))
    assert last.left - first.left > 0.15
    stage = stage_of(shot_of(photo(8000, 2000)), (8000, 2000))
    assert (stage.left, stage.right) == (first.left, last.right)


def test_a_photo_tells_every_face(tmp_path: Path, footage: Path) -> None:
    """Two copies of one real face, far apart, are two faces; their photo is not cropped between them."""
    still = tmp_path / "still.png"
    source = footage / "anytown" / "leader.mp4"
    subprocess.run([FFMPEG(), "-v", "error", "-ss", "3", "-i", source, "-frames:v", "1", still], check=True)
    with Image.open(still) as opened:
        face = opened.convert("RGB")
    both = Image.new("RGB", (face.width * 2, face.height))
    both.paste(face, (0, 0))
    both.paste(face, (face.width, 0))
    both.save(tmp_path / "two.png")
    clip = inspect(tmp_path / "two.png", "two.png")
    assert clip.analysis is not None
    assert len(clip.analysis.faces) == 2
    assert {face.x < 0.5 for face in clip.analysis.faces} == {True, False}


def wobble(frames: list[np.ndarray], still: np.ndarray, shot: PhotoShot, size: tuple[int, int]) -> float:
    """Farthest that a patch of a frame lies from where the plan puts it, less what it always lies off, in pixels."""
    first, last = views_of(shot, size)
    height, width = frames[0].shape
    away: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for number in range(0, FRAMES, 3):
        way = number / (FRAMES - 1)
        way = way * way * (3 - 2 * way)
        left, top, right, _ = (a + (b - a) * way for a, b in zip(first, last, strict=True))
        scale = (right - left) * size[0] / width / 2
        matrix = np.array([[scale, 0, left * size[0] + scale / 2 - 0.5], [0, scale, top * size[1] + scale / 2 - 0.5]])
        planned = cv2.warpAffine(still, matrix, (width * 2, height * 2), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
        planned = cv2.resize(planned, (width, height), interpolation=cv2.INTER_AREA)
        for x, y in ((160, 120), (width // 2, height // 2), (width - 180, height - 140)):
            area = (slice(y - 64, y + 64), slice(x - 64, x + 64))
            # The peak of a phase correlation is 0.15 px off by itself on pictures of straight edges.
            rule = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
            start, motion = np.eye(2, 3, dtype=np.float32), cv2.MOTION_TRANSLATION
            _, found = cv2.findTransformECC(planned[area], frames[number][area], start, motion, rule, None, 3)
            away.setdefault((x, y), []).append((found[0, 2], found[1, 2]))
    return max(float(np.abs(np.array(seen) - np.median(seen, axis=0)).max()) for seen in away.values())


@pytest.mark.parametrize("name", ["police_cars_row_2428x1459.jpg", "noise"])
def test_a_photo_moves_without_wobble(tmp_path: Path, footage: Path, name: str) -> None:
    path = footage / "f_photos" / name
    if name == "noise":
        grain = np.random.default_rng(1).integers(0, 255, (270, 480, 3), np.uint8)
        path = tmp_path / "noise.png"
        Image.fromarray(grain).resize((1920, 1080), Image.Resampling.BICUBIC).save(path)
    with Image.open(path) as opened:
        still, size = np.asarray(opened.convert("L")), opened.size
    clip = photo(*size)
    shot = shot_of(clip).model_copy(update={"end": FRAMES})
    segment = Segment(start=0, frames=FRAMES, take=Take(shot=shot, first=0))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    arguments = lay_out(segment, {"p": clip}, Agency(name="A"), lambda _: path, scratch, Frame(width=960, height=540))
    # The pictures as composed: what an encoder's motion search adds is no part of the move.
    arguments[arguments.index("-crf") + 1] = "1"
    subprocess.run([FFMPEG(), "-v", "error", *arguments], cwd=scratch, check=True)
    film = cv2.VideoCapture(str(scratch / "segment.mp4"))
    frames = [cv2.cvtColor(film.read()[1], cv2.COLOR_BGR2GRAY) for _ in range(FRAMES)]
    assert wobble(frames, still, shot, size) <= 0.25
