"""Every clip's speech comes to one level, whatever the pauses in it, and a voice that wanders is followed slowly."""

from random import Random

import pytest

from editing.levels import SPEECH_LUFS, Ramp, levelling
from editing.timeline import SoundClip
from ingest.analysis import Analysis, SoundSeries, Stretch
from ingest.clip import Clip

from .clips import sentences, video


def talk(levels: list[float], *, pauses: tuple[Stretch, ...] = (), integrated: float | None = -30.0) -> Clip:
    """A clip with these loudnesses second by second."""
    clip = video("talk.mp4", len(levels))
    assert clip.sound
    sound = clip.sound.model_copy(update={"loudness_lufs": integrated})
    analysis = Analysis(sound=SoundSeries(loudness=tuple(levels)), pauses=pauses)
    return clip.model_copy(update={"sound": sound, "analysis": analysis})


def run(start: int, end: int) -> SoundClip:
    """These frames of the clip."""
    return SoundClip(start=0, end=end - start, file="talk.mp4", source_start=start)


def test_a_steady_voice_has_one_gain() -> None:
    assert levelling(talk([-30.0] * 10), [run(0, 60), run(150, 200)]) == (12.0, ())


def test_a_second_half_silent_is_not_taken_for_a_quiet_voice() -> None:
    halves = tuple(Stretch(start=30 * n + 15, end=30 * n + 30) for n in range(10))
    gain, ramps = levelling(talk([-33.01] * 10, pauses=halves), [run(0, 300)])
    assert (round(gain, 1), ramps) == (12.0, ())


def test_words_say_where_speech_is_better_than_pauses_do() -> None:
    clip = talk([-33.01] * 10).model_copy(update={"sentences": sentences([(n, n + 0.5, "word") for n in range(10)])})
    assert round(levelling(clip, [run(0, 300)])[0], 1) == 12.0


def test_only_what_the_film_uses_decides() -> None:
    assert levelling(talk([-40.0] * 10 + [-20.0] * 10), [run(360, 540)])[0] < 12


@pytest.mark.parametrize(("level", "gain"), [(-60.0, 0.0), (-50.0, 20.0), (-30.0, 12.0), (10.0, -20.0)])
def test_the_gain_is_bounded(level: float, gain: float) -> None:
    clip = talk([level] * 5, integrated=None if level == -60 else level)
    assert levelling(clip, [run(0, 150)]) == (gain, ())


def test_a_clip_without_measurements_goes_by_its_loudness() -> None:
    assert levelling(talk([]).model_copy(update={"analysis": None}), [run(0, 60)]) == (12.0, ())
    assert levelling(video("talk.mp4", 5, sound=False), [run(0, 60)]) == (0.0, ())


def test_a_voice_that_moves_away_is_followed_slowly_and_not_all_the_way() -> None:
    levels = [-24.0] * 15 + [-36.0] * 15
    gain, ramps = levelling(talk(levels), [run(0, 900)])
    made = [level + gain + lift(ramps, 30 * n + 15) for n, level in enumerate(levels)]
    settled = made[:10] + made[20:]
    assert max(settled) - min(settled) < 4.0
    assert abs(sum(made) / len(made) - SPEECH_LUFS) < 1.5
    assert max(abs(ramp.by_db) for ramp in ramps) < 3  # decibels a second


def lift(ramps: tuple[Ramp, ...], frame: float) -> float:
    """What the ramps add at a frame."""
    return sum(one.by_db * min(1.0, max(0.0, (frame - one.start) / (one.end - one.start))) for one in ramps)


def test_a_word_that_is_timed_anew_leaves_the_levels_as_they_are() -> None:
    draw = Random(8)
    kept = 0
    for _ in range(100):
        clip = talk([draw.uniform(-33, -27) for _ in range(20)])
        times = [(n * 0.5, n * 0.5 + draw.uniform(0.2, 0.5), "word") for n in range(40)]
        n = draw.randrange(40)
        start, end, word = times[n]
        moved = [*times[:n], (start, end - 0.03, word), *times[n + 1 :]]
        before, after = (clip.model_copy(update={"sentences": sentences(said)}) for said in (times, moved))
        kept += levelling(before, [run(0, 600)]) == levelling(after, [run(0, 600)])
    assert kept >= 90
