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


def test_a_short_form_ends_no_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    said = [
        "On Jan. 5 Sgt. Miller met Dr. J. Okafor in St. Mary's.",
        "It was No. 2.",
        "It was I.",
        "We met in Jan.",
        "No.",
    ]
    path.write_text(" ".join(said), "utf-8")
    assert [line.text for line in read_transcript(path)] == said


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


FIRST, SECOND, THIRD = (f"This is the {n} subtitle." for n in ("first", "second", "third"))
LONG = f"{SECOND} Second subtitle with second line."
COLLECTED: dict[str, list[str] | None] = {
    "subrip_empty.srt": None,
    "subrip_typical.srt": [FIRST, LONG, THIRD],
    "subrip_typical_bad_timestamps.srt": [
        FIRST,
        "This should be discarded (too many decimal places).",
        "This should be discarded (too few decimal places).",
    ],
    "subrip_typical_missing_timecode.srt": [
        f"{FIRST} {LONG}",
        f"{THIRD} This is the fourth subtitle. This is the fifth subtitle.",
    ],
    "subrip_typical_utf16le.srt": [FIRST, LONG, THIRD],
    "subrip_typical_with_byte_order_mark.srt": [FIRST, LONG, THIRD],
    "subrip_typical_with_tags.srt": [
        FIRST,
        LONG,
        THIRD,
        "This is not a valid tag due to the space after the opening bracket.",
        "This is the fifth subtitle with multiple valid tags.",
        "This is a lines.",
        *["This is a line."] * 8,
    ],
    "webvtt_typical.vtt": [FIRST, SECOND],
    "webvtt_with_bad_cue_header.vtt": [f"{FIRST} {SECOND}", THIRD],
    "webvtt_with_bom.vtt": [FIRST, SECOND],
    "webvtt_with_overlapping_timestamps.vtt": [
        "Displayed at the bottom for 3 seconds.",
        "Appears directly above for 1 second.",
        "Displayed at the bottom for 2 seconds.",
        "Appears directly above the previous cue, then replaces it after 1 second.",
    ],
    "webvtt_with_positioning.vtt": [
        f"This is the {n} subtitle."
        for n in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    ],
    "webvtt_with_wide_unicode_chars_and_cr_endings.vtt": ["😛 😛"],
}


@pytest.mark.parametrize("name", COLLECTED)
def test_a_collected_case_reads_so(name: str, footage: Path) -> None:
    expected = COLLECTED[name]
    if expected is None:
        with pytest.raises(InputRefused, match="holds no words"):
            read_transcript(footage / "i_text" / name)
        return
    lines = read_transcript(footage / "i_text" / name)
    assert [line.text for line in lines] == expected
    assert all(a.start_s <= b.start_s for a, b in itertools.pairwise(lines))


def test_every_collected_case_is_expected(footage: Path) -> None:
    assert {path.name for path in (footage / "i_text").iterdir()} == set(COLLECTED)


def test_typed_marks_are_no_words(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "SPEAKER 1: We “serve” this town. (laughs) It’s home.\n[00:01:23] Chief Smith: Thank you.\n[crowd cheering]\n"
        ">> Remember: call 911.\n00:01:30 NARRATOR: At 10:30 we met.\nSpeaker 2:\nI agree.",
        "cp1252",
    )
    assert [line.words for line in read_transcript(path)] == [
        ["We", "“serve”", "this", "town."],
        ["(laughs)", "It’s", "home."],
        ["Thank", "you."],
        ["[crowd cheering]"],
        ["Remember:", "call", "911."],
        ["At", "10:30", "we", "met."],
        ["I", "agree."],
    ]


@pytest.mark.parametrize(
    "prefix", ["CHIEF: ", ">> ", ">>> CHIEF O’NEIL: ", "- ", "Officer Lee: ", "SPEAKER 1: ", "Host: "]
)
def test_who_speaks_is_not_said(prefix: str, tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(f"1\n00:00:01,000 --> 00:00:02,500\n{prefix}Remember: we serve.\n", "utf-8")
    assert [line.text for line in read_transcript(path)] == ["Remember: we serve."]


@pytest.mark.parametrize(
    "bait",
    [
        "<",
        "{\\",
        ".a",
        "a.",
        "a ",
        ">> ",
        "<v ",
        "-->",
        "00:",
        "&lt;",
        "\n ",
        "1\n\n",
        "[",
        "A",
        "A ",
        "Aa ",
        "NOTE\n\n",
    ],
)
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
