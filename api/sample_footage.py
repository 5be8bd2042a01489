"""Footage made up on the spot, so that the demo runs where there is none. It shows the plumbing, not alignment.

Nothing in it was filmed: labelled drawings that drift, tones with the rhythm of speech, and the words they stand for.
"""

import math
import wave
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from api import sample_scenes as scenes
from api.fonts import font_folder
from api.sample_words import COMMUNITY, LEADER, OFFICERS
from kit.process import run_ffmpeg
from kit.timing import FILM_RATE, SAMPLE_RATE

FONT = "OpenSans-SemiBold.ttf"
LETTERS_A_SECOND = 14.5
PAUSE_S = 0.55
"""Silence between sentences, long enough for a clean cut."""


@dataclass(frozen=True)
class Voice:
    """One made-up speaker: the slot, how the lower third names them, and the pitch of the tone in hertz."""

    slot: str
    name: str
    role: str
    words: tuple[str, ...]
    pitch_hz: float
    wall: tuple[str, str]
    coat: str
    look: int


VOICES = (
    Voice("leader", "Speaker One", "Chief of Police", LEADER, 118, ("#5B6F8C", "#394A63"), scenes.NAVY, 0),
    Voice("officers", "Speaker Two", "Patrol officer", OFFICERS, 142, ("#6F8A84", "#43605B"), scenes.NAVY, 3),
    Voice("community", "Speaker Three", "Neighbor", COMMUNITY, 196, ("#C9A27E", "#8B6A4C"), "#7A8C5A", 2),
)
BROLL = (
    ("Main Street", scenes.main_street),
    ("The ball field", scenes.ball_field),
    ("Foot patrol", scenes.foot_patrol),
)
PHOTOS = (("Swearing-in day", scenes.swearing_in), ("Open house", scenes.open_house))
HEIGHT = 540
BROLL_S = 9


@dataclass(frozen=True)
class Spoken:
    """One word of the script with the seconds at which its tone sounds."""

    text: str
    start_s: float
    end_s: float


def timed_words(sentences: Sequence[str], start_s: float = 0.6) -> tuple[tuple[Spoken, ...], ...]:
    """When each word of each sentence is to sound: by its length, with a pause after every sentence."""
    at = start_s
    script: list[tuple[Spoken, ...]] = []
    for sentence in sentences:
        line: list[Spoken] = []
        for word in sentence.split():
            length = (len(word) + 1) / LETTERS_A_SECOND
            line.append(Spoken(word, round(at, 3), round(at + length * 0.86, 3)))
            at += length
        script.append(tuple(line))
        at += PAUSE_S
    return tuple(script)


def srt_of(script: Sequence[Sequence[Spoken]]) -> str:
    """The script as SubRip text, one cue a sentence."""
    cues = [
        f"{number}\n{_clock(line[0].start_s)} --> {_clock(line[-1].end_s)}\n{' '.join(word.text for word in line)}\n"
        for number, line in enumerate(script, start=1)
    ]
    return "\n".join(cues)


