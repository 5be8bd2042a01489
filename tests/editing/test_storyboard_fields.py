"""Every field of a storyboard has its effect in the film that is planned from it."""

from typing import Any

import pytest

from agencies.agency import Colours
from editing.brand import in_brand
from editing.captioning import script
from editing.ducking import ducking
from editing.edits import Edits
from editing.planning import NotEnoughFootage, plan
from editing.segments import split
from editing.timeline import CardShot, PhotoShot, Timeline, Transition, VideoShot
from ingest.clip import Clip
from storyboards.library import load
from storyboards.storyboard import Brand, Broll, Music, Narration, Storyboard
from tests.editing.clips import GRID, anytown, measured, photo, sentences, sound, video
from tests.editing.plan_checks import AGENCY, check

PROMISE = load("promise")


def film(storyboard: Storyboard, **more: Any) -> Timeline:
    clips = more.pop("clips", None) or anytown()
    timeline = plan(storyboard, clips, AGENCY, **more)
    check(timeline, clips)
    return timeline


def with_slot(name: str, **facts: Any) -> Storyboard:
    slots = tuple(slot.model_copy(update=facts) if slot.id == name else slot for slot in PROMISE.slots)
    return PROMISE.model_copy(update={"slots": slots})


def with_beat(position: int, **facts: Any) -> Storyboard:
    beats = list(PROMISE.beats)
    beats[position] = beats[position].model_copy(update=facts)
    return PROMISE.model_copy(update={"beats": tuple(beats)})


def place(name: str) -> int:
    """The first beat of a slot, or the first card of a kind."""
    return next(
        i for i, beat in enumerate(PROMISE.beats) if name in (getattr(beat, "slot", ""), getattr(beat, "kind", ""))
    )


def seconds_of(timeline: Timeline, slot: str) -> float:
    return sum(one.end - one.start for one in timeline.shots if not isinstance(one, CardShot) and one.slot == slot) / 30


@pytest.mark.parametrize(
    ("when", "there"),
    [
        ("slot community is filled", True),
        ("slot community is empty", False),
        ("variable credits is set", False),
        ("variable credits is empty and slot photos is filled", True),
    ],
)
def test_a_beat_is_there_when_its_condition_holds(when: str, there: bool) -> None:
    timeline = film(with_beat(place("chapter"), when=when))
    assert any(isinstance(shot, CardShot) and shot.kind == "chapter" for shot in timeline.shots) is there


@pytest.mark.parametrize(
    ("asked", "transition"),
    [
        ("cut", Transition()),
        ("cross-fade", Transition(kind="dissolve", frames=12)),
        ("dip", Transition(kind="dip", frames=12, through="ground")),
        ("dip-to-black", Transition(kind="dip", frames=12, through="black")),
    ],
)
def test_a_beat_begins_as_it_asks(asked: str, transition: Transition) -> None:
    for kind in ("chapter", "promise"):
        shots = film(with_beat(place(kind), transition=asked)).shots
        first = next(shot for shot in shots if isinstance(shot, CardShot) and shot.kind == kind)
        assert first.transition == transition


def test_beats_begin_as_their_storyboard_asks_but_for_the_promise() -> None:
    shots = film(PROMISE.model_copy(update={"transition": "cut"})).shots
    kinds = [shot.transition.kind for shot in shots]
    promise = [i for i, shot in enumerate(shots) if isinstance(shot, CardShot) and shot.kind == "promise"]
    assert {i for i, kind in enumerate(kinds) if kind == "dip"} == {promise[0], promise[1] + 1}
    assert [i for i, kind in enumerate(kinds) if kind == "dissolve"] == [promise[1]]


@pytest.mark.parametrize(("portrait", "framing"), [("blur", "blur"), ("crop", "cover"), ("bars", "fit")])
def test_upright_footage_is_shown_as_asked(portrait: str, framing: str) -> None:
    for storyboard in (
        PROMISE.model_copy(update={"portrait": portrait}),
        with_beat(place("officers"), portrait=portrait),
    ):
        shots = [
            one for one in film(storyboard).shots if isinstance(one, VideoShot) and one.file == "phone_portrait.MOV"
        ]
        assert {shot.framing for shot in shots} == {framing}


def test_a_slot_takes_no_more_clips_than_it_may() -> None:
    clips = [*anytown(), *(photo(f"more{n}.jpg") for n in range(3))]
    timeline = film(with_slot("photos", max_count=1), clips=clips)
    assert len([shot for shot in timeline.shots if isinstance(shot, PhotoShot)]) == 1
    notes = [note for note in timeline.notes if "1 clip of “photos” at most" in note]
    assert len(notes) == len([clip for clip in clips if clip.kind == "photo"]) - 1


MOST = [("leader", 12.0), ("community", 20.0), ("broll", 40.0), ("photos", 6.0)]


