"""Sample footage: the words lie on the tones, and there is enough for a film."""

import wave
from itertools import pairwise

import numpy as np

from api import sample_footage
from api.sample_footage import VOICES, make_sample_footage, srt_of, timed_words
from kit.timing import SAMPLE_RATE


def test_words_are_spoken_one_after_the_other_at_a_readable_pace():
    for voice in VOICES:
        script = timed_words(voice.words)
        spoken = [word for line in script for word in line]
        assert all(a.end_s <= b.start_s for a, b in pairwise(spoken))
        for line, text in zip(script, voice.words, strict=True):
            assert len(text) / (line[-1].end_s - line[0].start_s) <= 17


def test_there_is_enough_for_a_film_of_two_minutes():
    spoken = sum(timed_words(voice.words)[-1][-1].end_s for voice in VOICES)
    assert spoken + len(sample_footage.BROLL) * sample_footage.BROLL_S > 130
    assert len(sample_footage.BROLL) * sample_footage.BROLL_S >= 20


def test_the_transcript_is_subrip():
    assert srt_of(timed_words(("We promise.",))).splitlines()[:3] == [
        "1",
        "00:00:00,600 --> 00:00:01,341",
        "We promise.",
    ]


def test_the_tone_sounds_while_a_word_is_spoken_and_is_silent_between(tmp_path):
    script = timed_words(("We keep it.", "Every day."))
    path = tmp_path / "voice.wav"
    sample_footage._write_wave(path, sample_footage._voice(script, 6, 120))
    with wave.open(str(path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    for line in script:
        for word in line:
            middle = sound[int(word.start_s * SAMPLE_RATE) : int(word.end_s * SAMPLE_RATE)]
            assert np.abs(middle).max() > 1000
    gap = sound[int(script[0][-1].end_s * SAMPLE_RATE) + 1 : int(script[1][0].start_s * SAMPLE_RATE)]
    assert np.abs(gap).max() == 0


def test_the_folder_holds_what_footage_yaml_names(tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr(sample_footage, "run_ffmpeg", commands.append)
    make_sample_footage(tmp_path)
    made = {args[-1].rsplit("/", 1)[1] for args in commands}
    assert {"leader.mp4", "officers.mp4", "community.mp4", "music.m4a", "photo_1.jpg", "broll_5.mp4"} <= made
    assert (tmp_path / "leader.srt").is_file()
    assert "music: music.m4a" in (tmp_path / "footage.yaml").read_text()
    assert not list(tmp_path.glob(".*.wav"))
