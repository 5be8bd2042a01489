"""Overloaded sound is told from loud sound, in any sample format and after lossy coding."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.clip_meter import ClipMeter, as_floats, flat_crests
from kit.process import run_ffmpeg

RATE = 48_000


def sine(hertz: float, level: float, seconds: float = 1.0) -> NDArray[np.float32]:
    at = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(level * np.sin(2 * np.pi * hertz * at)[None], dtype=np.float32)


@pytest.mark.parametrize("hertz", [30, 60, 200, 1000, 5000])
def test_a_whole_tone_of_full_height_is_not_overloaded(hertz: float) -> None:
    assert flat_crests(sine(hertz, 1.0)) == []


@pytest.mark.parametrize("hertz", [60, 200, 1000])
def test_every_cut_crest_of_a_tone_is_counted(hertz: float) -> None:
    assert len(flat_crests(np.clip(sine(hertz, 2.0), -1, 1))) == pytest.approx(2 * hertz, abs=1)


@pytest.mark.parametrize("name", ["u8", "u8p", "s16", "s16p", "s32", "s32p", "flt", "fltp", "dbl", "dblp"])
def test_all_sample_formats_are_read_alike(name: str) -> None:
    both = np.concatenate([np.clip(sine(500, 2.0), -1, 1), sine(500, 0.5)]).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(both, format="fltp", layout="stereo")
    frame.sample_rate = RATE
    (changed,) = av.AudioResampler(format=name).resample(frame)
    assert np.allclose(as_floats(changed), both, atol=0.02)
    meter = ClipMeter(0.0)
    meter.take(changed)
    assert meter.runs(1)[0] == pytest.approx(1000, abs=1)


def test_many_channels_are_read() -> None:
    packed = av.AudioFrame.from_ndarray(np.full((1, 8 * 480), 0.5, np.float32), "flt", "7.1")
    packed.sample_rate = RATE
    (planar,) = av.AudioResampler(format="fltp").resample(packed)
    assert np.array_equal(as_floats(planar), np.full((8, 480), 0.5))


def test_runs_are_told_by_the_second_of_the_clip() -> None:
    sound = np.concatenate([np.clip(sine(100, 2.0), -1, 1), sine(100, 0.5), np.clip(sine(50, 2.0), -1, 1)], axis=1)
    meter = ClipMeter(zero_s=10.5)
    for start in range(0, sound.shape[1], 960):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[:, start : start + 960]), "fltp", "mono")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = 10 * RATE + start, Fraction(1, RATE)
        meter.take(frame)
    assert meter.runs(4) == pytest.approx((100, 50, 50, 0), abs=2)


def runs_of(path: Path) -> tuple[int, ...]:
    with av.open(str(path)) as container:
        meter = ClipMeter(0.0)
        for frame in container.decode(audio=0):
            meter.take(frame)
    return meter.runs(30)


@pytest.mark.parametrize("codec", [("pcm_s16le", "wav"), ("aac", "m4a"), ("libmp3lame", "mp3"), ("libopus", "webm")])
def test_overload_is_still_seen_after_coding(footage: Path, tmp_path: Path, codec: tuple[str, str]) -> None:
    source = footage / "a_speech" / "narration_LJ001-0001.wav"
    gained = {}
    for decibels in (-3, 18):
        path = tmp_path / f"{decibels}.{codec[1]}"
        filters = f"volume={decibels}dB,aresample=osf=s16"
        run_ffmpeg(["-y", "-i", str(source), "-af", filters, "-c:a", codec[0], "-b:a", "128k", str(path)])
        gained[decibels] = runs_of(path)
    assert sum(gained[-3]) <= 2
    assert sum(runs >= 3 for runs in gained[18]) >= 3


@pytest.mark.parametrize(
    "name", ["b_broll/hikers_640x480_17s.mp4", "a_speech/grid_swwp2s_set-white-with-p-two-soon.mpg"]
)
def test_sound_that_is_merely_loud_is_left_alone(footage: Path, name: str) -> None:
    assert max(runs_of(footage / name)) <= 2
