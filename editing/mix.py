"""Making the film's sound: mix to float samples, measure them, then one linear gain to the loudness wanted."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from editing.bed import LONGEST_S, Bed, arrange, whole
from editing.ducking import spoken_stretches
from editing.encoding import PREVIEW_SOUND, SOUND
from editing.graph import footage_name
from editing.mix_graph import hearing_arguments, master_arguments, mix_arguments
from editing.timeline import Timeline
from ingest.clip import Clip
from kit.errors import Bug
from kit.process import run_ffmpeg, run_ffmpeg_bytes
from kit.timing import frames_to_samples, frames_to_seconds
from kit.values import Value

PEAK_DBTP = -2.0
"""True peak aimed at; the encoder adds up to a decibel."""
HIGHEST_DBTP = -1.05
"""True peak that the encoded sound may have."""
NEAR_LU = 0.2
"""How near to the loudness wanted the encoded sound must come."""
SILENCE_LUFS = -69.0


class Loudness(Value):
    """What EBU R 128 says of a sound."""

    lufs: float
    """Integrated loudness; -70 or below for silence."""
    peak_dbtp: float


def measure(file: str, folder: Path) -> Loudness:
    """Integrated loudness and true peak of a sound file. Raises Bug when FFmpeg does not tell them."""
    log = run_ffmpeg(["-i", file, "-vn", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"], cwd=folder)
    summary = log[log.rfind("Summary:") :]
    lufs = re.search(r"I:\s+(-?[\d.]+) LUFS", summary)
    if lufs is None:
        raise Bug(f"FFmpeg did not tell how loud {file} is")
    # Of silence it says that its peak is at minus infinity.
    peak = re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)
    return Loudness(lufs=float(lufs[1]), peak_dbtp=float(peak[1]) if peak else -120.0)


def render_sound(
    timeline: Timeline,
    clips: Mapping[str, Clip],
    media: Callable[[str], Path],
    out: Path,
    scratch: Path,
    *,
    preview: bool = False,
) -> None:
    """Mix, measure and encode the film's sound to `out` (AAC in MP4), in `scratch` (an empty folder of ours).

    That of a preview is encoded once and quickly, with room for what coding adds to its peaks.
    """
    (scratch / "footage").mkdir()
    for file in sounding(timeline):
        (scratch / footage_name(clips[file])).symlink_to(media(file).resolve())
    bed = lay_music(timeline, clips[timeline.music], scratch) if timeline.music else None
    run_ffmpeg(mix_arguments(timeline, clips, bed), cwd=scratch)
    mixed, samples = measure("mix.wav", scratch), frames_to_samples(timeline.frames)
    silent = mixed.lufs <= SILENCE_LUFS
    gain = 0.0 if silent else timeline.loudness_lufs - mixed.lufs
    highest = PEAK_DBTP - 1 if preview else PEAK_DBTP
    limit = None if mixed.peak_dbtp + gain <= highest else highest
    for _ in range(4):
        run_ffmpeg(master_arguments(gain, limit, samples, PREVIEW_SOUND if preview else SOUND), cwd=scratch)
        if preview:
            break
        made = measure("sound.m4a", scratch)
        if silent or (abs(made.lufs - timeline.loudness_lufs) <= NEAR_LU and made.peak_dbtp <= HIGHEST_DBTP):
            break
        gain += timeline.loudness_lufs - made.lufs
        limit = (limit or PEAK_DBTP) - max(0.0, made.peak_dbtp - HIGHEST_DBTP + 0.15)
    (scratch / "sound.m4a").replace(out)


def lay_music(timeline: Timeline, music: Clip, scratch: Path) -> Bed | None:
    """How the film's music is laid under it, by its sound; None for music without sound."""
    if music.sound is None:
        return None
    film_s = frames_to_seconds(timeline.frames, timeline.rate)
    if music.sound.duration_s > LONGEST_S:
        return whole(music.sound.duration_s, film_s)
    raw = run_ffmpeg_bytes(hearing_arguments(music), cwd=scratch)
    heard = (np.frombuffer(raw, np.int16) / np.float32(32768)).astype(np.float32)
    spoken = [(frames_to_seconds(a), frames_to_seconds(b)) for a, b in spoken_stretches(timeline.speech)]
    return arrange(heard, film_s, spoken)


def sounding(timeline: Timeline) -> frozenset[str]:
    """Names of the clips whose sound the film uses."""
    music = {timeline.music} if timeline.music else set()
    return frozenset({run.file for run in timeline.sounds} | music)


def sound_recipe(timeline: Timeline, clips: Mapping[str, Clip], *, preview: bool = False) -> str:
    """Everything that can change a sample of the mix, as text to be fingerprinted.

    How the music is laid follows from its file, the film's length and the speech, which are all in it.
    """
    music = clips[timeline.music].sound if timeline.music else None
    bed = whole(music.duration_s, music.duration_s) if music else None
    coding = PREVIEW_SOUND if preview else SOUND
    return json.dumps([timeline.loudness_lufs, PEAK_DBTP, coding, mix_arguments(timeline, clips, bed)])
