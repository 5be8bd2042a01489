"""Plans of a made-up project: what is chosen, said, left out and refused."""

import random
from typing import Any

import pytest

from agencies.agency import Agency
from agencies.promise import is_intact
from editing.planning import NotEnoughFootage, plan
from editing.timeline import CardShot, PhotoShot, Timeline, VideoShot
from ingest.clip import DUPLICATE, MACHINE_WORDS, Clip, Kind, Note, Verdict
from storyboards.library import load
from tests.editing.clips import GRID, LJ, anytown, measured_anytown, photo, sentences, sound, video
from tests.editing.plan_checks import AGENCY, check

STORYBOARD = load("promise")


def film(clips: list[Clip], *, agency: Agency = AGENCY, **more: Any) -> Timeline:
    return plan(STORYBOARD, clips, agency, **more)


def test_anytown_lands_on_three_minutes() -> None:
    clips = anytown()
    timeline = film(clips, music="music.ogg")
    check(timeline, clips)
    assert abs(timeline.frames - 5400) <= 60
    assert timeline.music == "music.ogg"
    assert timeline.complete
    assert {third.name for third in timeline.lower_thirds} == {"Speaker One", "Speaker Two", "Speaker Three"}
    assert any("broll_6.mp4” was left out: it is too short" in note for note in timeline.notes)
    portrait = [s for s in timeline.shots if isinstance(s, VideoShot) and s.file == "phone_portrait.MOV"]
    assert {shot.framing for shot in portrait} == {"blur"}
    words = [w for c in clips for s in c.sentences for w in s.text.split()]
    said = " ".join(line for cue in timeline.cues for line in cue.lines).replace("- ", "")
    assert len(said.split()) == len(words)


def test_the_order_of_the_clips_does_not_matter() -> None:
    clips = anytown()
    shuffled = random.Random(7).sample(clips, len(clips))
    assert film(clips, music="music.ogg") == film(shuffled, music="music.ogg")


def test_the_promise_is_dipped_into_and_made_twice() -> None:
    shots = film(anytown()).shots
    promise = [(i, shot) for i, shot in enumerate(shots) if isinstance(shot, CardShot) and shot.kind == "promise"]
    assert [len(shot.lines) for _, shot in promise] == [5, 1]
    assert promise[0][1].text == promise[1][1].text
    assert list(promise[0][1].reveal) == sorted(promise[0][1].reveal)
    assert shots[promise[0][0]].transition.kind == shots[promise[1][0] + 1].transition.kind == "dip"
    assert shots[promise[1][0]].transition.kind == "dissolve"


def test_photos_move_in_and_out_in_turn_towards_faces() -> None:
    photos = [shot for shot in film(anytown()).shots if isinstance(shot, PhotoShot)]
    assert [shot.zoom[0] < shot.zoom[1] for shot in photos] == [True, False]
    assert photos[1].centre[0] == (0.3, 0.3)


@pytest.mark.parametrize(
    "name",
    [
        "The \"Q\" & 'q' PD",
        "A:B;C",
        r"back\slash\n",
        "%{} 100 %d",
        r"{\an8}",
        "{{ department }}",
        "{% raw %}",
        "x" * 120,
    ],
)
def test_any_name_stands_verbatim_on_the_cards(name: str) -> None:
    timeline = film(anytown(), agency=Agency(name=name))
    cards = [shot for shot in timeline.shots if isinstance(shot, CardShot)]
    assert cards[0].lines[0] == name
    assert any(is_intact(card.text, name) for card in cards)
    assert cards[-1].lines[0] == name


def test_cards_stand_long_enough_to_read() -> None:
    for shot in film(anytown()).shots:
        if isinstance(shot, CardShot):
            assert shot.end - shot.start >= 30 * (len(shot.text.split()) / 3 + 1.5)


