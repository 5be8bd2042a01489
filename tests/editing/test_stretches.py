"""B-roll lies inside one shot of the camera, away from flashes and black."""

from editing.stretches import HANDLE, LONGEST, SHORTEST, clean_end, clean_ranges, fill, stretches
from tests.editing.clips import measured, video


def test_edges_of_a_clip_are_left_out_when_it_is_long_enough() -> None:
    assert stretches(video("a", 10)) == ((9, 288),)
    assert stretches(video("a", 3)) == ((0, 90),)
    assert stretches(video("a", 20, in_s=2.0, out_s=12.0)) == ((69, 348),)


def test_a_shot_of_the_camera_is_never_left() -> None:
    clip = video("a", 20, analysis=measured(20, cuts=[150, 160, 400]))
    assert clean_ranges(clip) == ((0, 147), (153, 157), (163, 397), (403, 600))
    assert stretches(clip) == ((9, 135), (163, 385), (403, 588))


def test_flashes_and_black_are_left_out() -> None:
    flashing = video("a", 20, analysis=measured(20, flashes=[(200, 240)]))
    assert clean_ranges(flashing) == ((0, 194), (246, 600))
    dark = video("a", 20, analysis=measured(20, black=[1.0] * 5 + [0.1] * 15))
    assert clean_ranges(dark) == ((150, 600),)
    assert stretches(video("a", 5, analysis=measured(5, flashes=[(40, 100)]))) == ()


def test_a_dissolve_may_play_on_to_the_next_cut_only() -> None:
    clip = video("a", 20, analysis=measured(20, cuts=[150]), out_s=15.0)
    assert [clean_end(clip, frame) for frame in (100, 147, 149, 300)] == [147, 147, 149, 450]


def test_a_stretch_fills_what_its_best_number_of_shots_shows() -> None:
    for frames in range(1000):
        counts = range(1, 12)
        shown = [min(LONGEST * n, frames - HANDLE * (n - 1)) for n in counts]
        assert fill(frames) == max([0, *(most for n, most in zip(counts, shown, strict=True) if most >= SHORTEST * n)])
