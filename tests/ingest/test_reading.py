"""One decode of a clip: what its watchers see, and that it ends when it should."""

import gc
from pathlib import Path

import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from ingest import pulse
from ingest.checks import find_refusal
from ingest.conforming import picture_steps, proxy_size
from ingest.graph import TICKS
from ingest.probe import UNKNOWN
from ingest.reading import read
from ingest.renditions import FRAME_TIMES, PROXY
from kit.errors import InputRefused
from kit.process import run_ffmpeg


class Witness:
    """Writes down what went by."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.sizes: set[tuple[int, int, str]] = set()
        self.samples = self.decoded = 0

    def picture(self, frame: VideoFrame, number: int) -> None:
        self.numbers.append(number)
        self.sizes.add((frame.width, frame.height, frame.format.name))

    def source(self, frame: AudioFrame, zero_s: float) -> None:
        assert zero_s >= 0
        self.decoded += frame.samples

    def sound(self, frame: AudioFrame) -> None:
        assert (frame.sample_rate, frame.layout.name, frame.format.name) == (48000, "stereo", "fltp")
        self.samples += frame.samples


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("anytown/phone_portrait.MOV", (540, 960)),
        ("derived/interlaced_576i_tff_sar16x15_mpeg2.ts", (720, 540)),
        ("derived/hlg_hevc10_720p.mov", (960, 540)),
        ("d_old/h263_176x144.3gp", (176, 144)),
        ("c_phone/android_slowmo_gap.mp4", (960, 540)),
    ],
)
def test_every_conformed_frame_goes_by_once_upright_and_small(footage: Path, name: str, size: tuple[int, int]) -> None:
    witness = Witness()
    facts = read(footage / name, [witness], None, lambda _: None)
    assert facts.picture
    assert witness.numbers == list(range(facts.frames))
    assert witness.sizes == {(*size, "yuv420p")}
    if facts.sound:
        assert witness.decoded == pytest.approx(facts.sound.duration_s * facts.sound.sample_rate, rel=0.05)
        assert witness.samples == pytest.approx(
            (facts.sound.start_s + facts.sound.duration_s - facts.picture.start_s) * 48000, rel=0.05
        )


def test_the_time_of_every_picture_is_kept(footage: Path, tmp_path: Path) -> None:
    facts = read(footage / "derived" / "phone_vfr_720p.mp4", [], tmp_path, lambda _: None)
    times = np.load(tmp_path / FRAME_TIMES)
    assert len(times) == facts.decoded
    assert times[0] == 0
    assert set(np.diff(times) % (TICKS // 25)) == {0}, "a 25 fps clip with dropped pictures"
    assert (tmp_path / PROXY).stat().st_size > 10_000


def test_what_takes_far_too_long_is_given_up(footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "GRACE_CPU_S", 0.0)
    monkeypatch.setattr(pulse, "PACE", 0.0)
    monkeypatch.setattr(pulse, "TELL_S", 0.0)
    with pytest.raises(InputRefused, match="too_slow"):
        read(footage / "anytown" / "leader.mp4", [], None, lambda _: None)


def test_a_recording_of_many_hours_is_refused_before_it_is_read(tmp_path: Path) -> None:
    long = tmp_path / "long.mp4"
    run_ffmpeg(["-f", "lavfi", "-i", "color=s=64x64:r=1/60:d=14400", "-c:v", "libx264", str(long)])
    with pytest.raises(InputRefused, match="too_long"):
        read(long, [], None, lambda _: None)


def test_hdr_is_looked_up_and_sdr_is_not(made_up: object, tmp_path: Path) -> None:
    picture = made_up(width=3840, height=2160, rotation=90, mirrored=True).picture  # type: ignore[operator]
    assert proxy_size(picture) == (540, 960)
    names = [name for name, _ in picture_steps(picture, 0.0, None)]
    assert names == ["settb", "setpts", "fps", "tpad", "setfield", "scale", "format", "hflip", "transpose", "setsar"]
    assert "lut3d" in [name for name, _ in picture_steps(picture, 0.0, tmp_path / "tones.cube")]


@pytest.mark.parametrize("sound", [True, False])
def test_a_picture_of_an_unknown_kind_is_not_passed_over(footage: Path, tmp_path: Path, sound: bool) -> None:
    """Beside sound it would else be taken for a recording of sound alone."""
    known, unknown = tmp_path / "known.mp4", tmp_path / "unknown.mp4"
    kept = ["-c", "copy"] if sound else ["-c", "copy", "-an"]
    run_ffmpeg(["-i", str(footage / "anytown" / "leader.mp4"), "-t", "1", *kept, str(known)])
    unknown.write_bytes(known.read_bytes().replace(b"avc1", b"zzz1"))
    facts = read(unknown, [], None, lambda _: None)
    assert (facts.picture, facts.codec_problem) == (None, UNKNOWN)
    bad = find_refusal(facts)
    assert bad
    assert bad.code == "unsupported_codec"
    assert "does not know" in bad.message


def test_the_pace_of_sound_alone_is_that_of_its_seconds(footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours of narration may take as long as hours of film."""
    monkeypatch.setattr(pulse, "TELL_S", -1.0)
    told: list[int] = []
    read(footage / "a_speech" / "reading_aboutSpeechSdk_16k.wav", [], None, told.append)
    assert told[-1] > 30 * 50


def test_what_the_process_did_before_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter([1000.0, 1299.0, 1301.0])
    monkeypatch.setattr("ingest.pulse.time.process_time", lambda: next(spent))
    monkeypatch.setattr(pulse, "TELL_S", -1.0)
    heart = pulse.Pulse(lambda _: None)
    heart.beat()
    with pytest.raises(InputRefused, match="too_slow"):
        heart.beat()


def test_no_picture_outlives_its_turn(tmp_path: Path) -> None:
    path = tmp_path / "every_picture_a_key_frame.avi"
    source = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]
    run_ffmpeg([*source, str(path)])
    gc.collect()
    gc.disable()
    try:
        before = _pictures_held()
        read(path, [], None, lambda _: None)
        held = _pictures_held() - before
    finally:
        gc.enable()
    assert held <= 4, "50 pictures went by"


def _pictures_held() -> int:
    return sum(isinstance(each, VideoFrame) for each in gc.get_objects())
