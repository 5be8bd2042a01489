"""Music of any length fills a film of any length, joins where it sounds alike, and ends with the film."""

from itertools import pairwise

import numpy as np
import pytest

from editing.bed import RATE, Bed, Heard, arrange

BEAT_S = 0.6


def tune(bars: int, *, end: bool, lead_s: float = 0.0, noise: float = 0.003) -> Heard:
    """Bars of four struck notes, the same in every other bar, with a last note that dies away or a bar cut off."""
    rng = np.random.default_rng(7)
    count = round((bars * 4 * BEAT_S + (5 if end else 0)) * RATE)
    made = rng.standard_normal(count) * noise
    pitches = [(220, 277, 330, 440), (196, 247, 294, 392)]
    for beat in range(bars * 4):
        at = round(beat * BEAT_S * RATE)
        made[at : at + 4000] += _struck(pitches[beat // 4 % 2][beat % 4], 4000, 0.15)[: count - at]
    if end:
        at = round(bars * 4 * BEAT_S * RATE)
        made[at : at + 3 * RATE] += _struck(220, 3 * RATE, 0.5)
        made[-2 * RATE :] *= np.linspace(1, 0, 2 * RATE) ** 4
    stopped = made if end else made[: -RATE // 2]
    return np.concatenate([np.zeros(round(lead_s * RATE)), stopped]).astype(np.float32)


def _struck(pitch: float, samples: int, decay_s: float) -> Heard:
    t = np.arange(samples) / RATE
    return np.asarray(0.5 * np.sin(2 * np.pi * pitch * t) * np.exp(-t / decay_s), np.float32)


def end_of(bed: Bed) -> float:
    """Second of the film at which the music is over."""
    last = bed.sections[-1]
    return last.start + last.source_end - last.source_start


@pytest.mark.parametrize("film_s", [12.0, 33.3, 60.0, 180.0, 300.0])
def test_a_piece_that_ends_of_itself_ends_with_the_film(film_s: float) -> None:
    heard = tune(12, end=True, lead_s=1.3)
    bed = arrange(heard, film_s, [])
    assert bed.ends
    assert abs(end_of(bed) - film_s) < 0.03
    assert 0 <= bed.sections[0].start <= 3
    assert bed.sections[0].source_start == pytest.approx(1.3, abs=0.1)
    assert len(heard) / RATE - 3 < bed.sections[-1].source_end <= len(heard) / RATE
    for one, other in pairwise(bed.sections):
        assert other.start == pytest.approx(one.start + one.source_end - one.source_start, abs=1e-3)


def test_parts_join_on_the_beat() -> None:
    bed = arrange(tune(12, end=True), 97.0, [])
    jumps = [one.source_end - other.source_start for one, other in pairwise(bed.sections)]
    assert jumps
    for jump in jumps:
        assert abs(jump / BEAT_S - round(jump / BEAT_S)) < 0.02


def test_a_joint_goes_under_speech_where_it_can() -> None:
    spoken = [(20.0, 26.0)]
    bed = arrange(tune(24, end=True), 70.0, spoken)
    joints = [section.start for section in bed.sections[1:]]
    assert any(start <= joint < end for joint in joints for start, end in spoken)


def test_the_same_sound_again_is_cross_faded_evenly_and_a_likeness_by_power() -> None:
    assert arrange(tune(12, end=False, noise=0.0), 100.0, []).curve == "tri"
    rng = np.random.default_rng(3)
    assert arrange(rng.standard_normal(20 * RATE).astype(np.float32) * 0.1, 50.0, []).curve == "qsin"


def test_a_piece_that_stops_short_is_left_to_a_fade() -> None:
    heard = tune(12, end=False)
    assert not arrange(heard, 20.0, []).ends
    longer = arrange(heard, 100.0, [])
    assert not longer.ends
    assert end_of(longer) >= 100.0


@pytest.mark.parametrize("seconds", [0.0, 0.4, 1.9, 2.1, 4.0, 9.0])
@pytest.mark.parametrize("film_s", [5.0, 180.0, 300.0])
def test_however_short_the_sound_the_film_is_filled(seconds: float, film_s: float) -> None:
    heard = (np.random.default_rng(1).standard_normal(round(seconds * RATE)) * 0.1).astype(np.float32)
    bed = arrange(heard, film_s, [])
    assert end_of(bed) >= film_s - 0.03
    assert all(section.source_end > section.source_start for section in bed.sections)


def test_silence_is_no_music() -> None:
    assert len(arrange(np.zeros(30 * RATE, np.float32), 60.0, []).sections) == 1
