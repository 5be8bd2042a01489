"""Joining by stream copy keeps every frame and refuses what does not match."""

import itertools
from pathlib import Path

import av
import pytest

from editing.encoding import PICTURE
from editing.join import join, listing
from kit.errors import Bug
from kit.film_index import read_index
from kit.process import run_ffmpeg


def encode(out: Path, frames: int, **changed: object) -> Path:
    settings = [str(part) for name, value in (PICTURE | changed).items() for part in (f"-{name}", value)]
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30", "-frames:v", str(frames)]
    run_ffmpeg([*source, *settings, str(out)])
    return out


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    out = tmp_path / "sound.m4a"
    run_ffmpeg(["-f", "lavfi", "-i", "sine=d=2.5:r=48000", "-ac", "2", "-c:a", "aac", str(out)])
    return out


def test_every_frame_is_in_the_film_at_its_place(tmp_path: Path, sound: Path) -> None:
    lengths = [31, 1, 12, 2, 29]
    parts = [(encode(tmp_path / f"{n}.mp4", frames), frames) for n, frames in enumerate(lengths)]
    film = tmp_path / "film.mp4"
    join(parts, sound, film, tmp_path)
    assert len(read_index(film).pictures) == sum(lengths)
    with av.open(str(film)) as box:
        stream = box.streams.video[0]
        times = [frame.pts * stream.time_base for frame in box.decode(stream)]
    assert [round(time * 30) for time in times] == list(range(sum(lengths)))
    assert times[0] == 0
    assert len({b - a for a, b in itertools.pairwise(times)}) == 1
    assert film.read_bytes().find(b"moov") < film.read_bytes().find(b"mdat")


def test_segments_of_another_encoder_setting_are_refused(tmp_path: Path, sound: Path) -> None:
    parts = [(encode(tmp_path / "a.mp4", 5), 5), (encode(tmp_path / "b.mp4", 5, bf=0, refs=1), 5)]
    with pytest.raises(Bug, match="codec configurations"):
        join(parts, sound, tmp_path / "film.mp4", tmp_path)


def test_the_listing_counts_in_frames() -> None:
    assert listing([("a.mp4", 45)]) == "ffconcat version 1.0\nfile 'a.mp4'\nduration 1.500000\n"
