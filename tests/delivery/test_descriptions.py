"""What is told of a film to those who cannot see it: what was asked for in plain words, never the name of a file."""

import re
import unicodedata

import pytest

from agencies.agency import Agency
from delivery.descriptions import descriptions
from delivery.file_words import words_of
from editing.planning import plan
from editing.timeline import SlotTitle, SpeechSpan, Timeline
from ingest.clip import Clip, Kind
from storyboards.library import list_ids, load
from tests.delivery.test_captions import read_cues
from tests.editing.clips import anytown


def test_descriptions_hold_every_card_and_the_silent_pictures(timeline: Timeline) -> None:
    text = descriptions(timeline)
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nOn screen: Anytown Police Department. A Peace")
    assert "promise that while doing our best to control crime" in text
    assert "Scenes without speech: city." in text
    assert "IMG" not in text
    starts = [cue[0][0] + cue[0][1] for cue in read_cues(text)]
    assert starts == sorted(starts)


def test_descriptions_stay_clear_of_speech(timeline: Timeline) -> None:
    spoken = timeline.model_copy(update={"speech": (SpeechSpan(start=60, end=240, file="x"),)})
    assert "Scenes" not in descriptions(spoken)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Everyday scenes of your department", "Everyday scenes of the department: city."),
        ("Your streets.", "The streets: city."),
        ("", "Scenes without speech: city."),
    ],
)
def test_pictures_are_told_as_their_storyboard_asked_for_them(title: str, told: str, timeline: Timeline) -> None:
    slots = (SlotTitle(id="broll", title=title),)
    assert f"\n{told}\n" in descriptions(timeline.model_copy(update={"slots": slots}))


def test_a_plan_from_before_titles_were_kept_is_still_told(timeline: Timeline) -> None:
    kept = timeline.model_dump(mode="json", exclude={"slots"})
    assert "Scenes without speech: city." in descriptions(Timeline.model_validate(kept))


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("broll_city-hall_2.mp4", "city hall"),
        ("day one/Broll PARADE (final).mov", "parade"),
        ("Officers reading to children.mp4", "Officers reading to children"),
        ("4th of July parade 2026.mp4", "July parade"),
        ("K9 unit.mp4", "K9 unit"),
        ("Łódź station.mp4", "Łódź station"),
        (unicodedata.normalize("NFD", "Łódź.mp4"), "Łódź"),
        *((name, "") for name in ("IMG_0412.MOV", "img_e0412.mov", "DSCF0012.AVI", "GX010123.MP4", "DJI_0012_D.MP4")),
        *(
            (name, "")
            for name in ("PXL_20260101_102030123.LS.mp4", "VID-20260101-WA0003.mp4", "20260101_102030_HDR.jpg")
        ),
        *((name, "") for name in ("WhatsApp Video 2026-01-01 at 10.20.30 AM.mp4", "Screen Recording 2026.mp4")),
        *((name, "") for name in ("A001C002_0101.mp4", "trim.4F2A11.MOV", "Copy of MVI_0031.avi", "clip (3).mp4")),
        *((name, "") for name in ("d41d8cd98f00b204.mp4", "broll.mp4", "broll_final_v2.mp4", "MVX_01.mp4", ".mp4")),
    ],
)
def test_a_name_is_said_only_where_a_person_gave_it_one(file: str, words: str) -> None:
    assert words_of(file, "broll") == words


@pytest.mark.parametrize("storyboard", list_ids())
@pytest.mark.parametrize("numbered", [False, True])
def test_every_shipped_storyboard_tells_its_pictures(storyboard: str, numbered: bool) -> None:
    """From present footage under its own names and under a camera's; each line is a sentence about what is seen."""
    template = load(storyboard).as_example
    clips = [as_a_camera_names_it(n, clip) if numbered else clip for n, clip in enumerate(anytown())]
    timeline = plan(template, clips, Agency(name="Anytown Police Department"))
    told = [words for _, words in read_cues(descriptions(timeline)) if not words.startswith("On screen: ")]
    assert told
    asked = {slot.title.replace("your", "the").replace("Your", "The") for slot in template.slots}
    for words in told:
        head, _, names = words.removesuffix(".").partition(": ")
        assert head in asked
        assert words.endswith(".")
        assert not re.search(r"\byour\b|_|\.\w|\d", words, re.IGNORECASE)
        assert not (numbered and names)


def as_a_camera_names_it(number: int, clip: Clip) -> Clip:
    ending = {Kind.VIDEO: "MOV", Kind.PHOTO: "JPG", Kind.SOUND: "WAV"}[clip.kind]
    return clip.model_copy(update={"file": f"IMG_{number:04}.{ending}"})
