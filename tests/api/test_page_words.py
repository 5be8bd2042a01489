"""What pages say of a clip: only what matters where the film uses it."""

import pytest

from api.pages import words
from ingest.clip import Clip, Kind, Note, Sentence, Verdict, Word
from pipeline.projects import ClipRecord, Details
from storyboards.library import load

SILENT = Note(code="no_sound", message="It has no sound.", action="Nothing needs to be done.")
ALONE = Note(code="sound_only", message="This is sound alone.", action="Choose its use.")
SOFT = Note(code="out_of_focus", message="It is out of focus.", action="Film it again.")
STORYBOARD = load("promise")


def record(*notes: Note, slot: str | None, left_out: bool = False, spoken: bool = False) -> ClipRecord:
    words_ = (Sentence(words=(Word(text="We", start_s=0, end_s=1),)),) if spoken else ()
    verdict = Verdict.ACCEPTED_WITH_NOTES if notes else Verdict.ACCEPTED
    clip = Clip(file="a.mp4", digest="0", size=1, kind=Kind.VIDEO, verdict=verdict, notes=notes, sentences=words_)
    return ClipRecord(
        id="1",
        agency_id="1",
        project_id="1",
        name="a.mp4",
        storage_key="k",
        transcript_key=None,
        details=Details(slot=slot, left_out=left_out),
        inspected=clip,
        failed=None,
    )


@pytest.mark.parametrize("slot", ["broll", None])
def test_a_silent_scene_is_plainly_good(slot: str | None) -> None:
    assert words.standing_of(STORYBOARD, record(SILENT, slot=slot)) == ("Good", "good")
    told = record(SILENT, SOFT, slot=slot)
    assert words.notes_of(STORYBOARD, told) == (SOFT,)
    assert words.standing_of(STORYBOARD, told) == ("Good, with notes", "warn")


@pytest.mark.parametrize(("slot", "spoken"), [("leader", False), ("community", False), (None, True), ("theirs", False)])
def test_who_speaks_is_warned_of_what_cannot_be_heard(slot: str | None, spoken: bool) -> None:
    assert words.notes_of(STORYBOARD, record(SILENT, slot=slot, spoken=spoken)) == (SILENT,)


def test_a_recording_whose_use_was_said_is_plainly_good() -> None:
    recording = record(ALONE, slot=None)
    sound = recording.inspected and recording.inspected.model_copy(update={"kind": Kind.SOUND})
    for said, notes in ((Details(), (ALONE,)), (Details(music=True), ()), (Details(slot="narration"), ())):
        told = recording.model_copy(update={"inspected": sound, "details": said})
        assert words.notes_of(STORYBOARD, told) == notes


def test_a_clip_that_is_left_out_is_told_as_such() -> None:
    assert words.standing_of(STORYBOARD, record(SOFT, slot="broll", left_out=True)) == ("Left out of films", "")