def shown_seconds(timeline: Timeline, slot: str, clips: list[Clip]) -> float:
    heard = {clip.file for clip in clips if clip.slot == slot and clip.sentences}
    spoken = sum(one.end - one.start - one.fade_out for one in timeline.sounds if one.file in heard) / 30
    return spoken if heard else seconds_of(timeline, slot)


@pytest.mark.parametrize(("slot", "most"), MOST)
def test_a_slot_shows_no_more_seconds_than_it_may(slot: str, most: float) -> None:
    clips = [*anytown(), video("wide.mp4", 90, slot="broll", sound=False)]
    long = [(3.0 * i, 3.0 * i + 3, "bin blue at F two now") for i in range(30)]
    clips += [
        video(f"more{n}.mp4", 91, slot=name, sentences=sentences(long))
        for n, name in enumerate(("leader", "community"))
    ]
    timeline = film(with_slot(slot, max_s=most), clips=clips)
    assert 0 < shown_seconds(timeline, slot, clips) <= most


@pytest.mark.parametrize(("slot", "most"), MOST)
def test_a_slots_most_holds_where_the_film_lacks_footage(slot: str, most: float) -> None:
    timeline = film(with_slot(slot, max_s=most).model_copy(update={"target_s": 300.0}))
    assert 0 < shown_seconds(timeline, slot, anytown()) <= most


def test_a_required_slot_waits_for_its_clips_and_seconds() -> None:
    with pytest.raises(NotEnoughFootage, match=r"2 more clips of everyday scenes .*\(slot broll\)"):
        film(with_slot("broll", min_count=8))
    clips = [clip for clip in anytown() if clip.kind != "photo"]
    with pytest.raises(NotEnoughFootage, match=r"2 photos: photos \(slot photos\)"):
        film(with_slot("photos", min_count=2, required=True), clips=clips)


def test_a_slot_is_filled_by_as_much_as_it_asks_for() -> None:
    when = {"when": "slot community is filled"}
    slots = tuple(one.model_copy(update={"min_count": 2}) if one.id == "community" else one for one in PROMISE.slots)
    storyboard = with_beat(place("chapter"), **when).model_copy(update={"slots": slots})
    assert not any(getattr(shot, "kind", "") == "chapter" for shot in film(storyboard).shots)
    second = video("second.mp4", 30, slot="community", sentences=sentences(GRID))
    assert any(getattr(shot, "kind", "") == "chapter" for shot in film(storyboard, clips=[*anytown(), second]).shots)


def test_a_broadcast_film_is_mixed_to_its_loudness() -> None:
    assert film(PROMISE).loudness_lufs == -16
    assert film(PROMISE.model_copy(update={"format": "broadcast"})).loudness_lufs == -24


def with_music(**facts: Any) -> Storyboard:
    return PROMISE.model_copy(update={"music": Music(**facts)})


def test_the_storyboards_music_plays_where_the_footage_names_none() -> None:
    clips = [*anytown(), sound("other.ogg", 60)]
    assert film(with_music(file="other.ogg"), clips=clips).music == "other.ogg"
    assert film(with_music(file="other.ogg"), clips=clips, music="music.ogg").music == "music.ogg"
    assert film(with_music(file="gone.ogg"), clips=clips).music is None


def test_a_film_without_music_says_so() -> None:
    timeline = film(with_music(style="none"), music="music.ogg")
    assert timeline.music is None
    assert "the music “music.ogg” is not used: the storyboard has none" in timeline.notes


def level(timeline: Timeline, frame: float) -> float:
    """Decibels against the music's own level at a frame, as the mix computes them."""
    parts = [one.by_db * min(1.0, max(0.0, (frame - one.start) / (one.end - one.start))) for one in ducking(timeline)]
    return sum(parts)


def test_music_between_speech_is_silent_under_it() -> None:
    timeline = film(with_music(level_db=-8, style="between"), music="music.ogg")
    assert timeline.music_gain_db == -8
    for span in timeline.speech:
        assert level(timeline, (span.start + span.end) / 2) <= -59
    assert level(timeline, 0) == 0


def test_a_beat_has_the_music_as_low_as_it_asks() -> None:
    for asked, by in (("low", -8.0), ("off", -60.0), ("full", 0.0)):
        timeline = film(with_beat(place("promise"), music=asked), music="music.ogg")
        cards = [shot for shot in timeline.shots if isinstance(shot, CardShot) and shot.kind == "promise"]
        assert level(timeline, cards[0].start + 1) == pytest.approx(by)
        assert level(timeline, cards[-1].end - 1) == pytest.approx(by)
        assert level(timeline, cards[-1].end + 30) == pytest.approx(0)


def test_neighbours_of_one_level_do_not_let_the_music_up_between_them() -> None:
    beats = tuple(beat.model_copy(update={"music": "off"}) for beat in PROMISE.beats)
    timeline = film(PROMISE.model_copy(update={"beats": beats}), music="music.ogg")
    assert [(one.start, one.end) for one in timeline.music_steps] == [(0, timeline.frames)]


