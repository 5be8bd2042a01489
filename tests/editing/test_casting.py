"""A clip that nobody gave a slot goes where it suits, by what people said of it and by what was measured."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from editing.assignment import assign
from editing.coach import coach
from editing.planning import plan
from editing.timeline import CardShot
from ingest.analysis import Face
from ingest.clip import Clip, Kind
from ingest.footage import read_footage
from ingest.inspect import inspect
from storyboards.library import load
from storyboards.storyboard import Slot
from tests.editing.clips import GRID, LJ, anytown, measured, photo, sentences, sound, video
from tests.editing.plan_checks import AGENCY

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
PROMISE = load("promise")


def talk(file: str, seconds: int = 30, *, near: float = 0.4, **more: Any) -> Clip:
    """Somebody who speaks, with faces of this height in every second."""
    told = measured(seconds, shake=more.pop("shake", 0.3))
    faces = tuple(Face(frame=30 * n, x=0.5, y=0.4, width=near / 2, height=near) for n in range(seconds))
    told = told.model_copy(update={"faces": faces if near else ()})
    return video(file, seconds, sentences=more.pop("said", sentences(GRID)), analysis=told, **more)


def slots_of(*clips: Clip, storyboard: str = "promise") -> dict[str, str]:
    """The slot of each clip that has one."""
    cast = assign(load(storyboard), clips, None)
    return {clip.file: slot for slot, found in cast.slots.items() for clip in found}


@pytest.mark.parametrize(
    ("more", "slot"),
    [
        ({}, "leader"),
        ({"near": 0.0}, "community"),
        ({"near": 0.05}, "community"),
        ({"shake": 5.0}, "community"),
        ({"size": (720, 1280)}, "community"),
        ({"said": sentences(GRID[:2])}, "community"),
        ({"said": (), "sound": False}, "broll"),
        ({"said": ()}, "broll"),
        ({"speaker_role": "Patrol officer"}, "officers"),
        ({"speaker_role": "Chief of Police", "shake": 5.0}, "leader"),
        ({"speaker_role": "Sheriff", "near": 0.0}, "leader"),
        ({"speaker_role": "Community member"}, "community"),
        ({"slot": "officers", "speaker_role": "Chief of Police"}, "officers"),
        ({"slot": "leaders"}, "leader"),
        ({"slot": "photos"}, "leader"),
    ],
)
def test_one_clip_finds_its_slot(more: dict[str, Any], slot: str) -> None:
    assert slots_of(talk("a.mp4", **more)) == {"a.mp4": slot}


def test_somebody_who_speaks_to_the_camera_is_no_silent_scene() -> None:
    clip = talk("a.mp4", said=())
    voiced = clip.model_copy(update={"sound": clip.sound.model_copy(update={"voice": 0.9})}) if clip.sound else clip
    assert slots_of(voiced) == {"a.mp4": "community"}
    assert slots_of(voiced.model_copy(update={"analysis": measured(30)})) == {"a.mp4": "broll"}, (
        "a crowd, not a speaker"
    )


def test_what_a_clip_is_called_tells_too() -> None:
    assert slots_of(talk("IMG/officer_2.mp4", near=0.0), talk("MVI_7.mp4", near=0.0)) == {
        "IMG/officer_2.mp4": "officers",
        "MVI_7.mp4": "community",
    }


def test_one_leader_is_enough() -> None:
    long = talk("z.mp4", 60, said=sentences(LJ))
    assert slots_of(talk("a.mp4"), long) == {"z.mp4": "leader", "a.mp4": "community"}, "who speaks longest"
    assert slots_of(talk("a.mp4"), talk("b.mp4", slot="leader", near=0.0))["a.mp4"] == "community"
    cast = assign(load("chief-address"), [talk("a.mp4"), talk("b.mp4", slot="leader")], None)
    assert [clip.file for clip in cast.slots["leader"]] == ["b.mp4"]
    assert cast.notes == (
        "“a.mp4” was left out: somebody speaks in it, and the storyboard has no place for another voice: "
        "give it a slot",
    )


def test_of_several_slots_for_scenes_the_named_one_is_taken_then_the_emptiest() -> None:
    station = Slot(id="station", title="Your station", takes="broll")
    town = Slot(id="town", title="Your town", takes="broll")
    album = Slot(id="album", title="Old photos", takes="photo")
    storyboard = PROMISE.model_copy(update={"slots": (station, town, album)})
    clips = [
        video("old_station.mp4", 60, sound=False),
        video("a.mp4", 9, sound=False),
        video("b.mp4", 9, sound=False, analysis=measured(9, motion=[5.0] * 9)),
        video("c.mp4", 90, sound=False, slot="station"),
        photo("p.jpg"),
    ]
    cast = assign(storyboard, clips, None)
    files = {slot: [clip.file for clip in found] for slot, found in cast.slots.items()}
    assert files == {"station": ["c.mp4", "old_station.mp4"], "town": ["a.mp4", "b.mp4"], "album": ["p.jpg"]}
    assert cast.reasons == {
        "old_station.mp4": "used for “station” because its name says so",
        "a.mp4": "used for “town” because nobody is known to speak in it",
        "b.mp4": "used for “town” because nobody is known to speak in it (movement, steady, sharp, well lit)",
    }


def test_recorded_voices_need_their_words() -> None:
    told = sound("voice.wav", 20, sentences=sentences(GRID[:4]))
    assert slots_of(told, sound("hum.wav", 20)) == {"voice.wav": "narration"}


def test_why_a_clip_has_its_slot_is_in_the_plan_and_in_the_coach() -> None:
    clips = [clip.model_copy(update={"slot": None}) for clip in anytown()]
    officer = "used for “officers” because its speaker is “Patrol officer”"
    shots = [shot for shot in plan(PROMISE, clips, AGENCY).shots if not isinstance(shot, CardShot)]
    assert {shot.why.partition("; ")[2] for shot in shots if shot.file == "phone_portrait.MOV"} == {officer}
    told = coach(PROMISE, clips, AGENCY)
    assert f"“phone_portrait.MOV” is {officer}" in told.placed
    given = coach(PROMISE, anytown(), AGENCY).placed
    assert not any(name in note for note in given for name in ("leader.mp4", "phone_portrait.MOV", "photo"))


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_clips_does_not_matter_and_what_people_said_holds(seed: int) -> None:
    chance = random.Random(seed)
    clips = [
        talk(
            f"{n}.mp4",
            near=chance.choice([0.0, 0.3]),
            shake=chance.choice([0.3, 6.0]),
            said=chance.choice([(), sentences(GRID), sentences(LJ[:2])]),
            slot=chance.choice([None, None, "leader", "officers", "broll", "nowhere"]),
            speaker_role=chance.choice([None, None, "Chief of Police", "Resident"]),
        )
        for n in range(8)
    ]
    cast = assign(PROMISE, clips, None)
    assert cast == assign(PROMISE, chance.sample(clips, len(clips)), None)
    placed = {clip.file: slot for slot, found in cast.slots.items() for clip in found}
    for clip in clips:
        asked = clip.slot in {slot.id for slot in PROMISE.slots}
        assert placed[clip.file] == clip.slot if asked else clip.file in cast.reasons


def test_real_clips_find_their_slots_again(footage: Path) -> None:
    """With their slots taken away all do by the roles of their speakers; with nothing said of them, only an officer
    passes for a voice of the community."""
    folder = footage / "anytown"
    given = {one.name: one for one in read_footage(folder).files}
    names = [name for name in given if name != "music.ogg"] if SOAK else ["phone_portrait.MOV", "photo_cars.jpg"]
    clips = [inspect(folder / name, name, transcript=given[name].transcript) for name in names]
    slots = {clip.file: given[clip.file].slot or ("photos" if clip.kind is Kind.PHOTO else "broll") for clip in clips}
    told = [clip.model_copy(update={"speaker_role": given[clip.file].speaker_role}) for clip in clips]
    assert slots_of(*told) == slots
    unnamed = [clip.model_copy(update={"file": f"{n}"}) for n, clip in enumerate(clips)]
    found = slots_of(*unnamed)
    assert {name: found[str(n)] for n, name in enumerate(slots)} == {**slots, "phone_portrait.MOV": "community"}
