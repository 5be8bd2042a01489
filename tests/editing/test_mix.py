"""The mix lays every run of sound on its sample, keeps speakers even and holds the bed below them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from editing.mix import clip_gain, mix_arguments, sounding
from editing.timeline import SoundClip
from kit.process import run_ffmpeg, run_ffmpeg_bytes

from .filming import film, interview, make_media


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    return folder


def mixed(media_folder: Path, scratch: Path, **changed: object) -> NDArray[np.float32]:
    """The mix of the made-up film, samples by channels, before mastering."""
    context = film(media_folder, **changed)
    (scratch / "footage").mkdir()
    for name in sounding(context.timeline):
        (scratch / "footage" / context.by_name[name].digest).symlink_to(media_folder / name)
    run_ffmpeg(mix_arguments(context.timeline, context.by_name), cwd=scratch)
    raw = run_ffmpeg_bytes(["-v", "error", "-i", "mix.wav", "-f", "f32le", "pipe:1"], cwd=scratch)
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


def test_a_sound_comes_out_on_the_sample_it_was_laid_on(media_folder: Path, tmp_path: Path) -> None:
    run = SoundClip(start=50, end=170, file="talk.mp4", source_start=15)
    samples = mixed(media_folder, tmp_path, sounds=(run,), music=None)
    assert len(samples) == 260 * 1600
    loud = np.abs(samples[:, 0]) > 0.02
    # The clip beeps from every whole second on; its second 1 is 15 frames after the run's start.
    onset = np.flatnonzero(loud[(50 + 10) * 1600 :])[0] + (50 + 10) * 1600
    assert abs(int(onset) - (50 + 15) * 1600) <= 96
    assert not loud[: 50 * 1600].any()
    assert not loud[170 * 1600 :].any()


def test_a_short_bed_lasts_to_the_end_and_gives_way_to_speech(media_folder: Path, tmp_path: Path) -> None:
    samples = mixed(media_folder, tmp_path)[:, 0]

    def bed_db(first: int, last: int) -> float:
        part = samples[first * 1600 : last * 1600]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        at = round(330 * len(part) / 48000)
        return float(20 * np.log10(spectrum[at - 3 : at + 4].max() / len(part) + 1e-9))

    alone, under = bed_db(36, 49), bed_db(66, 79)
    assert alone - under >= 6
    assert np.abs(samples[-1600:]).max() < 0.01


def test_speakers_are_brought_to_one_level(media_folder: Path) -> None:
    clip = interview(media_folder)
    assert clip.sound is not None
    assert clip_gain(clip) == pytest.approx(12.0)
    silent = clip.model_copy(update={"sound": clip.sound.model_copy(update={"loudness_lufs": None})})
    assert clip_gain(silent) == 0
