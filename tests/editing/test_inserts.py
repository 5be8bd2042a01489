"""B-roll over speakers: over jump cuts and flashes, now and then in a long talk, and J and L cuts beside it."""

from itertools import pairwise
from typing import Any

from editing.assembly import Layout, lay_out_parts
from editing.inserts import with_inserts, with_leads
from editing.parts import BrollPart, Part, SpeechPart
from editing.speech_selection import Run, runs_of, speeches_of
from editing.stock import Stock
from editing.timeline import VideoShot
from ingest.clip import Clip
from tests.editing.clips import LJ, measured, sentences, video

SCENES = [video(f"b{n}.mp4", 20, analysis=measured(20, motion=[5.0] * 20)) for n in range(4)]


def talk(seconds: float = 54, **more: Any) -> Clip:
    return video("talk.mp4", seconds, sentences=sentences(LJ), **more)


def whole(clip: Clip) -> tuple[Run, ...]:
    return runs_of(clip, speeches_of(clip))


def covered(runs: tuple[Run, ...], scenes: list[Clip] = SCENES) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """Where inserts lie over some runs, and the notes."""
    parts, notes = with_inserts([SpeechPart("leader", runs, lower_third=True)], {"broll": Stock(scenes)})
    (part,) = parts
    assert isinstance(part, SpeechPart)
    return [(one.start, one.end) for one in part.inserts], notes


def test_a_jump_cut_is_covered_from_just_before_it_or_until_just_after() -> None:
    clip = talk()
    speeches = speeches_of(clip)
    runs = runs_of(clip, [*speeches[:1], *speeches[4:5]])
    (jump,) = (runs[0].frames,)
    ((start, end),), _ = covered(runs)
    assert start < jump < end
    assert min(jump - start, end - jump) <= 18
    assert 75 <= end - start <= 120


def test_a_long_talk_gets_relief_and_a_short_one_does_not() -> None:
    inserts, _ = covered(whole(talk()))
    assert 3 <= len(inserts) <= 4
    assert inserts[0][0] >= 120
    assert all(90 <= end - start <= 150 for start, end in inserts)
    assert all(300 <= after[0] - before[0] <= 450 for before, after in pairwise(inserts))
    assert inserts[-1][1] <= whole(talk())[0].frames - 60
    assert covered(runs_of(talk(), speeches_of(talk())[:1])) == ([], ())


def test_inserts_come_and_go_between_words() -> None:
    clip = talk()
    (run,) = whole(clip)
    spoken = [(round(word.start_s * 30), round(word.end_s * 30)) for word, _ in run.words]
    for edge in [edge for insert in covered((run,))[0] for edge in insert]:
        assert not any(start < edge + run.start < end for start, end in spoken)


def test_a_name_is_read_before_the_picture_leaves() -> None:
    runs = whole(talk(speaker_name="Speaker One"))
    parts, _ = with_inserts([SpeechPart("leader", runs, lower_third=True)], {"broll": Stock(SCENES)})
    layout = lay_out_parts(parts, {})
    (third,) = layout.lower_thirds
    assert third.end - third.start == 150
    assert all(shot.file == "talk.mp4" for shot in layout.shots if shot.start < third.end)


def test_what_is_dull_is_no_relief() -> None:
    dull = [video("room.mp4", 60, analysis=measured(60, motion=[0.0] * 60, sharpness=20.0))]
    assert covered(whole(talk()), dull) == ([], ())


def test_a_flash_is_covered_or_said() -> None:
    clip = talk(analysis=measured(54, flashes=[(600, 640)]))
    inserts, notes = covered(whole(clip))
    assert any(start <= 594 and end >= 646 for start, end in inserts)
    assert notes == ()
    inserts, notes = covered(whole(clip), [])
    assert inserts == []
    assert notes == (
        "“talk.mp4” flashes at 0:19 and no scenes are left to show instead, so the light is damped there: look at it "
        "before you approve the film",
    )


def test_inserts_touch_neither_sound_nor_words() -> None:
    part = SpeechPart("leader", whole(talk()), lower_third=True)
    plain, parts = lay_out_parts([part], {}), with_inserts([part], {"broll": Stock(SCENES)})[0]
    laid = lay_out_parts(parts, {})
    assert len(laid.shots) > len(plain.shots)
    assert laid.sounds == plain.sounds
    assert laid.speech == plain.speech
    assert said(laid) == said(plain)


def said(layout: Layout) -> list[str]:
    return [line for cue in layout.cues for line in cue.lines]


def between_scenes(clip: Clip) -> Layout:
    """A talk of two sentences with b-roll before and after."""
    stock = Stock(SCENES)
    pieces = [stock.take(120, least=120, left=120) for _ in range(2)]
    before, after = (BrollPart("broll", (piece,)) for piece in pieces if piece)
    parts: list[Part] = [before, SpeechPart("leader", runs_of(clip, speeches_of(clip)[1:3]), True), after]
    return lay_out_parts(with_leads(parts, {"broll": stock}), {})


def test_a_speaker_is_heard_before_he_is_seen_and_after() -> None:
    layout = between_scenes(talk())
    speaker = next(shot for shot in layout.shots if isinstance(shot, VideoShot) and shot.file == "talk.mp4")
    (heard,) = layout.sounds
    assert (heard.start, speaker.start) == (120, 135)
    assert speaker.source_start - heard.source_start == 15
    assert layout.speech[0].start < speaker.start, "his first word is heard over the scenes"
    assert heard.end - speaker.end == heard.fade_out
    assert heard.fade_out == 0, "the next sentence begins too soon"


def test_the_room_runs_out_over_the_scenes_up_to_the_next_word() -> None:
    pausing = video("talk.mp4", 20, sentences=sentences([(0.5, 2, "One."), (3, 5, "Two."), (6, 8, "Three.")]))
    (heard,) = between_scenes(pausing).sounds
    assert heard.fade_out == 20
    assert heard.source_start + heard.end - heard.start <= 20 * 30
    bounded = pausing.model_copy(update={"out_s": 8.7})
    (heard,) = between_scenes(bounded).sounds
    assert heard.source_start + heard.end - heard.start <= 8.7 * 30


def test_nobody_unwritten_is_let_in_by_a_tail() -> None:
    rows = [(0.5, 2, "One."), (3, 5, "Two."), (6, 8, "Three.")]
    told = measured(20).model_copy(update={"pauses": ()})
    asked = told.model_copy(update={"pauses": measured(20, flashes=[(240, 258)]).flashes})
    clip = video("talk.mp4", 20, sentences=sentences(rows), analysis=asked)
    assert [one.fade_out for one in between_scenes(clip).sounds] == [6]
