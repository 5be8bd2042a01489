"""Silent shots keep their lengths, take clips in turn and never repeat a frame."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from editing.broll import cut, parted
from editing.stock import Piece, Stock
from editing.stretches import HANDLE, LONGEST, SHORTEST, stretches
from ingest.clip import Clip
from tests.editing.clips import video


def test_clips_take_turns_sharpest_first() -> None:
    clips = [
        video("dull", 30, sharpness=1),
        video("sharp", 30, sharpness=9),
        video("shaky", 30, sharpness=9, motion=40),
    ]
    (shots,) = cut([(600, 150)], Stock(clips))
    assert [shot.clip.file for shot in shots] == ["sharp", "shaky", "dull", "sharp"]
    assert [shot.frames for shot in shots] == [150] * 4


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.lists(st.integers(90, 1500), min_size=1, max_size=4), st.lists(st.floats(1, 60), min_size=1, max_size=6))
def test_no_frame_is_shown_twice(needs: list[int], seconds: list[float]) -> None:
    clips = [video(f"{n}", length) for n, length in enumerate(seconds)]
    plan = cut([(need, 150) for need in needs], Stock(clips))
    if sum(needs) <= 0.6 * Stock(clips).capacity:
        assert sum(s.frames for shots in plan for s in shots) >= sum(needs) - 89 * len(needs)
    for made in (plan, parted([(need, 150) for need in needs], Stock(clips))):
        check(needs, made, clips)
    whole = Stock(clips).capacity
    assert sum(shot.frames for shots in parted([(whole, 150)], Stock(clips)) for shot in shots) == whole


def check(needs: list[int], plan: Sequence[Sequence[Piece]], clips: Sequence[Clip]) -> None:
    """No need is overrun, shots have their lengths, and those of a clip keep apart inside what is clean of it."""
    for need, shots in zip(needs, plan, strict=True):
        assert sum(shot.frames for shot in shots) <= need
        assert all(SHORTEST <= shot.frames <= LONGEST for shot in shots)
    for clip in clips:
        spans = sorted((s.start, s.start + s.frames) for shots in plan for s in shots if s.clip.file == clip.file)
        assert all(any(low <= a and b <= high for low, high in stretches(clip)) for a, b in spans)
        assert all(b[0] - a[1] >= HANDLE for a, b in pairwise(spans))
