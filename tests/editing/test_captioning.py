"""Burned captions: exact frames and text that libass shows as it is."""

from editing.captioning import escape, script
from editing.layout import CAPTION_BOTTOM, CAPTION_PADDING, LOWER_THIRD_BOTTOM, caption_top
from editing.timeline import Cue


def test_a_cue_covers_exactly_its_frames() -> None:
    text = script([Cue(start=30, end=75, lines=("Hello there,", "neighbour"))])
    event = next(line for line in text.splitlines() if line.startswith("Dialogue"))
    start, end = (float(clock.split(":")[2]) for clock in event.split(",")[1:3])
    assert 29 / 30 < start <= 30 / 30
    assert 74 / 30 < end <= 75 / 30
    assert event.endswith("Hello there,\\Nneighbour")


def test_two_lines_stand_below_a_lower_third_and_inside_the_title_safe_area() -> None:
    assert caption_top(2) > LOWER_THIRD_BOTTOM
    assert CAPTION_BOTTOM - CAPTION_PADDING >= 54


def test_control_codes_are_shown_not_obeyed() -> None:
    assert escape(r"{\an8}") == "\\{\\\u2060an8\\}"
    assert "\\N" not in escape(r"a\Nb")
