"""A voice is told from music, crowds and traffic, on real sound and on sound made to fool it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.voice import RATE, traits, voice

Mono = NDArray[np.float32]
Reader = Callable[..., Mono]

CLEAR = 0.85
"""Clear speech of the collection lies above, everything else below."""

SPEECH = (
    "conversation_two_speakers_katiesteve_16k.wav",
    "grid_lwbsza_lay-white-by-s-zero-again.mpg",
    "grid_sbwe5n_set-blue-with-e-five-now.mpg",
    "narration_LJ001-0002.wav",
    "quiet_digits_over_1080p_leader.mp4",
    "reading_aboutSpeechSdk_16k.wav",
)
OTHERS = (
    "h_music/brahms_hungarian_dance5_us_army_strings.ogg",
    "h_music/sugar_plum_fairy_kevin_macleod.ogg",
    "h_music/humpback_ambience_nps.ogg",
    "b_broll/hikers_640x480_17s.mp4",
    "b_broll/marathon_960x540_pcm.mkv",
    "b_broll/people_event_640x480_3s.mp4",
    "c_phone/quicktime_pcm_1080p50_concert.mov",
    "c_phone/rooftop_640x360_17s.mp4",
    "e_audio/bbb_720p_aac51.mp4",
)


@pytest.mark.parametrize("name", SPEECH)
def test_clear_speech_is_a_voice_in_a_noisy_street_too(footage: Path, mono: Reader, name: str) -> None:
    speech = mono(footage / "a_speech" / name)
    assert voice(speech) > CLEAR
    street = np.resize(mono(footage / "b_broll" / "marathon_960x540_pcm.mkv"), len(speech))
    below = np.sqrt(np.mean(speech**2) / np.mean(street**2) / 10)
    assert voice(speech + below * street) > CLEAR - 0.1


@pytest.mark.parametrize("name", OTHERS)
def test_music_crowds_and_traffic_are_less_of_a_voice(footage: Path, mono: Reader, name: str) -> None:
    assert voice(mono(footage / name)) < CLEAR - 0.1


def notes(per_second: int, decay: float, bend: float) -> Mono:
    """A tune on a plucked string, its pitch wavering by `bend`."""
    rng = np.random.default_rng(5)
    tune = np.zeros(12 * RATE)
    at = np.arange(RATE) / RATE
    for start in range(0, len(tune) - RATE, RATE // per_second):
        hertz = 220 * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 11, 12]) / 12)
        phase = 2 * np.pi * hertz * at + bend * np.sin(2 * np.pi * 5.5 * at)
        tune[start : start + RATE] += 0.1 * np.exp(-decay * at) * sum(np.sin(h * phase) / h for h in range(1, 8))
    return tune.astype(np.float32)


def drums(per_second: int) -> Mono:
    at = np.arange(10 * RATE)
    noise = np.random.default_rng(5).normal(0, 0.3, len(at))
    return (noise * np.exp(-(at % (RATE // per_second)) / RATE * 20)).astype(np.float32)


def siren() -> Mono:
    turn = np.cumsum(900 + 400 * np.sin(2 * np.pi * 4 * np.arange(10 * RATE) / RATE)) / RATE
    return (0.3 * np.sign(np.sin(2 * np.pi * turn))).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [notes(4, 12, 0.0), notes(6, 20, 0.0), notes(4, 15, 3.0), drums(4), drums(8), siren()],
    ids=["tune", "quick tune", "wavering tune", "drums", "quick drums", "yelping siren"],
)
def test_rhythm_and_pitch_alone_make_no_voice(sound: Mono) -> None:
    assert voice(sound) < CLEAR - 0.1


@pytest.mark.parametrize("sound", [np.zeros(RATE * 3), np.zeros(0), np.ones(RATE) * 1e-5, np.ones(100)])
def test_silence_and_scraps_are_no_voice(sound: Mono) -> None:
    assert voice(sound.astype(np.float32)) == 0
    assert set(traits(sound.astype(np.float32)).values()) == {0.0}


def test_speech_in_a_part_of_the_sound_is_enough(footage: Path, mono: Reader) -> None:
    speech = mono(footage / "a_speech" / "reading_aboutSpeechSdk_16k.wav")
    assert voice(np.concatenate([np.zeros(20 * RATE, np.float32), speech])) > CLEAR
