"""Footage made up on the spot, so that the demo runs where there is none. It shows the plumbing, not alignment.

Nothing in it was filmed: labelled moving patterns, tones with the rhythm of speech, and the words they stand for.
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
    colours: tuple[str, str]


VOICES = (
    Voice("leader", "Speaker One", "Chief of Police", LEADER, 118, ("0x1B3358", "0x3E6CA8")),
    Voice("officers", "Speaker Two", "Patrol officer", OFFICERS, 142, ("0x24424A", "0x5E8F8A")),
    Voice("community", "Speaker Three", "Neighbor", COMMUNITY, 196, ("0x4A3324", "0xA87B4F")),
)
BROLL = (
    ("Main Street", ("0x24503E", "0x7FB08F")),
    ("The ball field", ("0x38502A", "0xA3B56B")),
    ("Foot patrol", ("0x2A4058", "0x86A8C8")),
)
PHOTOS = (
    ("Swearing-in day", ("0x17304F", "0xC8A14B")),
    ("Open house", ("0x37474F", "0x90A4AE")),
)
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
    sound = folder / f".{voice.slot}.wav"
    _write_wave(sound, _voice(script, seconds, voice.pitch_hz))
    (folder / f"{voice.slot}.srt").write_text(srt_of(script), "utf-8")
    name = f"{voice.slot}.mp4"
    picture = _moving_picture(f"{voice.name}, {voice.role}", voice.colours, seconds, speed=0.0004)
    try:
        run_ffmpeg([*picture, "-i", str(sound), "-map", "0:v", "-map", "1:a", *_encoding(), str(folder / name)])
    finally:
        sound.unlink(missing_ok=True)
    return name


def _broll(folder: Path, number: int) -> str:
    label, colours = BROLL[number]
    name = f"broll_{number + 1}.mp4"
    picture = _moving_picture(label, colours, BROLL_S, speed=0.0009)
    run_ffmpeg([*picture, *_encoding(), "-an", str(folder / name)])
    return name


def _photo(folder: Path, number: int) -> str:
    label, colours = PHOTOS[number]
    name = f"photo_{number + 1}.jpg"
    source = _still(colours, 1920, 1280) + f",{_label(label, 110)}"
    run_ffmpeg(["-f", "lavfi", "-i", source, "-frames:v", "1", "-q:v", "3", str(folder / name)])
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


def _still(colours: tuple[str, str], width: int, height: int) -> str:
    first, second = colours
    return (
        f"gradients=s={width}x{height}:c0={first}:c1={second}:n=2:x0=0:y0=0:x1={width}:y1={height}:r={FILM_RATE}:d=1"
        f",trim=end_frame=1,drawgrid=w={width // 16}:h={width // 16}:t=2:c=white@0.16"
    )


def _label(text: str, size: int) -> str:
    safe = text.replace("\\", "").replace("'", "’").replace(":", "\\:").replace(",", "\\,").replace("%", "")
    font = (font_folder() / FONT).as_posix().replace(":", "\\:").replace("'", "\\'")
    box = "box=1:boxcolor=0x0B1F3A@0.55:boxborderw=18"
    where = "x=(w-text_w)/2:y=h*0.24"
    return (
        f"drawtext=fontfile='{font}':text={safe}:expansion=none:fontsize={size}:fontcolor=white:{where}:{box}"
        f",drawtext=fontfile='{font}':text=Sample footage:expansion=none:fontsize={size // 2}:fontcolor=0xF2D38B"
        f":x=(w-text_w)/2:y=h*0.24+{size}*1.7"
    )


def _moving_picture(label: str, colours: tuple[str, str], seconds: int, *, speed: float) -> list[str]:
    """Input arguments of a labelled pattern that drifts sideways: cheap to make, and no two frames alike."""
    source = f"{_still(colours, 960, 540)},format=yuv420p,loop=loop=-1:size=1,setpts=N/{FILM_RATE}/TB"
    source += f",trim=end_frame={seconds * FILM_RATE},scroll=h={speed},{_label(label, 44)},format=yuv420p"
    return ["-f", "lavfi", "-i", source]


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
