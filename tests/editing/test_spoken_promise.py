"""The Promise that is heard in a film is compared with the approved text: in the plan's notes and in the report."""

from agencies.agency import Agency
from agencies.promise import promise_text
from delivery.measure_titles import spoken_promise_checks
from editing.planning import plan
from editing.spoken_promise import heard_promises, with_promise_notes
from editing.timeline import Timeline
from ingest.clip import Clip
from storyboards.library import load
from tests.editing.clips import LJ, sentences, video

AGENCY = Agency(name="Anytown Police Department")
APPROVED = promise_text(AGENCY.name, "members")
SCENES = [video(f"scene{n}.mp4", 20, slot="broll") for n in range(8)]


def speaking(text: str) -> Clip:
    rows = [(0.5, 8.0, "I have been an officer for twenty years."), (9.0, 22.0, text), (23.0, 29.0, "Thank you.")]
    return video("leader.mp4", 30, slot="leader", sentences=sentences(rows))


def film(text: str) -> tuple[Timeline, list[Clip]]:
    clips = [speaking(text), video("voice.mp4", 60, slot="community", sentences=sentences(LJ)), *SCENES]
    return plan(load("promise"), clips, AGENCY), clips


def test_words_as_approved_make_no_note_and_a_good_line_in_the_report() -> None:
    timeline, clips = film(APPROVED)
    assert with_promise_notes(timeline, clips, AGENCY) == timeline
    (heard,) = heard_promises(timeline, clips, AGENCY)
    assert heard.file == "leader.mp4"
    (check,) = spoken_promise_checks(timeline, clips, AGENCY)
    assert (check.value, check.ok, check.met) == ("word for word", True, True)


def test_other_words_are_told_in_a_note_and_in_the_report() -> None:
    timeline, clips = film(APPROVED.replace("do no harm", "do little harm"))
    noted = with_promise_notes(timeline, clips, AGENCY)
    assert noted.notes[-1] == (
        "“leader.mp4”: the Promise is spoken in other words than the approved ones: “no” was said as “little”"
    )
    assert noted.model_copy(update={"notes": timeline.notes}) == timeline
    (check,) = spoken_promise_checks(timeline, clips, AGENCY)
    assert (check.ok, check.met) == (True, False), "the film may leave: the cards carry the wording"
    (heard,) = heard_promises(timeline, clips, AGENCY)
    assert check.value == f"at {heard.at_s:.1f} s “no” was said as “little”"
    spoken = next(cue for cue in timeline.cues if "promise that" in " ".join(cue.lines))
    assert abs(heard.at_s * 30 - spoken.start) < 150, "the time is that of the words in the film"


def test_a_film_in_which_nobody_speaks_it_has_no_line() -> None:
    timeline, clips = film("And that is why I am still here today.")
    assert spoken_promise_checks(timeline, clips, AGENCY) == []
    assert with_promise_notes(timeline, clips, AGENCY) == timeline
