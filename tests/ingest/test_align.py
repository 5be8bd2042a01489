"""Words are found where they are spoken, measured on takes whose times are known."""

import itertools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.align import RATE, Aligner, align_plain, align_timed, spread
from ingest.transcript import Line, read_transcript
from kit.process import run_ffmpeg_bytes


def heard(path: Path) -> NDArray[np.int16]:
    args = ["-v", "error", "-i", str(path), "-vn", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    return np.frombuffer(run_ffmpeg_bytes(args), np.int16)


def test_word_times_agree_with_the_published_alignment(footage: Path) -> None:
    speech = footage / "a_speech"
    rows = [line.split() for line in (speech / "grid_swwp2s.align").read_text().splitlines()]
    truth = [int(start) / 25_000 for start, _, word in rows if word != "sil"]
    sound = heard(next(speech.glob("grid_swwp2s*.mpg")))
    (sentence,) = align_plain([Line(text="set white with P two soon")], sound)
    errors = [abs(word.start_s - start) for word, start in zip(sentence.words, truth, strict=True)]
    assert float(np.median(errors)) <= 0.08
    assert max(errors) <= 0.2


def test_cues_that_mark_camera_cuts_are_aligned_again(footage: Path) -> None:
    folder = footage / "anytown"
    sentences = align_timed(read_transcript(folder / "leader.srt"), heard(folder / "leader.mp4"))
    assert len(sentences) == 10
    starts = [sentence.start_s for sentence in sentences]
    assert all(0.3 < start - 3 * n < 1.0 for n, start in enumerate(starts))


def test_true_cues_are_believed(footage: Path) -> None:
    folder = footage / "anytown"
    lines = read_transcript(folder / "community.srt")
    sentences = align_timed(lines, heard(folder / "community.mp4"))
    assert all(abs(s.start_s - line.start_s) <= 0.3 for s, line in zip(sentences, lines, strict=True))
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(sentences))


def test_plain_words_are_found_in_the_sound(footage: Path) -> None:
    lines = read_transcript(footage / "derived" / "interview_grid.txt")
    sentences = align_plain(lines, heard(footage / "anytown" / "leader.mp4"))
    assert all(abs(sentence.start_s - (3 * n + 0.6)) < 0.5 for n, sentence in enumerate(sentences))


def test_the_sound_chooses_how_a_number_is_read(footage: Path) -> None:
    sound = heard(footage / "a_speech" / "narration_LJ001-0007.wav")
    said = "the earliest book printed with movable types, the Gutenberg, or “forty-two line Bible” of about"
    spelled, written = (Aligner().align(sound, f"{said} {year}".split()) for year in ("fourteen fifty-five,", "1455,"))
    assert spelled
    assert written
    assert abs(written[-1].start_s - spelled[-2].start_s) <= 0.05
    assert abs(written[-1].end_s - spelled[-1].end_s) <= 0.05


def test_words_that_are_not_there_are_not_invented() -> None:
    assert Aligner().align(np.zeros(RATE // 10, np.int16), ["hello"]) is None


def test_spread_covers_the_time_in_order() -> None:
    words = spread(["a", "longer", "word"], 1.0, 4.0)
    assert (words[0].start_s, words[-1].end_s) == (1.0, 4.0)
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(words))