def test_captions_stand_on_the_ground_that_is_asked_for() -> None:
    timeline = film(PROMISE.model_copy(update={"captions": "solid"}))
    captioned = [one for one in split(timeline) if one.cues]
    assert captioned
    assert {one.captions for one in captioned} == {"solid"}
    cue = captioned[0].cues
    assert "&H00000000" in script(cue, "solid")
    assert script(cue, "solid") != script(cue, "soft")


def test_a_films_colours_are_its_storyboards_or_the_agencys() -> None:
    assert in_brand(AGENCY, PROMISE) == AGENCY
    brand = Brand(ground="#101010", accent="#FFAA00")
    branded = in_brand(AGENCY, PROMISE.model_copy(update={"brand": brand}))
    assert branded.colours == Colours(ground="#101010", accent="#FFAA00")
    assert branded.name == AGENCY.name


def narrated(*voices: Narration) -> Storyboard:
    beats = [beat for beat in PROMISE.beats if not isinstance(beat, Broll)]
    return PROMISE.model_copy(update={"beats": (beats[0], *voices, *beats[1:3], Broll(max_s=60), *beats[3:])})


def test_scenes_last_as_long_as_the_voice_over_them() -> None:
    voices = [sound(f"voice{n}.wav", 12, sentences=sentences(GRID[: n + 2]), slot="narration") for n in range(2)]
    clips = [*anytown(), *voices]
    timeline = film(narrated(Narration(), Narration(shot_s=3), Narration()), clips=clips)
    told = [one for one in timeline.sounds if one.role == "narration"]
    assert [one.file for one in told] == ["voice0.wav", "voice1.wav"]
    edges = [shot.start for shot in timeline.shots] + [timeline.frames]
    for one in told:
        assert one.start - 15 in edges
        assert one.end + 15 in edges
    assert not any("fit over the everyday scenes" in note for note in timeline.notes)


def test_no_voice_means_no_narrated_scenes() -> None:
    without = PROMISE.model_copy(update={"beats": tuple(b for b in narrated().beats)})
    assert film(narrated(Narration())).shots == film(without).shots


def test_beats_keep_their_numbers_when_a_voice_before_them_is_missing() -> None:
    assert [one.nth for one in film(narrated(Narration())).beats if one.slot == "broll"] == [2]
    clip = next(one for one in anytown() if one.file.startswith("broll"))
    cuts = ({"clip": clip.digest, "file": clip.file, "start": 30, "end": 150},)
    edits = Edits.model_validate({"beats": ({"slot": "broll", "nth": 2, "cuts": cuts},)})
    timeline = film(narrated(Narration()), edits=edits)
    assert timeline.unapplied == ()
    assert [(one.nth, one.end - one.start) for one in timeline.beats if one.slot == "broll"] == [(2, 120)]


def test_a_clip_that_nobody_would_show_is_shown_where_a_person_asks_for_it() -> None:
    dark = video("dark.mp4", 12, analysis=measured(12, black=(1.0,) * 12))
    cuts = ({"clip": dark.digest, "file": dark.file},)
    edits = Edits.model_validate({"beats": ({"slot": "broll", "nth": 1, "cuts": cuts},)})
    timeline = plan(PROMISE, [*anytown(), dark], AGENCY, edits=edits)
    assert timeline.unapplied == ()
    (shot,) = [one for one in timeline.shots if isinstance(one, VideoShot) and one.file == dark.file]
    assert shot.source_start + (shot.end - shot.start) / 2 == 180


def test_a_long_voice_is_cut_to_whole_sentences() -> None:
    clips = [*anytown(), sound("voice.wav", 40, sentences=sentences(GRID), slot="narration")]
    timeline = film(narrated(Narration(max_s=11)), clips=clips)
    (told,) = [one for one in timeline.sounds if one.role == "narration"]
    assert 240 <= told.end - told.start <= 330
    assert any("“voice.wav”: only" in note for note in timeline.notes)


def test_a_chapter_card_before_another_card_stands_by_itself() -> None:
    beats = PROMISE.beats
    chapter = beats[place("chapter")].model_copy(update={"lines": ("Come and see",)})
    timeline = film(PROMISE.model_copy(update={"beats": (*beats[:-1], chapter, beats[-1])}))
    cards = [shot for shot in timeline.shots if isinstance(shot, CardShot)]
    assert [card.kind for card in cards[-2:]] == ["chapter", "end"]
    assert cards[-2].lines == ("Come and see",)


def test_a_voice_without_a_place_is_no_silent_scene() -> None:
    clips = [clip.model_copy(update={"slot": None}) if clip.file == "community.mp4" else clip for clip in anytown()]
    timeline = film(load("chief-address"), clips=clips)
    assert not any(getattr(shot, "file", "") == "community.mp4" for shot in timeline.shots)
    (note,) = [note for note in timeline.notes if "community.mp4" in note]
    assert "no place for another voice" in note
