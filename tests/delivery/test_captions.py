"""Captions, descriptions and transcript as text."""

import re

from delivery.captions import card_sentence, clock, srt, transcript, vtt
from delivery.silence import Span, silent_runs, speech_spans
from editing.timeline import CardShot, Cue, Timeline

STAMP = re.compile(r"(\d\d:\d\d:\d\d)[.,](\d{3}) --> (\d\d:\d\d:\d\d)[.,](\d{3})")


def read_cues(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Times and plain words of a caption file, as a reader from outside takes them."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().split("\n")
        at = next((i for i, line in enumerate(lines) if STAMP.search(line)), None)
        if at is None:
            continue
        words = [re.sub(r"<v ([^>]+)>", r"\1: ", line) for line in lines[at + 1 :]]
        stamp = STAMP.search(lines[at])
        assert stamp
        found.append((stamp.groups(), re.sub(r"\s+", " ", " ".join(words)).strip()))
    return found


def test_clock_turns_hours_and_rounds_to_the_thousandth() -> None:
    assert clock(30 * 3661 + 1) == "01:01:01.033"
    assert clock(2, comma=True) == "00:00:00,067"


def test_subrip_and_webvtt_say_the_same_at_the_same_times(timeline: Timeline) -> None:
    assert read_cues(srt(timeline)) == read_cues(vtt(timeline))
    assert srt(timeline).startswith("1\n00:00:02,200 --> 00:00:03,667\nChief One: We serve\nthis community.\n\n2\n")
    assert "<v Chief One>We serve\nthis community." in vtt(timeline)


def test_webvtt_escapes_what_a_reader_would_take_for_markup(timeline: Timeline) -> None:
    cue = Cue(start=0, end=60, lines=("fish &amp; chips < 5 --> R&D",))
    assert "fish &amp;amp; chips &lt; 5 --&gt; R" in vtt(timeline.model_copy(update={"cues": (cue,)}))
    assert "R&D matters" in vtt(timeline)


def test_no_cues_still_give_well_formed_files(timeline: Timeline) -> None:
    silent = timeline.model_copy(update={"cues": ()})
    assert srt(silent) == ""
    assert vtt(silent) == "WEBVTT\n"


def test_transcript_names_speakers_with_their_roles(timeline: Timeline) -> None:
    text = transcript(timeline)
    assert "00:02  Chief One, Chief of Police: We serve this community. R&D matters to all of us here." in text
    assert text.index("[On screen: Anytown") < text.index("Chief One") < text.index("[On screen: We, Anytown")


def test_the_dash_that_marks_a_new_speaker_is_not_said(timeline: Timeline) -> None:
    cue = Cue(start=0, end=60, lines=("- We serve",), speaker="Chief One")
    text = transcript(timeline.model_copy(update={"cues": (cue,)}))
    assert "Chief One, Chief of Police: We serve" in text


def test_silent_runs_lie_between_speech(timeline: Timeline) -> None:
    assert speech_spans(timeline) == [Span(66, 168)]
    assert silent_runs(timeline, Span(0, 360)) == [Span(0, 66), Span(168, 360)]
    assert silent_runs(timeline, Span(60, 180)) == []


def test_a_quote_is_read_with_who_said_it() -> None:
    card = CardShot(start=0, end=90, kind="quote", lines=("We listen.", "Speaker One", "Chief of Police"))
    assert card_sentence(card) == "“We listen.” Speaker One, Chief of Police."
