"""Shares add up exactly and never exceed what is asked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from editing.fitting import shared_out, stretched

FRAMES = st.lists(st.integers(0, 2000), min_size=1, max_size=6)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.integers(0, 9000), FRAMES)
def test_shares_add_up(total: int, wants: list[int]) -> None:
    given_out = shared_out(total, wants)
    assert all(0 <= one <= want for one, want in zip(given_out, wants, strict=True))
    assert sum(given_out) == min(total, sum(wants))


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.integers(0, 9000), st.lists(st.tuples(st.integers(90, 300), st.integers(0, 900)), min_size=1, max_size=6))
def test_beats_stretch_between_their_limits(total: int, beats: list[tuple[int, int]]) -> None:
    least, most = [low for low, _ in beats], [low + more for low, more in beats]
    frames = stretched(total, least, most, 90)
    assert sum(frames) <= total or not total
    assert all(one == 0 or 90 <= one <= high for one, high in zip(frames, most, strict=True))
    if sum(least) <= total:
        assert sum(frames) == min(total, sum(most))
