"""Golden: speech arrives in the middle and at its level, whichever channels carried it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.clip import Clip
from tests.ingest.charts import heard, make

ClipFrom = Callable[[Path], Clip]
RATE = 48000
PLACES = {
    "mono": ("mono", "c0=c0", "all"),
    "both sides": ("stereo", "c0=c0|c1=c0", "all"),
    "left only": ("stereo", "c0=c0|c1=0*c0", "left"),
    "right only": ("stereo", "c0=0*c0|c1=c0", "right"),
    "centre of 5.1": ("5.1", "c0=0*c0|c1=0*c0|c2=c0|c3=0*c0|c4=0*c0|c5=0*c0", "centre"),
}
"""Layout, how FFmpeg's `pan` puts speech into it, and where it should be found."""


def level(samples: NDArray[np.floating]) -> float:
    """RMS in dBFS."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


@pytest.fixture(scope="module")
def voice(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real speech as one channel at 48 kHz."""
    source = footage / "a_speech" / "narration_LJ001-0001.wav"
    return make(tmp_path_factory.mktemp("voice") / "voice.wav", "-i", str(source), "-t", "4", "-ar", str(RATE))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("ending", ["mov", "mp4"])
def test_speech_arrives_in_the_middle_at_its_level(
    tmp_path: Path, clip_from: ClipFrom, voice: Path, place: str, ending: str
) -> None:
    """Both sides carry the same speech within 1 dB of each other and of the voice as it was recorded."""
    layout, pan, expected = PLACES[place]
    codec = "pcm_s16le" if ending == "mov" else "aac"
    path = make(
        *(tmp_path / f"voice.{ending}", "-i", str(voice), "-af", f"pan={layout}|{pan}"),
        *("-c:a", codec, "-b:a", "384k"),
    )
    clip = clip_from(path)
    assert clip.sound
    assert clip.sound.speech_channel == expected
    left, right = heard(clip, path)
    recorded = np.frombuffer(voice.read_bytes()[-2 * 4 * RATE :], "<i2") / 32768
    assert level(left) == pytest.approx(level(right), abs=0.1)
    assert level(left) == pytest.approx(level(recorded), abs=1.0)
    assert np.corrcoef(left, right)[0, 1] > 0.999
    length = min(len(left), len(recorded))
    assert np.corrcoef(left[:length], recorded[:length])[0, 1] > 0.98


def test_a_full_mix_keeps_its_centre_in_the_middle(tmp_path: Path, clip_from: ClipFrom, voice: Path) -> None:
    """In 5.1 with ambience all around speech stays louder than either side and equal on both."""
    mix = (
        "[0:a]asplit=2[a][b];[a]pan=5.1|c0=0*c0|c1=0*c0|c2=c0|c3=0*c0|c4=0*c0|c5=0*c0[voice];"
        "[1:a]pan=5.1|c0=c0|c1=c1|c2=0*c0|c3=0*c0|c4=c2|c5=c3[around];[b]anullsink;"
        "[voice][around]amix=2:normalize=0"
    )
    noise = "aevalsrc='0.03*(random(0)-0.5)|0.03*(random(1)-0.5)|0.03*(random(2)-0.5)|0.03*(random(3)-0.5)':d=4:s=48000"
    path = make(
        *(tmp_path / "mix.mov", "-i", str(voice), "-f", "lavfi", "-i", noise, "-filter_complex", mix),
        *("-c:a", "pcm_s16le"),
    )
    clip = clip_from(path)
    left, right = heard(clip, path)
    assert level(left) == pytest.approx(level(right), abs=0.3)
    assert np.corrcoef(left, right)[0, 1] > 0.95
