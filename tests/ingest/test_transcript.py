"""Transcripts of every make are read; those without words are refused."""

import contextlib
import itertools
import time
from pathlib import Path

import pytest

from ingest.transcript import read_transcript
from kit.errors import InputRefused

CUES = "1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i> there\n\n2\n00:00:03,000 --> 00:00:04,000\n- Good morning\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(CUES.replace("there", "café").encode(encoding))
    lines = read_transcript(path)
    assert [line.text for line in lines] == ["Hello café", "Good morning"]
    assert (lines[0].start_s, lines[0].end_s) == (1.0, 2.5)


def test_overlapping_cues_are_set_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:05.000\none\n\n00:03.000 --> 00:06.000\ntwo\n", "utf-8")
    first, second = read_transcript(path)
    assert (first.end_s, second.start_s) == (3.0, 3.0)


def test_plain_words_become_sentences(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("We serve. “You know us!” Is that\nso? Yes", "utf-8")
    assert [line.text for line in read_transcript(path)] == ["We serve.", "“You know us!”", "Is that so?", "Yes"]


def test_words_without_full_stops_are_taken_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("bin blue at F two now\nlay red with P nine again\n", "utf-8")
    assert len(read_transcript(path)) == 2


@pytest.mark.parametrize("content", ["", "WEBVTT\n\n", "1\n00:00:01,000 --> 00:00:02,000\n\n"])
def test_no_words_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(content)
    with pytest.raises(InputRefused, match=r"a\.srt"):
        read_transcript(path)


def test_the_collected_cases_are_read_or_refused_in_words(footage: Path) -> None:
    read = 0
    for path in sorted((footage / "i_text").iterdir()):
        if path.suffix in (".srt", ".vtt"):
            try:
                lines = read_transcript(path)
            except InputRefused:
                continue
            assert all(a.start_s <= b.start_s for a, b in itertools.pairwise(lines))
            read += 1
    assert read >= 8


@pytest.mark.parametrize("bait", ["<", "{\\", ".a", "a.", "a ", ">> ", "<v ", "-->", "00:", "&lt;", "\n ", "1\n\n"])
@pytest.mark.parametrize("ending", ["txt", "srt", "vtt"])
def test_no_transcript_makes_its_reader_search_without_end(tmp_path: Path, bait: str, ending: str) -> None:
    head = {"txt": "", "srt": "1\n00:00:00,000 --> 00:00:05,000\n", "vtt": "WEBVTT\n\n00:00.000 --> 00:05.000\n"}[
        ending
    ]
    path = tmp_path / f"a.{ending}"
    path.write_text(head + "word " + bait * (300_000 // len(bait)))
    began = time.process_time()
    with contextlib.suppress(InputRefused):
        read_transcript(path)
    assert time.process_time() - began < 5
