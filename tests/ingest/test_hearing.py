"""The track and the channel that carry speech are found, wherever they are."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from ingest import pulse
from ingest.clip import Sound
from ingest.hearing import is_listened_to, loudest, opposed, read_sound, speech_channel
from ingest.probe import open_media
from ingest.pulse import Pulse
from ingest.voice import RATE
from kit.process import run_ffmpeg

MUSIC = "h_music/brahms_hungarian_dance5_us_army_strings.ogg"
Wave = NDArray[np.float32]


def chosen(path: Path) -> Sound:
    sound, end_s = read_sound(path, open_media, Pulse(lambda _: None))
    assert sound is not None
    assert end_s == pytest.approx(sound.start_s + sound.duration_s)
    return sound


def write(path: Path, *tracks: tuple[str, list[Wave]]) -> Path:
    """A file with uncompressed tracks: each a layout and its channels."""
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=RATE, layout=layout) for layout, _ in tracks]
        for stream, (layout, channels) in zip(streams, tracks, strict=True):
            both = np.clip(np.stack(channels).T.reshape(1, -1), -1, 1) * 32767
            step = RATE * len(channels)
            for start in range(0, both.shape[1], step):  # a second a packet, as files have short ones
                part = np.ascontiguousarray(both[:, start : start + step].astype(np.int16))
                frame = av.AudioFrame.from_ndarray(part, "s16", layout)
                frame.sample_rate, frame.pts = RATE, start // len(channels)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def speech(footage: Path, mono: Callable[..., Wave]) -> Wave:
    return mono(footage / "a_speech" / "reading_aboutSpeechSdk_16k.wav", RATE, 10)


@pytest.fixture(scope="module")
def music(footage: Path, mono: Callable[..., Wave]) -> Wave:
    return mono(footage / MUSIC, RATE, 10)


def test_speech_is_chosen_when_it_comes_first_and_when_music_does(footage: Path, tmp_path: Path) -> None:
    both = footage / "derived" / "two_audio_tracks.mp4"
    first = chosen(both)
    assert (first.track, first.tracks, first.stream) == (1, 2, 1)
    turned = tmp_path / "music_first.mp4"
    run_ffmpeg(["-i", str(both), "-map", "0:v", "-map", "0:a:1", "-map", "0:a:0", "-c", "copy", str(turned)])
    second = chosen(turned)
    assert (second.track, second.tracks, second.stream) == (2, 2, 2)
    assert second.duration_s == pytest.approx(first.duration_s, abs=0.05)
    assert second.voice > 0.9


def test_a_lavalier_is_chosen_over_what_else_was_recorded(
    footage: Path, tmp_path: Path, mono: Callable[..., Wave], speech: Wave, music: Wave
) -> None:
    crowd = mono(footage / "b_broll" / "hikers_640x480_17s.mp4", RATE, 10)
    street = np.random.default_rng(2).normal(0, 0.3, len(speech)).astype(np.float32)
    others = [("mono", [sound]) for sound in (music, crowd, street, np.zeros_like(speech))]
    sound = chosen(write(tmp_path / "a.mkv", *others, ("mono", [speech / 4])))
    assert (sound.track, sound.tracks) == (5, 5)


def test_the_first_of_equal_tracks_is_kept(tmp_path: Path, speech: Wave) -> None:
    assert chosen(write(tmp_path / "a.mkv", ("mono", [speech]), ("stereo", [speech, speech]))).track == 1


def test_a_dead_track_is_passed_over(tmp_path: Path, music: Wave) -> None:
    assert chosen(write(tmp_path / "a.mkv", ("mono", [music / 1000]), ("mono", [music]))).track == 2


def test_a_hundred_tracks_do_not_hurt(tmp_path: Path, speech: Wave) -> None:
    tracks = [("mono", [speech[:RATE]])] * 100
    sound = chosen(write(tmp_path / "a.mkv", *tracks))
    assert (sound.track, sound.tracks) == (1, 100)


@pytest.mark.parametrize("begins_s", [70, 300])
def test_speech_that_begins_late_tells_its_side(tmp_path: Path, speech: Wave, begins_s: int) -> None:
    room = np.random.default_rng(5).normal(0, 0.002, (2, (begins_s + 60) * RATE)).astype(np.float32)
    room[1, begins_s * RATE :] += np.tile(speech, 6)[: 60 * RATE]
    sound = chosen(write(tmp_path / "a.mkv", ("stereo", list(room))))
    assert sound.speech_channel == "right"
    assert sound.voice > 0.9
    assert sound.duration_s == pytest.approx(begins_s + 60, abs=0.1)


def test_a_track_that_speaks_late_is_chosen_over_music(tmp_path: Path, speech: Wave, music: Wave) -> None:
    late = np.concatenate([np.zeros(90 * RATE, np.float32), np.tile(speech, 6)])
    tune = np.tile(music, 15)[: len(late)]
    assert chosen(write(tmp_path / "a.mkv", ("mono", [tune]), ("mono", [late[: len(tune)]]))).track == 2


def test_hours_are_listened_to_here_and_there() -> None:
    heard = [at_s for at_s in range(3 * 3600) if is_listened_to(at_s)]
    assert heard[:60] == list(range(60))
    assert len(heard) < 900
    for begins_s in range(60, 2 * 3600, 60):
        assert len([at_s for at_s in heard if begins_s <= at_s < 1.2 * begins_s]) >= 10


def test_only_the_first_minute_is_decoded_but_the_end_is_known(footage: Path) -> None:
    sound = chosen(footage / "a_speech" / "lecture_physicsworks_203s_6ch_opus.webm")
    assert sound.duration_s == pytest.approx(203.3, abs=0.1)


@pytest.mark.parametrize(
    ("layout", "speaking", "place"),
    [
        ("stereo", 1, "right"),
        ("quad", 0, "left"),
        ("quad", 2, "all"),
        ("5.1", 2, "centre"),
        ("7.1", 2, "centre"),
        ("7.1", 1, "right"),
    ],
)
def test_speech_alone_in_one_channel_is_found(
    tmp_path: Path, speech: Wave, layout: str, speaking: int, place: str
) -> None:
    channels = [np.zeros_like(speech) for _ in range(av.AudioLayout(layout).nb_channels)]
    channels[speaking] = speech
    sound = chosen(write(tmp_path / "a.wav", (layout, channels)))
    assert (sound.speech_channel, sound.out_of_phase) == (place, False)
    assert sound.voice > 0.8


def test_a_speaking_centre_is_freed_from_music_beside_it(tmp_path: Path, speech: Wave, music: Wave) -> None:
    none = np.zeros_like(speech)
    beside = music * (10 ** ((loudest(speech) - loudest(music) - 6) / 20))
    sound = chosen(write(tmp_path / "a.wav", ("5.1", [beside, beside, speech, none, none, none])))
    assert sound.speech_channel == "centre"
    mixed = speech * 0.4
    sound = chosen(write(tmp_path / "b.wav", ("5.1", [mixed, mixed, speech, none, none, none])))
    assert sound.speech_channel == "all"


def test_sides_that_cancel_each_other_out_are_noticed(tmp_path: Path, speech: Wave, music: Wave) -> None:
    sound = chosen(write(tmp_path / "a.mkv", ("stereo", [speech, -speech])))
    assert (sound.speech_channel, sound.out_of_phase) == ("left", True)
    assert sound.voice > 0.9
    crosstalk = chosen(write(tmp_path / "b.mkv", ("stereo", [speech, -speech / 20])))
    assert (crosstalk.speech_channel, crosstalk.out_of_phase) == ("left", False)
    assert not chosen(write(tmp_path / "c.mkv", ("stereo", [speech, music]))).out_of_phase


def noise(decibels: float) -> Wave:
    chance = np.random.default_rng(abs(round(decibels)))
    return chance.normal(0, 10 ** (decibels / 20), 2 * RATE).astype(np.float32)


@pytest.mark.parametrize(
    ("levels", "place"), [((-20,), "all"), ((-20, -22), "all"), ((-20, -60), "left"), ((-60, -20), "right")]
)
def test_a_side_is_taken_only_when_it_is_alone(levels: tuple[int, ...], place: str) -> None:
    channels = np.stack([noise(level) for level in levels])
    assert speech_channel(channels, []) == place
    assert not opposed(channels)


def test_a_file_without_sound_has_none(footage: Path, tmp_path: Path) -> None:
    quiet = Pulse(lambda _: None)
    assert read_sound(footage / "derived" / "no_audio_stream.mp4", open_media, quiet) == (None, 0.0)
    (tmp_path / "no.mp4").write_text("nothing")
    assert read_sound(tmp_path / "no.mp4", open_media, quiet) == (None, 0.0)


def test_progress_is_told_while_tracks_are_listened_to(footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "TELL_S", -1.0)
    told: list[int] = []
    read_sound(footage / "anytown" / "leader.mp4", open_media, Pulse(told.append))
    assert len(told) > 100
    assert set(told) == {0}
