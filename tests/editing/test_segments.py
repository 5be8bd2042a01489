"""Segments tile the film exactly and say only what is seen."""

import itertools
from typing import Any

from editing.segments import LONGEST, split, uncaptioned
from editing.timeline import CardShot, Cue, LowerThird, Timeline, Transition, VideoShot


def film(*shots: Any, cues: tuple[Cue, ...] = (), thirds: tuple[LowerThird, ...] = ()) -> Timeline:
    return Timeline(storyboard="t", frames=shots[-1].end, shots=shots, cues=cues, lower_thirds=thirds)


def video(start: int, end: int, **more: object) -> VideoShot:
    return VideoShot(start=start, end=end, file="a.mp4", slot="broll", source_start=10, **more)


def card(start: int, end: int, **more: object) -> CardShot:
    return CardShot(start=start, end=end, kind="chapter", lines=("Hello",), **more)


def test_segments_tile_the_film() -> None:
    timeline = film(
        card(0, 90),
        video(90, 700, transition=Transition(kind="dissolve", frames=12)),
        card(700, 800, transition=Transition(kind="dip", frames=12)),
    )
    segments = split(timeline)
    assert segments[0].start == 0
    assert all(a.start + a.frames == b.start for a, b in itertools.pairwise(segments))
    assert segments[-1].start + segments[-1].frames == 800
    assert all(segment.frames > 0 for segment in segments)


def test_a_dissolve_is_its_own_segment_and_shows_the_tail_of_the_shot_before() -> None:
    timeline = film(card(0, 90), video(90, 200, transition=Transition(kind="dissolve", frames=12)))
    _, dissolve, body = split(timeline)
    assert (dissolve.start, dissolve.frames) == (90, 12)
    assert dissolve.dissolve_from is not None
    assert dissolve.dissolve_from.first == 90
    assert (body.start, body.take.first) == (102, 12)


def test_a_dip_fades_out_and_in() -> None:
    timeline = film(video(0, 100), card(100, 200, transition=Transition(kind="dip", frames=12)))
    out, back = split(timeline)
    assert (out.fade_out, back.fade_in) == (12, 12)


def test_a_shot_may_come_out_of_one_colour_and_go_into_another() -> None:
    """Both shots beside a cut go through what the incoming one says; a plan from before that was said, the ground."""
    black = Transition(kind="dip", frames=12, through="black")
    kept = Transition.model_validate({"kind": "dip", "frames": 12})
    shots = video(0, 100), video(100, 200, transition=black), card(200, 300, transition=kept)
    before, between, after = split(film(*shots))
    assert before.fade_out_to == between.fade_in_from == "black"
    assert between.fade_out_to == after.fade_in_from == "ground"


def test_long_shots_are_split_between_cues() -> None:
    cues = tuple(Cue(start=at, end=at + 80, lines=("x",)) for at in range(0, 580, 90))
    segments = split(film(video(0, 600), cues=cues))
    assert len(segments) > 3
    assert all(segment.frames <= LONGEST for segment in segments)
    inside = [segment.start for segment in segments[1:] if any(c.start < segment.start < c.end for c in cues)]
    assert inside == []


def test_cues_and_lower_thirds_are_counted_from_the_segment() -> None:
    cue, third = Cue(start=95, end=150, lines=("x",)), LowerThird(start=80, end=220, name="A", role="B")
    timeline = film(card(0, 90), video(90, 200), cues=(cue,), thirds=(third,))
    _, segment = split(timeline)
    assert (segment.cues[0].start, segment.cues[0].end) == (5, 60)
    assert segment.lower_third is not None
    assert (segment.lower_third.start, segment.lower_third.end) == (-10, 130)
    assert uncaptioned(segment).cues == ()
