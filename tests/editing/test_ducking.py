"""The music goes down before each stretch of speech and up after it, and nowhere else."""

from pathlib import Path

from editing.ducking import ducking
from editing.levels import Ramp
from editing.timeline import SpeechSpan

from .filming import film


def spans(*edges: tuple[int, int]) -> tuple[SpeechSpan, ...]:
    """Spans of one voice."""
    return tuple(SpeechSpan(start=start, end=end, file="talk.mp4") for start, end in edges)


def test_short_silences_keep_it_down(tmp_path: Path) -> None:
    timeline = film(tmp_path, speech=spans((0, 20), (60, 80), (155, 200))).timeline
    assert ducking(timeline) == (
        *(Ramp(-9, -3, -12.0), Ramp(80, 98, 12.0)),
        *(Ramp(146, 152, -12.0), Ramp(200, 218, 12.0)),
    )


def test_a_loud_bed_goes_down_further_and_a_quiet_one_as_far(tmp_path: Path) -> None:
    for bed, by in ((0.0, -20.0), (-8.0, -12.0), (-18.0, -12.0)):
        ramps = ducking(film(tmp_path, music_gain_db=bed).timeline)
        assert [ramp.by_db for ramp in ramps] == [by, -by]


def test_without_speech_it_stays(tmp_path: Path) -> None:
    assert ducking(film(tmp_path, speech=()).timeline) == ()
