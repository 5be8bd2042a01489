"""What is said of a clip's sound, in plain words, and that one remark does not hide another."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest.analysis import Analysis, SoundSeries
from ingest.checks import NOTES, REFUSALS, find_notes
from ingest.clip import Clip, Note, Sound
from ingest.probe import Probe

Make = Callable[..., Clip]


def notes(clip: Clip, clipped: tuple[int, ...] = (), **facts: object) -> dict[str, Note]:
    """The notes on a clip whose sound has the given facts, by their codes."""
    told = {"stream": 1, "channels": 2, "layout": "stereo", "sample_rate": 48000, "loudness_lufs": -20.0, **facts}
    series = SoundSeries(loudness=(-20.0,) * len(clipped), peak=(0.0,) * len(clipped), clipped=clipped)
    update = {"sound": Sound.model_validate(told), "duration_s": 10.0, "analysis": Analysis(sound=series)}
    found = find_notes(clip.model_copy(update=update), Probe(container="mov"))
    return {note.code: note for note in found}


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, set()),
        ({"loudness_lufs": -40.0}, {"quiet"}),
        ({"loudness_lufs": None, "speech_channel": "left"}, {"silent"}),
        ({"loudness_lufs": None, "tracks": 2}, {"silent", "several_tracks"}),
        ({"speech_channel": "centre"}, {"one_channel"}),
        ({"speech_channel": "left", "out_of_phase": True}, {"out_of_phase"}),
        ({"loudness_lufs": -40.0, "speech_channel": "left", "tracks": 3}, {"quiet", "one_channel", "several_tracks"}),
    ],
)
def test_remarks_on_sound_stand_together(made_up: Make, facts: dict[str, Any], codes: set[str]) -> None:
    found = notes(made_up(), **facts)
    assert set(found) == codes
    assert all(note.message.endswith(".") and note.action.endswith(".") for note in found.values())


def test_the_track_that_is_used_is_named(made_up: Make) -> None:
    said = notes(made_up(), tracks=2, track=2, voice=0.95)["several_tracks"].message
    assert said == "This file has 2 sound tracks; track 2 carries speech and is used."
    said = notes(made_up(), tracks=2, track=1, voice=0.2)["several_tracks"].message
    assert said == "This file has 2 sound tracks; track 1 is used; speech was heard in none."


@pytest.mark.parametrize(
    ("clipped", "words"),
    [
        ((0,) * 10, None),
        ((2,) * 10, None),
        ((9,) + (0,) * 19, None),
        ((0,) * 70 + (9, 9, 9) + (0,) * 27, "in 3 % of it, first at 1:10"),
        ((0, 5, 0, 0), "in 25 % of it, first at 0:01"),
        ((50,) * 4, "all through"),
    ],
)
def test_overload_is_told_with_its_share_and_place(made_up: Make, clipped: tuple[int, ...], words: str | None) -> None:
    found = notes(made_up(), clipped)
    assert set(found) == (set() if words is None else {"clipped"})
    if words:
        assert words in found["clipped"].message
        assert "microphone" in found["clipped"].action


def test_every_note_has_its_place_in_the_order() -> None:
    (folder,) = map(Path, ingest.__path__)
    told = {code for file in folder.glob("*.py") for code in re.findall(r'\bcode="(\w+)"', file.read_text("utf-8"))}
    assert told <= set(NOTES)
    assert len(NOTES) == len(set(NOTES))
    assert not set(NOTES) & set(REFUSALS)
