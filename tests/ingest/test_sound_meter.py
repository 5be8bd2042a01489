"""Loudness, true peaks, pauses and outlines: on tones of known level, and against FFmpeg's own meter on real sound."""

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.bs1770 import KWeighting
from ingest.pauses import find_pauses, speech_levels
from ingest.sound_meter import SoundFindings, SoundMeter
from ingest.waveform import Waveform
from kit.process import FFMPEG, run_ffmpeg_bytes

RATE = 48_000
Sound = NDArray[np.float32]


def tone(seconds: float, hertz: float = 997.0, decibels: float = -23.0, phase: float = 0.0) -> Sound:
    """The same sine in both channels, its peak at a level in dBFS."""
    at = np.arange(round(seconds * RATE)) / RATE
    wave = 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * at + phase)
    return np.asarray(np.stack([wave, wave]), dtype=np.float32)


def measured(sound: Sound, frames: int | None = None, *, block: int = 1024) -> SoundFindings:
    meter = SoundMeter()
    for start in range(0, sound.shape[1], block):
        meter.take(sound[:, start : start + block])
    return meter.finish(frames)


@pytest.mark.parametrize(("decibels", "lufs"), [(0.0, 0.0), (-23.0, -23.0), (-60.0, -60.0)])
def test_a_sine_of_a_kilohertz_in_both_channels_is_as_loud_as_its_level(decibels: float, lufs: float) -> None:
    found = measured(tone(3, decibels=decibels))
    assert found.loudness_lufs == pytest.approx(lufs, abs=0.05)
    assert found.peak_dbtp == pytest.approx(decibels, abs=0.05)
    assert found.series.loudness == pytest.approx((lufs,) * 3, abs=0.1)


def test_quiet_parts_are_left_out_of_the_loudness() -> None:
    # EBU Tech 3341, test signal 3.
    sound = np.concatenate([tone(10, decibels=-36), tone(60, decibels=-23), tone(10, decibels=-36)], axis=1)
    assert measured(sound).loudness_lufs == pytest.approx(-23, abs=0.1)


def test_a_peak_between_two_samples_is_seen() -> None:
    # Sampled at 45 degrees, a sine of a quarter of the rate shows samples 3 dB below its peak.
    found = measured(tone(2, hertz=RATE / 4, decibels=-6, phase=np.pi / 4))
    assert found.peak_dbtp == pytest.approx(-6, abs=0.2)


@pytest.mark.parametrize("block", [1, 480, 48_000, 200_000])
def test_blocks_of_any_length_give_the_same(block: int) -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, (2, 60_001 if block == 1 else 200_123)).astype(np.float32)
    assert measured(noise, block=block) == measured(noise)


def test_rows_of_the_filter_carry_on_where_the_last_ended() -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, (2, 1600)).astype(np.float32)
    meter = KWeighting()
    parts = np.concatenate([meter.weigh(noise[:, :160]), meter.weigh(noise[:, 160:])], axis=1)
    assert np.allclose(parts, KWeighting().weigh(noise), atol=1e-12)


@pytest.mark.parametrize(
    "sound", [np.zeros((2, RATE), np.float32), np.zeros((2, 0), np.float32), tone(2, decibels=-80)]
)
def test_silence_has_no_loudness_and_no_pauses(sound: Sound) -> None:
    found = measured(sound, 60)
    assert (found.loudness_lufs, found.peak_dbtp, found.pauses) == (None, None, ())
    assert len(found.series.loudness) == len(found.series.peak) == len(found.series.clipped) == 2


def test_numbers_that_are_none_do_no_lasting_harm() -> None:
    sound = tone(4)
    sound[:, 100:200] = np.nan
    sound[0, 300] = np.inf
    found = measured(sound)
    assert found.series.loudness[2:] == pytest.approx((-23, -23), abs=0.1)


@pytest.mark.parametrize(("frames", "seconds"), [(None, 3), (45, 2), (301, 11)])
def test_series_are_as_long_as_the_clip(frames: int | None, seconds: int) -> None:
    series = measured(tone(2.5), frames).series
    assert len(series.loudness) == len(series.peak) == len(series.clipped) == seconds
    assert set(series.loudness[3:]) <= {-120.0}


