"""The clock of a picture stream, from made-up times."""

from fractions import Fraction

import pytest

from ingest.stamps import Stamps


def stamps_of(times: list[float], length_s: float = 0.0) -> Stamps:
    stamps = Stamps()
    for time in times:
        stamps.take(time, length_s)
    return stamps


def test_an_even_clock_lasts_to_the_end_of_its_last_picture() -> None:
    stamps = stamps_of([5 + n / 25 for n in range(50)])
    assert stamps.start_s == 5
    assert stamps.duration_s == pytest.approx(2.0)
    assert stamps.rate(None) == 25
    assert not stamps.varies()


def test_the_length_that_the_last_picture_tells_counts() -> None:
    assert stamps_of([0.0, 0.1, 0.2], length_s=0.5).duration_s == pytest.approx(0.7)


def test_the_streams_own_rate_is_believed_within_a_hundredth() -> None:
    stamps = stamps_of([n * 1001 / 30000 for n in range(90)])
    assert stamps.rate(Fraction(30000, 1001)) == Fraction(30000, 1001)
    assert stamps.rate(Fraction(60)) == Fraction(30000, 1001)


def test_dropped_pictures_make_a_clock_vary_and_milliseconds_do_not() -> None:
    kept = [n / 30 for n in range(90) if n % 7 != 3]
    assert stamps_of(kept).varies()
    assert not stamps_of([round(n / 30, 3) for n in range(90)]).varies()


@pytest.mark.parametrize("jump", [30.0, -30.0])
def test_a_jump_of_the_clock_ends_the_clip(jump: float) -> None:
    stamps = stamps_of([n / 30 for n in range(30)])
    assert not stamps.take(1.0 + jump, 0.0)
    assert stamps.broken
    assert stamps.duration_s == pytest.approx(1.0)


def test_pictures_out_of_order_are_put_in_order() -> None:
    stamps = stamps_of([0.0, 0.08, 0.04, 0.12])
    assert not stamps.broken
    assert stamps.ticks().tolist() == [0, 28800, 57600, 86400]


def test_no_picture_has_no_length() -> None:
    stamps = Stamps()
    assert (stamps.duration_s, stamps.start_s, stamps.rate(None)) == (0.0, 0.0, 30)
    assert not stamps.varies()
    assert not len(stamps.ticks())
