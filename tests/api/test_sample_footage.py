"""Sample footage: the words lie on the tones, and there is enough for a film."""

import wave
from itertools import pairwise

import numpy as np

from agencies.agency import Agency
from api import sample_footage
from api import sample_scenes as scenes
from api.sample_footage import VOICES, make_sample_footage, srt_of, timed_words
from editing.planning import plan
from ingest.clip import Clip, Kind, Picture, Sentence, Sound, Verdict, Word
from kit.timing import SAMPLE_RATE
from storyboards.library import load


def test_words_are_spoken_one_after_the_other_at_a_readable_pace():
    for voice in VOICES:
        script = timed_words(voice.words)
        spoken = [word for line in script for word in line]
        assert all(a.end_s <= b.start_s for a, b in pairwise(spoken))
        for line, text in zip(script, voice.words, strict=True):
            assert len(text) / (line[-1].end_s - line[0].start_s) <= 17


def test_there_is_enough_for_a_film_of_two_minutes():
    clips = [_voice_clip(voice) for voice in VOICES]
    facts = {"size": 1, "verdict": Verdict.ACCEPTED}
    picture = Picture(stream=0, width=960, height=540)
    for n in range(len(sample_footage.BROLL)):
        seconds = sample_footage.BROLL_S
        lasting = {"frames": seconds * 30, "duration_s": seconds, "picture": picture, "slot": "broll"}
        clips.append(Clip(file=f"broll_{n}.mp4", digest=f"b{n}", kind=Kind.VIDEO, **facts, **lasting))
    for n in range(len(sample_footage.PHOTOS)):
        clips.append(Clip(file=f"photo_{n}.jpg", digest=f"p{n}", kind=Kind.PHOTO, picture=picture, **facts))
    timeline = plan(load("promise"), clips, Agency(name="Anytown Police Department"))
    assert 125 * 30 <= timeline.frames <= 180 * 30
    assert timeline.complete


def _voice_clip(voice):
    script = timed_words(voice.words)
    seconds = script[-1][-1].end_s + 1
    sentences = tuple(
        Sentence(words=tuple(Word(text=w.text, start_s=w.start_s, end_s=w.end_s) for w in line)) for line in script
    )
    return Clip(
        file=f"{voice.slot}.mp4",
        digest=voice.slot,
        size=1,
        kind=Kind.VIDEO,
        verdict=Verdict.ACCEPTED,
        picture=Picture(stream=0, width=960, height=540),
        sound=Sound(stream=1, channels=1, layout="mono", sample_rate=48000),
        frames=int(seconds * 30),
        duration_s=seconds,
        slot=voice.slot,
        speaker_name=voice.name,
        speaker_role=voice.role,
        sentences=sentences,
    )


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
    assert {"leader.mp4", "officers.mp4", "community.mp4", "music.m4a", "photo_1.jpg", "broll_3.mp4"} <= made
    assert (tmp_path / "leader.srt").is_file()
    assert "music: music.m4a" in (tmp_path / "footage.yaml").read_text()
    assert not list(tmp_path.glob(".*")), "what it was made of is gone"


def test_drawings_are_wide_enough_to_pass_by_behind_who_speaks():
    height = sample_footage.HEIGHT
    drawn = [draw(height) for _, draw in sample_footage.BROLL] + [scenes.room(height, VOICES[0].wall)]
    assert all(one.height == height and one.width > height * 16 / 9 + 200 for one in drawn)
    seated = scenes.speaker(height, scenes.NAVY, 1, officer=True)
    assert seated.size == (height * 16 // 9, height)
    assert seated.getpixel((5, 5))[3] == 0
    assert seated.getpixel((seated.width // 2, height - 5))[3] == 255
