"""Every field of a storyboard has its effect in the film that is planned from it."""

from typing import Any

import pytest

from editing.planning import NotEnoughFootage, plan
from editing.timeline import CardShot, PhotoShot, Timeline, VideoShot
from storyboards.library import load
from storyboards.storyboard import Storyboard
from tests.editing.clips import GRID, anytown, photo, sentences, video
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


@pytest.mark.parametrize(("asked", "kind"), [("cut", "cut"), ("cross-fade", "dissolve"), ("dip", "dip")])
def test_a_beat_begins_as_it_asks(asked: str, kind: str) -> None:
    shots = film(with_beat(place("chapter"), transition=asked)).shots
    assert [shot.transition.kind for shot in shots if isinstance(shot, CardShot) and shot.kind == "chapter"] == [kind]
    shots = film(with_beat(place("promise"), transition=asked)).shots
    first = next(shot for shot in shots if isinstance(shot, CardShot) and shot.kind == "promise")
    assert first.transition.kind == kind


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


@pytest.mark.parametrize(("slot", "most"), [("leader", 12.0), ("community", 20.0), ("broll", 40.0), ("photos", 6.0)])
def test_a_slot_shows_no_more_seconds_than_it_may(slot: str, most: float) -> None:
    clips = [*anytown(), video("wide.mp4", 90, slot="broll", sound=False)]
    long = [(3.0 * i, 3.0 * i + 3, "bin blue at F two now") for i in range(30)]
    clips += [
        video(f"more{n}.mp4", 91, slot=name, sentences=sentences(long))
        for n, name in enumerate(("leader", "community"))
    ]
    timeline = film(with_slot(slot, max_s=most), clips=clips)
    heard = {clip.file for clip in clips if clip.slot == slot and clip.sentences}
    spoken = sum(one.end - one.start - one.fade_out for one in timeline.sounds if one.file in heard) / 30
    shown = spoken if heard else seconds_of(timeline, slot)
    assert 0 < shown <= most + 5 * (slot == "broll") + 2 * (slot == "photos")


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
