"""The plan as JSON and as an OpenTimelineIO timeline."""

import json

import opentimelineio as otio

from delivery.otio import otio_json
from delivery.timeline_json import timeline_json
from editing.timeline import Timeline
from ingest.clip import Clip


def test_timeline_json_has_what_outsiders_rely_on(timeline: Timeline) -> None:
    plan = json.loads(timeline_json(timeline))
    assert plan["rate"] == "30/1"
    assert plan["frames"] == 360
    assert [card["kind"] for card in plan["cards"]] == ["opening", "promise", "end"]
    assert plan["cards"][1]["text"].startswith("We, Anytown Police Department, promise that while")
    assert plan["shots"][0] | {"transition": None} == {
        "start": 60,
        "end": 180,
        "kind": "video",
        "file": "leader & crew.mp4",
        "source_start": 30,
        "slot": "leader",
        "transition": None,
        "why": "all that is said, a whole thought",
    }
    assert plan["shots"][-1]["source_start"] == 0
    assert plan["speech"] == [{"start": 66, "end": 168, "file": "leader & crew.mp4"}]
    assert plan["cues"][0]["start"] == 66


def test_otio_reads_back_with_every_shot_and_the_whole_length(timeline: Timeline, clips: tuple[Clip, ...]) -> None:
    film = otio.adapters.read_from_string(otio_json(timeline, clips), "otio_json")
    picture, voices, music = film.tracks
    assert picture.duration().to_frames() == 360
    assert [type(item).__name__ for item in picture][:3] == ["Clip", "Transition", "Clip"]
    leader = picture[2]
    assert leader.media_reference.target_url == "leader%20%26%20crew.mp4"
    assert leader.source_range.start_time.to_frames() == 30
    assert leader.media_reference.available_range.duration.to_frames() == 300
    assert [item.name for item in picture if type(item).__name__ == "Transition"] == ["dissolve", "dip to black"]
    assert len(picture.markers) == 2
    assert voices.duration().to_frames() == 180
    assert music.duration().to_frames() == 360
