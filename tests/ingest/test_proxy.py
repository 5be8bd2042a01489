"""The proxy: its frame n is the clip's conformed frame n, in the film's colours, and its sound lies where it lay."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import ffmpeg
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from ingest.clip import Clip, Kind, Verdict
from ingest.graph import conform_video, video_input
from ingest.proxy import ProxyWriter
from ingest.reading import read
from ingest.renditions import PROXY
from ingest.stand_in import stand_in
from kit.digest import file_sha256
from tests.ingest.charts import heard, make, seen
from tests.ingest.test_golden_sync import FRAME_S, film

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
KINDS = {
    "variable rate": "derived/phone_vfr_720p.mp4",
    "interlaced": "derived/interlaced_576i_tff_sar16x15_mpeg2.ts",
    "HDR10": "derived/hdr10_hevc10_720p.mp4",
    "HLG": "derived/hlg_hevc10_720p.mov",
    "rotated": "derived/phone_portrait_rotated_hevc.MOV",
    "120 a second": "derived/highspeed_120fps_720p.mp4",
    "WMV": "derived/hikers_wmv2.wmv",
    "DV": "derived/camcorder_dv_pal.avi",
    "MPEG programme": "anytown/broll_city.mpg",
    "film rate": "anytown/broll_marathon.mkv",
    "steady": "anytown/broll_park.mp4",
}
IN_SHORT = ("variable rate", "interlaced", "HLG", "MPEG programme")
"""Those that are tried in every run."""

SHIFTS = (-2, -1, 0, 1, 2)


def with_proxy(path: Path, folder: Path) -> tuple[Clip, Clip]:
    """A clip and the clip that its proxy, written into `folder`, stands for it as."""
    facts = read(path, [], folder, lambda _: None)
    clip = Clip(
        file=path.name,
        digest="",
        size=0,
        kind=Kind.VIDEO if facts.picture else Kind.SOUND,
        verdict=Verdict.ACCEPTED,
        **facts.model_dump(include={"container", "seekable", "seek_margin_s", "frames", "duration_s"}),
        picture=facts.picture,
        sound=facts.sound,
        proxy=file_sha256(folder / PROXY),
    )
    return clip, stand_in(clip)


@pytest.mark.parametrize("kind", KINDS if SOAK else IN_SHORT)
def test_frame_n_of_the_proxy_is_conformed_frame_n(footage: Path, tmp_path: Path, kind: str) -> None:
    """Around the clip's liveliest moment every frame is nearest to its own number, and near to it in every channel."""
    path = footage / KINDS[kind]
    clip, proxy = with_proxy(path, tmp_path)
    assert clip.picture
    # The clip's own shape, so that nothing is cropped and a line more or less does not shift the picture.
    width, height = clip.picture.upright_size
    size = (96, round(96 * height / width / 2) * 2)
    shown = seen(proxy, tmp_path / PROXY, size)
    assert len(shown) == proxy.frames == clip.frames
    moved = np.abs(np.diff(shown, axis=0)).mean(axis=(1, 2, 3))
    span = min(20, clip.frames - 2 * max(SHIFTS))
    lively = int(np.argmax(np.convolve(moved, np.ones(span), "valid")))
    first = min(max(lively, *SHIFTS), clip.frames - span - max(SHIFTS))
    whole = seen(clip, path, size, first=first, frames=span)
    apart = {shift: float(np.abs(shown[first + shift : first + shift + span] - whole).mean()) for shift in SHIFTS}
    assert min(apart, key=lambda shift: apart[shift]) == 0, apart
    assert apart[0] < 3, apart
    tint = np.abs((shown[first : first + span] - whole).mean(axis=(0, 1, 2)))
    assert tint.max() < 3, tint


@pytest.mark.parametrize("kind", KINDS if SOAK else ["variable rate"])
def test_a_proxy_cut_in_two_yields_the_frames_of_the_uncut_one(
    footage: Path, tmp_path: Path, frame_digests: Callable[..., list[str]], kind: str
) -> None:
    _, proxy = with_proxy(footage / KINDS[kind], tmp_path)

    def pictures(first: int, frames: int) -> list[str]:
        stream = video_input(proxy, tmp_path / PROXY, first, frames)
        return frame_digests(conform_video(stream, proxy, width=960, height=540), small=False)

    uncut = pictures(0, proxy.frames)
    assert len(uncut) == proxy.frames
    chance = random.Random(kind)
    for cut in chance.sample(range(1, proxy.frames), 6 if SOAK else 2):
        assert pictures(cut, min(12, proxy.frames - cut)) == uncut[cut : cut + 12]


