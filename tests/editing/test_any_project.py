"""Any footage makes a sound plan or a plain refusal."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from editing.planning import NotEnoughFootage, plan
from ingest.analysis import Analysis
from ingest.clip import Clip
from storyboards.library import load
from tests.editing.clips import GRID, measured, photo, sentences, sound, video
from tests.editing.plan_checks import AGENCY, check


@st.composite
def analyses(draw: st.DrawFn, seconds: float) -> Analysis | None:
    """What inspection may have measured of a clip of so many seconds, or nothing."""
    seed = draw(st.integers(0, 9999))
    chance = random.Random(seed)
    if seed % 2:
        return None
    whole, frames = int(seconds) + 1, round(seconds * 30)
    flashes: list[tuple[int, int]] = []
    for start in sorted(chance.choices(range(frames), k=chance.randrange(3))):
        if not flashes or start > flashes[-1][1]:
            flashes.append((start, min(frames, start + chance.randint(10, 90))))
    return measured(
        whole,
        motion=[chance.uniform(0, 20) for _ in range(whole)],
        sharpness=chance.uniform(0, 2000),
        shake=chance.uniform(0, 9),
        black=chance.choices([0.0, 0.1, 1.0], [6, 3, 1], k=whole),
        cuts=sorted(chance.sample(range(1, frames), chance.randrange(4))),
        flashes=flashes,
        faces=chance.choices(range(whole), k=chance.randrange(3)),
        marks=chance.choices(["00ff00ff00ff00ff", "f0f0f0f00f0f0f0f"], k=whole),
    )


@st.composite
def projects(draw: st.DrawFn) -> list[Clip]:
    """Any project: clips of any length and shape, talk of any rhythm, rich or poor."""
    clips = []
    for n in range(draw(st.integers(1, 6))):
        seconds = draw(st.floats(1, 90))
        size = draw(st.sampled_from([(1280, 720), (720, 1280), (768, 576), (500, 500)]))
        told = draw(analyses(seconds))
        clips.append(
            video(f"b{n}.mp4", seconds, size=size, sharpness=draw(st.floats(0, 500)), sound=False, analysis=told)
        )
    for n, slot in enumerate(draw(st.lists(st.sampled_from(["leader", "officers", "community", None]), max_size=4))):
        rows, at = [], draw(st.floats(0, 2))
        for _ in range(draw(st.integers(1, 10))):
            words = draw(st.integers(1, 22))
            stop = draw(st.sampled_from([".", ",", "", "?"]))
            length = words * draw(st.floats(0.35, 0.7))
            rows.append((at, at + length, " ".join(["peace"] * words) + stop))
            at += length + draw(st.floats(0, 3))
        seconds = at + draw(st.floats(0, 1))
        clips.append(
            video(
                f"t{n}.mp4",
                seconds,
                slot=slot,
                analysis=draw(analyses(seconds)),
                sentences=sentences(rows),
                speaker_name=draw(st.sampled_from([None, "A B", "C D"])),
            )
        )
    if draw(st.booleans()):
        first = draw(st.integers(0, 4))
        clips = [
            clip.model_copy(update={"in_s": 1.5, "out_s": 20.25}) if n == first else clip
            for n, clip in enumerate(clips)
        ]
    if draw(st.booleans()):
        clips.append(sound("voice.wav", 31, sentences=sentences(GRID), slot="narration"))
    clips += [photo(f"p{n}.jpg") for n in range(draw(st.integers(0, 5)))]
    return clips


@settings(derandomize=True)
@given(projects())
def test_any_project_makes_a_sound_plan_or_a_plain_refusal(clips: list[Clip]) -> None:
    try:
        timeline = plan(load("promise"), clips, AGENCY)
    except NotEnoughFootage as refused:
        message = str(refused)
    else:
        check(timeline, clips)
        assert timeline.frames <= 5400 + 60
        return
    assert "Still needed: " in message
    assert "; ." not in message
