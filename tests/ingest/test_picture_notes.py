"""What is said of a clip's picture: every trouble has its note, and what is well gets none."""

from collections.abc import Callable

import pytest

from ingest.analysis import Analysis, Face, PictureSeries, Stretch
from ingest.checks import NOTES, find_notes
from ingest.clip import Clip, Note, Sound
from ingest.probe import Probe

Make = Callable[..., Clip]
GOOD = {"sharpness": 90.0, "shake": 0.5, "motion": 2.0, "exposure": 0.45, "black": 0.02, "blown": 0.01}


def notes(clip: Clip, seconds: list[dict[str, float]], **more: object) -> list[Note]:
    """The notes on a clip whose seconds differ from good ones by what is given."""
    every = [GOOD | second for second in seconds]
    series = PictureSeries(**{key: tuple(second[key] for second in every) for key in GOOD})
    analysis = Analysis.model_validate({"picture": series, **more})
    sound = Sound(stream=1, channels=2, layout="stereo", sample_rate=48000, loudness_lufs=-20.0)
    update = {"sound": sound, "duration_s": float(len(every)), "analysis": analysis}
    return list(find_notes(clip.model_copy(update=update), Probe(container="mov", pictures=1, sounds=1)))


def codes(found: list[Note]) -> list[str]:
    """Their codes."""
    assert all(note.message.endswith(".") and note.action.endswith(".") for note in found)
    return [note.code for note in found]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({}, None),
        ({"black": 0.95, "exposure": 0.01, "sharpness": 1.0}, "mostly_black"),
        ({"sharpness": 0.4, "motion": 0.0}, "blank"),
        ({"blown": 1.0, "exposure": 1.0, "sharpness": 5.0}, "blank"),
        ({"sharpness": 4.0}, "out_of_focus"),
        ({"sharpness": 4.0, "exposure": 0.1}, None),
        ({"shake": 6.0}, "shaky"),
        ({"exposure": 0.04}, "dark"),
        ({"blown": 0.6, "exposure": 0.9}, "overexposed"),
    ],
)
def test_a_trouble_is_told_when_it_holds_most_of_the_time(
    made_up: Make, second: dict[str, float], code: str | None
) -> None:
    assert codes(notes(made_up(), [second] * 4)) == ([code] if code else [])
    assert codes(notes(made_up(), [second] + [{}] * 3)) == []


def test_a_soft_picture_of_a_face_is_in_focus(made_up: Make) -> None:
    face = Face(frame=0, x=0.5, y=0.4, width=0.2, height=0.3)
    assert codes(notes(made_up(), [{"sharpness": 4.0}] * 4, faces=(face,))) == []


def test_a_screen_is_told_by_more_than_one_look(made_up: Make) -> None:
    assert codes(notes(made_up(), [{}] * 4, screen=0.7)) == ["screen_recording"]
    one_look = made_up().model_copy(update={"duration_s": 0.4, "analysis": Analysis(screen=0.7)})
    assert "screen_recording" not in {note.code for note in find_notes(one_look, Probe(container="mov"))}


def test_flashing_is_told_with_its_times(made_up: Make) -> None:
    (note,) = notes(made_up(), [{}] * 80, flashes=(Stretch(start=90, end=150), Stretch(start=2010, end=2070)))
    assert note.code == "flashing"
    assert "0:03 to 0:05, 1:07 to 1:09" in note.message
    many = tuple(Stretch(start=90 * n, end=90 * n + 30) for n in range(9))
    assert "and 5 more times" in notes(made_up(), [{}] * 80, flashes=many)[0].message


def test_all_troubles_are_told_the_worst_first(made_up: Make) -> None:
    clip = made_up(width=480, height=640, transfer="hlg", variable_rate=True, interlaced="tff")
    found = codes(notes(clip, [{"shake": 9.0, "exposure": 0.05}] * 2))
    assert found == ["shaky", "dark", "short", "portrait", "hdr", "variable_rate", "interlaced"]
    assert found == sorted(found, key=NOTES.index)


@pytest.mark.parametrize(
    ("size", "small"),
    [((640, 480), False), ((640, 360), True), ((960, 400), False), ((320, 568), False), ((176, 144), True)],
)
def test_small_is_what_must_be_enlarged_much(made_up: Make, size: tuple[int, int], small: bool) -> None:
    found = codes(notes(made_up(width=size[0], height=size[1]), [{}] * 4))
    assert ("small" in found) == small


def test_a_picture_that_ends_long_before_its_sound_says_so(made_up: Make) -> None:
    sound = Sound(stream=1, channels=1, layout="mono", sample_rate=48000, duration_s=20.0, loudness_lufs=-20.0)
    facts = Probe(container="mov", pictures=1, sounds=1, decoded=3)
    clip = made_up().model_copy(update={"sound": sound, "duration_s": 0.1, "frames": 3})
    (note,) = find_notes(clip, facts)
    assert note.code == "picture_ends"
    assert "only 3 pictures, while its sound goes on to 0:20" in note.message
    (note,) = find_notes(clip.model_copy(update={"duration_s": 8.0, "frames": 240}), facts)
    assert "ends at 0:08" in note.message
    assert "short" in codes(list(find_notes(clip.model_copy(update={"sound": None}), facts)))
    assert find_notes(clip.model_copy(update={"duration_s": 18.0}), facts) == ()