@pytest.mark.parametrize("late_s", [0.0, 0.7] if SOAK else [0.7])
def test_flash_and_beep_of_a_proxy_come_together(tmp_path: Path, late_s: float) -> None:
    _, proxy = with_proxy(film(tmp_path, "mp4", sound_starts_s=late_s), tmp_path)
    bright = seen(proxy, tmp_path / PROXY, (32, 18)).mean(axis=(1, 2, 3)) > 150
    flashes = np.flatnonzero(bright & ~np.roll(bright, 1)) / 30
    loud = np.flatnonzero(np.abs(heard(proxy, tmp_path / PROXY)).max(axis=0) > 0.12) / 48000
    beeps = loud[np.diff(loud, prepend=-1.0) > 0.5]
    flashes = flashes[1:] if late_s else flashes
    assert len(flashes) == len(beeps) >= 8
    assert np.abs(flashes - beeps).max() <= FRAME_S


def test_a_clip_without_sound_has_a_silent_proxy(tmp_path: Path) -> None:
    path = make(tmp_path / "mute.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-pix_fmt", "yuv420p")
    _, proxy = with_proxy(path, tmp_path)
    assert proxy.sound is None
    assert len(seen(proxy, tmp_path / PROXY, (32, 18), first=20, frames=5)) == 5


def test_sound_alone_keeps_every_sample_in_its_place(tmp_path: Path) -> None:
    chirp = "aevalsrc='0.3*sin(2*PI*(200+300*t)*t)':s=44100:d=4"
    path = make(tmp_path / "chirp.wav", "-f", "lavfi", "-i", chirp)
    clip, proxy = with_proxy(path, tmp_path)
    assert (proxy.kind, proxy.picture) == (Kind.SOUND, None)
    one, other = heard(clip, path)[0], heard(proxy, tmp_path / PROXY)[0]
    length = min(len(one), len(other)) - 4800
    assert length > 3.8 * 48000
    spectrum = np.fft.rfft(one[:length]) * np.conj(np.fft.rfft(other[:length]))
    lag = int(np.argmax(np.fft.irfft(spectrum)))
    assert min(lag, length - lag) <= 1


def test_sound_is_written_as_it_comes(tmp_path: Path) -> None:
    """It has no key frames to begin a fragment with, and hours of it must not wait in memory."""
    noise = np.random.default_rng(3).normal(0, 0.1, (2, 48000)).astype(np.float32)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with ProxyWriter(tmp_path / PROXY, scratch, None, sound=True) as proxy:
        for _ in range(30):
            frame = AudioFrame.from_ndarray(noise, format="fltp", layout="stereo")
            frame.sample_rate = 48000
            proxy.sound(frame)
        (fragments,) = scratch.iterdir()
        assert fragments.stat().st_size > 20 * 96_000 / 8
    assert (tmp_path / PROXY).stat().st_size > 30 * 90_000 / 8


def test_a_clip_without_a_proxy_stands_for_itself(made_up: Callable[..., Clip]) -> None:
    clip = made_up()
    assert stand_in(clip) is clip


def test_a_stand_in_is_addressed_by_the_proxys_bytes(made_up: Callable[..., Clip]) -> None:
    clip = made_up(rotation=90, transfer="hlg", interlaced="tff").model_copy(update={"digest": "a", "proxy": "b"})
    proxy = stand_in(clip)
    assert proxy.picture
    assert (proxy.digest, proxy.picture.upright_size, proxy.picture.transfer) == ("b", (540, 960), "sdr")
    assert ffmpeg.get_args(ffmpeg.output(video_input(proxy, Path("x"), 90, 30), "y")).count("-ss") == 1


def test_a_proxy_whose_end_found_no_room_is_none(tmp_path: Path) -> None:
    (tmp_path / f"sound_{PROXY}").symlink_to("/dev/full")
    second = AudioFrame.from_ndarray(np.zeros((2, 48_000), np.float32), format="fltp", layout="stereo")
    second.sample_rate = 48_000
    # So little that nothing is written before the last fragment.
    with (
        pytest.raises(OSError, match="No space left"),
        ProxyWriter(tmp_path / PROXY, tmp_path, None, sound=True) as proxy,
    ):
        proxy.sound(second)
    assert not (tmp_path / PROXY).exists()
