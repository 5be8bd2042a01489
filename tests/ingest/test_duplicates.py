"""Duplicates: copies are found, other takes of the same scene are not, and what a person chose stays."""

import os
import tracemalloc
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from ingest.analysis import Analysis, PictureSeries, SoundSeries
from ingest.clip import Clip, Kind, Picture, Sentence, Verdict, Word
from ingest.duplicates import Run, find_duplicates, same_run, tell_duplicates
from ingest.marks import mark
from kit.process import run_ffmpeg_bytes

SPOKEN = (Sentence(words=(Word(text="Hello", start_s=0.0, end_s=0.5),)),)
TAKE_S = (4, 8, 12)


def filmed(file: str, marks: list[int], *, lines: int = 720, **more: object) -> Clip:
    """A clip of one second for each mark."""
    facts = {"digest": file, "duration_s": float(len(marks)), "analysis": analysis(marks)} | more
    picture = Picture(stream=0, width=lines * 16 // 9, height=lines)
    return Clip.model_validate(
        {"file": file, "size": 1, "kind": Kind.VIDEO, "verdict": Verdict.ACCEPTED, "picture": picture, **facts}
    )


def analysis(marks: list[int], **more: object) -> Analysis:
    return Analysis.model_validate({"marks": tuple(f"{mark:016x}" for mark in marks), **more})


def scenes(seed: int, seconds: int) -> list[int]:
    """Hashes of pictures that have nothing in common."""
    random = Random(seed)
    return [random.getrandbits(64) for _ in range(seconds)]


def rough(marks: list[int], bits: int = 3) -> list[int]:
    """The hashes of a poorer copy: some bits of each are wrong."""
    random = Random(1)
    return [mark ^ sum(1 << bit for bit in random.sample(range(64), bits)) for mark in marks]


TEN = scenes(7, 10)
"""Ten seconds of moving pictures."""


def test_clips_of_an_hour_are_compared_in_little_memory() -> None:
    """A table of every second against every other would take a hundred megabytes, and of three hours a gigabyte."""
    random = Random(5)
    levels = tuple(random.uniform(-40, -10) for _ in range(3600))
    still = analysis([TEN[0]] * 3600, sound=SoundSeries(loudness=levels))
    tracemalloc.start()
    try:
        assert find_duplicates([filmed("a", scenes(1, 3600)), filmed("b", rough(scenes(1, 3600)))])
        assert find_duplicates([filmed(name, [], analysis=still, duration_s=3600.0) for name in "ab"])
        assert tracemalloc.get_traced_memory()[1] < 30 << 20
    finally:
        tracemalloc.stop()


def test_the_same_bytes_are_used_once() -> None:
    clips = [filmed("b.mp4", [], digest="x"), filmed("a.mp4", [], digest="x"), filmed("c.mp4", [], digest="y")]
    notes = find_duplicates(clips)
    assert list(notes) == ["b.mp4"]
    assert notes["b.mp4"].message == "This is the same file as “a.mp4”; it is used once."
    assert notes["b.mp4"].action


def test_a_poorer_copy_is_left_out_for_the_sharper_one_and_says_where_it_is() -> None:
    clips = [filmed("sent.mp4", rough(TEN[3:9]), lines=352), filmed("camera.mp4", TEN, lines=1080)]
    (note,) = find_duplicates(clips).values()
    assert note.code == "duplicate"
    said = "This looks like the same footage as “camera.mp4” (0:03 to 0:09); the sharper one is used."
    assert note.message == said
    assert find_duplicates(clips[::-1]) == find_duplicates(clips)
    told = tell_duplicates(clips)
    assert [clip.file for clip in told] == ["sent.mp4", "camera.mp4"]
    assert told[0].verdict is Verdict.ACCEPTED_WITH_NOTES
    assert told[1] == clips[1]


@pytest.mark.parametrize(
    ("better", "worse", "why"),
    [
        ({"slot": "leader", "lines": 360}, {"lines": 2160}, "the one you chose a place for"),
        ({"sentences": SPOKEN, "lines": 360}, {"lines": 2160}, "the one with a transcript"),
        ({"lines": 1080}, {"lines": 720}, "the sharper one"),
        ({}, {}, "one of the two"),
    ],
)
def test_which_one_is_kept(better: dict[str, Any], worse: dict[str, Any], why: str) -> None:
    notes = find_duplicates([filmed("b.mp4", TEN, **worse), filmed("a.mp4", TEN, **better)])
    assert list(notes) == ["b.mp4"]
    assert f"; {why} is used." in notes["b.mp4"].message


@pytest.mark.parametrize("said", [{"slot": "leader"}, {"speaker_name": "Speaker One"}, {"in_s": 1.0}, {"out_s": 4.0}])
def test_what_a_person_chose_is_never_left_out(said: dict[str, Any]) -> None:
    clips = [filmed(name, TEN, digest="same", lines=lines, **said) for name, lines in (("a", 360), ("b", 1080))]
    assert find_duplicates(clips) == {}


def test_a_copy_of_a_copy_names_the_one_that_is_kept() -> None:
    clips = [filmed(f"{lines}.mp4", rough(TEN, bits), lines=lines) for lines, bits in ((360, 3), (720, 1), (1080, 0))]
    notes = find_duplicates(clips)
    assert sorted(notes) == ["360.mp4", "720.mp4"]
    assert all("“1080.mp4”" in note.message for note in notes.values())


def test_a_clip_of_which_much_is_seen_nowhere_else_stays() -> None:
    whole, sharp = filmed("whole.mp4", scenes(1, 20) + TEN, lines=720), filmed("part.mp4", TEN, lines=1080)
    assert same_run(whole, sharp) == Run(20, 0, 10, 10)
    assert find_duplicates([whole, sharp]) == {}


def test_a_still_scene_is_told_apart_by_its_sound_alone() -> None:
    still = [TEN[0]] * 10
    random = Random(3)
    levels = [random.uniform(-40, -10) for _ in still]

    def take(file: str, loudness: list[float]) -> Clip:
        return filmed(file, still, analysis=analysis(still, sound=SoundSeries(loudness=tuple(loudness))))

    first = take("first.mp4", levels)
    assert find_duplicates([first, take("again.mp4", [level - 6 for level in levels])])
    assert not find_duplicates([first, take("other.mp4", [random.uniform(-40, -10) for _ in still])])
    assert not find_duplicates([first, take("silent.mp4", [])])


@pytest.mark.parametrize("series", [{"black": (1.0,) * 10}, {"blown": (0.95,) * 10}])
def test_pictures_that_show_nothing_are_no_likeness(series: dict[str, Any]) -> None:
    dark = analysis(TEN, picture=PictureSeries.model_validate(series))
    assert not find_duplicates([filmed("a.mp4", TEN, analysis=dark), filmed("b.mp4", TEN)])
    assert not find_duplicates([filmed("a.mp4", [0] * 10), filmed("b.mp4", [0] * 10)])


def test_clips_without_marks_and_refused_ones_count_for_nothing() -> None:
    refused = filmed("a.mp4", TEN, digest="x", verdict=Verdict.REFUSED)
    assert find_duplicates([refused, filmed("b.mp4", TEN, digest="x"), filmed("c.mp4", TEN, analysis=None)]) == {}


@pytest.fixture(scope="module")
def marked(footage: Path) -> Callable[[str], list[int]]:
    """Marks of a real file's picture a second."""

    def read(name: str) -> list[int]:
        shrink = "fps=1:start_time=0,scale=192:108:flags=area,format=gray"
        data = run_ffmpeg_bytes(["-v", "error", "-i", str(footage / name), "-vf", shrink, "-f", "rawvideo", "pipe:1"])
        return [int(mark(picture), 16) for picture in np.frombuffer(data, np.uint8).reshape(-1, 108, 192)]

    return read


@pytest.mark.parametrize(
    ("whole", "copy"),
    [
        ("anytown/leader.mp4", "derived/phone_vfr_720p.mp4"),
        ("b_broll/hikers_640x480_17s.mp4", "derived/hikers_wmv2.wmv"),
        ("b_broll/squirrel_1280x720_10s.mp4", "derived/hlg_hevc10_720p.mov"),
    ],
)
def test_real_copies_are_found(marked: Callable[[str], list[int]], whole: str, copy: str) -> None:
    notes = find_duplicates([filmed("whole", marked(whole)), filmed("copy", marked(copy), lines=240)])
    assert list(notes) == ["copy"]
    assert "(0:00 to " in notes["copy"].message


def test_takes_before_the_same_ground_are_no_copies(footage: Path, marked: Callable[[str], list[int]]) -> None:
    names = sorted(path.name for path in (footage / "a_speech").glob("grid_*.mpg"))
    takes = [filmed(name, marked(f"a_speech/{name}")) for name in names]
    assert [(one.file, other.file) for one, other in combinations(takes, 2) if same_run(one, other)] == []


def test_a_fixed_camera_films_no_copies_of_itself(marked: Callable[[str], list[int]]) -> None:
    soak = bool(os.environ.get("PROMISEREEL_SOAK"))
    camera = "surveillance_people_768x432_10fps_139s.mp4" if soak else "parking_cars_768x432_12.5fps_30s.mp4"
    marks = marked(f"b_broll/{camera}")
    found = tried = 0
    for seconds in TAKE_S:
        starts = range(0, len(marks) - seconds, max(1, seconds // 3))
        takes = [filmed(str(start), marks[start : start + seconds]) for start in starts]
        for one, other in combinations(takes, 2):
            if int(other.file) > int(one.file) + seconds:
                tried += 1
                found += bool(find_duplicates([one, other]))
    assert tried > 100
    assert found <= tried / 500