def test_a_thin_project_is_refused_with_everything_that_is_missing() -> None:
    clips = [video("a.avi", 3.0), video("b.mkv", 11.0), photo("c.jpg")]
    with pytest.raises(NotEnoughFootage) as refused:
        film(clips)
    words = str(refused.value)
    assert "a clip of your leader speaking (slot leader, 10 s at least)" in words
    assert "6 s more of everyday scenes" in words
    assert "s more of community voices" in words
    assert refused.value.exit_code == 3


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(NotEnoughFootage, match="slot broll, 20 s at least"):
        film([])


def test_missing_seconds_are_exact() -> None:
    clips = [video("l.mp4", 30, slot="leader", sentences=sentences(GRID)), video("b.mp4", 24, slot="broll")]
    with pytest.raises(NotEnoughFootage) as refused:
        film(clips)
    lacking = int(str(refused.value).split("Still needed: ")[1].split(" s more")[0])
    more = [(3.0 * i, 3.0 * i + 3, "lay blue by C two again") for i in range(-(-lacking // 3) + 1)]
    timeline = film([*clips, video("c.mp4", 3 * len(more) + 1, slot="community", sentences=sentences(more))])
    assert 3600 <= timeline.frames <= 3600 + 300


def test_a_leader_without_words_makes_a_draft() -> None:
    clips = [clip for clip in anytown() if clip.slot != "leader"]
    clips.append(video("leader.mp4", 30, slot="leader"))
    timeline = film(clips)
    check(timeline, clips)
    assert not timeline.complete
    assert any("“leader.mp4” needs a transcript" in note for note in timeline.notes)
    assert any(span.file == "leader.mp4" for span in timeline.speech)


def test_an_optional_clip_without_words_is_left_out_unless_marked() -> None:
    silent = video("z.mp4", 20, slot="community")
    timeline = film([*anytown(), silent])
    assert timeline.complete
    assert any("“z.mp4” was left out: it needs a transcript" in note for note in timeline.notes)
    marked = silent.model_copy(update={"in_s": 2.0, "out_s": 8.0})
    timeline = film([*anytown(), marked])
    assert not timeline.complete
    assert any(shot.file == "z.mp4" for shot in timeline.shots if isinstance(shot, VideoShot))


def test_in_and_out_points_bound_the_sentences() -> None:
    clips = [c.model_copy(update={"in_s": 5.0, "out_s": 24.5}) if c.slot == "leader" else c for c in anytown()]
    timeline = film(clips)
    shots = [shot for shot in timeline.shots if isinstance(shot, VideoShot) and shot.file == "leader.mp4"]
    assert min(one.source_start for one in timeline.sounds if one.file == "leader.mp4") == 180
    assert shots[-1].source_start + shots[-1].end - shots[-1].start <= 24.5 * 30


def test_every_clip_left_out_has_a_note() -> None:
    broken = video("broken.mp4", 5).model_copy(
        update={"verdict": Verdict.REFUSED, "notes": (Note(code="x", message="it cannot be decoded"),)}
    )
    same = Note(code=DUPLICATE, message="This is the same file as “broll_3.mp4”; it is used once.")
    twin = video("twin.mp4", 30).model_copy(update={"notes": (same,)})
    clips = [*anytown(), broken, twin, photo("p1.jpg"), photo("p2.jpg"), photo("p3.jpg"), sound("hum.wav", 5)]
    timeline = film(clips, music="music.ogg")
    used = {shot.file for shot in timeline.shots if not isinstance(shot, CardShot)} | {timeline.music}
    for clip in clips:
        noted = any(note.startswith(f"“{clip.file}” was left out: ") for note in timeline.notes)
        assert noted != (clip.file in used), clip.file
    assert "“broken.mp4” was left out: it cannot be decoded" in timeline.notes
    assert "“twin.mp4” was left out: this is the same file as “broll_3.mp4”; it is used once" in timeline.notes


def test_an_unassigned_clip_with_a_transcript_joins_the_community() -> None:
    clips = [c.model_copy(update={"slot": None}) if c.slot == "community" else c for c in anytown()]
    shots = film(clips).shots
    assert any(isinstance(s, VideoShot) and s.file == "community.mp4" and s.slot == "community" for s in shots)


def test_a_wrong_slot_is_said_and_mended() -> None:
    clips = [*anytown()[:-2], photo("p.jpg", slot="leaders")]
    timeline = film(clips)
    assert any("“p.jpg”: there is no slot “leaders”" in note for note in timeline.notes)
    assert any(isinstance(shot, PhotoShot) and shot.file == "p.jpg" for shot in timeline.shots)


def test_photos_that_show_nothing_stay_out_and_small_ones_step_back() -> None:
    blank, small = (
        photo(f"a_{code}.jpg", notes=(Note(code=code, message="said by ingest"),)) for code in ("blank", "small")
    )
    good = [photo(f"b{n}.jpg") for n in range(4)]
    others = [clip for clip in anytown() if clip.kind is not Kind.PHOTO]
    timeline = film([*others, blank, small, *good])
    assert [shot.file for shot in timeline.shots if isinstance(shot, PhotoShot)] == [one.file for one in good]
    assert "“a_blank.jpg” was left out: nothing can be seen in it" in timeline.notes
    fewer = film([*others, blank, small, *good[:2]])
    assert [s.file for s in fewer.shots if isinstance(s, PhotoShot)] == ["a_small.jpg", "b0.jpg", "b1.jpg"]


def test_narration_plays_over_the_scenes_with_captions() -> None:
    clips = [*anytown(), sound("voice.wav", 12, sentences=sentences(GRID[:3]), slot="narration")]
    timeline = film(clips)
    check(timeline, clips)
    laid = [one for one in timeline.sounds if one.role == "narration"]
    assert laid
    for one in laid:
        over = [s for s in timeline.shots if s.start < one.end and one.start < s.end]
        assert all(isinstance(s, VideoShot) and s.slot == "broll" for s in over)
        assert any(cue.start < one.end and one.start < cue.end for cue in timeline.cues)


def test_too_much_speech_is_trimmed_to_whole_sentences() -> None:
    long = [(start + 54.0 * k, end + 54.0 * k, text) for k in range(8) for start, end, text in LJ]
    clips = [*anytown()[:1], *anytown()[3:-1], video("c.mp4", 440, slot="community", sentences=sentences(long))]
    timeline = film(clips)
    check(timeline, clips)
    assert abs(timeline.frames - 5400) <= 60
    assert any("“c.mp4”: " in note and "sentences are used" in note for note in timeline.notes)


def test_words_of_a_machine_are_said_to_be_in_the_film() -> None:
    note = Note(code=MACHINE_WORDS, message="The words were recognised by a machine: read every caption.")
    clips = [clip.model_copy(update={"notes": (note,)}) if clip.slot == "leader" else clip for clip in anytown()]
    said = f"“{next(clip.file for clip in clips if clip.slot == 'leader')}”: the words were recognised by a machine: "
    assert [one for one in film(clips).notes if "machine" in one] == [said + "read every caption"]


def test_every_part_says_why_it_was_chosen() -> None:
    clips = measured_anytown()
    long = [(start + 54.0 * k, end + 54.0 * k, text) for k in range(8) for start, end, text in LJ]
    clips.append(video("c.mp4", 440, slot="community", sentences=sentences(long)))
    timeline = film(clips)
    why = {shot.file: shot.why for shot in timeline.shots if not isinstance(shot, CardShot)}
    assert all(why.values())
    assert why["phone_portrait.MOV"].startswith("all that is said, ")
    assert " of 64 sentences (sentences " in why["c.mp4"]
    assert why["photo_b.jpg"] == "next by name, people"


def test_a_clip_that_is_left_out_is_not_said_to_be_used() -> None:
    timeline = film([*anytown(), video("blink.mp4", 1.0), video("dash.mp4", 1.0, slot="leaders")])
    said = {name: [note for note in timeline.notes if name in note] for name in ("blink.mp4", "dash.mp4")}
    assert all(len([note for note in notes if "was left out" in note]) == 1 for notes in said.values())
    assert not any("used" in note for notes in said.values() for note in notes)
    assert any("there is no slot “leaders”" in note for note in said["dash.mp4"])
