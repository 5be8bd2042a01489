"""A dip touches the frames it fades, to the very ground of the cards or to black, and no others."""

from pathlib import Path

import numpy as np
import pytest

from editing.graph import Frame, footage_name, segment_arguments
from editing.segments import Segment, Take
from editing.timeline import CardShot, Through, VideoShot
from editing.titles import Drawing, draw_ground, ground_file
from kit.process import run_ffmpeg_bytes

from .filming import AGENCY, interview, make_media

SMALL = Frame(width=160, height=90)
LUMA = SMALL.width * SMALL.height
CARD = CardShot(start=0, end=40, kind="chapter", lines=("Hello",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where FFmpeg runs: an interview, and the ground of the cards under each name that it is asked for by."""
    make_media(tmp_path)
    (tmp_path / "footage").mkdir()
    (tmp_path / footage_name(interview(tmp_path))).symlink_to(tmp_path / "talk.mp4")
    for part in ("take", "fade_in", "fade_out"):
        draw_ground(AGENCY, tmp_path, part, SMALL.width, SMALL.height)
    return tmp_path


def pictures(folder: Path, shot: CardShot | VideoShot, **dips: object) -> np.ndarray:
    """The composed frames of a shot of 40 frames before they are encoded: frames x bytes of 4:2:0."""
    clip = interview(folder)
    segment = Segment(start=0, frames=40, take=Take(shot=shot, first=0), **dips)
    bare = {"take": Drawing(ground=ground_file("take"), layers=())}
    listed = segment_arguments(segment, {clip.file: clip}, AGENCY, bare, SMALL)
    composed = listed[: listed.index("-map") + 2]
    raw = run_ffmpeg_bytes([*composed, "-frames:v", "40", "-f", "rawvideo", "pipe:1"], cwd=folder)
    return np.frombuffer(raw, np.uint8).reshape(40, -1).astype(int)


@pytest.mark.parametrize(("came", "goes"), [("ground", "black"), ("black", "ground")])
def test_a_dip_touches_only_the_frames_it_fades(came: Through, goes: Through, folder: Path) -> None:
    shot = VideoShot(start=0, end=40, file=interview(folder).file, slot="leader", source_start=10)
    through = {"ground": pictures(folder, CARD)[0], "black": np.repeat([16, 128], [LUMA, LUMA // 2])}
    plain = pictures(folder, shot)
    dipped = pictures(folder, shot, fade_in=12, fade_in_from=came, fade_out=12, fade_out_to=goes)
    assert np.array_equal(plain[12:28], dipped[12:28])
    assert np.abs(dipped[0] - through[came]).max() <= 2
    # The last frame before the cut is eleven twelfths of the way.
    assert np.abs(dipped[-1] - (through[goes] + (plain[-1] - through[goes]) / 12)).max() <= 3
    spread = [float(np.ptp(frame[:LUMA])) for frame in dipped]
    assert spread[:12] == sorted(spread[:12])
    assert spread[28:] == sorted(spread[28:], reverse=True)
    assert spread[-1] < spread[27] / 4


def test_the_ground_of_a_card_stays_as_it_is_while_its_words_are_dipped(folder: Path) -> None:
    assert np.abs(pictures(folder, CARD, fade_in=12, fade_out=12) - pictures(folder, CARD)).max() <= 1
