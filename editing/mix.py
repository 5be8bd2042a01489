"""Making the film's sound: mix to float samples, measure them, then one linear gain to the loudness wanted."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from editing.encoding import SOUND
from editing.graph import footage_name
from editing.mix_graph import master_arguments, mix_arguments
from editing.timeline import Timeline
from ingest.clip import Clip
from kit.process import run_ffmpeg
from kit.timing import frames_to_samples
from kit.values import Value

PEAK_DBTP = -1.5
"""True peak aimed at; the encoder adds a little."""
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
    """Integrated loudness and true peak of a sound file."""
    log = run_ffmpeg(["-i", file, "-vn", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"], cwd=folder)
    summary = log[log.rfind("Summary:") :]
    lufs = re.search(r"I:\s+(-?[\d.]+) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)
    return Loudness(lufs=float(lufs[1]) if lufs else -70.0, peak_dbtp=float(peak[1]) if peak else -120.0)


def render_sound(
    timeline: Timeline, clips: Mapping[str, Clip], media: Callable[[str], Path], out: Path, scratch: Path
) -> None:
    """Mix, measure and encode the film's sound to `out` (AAC in MP4), in `scratch` (an empty folder of ours)."""
    (scratch / "footage").mkdir()
    for file in sounding(timeline):
        (scratch / footage_name(clips[file])).symlink_to(media(file).resolve())
    run_ffmpeg(mix_arguments(timeline, clips), cwd=scratch)
    mixed, samples = measure("mix.wav", scratch), frames_to_samples(timeline.frames)
    silent = mixed.lufs <= SILENCE_LUFS
    gain = 0.0 if silent else timeline.loudness_lufs - mixed.lufs
    limit = None if mixed.peak_dbtp + gain <= PEAK_DBTP else PEAK_DBTP
    for _ in range(4):
        run_ffmpeg(master_arguments(gain, limit, samples), cwd=scratch)
        made = measure("sound.m4a", scratch)
        if silent or (abs(made.lufs - timeline.loudness_lufs) <= NEAR_LU and made.peak_dbtp <= HIGHEST_DBTP):
            break
        gain += timeline.loudness_lufs - made.lufs
        limit = (limit or PEAK_DBTP) - max(0.0, made.peak_dbtp - HIGHEST_DBTP + 0.15)
    (scratch / "sound.m4a").replace(out)


def sounding(timeline: Timeline) -> frozenset[str]:
    """Names of the clips whose sound the film uses."""
    music = {timeline.music} if timeline.music else set()
    return frozenset({run.file for run in timeline.sounds} | music)


def sound_recipe(timeline: Timeline, clips: Mapping[str, Clip]) -> str:
    """Everything that can change a sample of the mix, as text to be fingerprinted."""
    return json.dumps([timeline.loudness_lufs, PEAK_DBTP, SOUND, mix_arguments(timeline, clips)])