def make_sample_footage(folder: Path, on_progress: Callable[[float], None] = lambda _share: None) -> Path:
    """Write a whole footage folder with `footage.yaml`, enough for a film of two to three minutes; returns the folder.

    Takes some seconds; `on_progress` hears the share done. Raises Outage when the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jobs: list[Callable[[], str]] = [partial(_interview, folder, voice) for voice in VOICES]
    jobs += [partial(_broll, folder, n) for n in range(len(BROLL))]
    jobs += [partial(_photo, folder, n) for n in range(len(PHOTOS))]
    jobs.append(partial(_music, folder))
    with ThreadPoolExecutor(2) as pool:
        for number, done in enumerate([pool.submit(job) for job in jobs], start=1):
            done.result()
            on_progress(number / len(jobs))
    clips: list[dict[str, object]] = [
        {
            "file": f"{voice.slot}.mp4",
            "slot": voice.slot,
            "speaker": {"name": voice.name, "role": voice.role},
            "transcript": f"{voice.slot}.srt",
        }
        for voice in VOICES
    ]
    clips += [{"file": f"broll_{n + 1}.mp4", "slot": "broll"} for n in range(len(BROLL))]
    text = yaml.safe_dump({"clips": clips, "music": "music.m4a"}, sort_keys=False)
    (folder / "footage.yaml").write_text("# Made up by promisereel demo; nobody here exists.\n" + text, "utf-8")
    return folder


def _interview(folder: Path, voice: Voice) -> str:
    script = timed_words(voice.words)
    seconds = math.ceil(script[-1][-1].end_s + 0.8)
    sound, wall, seated = (folder / f".{voice.slot}.{ending}" for ending in ("wav", "wall.png", "seated.png"))
    _write_wave(sound, _voice(script, seconds, voice.pitch_hz))
    (folder / f"{voice.slot}.srt").write_text(srt_of(script), "utf-8")
    name = f"{voice.slot}.mp4"
    scenes.room(HEIGHT, voice.wall).save(wall)
    scenes.speaker(HEIGHT, voice.coat, voice.look, officer=voice.coat == scenes.NAVY).save(seated)
    drawn = f"[0:v]{_drifting(seconds)}[wall];[wall][1:v]overlay,{_label(voice.name, 22)},format=yuv420p[seen]"
    given = ["-i", str(wall), "-i", str(seated), "-i", str(sound), "-filter_complex", drawn]
    try:
        run_ffmpeg([*given, "-map", "[seen]", "-map", "2:a", *_encoding(), str(folder / name)])
    finally:
        for part in (sound, wall, seated):
            part.unlink(missing_ok=True)
    return name


def _broll(folder: Path, number: int) -> str:
    label, drawn = BROLL[number]
    name, scene = f"broll_{number + 1}.mp4", folder / f".broll_{number + 1}.png"
    drawn(HEIGHT).save(scene)
    picture = f"{_drifting(BROLL_S)},{_label(label, 22)},format=yuv420p"
    try:
        run_ffmpeg(["-i", str(scene), "-vf", picture, *_encoding(), "-an", str(folder / name)])
    finally:
        scene.unlink(missing_ok=True)
    return name


def _photo(folder: Path, number: int) -> str:
    label, drawn = PHOTOS[number]
    name, scene = f"photo_{number + 1}.jpg", folder / f".photo_{number + 1}.png"
    drawn(1280).save(scene)
    # Photos are cropped as the film moves over them.
    labelled = _label(label, 52, "x=w*0.12:y=h*0.2")
    try:
        run_ffmpeg(["-i", str(scene), "-vf", labelled, "-frames:v", "1", "-q:v", "3", str(folder / name)])
    finally:
        scene.unlink(missing_ok=True)
    return name


def _music(folder: Path) -> str:
    """A slow pad of four chords, quiet and long enough for any film it may carry."""
    sound = folder / ".music.wav"
    _write_wave(sound, _pad(180))
    try:
        run_ffmpeg(["-i", str(sound), "-c:a", "aac", "-b:a", "128k", str(folder / "music.m4a")])
    finally:
        sound.unlink(missing_ok=True)
    return "music.m4a"


def _label(name: str, size: int, place: str = "x=w*0.06:y=h*0.08") -> str:
    text = f"{name}, sample footage".replace("'", "’").replace(":", "\\:").replace(",", "\\,")
    font = (font_folder() / FONT).as_posix().replace(":", "\\:").replace("'", "\\'")
    box = f"box=1:boxcolor=0x0B1F3A@0.6:boxborderw={size // 2}"
    return f"drawtext=fontfile='{font}':text={text}:expansion=none:fontsize={size}:fontcolor=white:{place}:{box}"


def _drifting(seconds: int) -> str:
    """A drawing that passes by from one side to the other: cheap to make."""
    frames = seconds * FILM_RATE
    width = HEIGHT * 16 // 9
    return (
        f"loop=loop=-1:size=1,setpts=N/{FILM_RATE}/TB,trim=end_frame={frames}"
        f",crop={width}:{HEIGHT}:x='(iw-ow)*n/{frames}':y=0,fps={FILM_RATE}"
    )


def _encoding() -> list[str]:
    colour = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "24", "-threads", "1", *colour]
    return [*video, "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"]


def _voice(script: Sequence[Sequence[Spoken]], seconds: int, pitch_hz: float) -> NDArray[np.float64]:
    """A buzz that opens and closes like syllables exactly where the words lie; silence elsewhere."""
    t = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
    glide = pitch_hz * (t + 0.02 * np.sin(2 * math.pi * 0.7 * t))
    buzz = sum(np.sin(2 * math.pi * k * glide) / k**1.3 for k in range(1, 13))
    envelope = np.zeros_like(t)
    for word in (word for line in script for word in line):
        first, last = int(word.start_s * SAMPLE_RATE), int(word.end_s * SAMPLE_RATE)
        syllables = max(1, round(len(word.text) / 3.2))
        phase = np.linspace(0, math.pi * syllables, max(2, last - first))
        envelope[first:last] = (np.abs(np.sin(phase)) ** 0.6)[: last - first]
    return np.asarray(0.16 * buzz * envelope)


def _pad(seconds: int) -> NDArray[np.float64]:
    chords = ((220.0, 277.18, 329.63), (185.0, 220.0, 277.18), (146.83, 220.0, 293.66), (164.81, 246.94, 329.63))
    t = np.arange(seconds * SAMPLE_RATE) / SAMPLE_RATE
    edges = [*range(0, seconds, 5), seconds]
    out = np.zeros_like(t)
    for number, (start, end) in enumerate(pairwise(edges)):
        part = t[start * SAMPLE_RATE : end * SAMPLE_RATE]
        swell = np.sin(math.pi * (part - start) / (end - start)) ** 0.5
        notes = sum(np.sin(2 * math.pi * note * part) for note in chords[number % len(chords)])
        out[start * SAMPLE_RATE : end * SAMPLE_RATE] = 0.09 * swell * notes
    return out


def _write_wave(path: Path, samples: NDArray[np.float64]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:{whole // 1000 % 60:02d},{whole % 1000:03d}"