def test_pauses_lie_between_words_and_after_the_sound() -> None:
    room = np.random.default_rng(1).normal(0, 0.001, (2, 4 * RATE)).astype(np.float32)
    for start, end in ((0.5, 1.0), (1.2, 2.0), (3.0, 3.5)):
        room[:, round(start * RATE) : round(end * RATE)] += tone(end - start, decibels=-20)
    pauses = [(p.start, p.end) for p in measured(room, 150).pauses]
    assert pauses == [(0, 15), (60, 90), (105, 150)]


def test_late_sound_does_not_hide_the_noise_of_the_room() -> None:
    levels = np.concatenate([np.zeros(200), np.tile(np.repeat([30.0, 60.0], 50), 4)])
    assert np.array_equal(speech_levels(levels.astype(np.uint8), 1.0), levels == 60)


def test_pauses_lie_wholly_inside_the_clip() -> None:
    heard = np.zeros(1000, bool)
    heard[400:500] = True
    assert [(p.start, p.end) for p in find_pauses(heard, 200)] == [(0, 120), (150, 200)]
    assert find_pauses(heard, 0) == ()


@pytest.mark.parametrize(("seconds", "rate"), [(3, 100.0), (40, 100.0), (41, 50.0), (130, 25.0), (7200, 0.390625)])
def test_the_outline_never_has_too_many_peaks(seconds: int, rate: float) -> None:
    peaks = np.full(100 * seconds, 0.5, np.float32)
    peaks[-100:] = 0.25
    outline = Waveform()
    for start in range(0, len(peaks), 100):
        outline.take(peaks[start : start + 100])
    drawn = outline.drawn(seconds + 10)
    assert drawn["rate"] == rate
    heights = np.array(drawn["peaks"])
    assert len(heights) == np.ceil((seconds + 10) * rate)
    before, after = int((seconds - 1) * rate), int(np.ceil(seconds * rate))
    assert set(heights[:before]) == {128}
    assert set(heights[before + 1 : after - 1]) <= {64}
    assert set(heights[after:]) == {0}


def test_the_outline_is_written_for_pages(tmp_path: Path) -> None:
    meter = SoundMeter()
    meter.take(tone(1.0, decibels=-6))
    meter.finish(45)
    meter.write(tmp_path)
    drawn = json.loads((tmp_path / "waveform.json").read_text())
    assert drawn == {"rate": 100.0, "peaks": [128] * 100 + [0] * 50}


@pytest.mark.parametrize(
    "name",
    [
        "a_speech/narration_LJ001-0001.wav",
        "a_speech/grid_swwp2s_set-white-with-p-two-soon.mpg",
        "b_broll/hikers_640x480_17s.mp4",
        "e_audio/bbb_720p_aac51.mp4",
        "derived/mono_11025.mp4",
    ],
)
def test_it_agrees_with_ffmpeg_on_real_sound(footage: Path, name: str) -> None:
    # A pipe of floats: both meters see the very same samples.
    raw = run_ffmpeg_bytes(
        ["-v", "error", "-i", str(footage / name), "-map", "0:a", "-ac", "2", "-ar", "48000", "-f", "f32le", "pipe:1"]
    )
    command = [FFMPEG(), "-f", "f32le", "-ac", "2", "-ar", "48000", "-i", "-", "-af", "ebur128=peak=true"]
    log = subprocess.run([*command, "-f", "null", "-"], input=raw, capture_output=True, check=True).stderr.decode()
    found = measured(np.frombuffer(raw, np.float32).reshape(-1, 2).T)
    assert found.loudness_lufs == pytest.approx(float(re.findall(r"I:\s+(\S+) LUFS", log)[-1]), abs=0.1)
    assert found.peak_dbtp == pytest.approx(float(re.findall(r"Peak:\s+(\S+) dBFS", log)[-1]), abs=0.1)
