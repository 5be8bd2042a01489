"""The film's sound: speech levelled and faded, music ducked beneath, loudness met by one linear gain.

`mix_arguments` is pure. Three runs: mix to float samples, measure them, then gain, limit and encode.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ffmpeg

from editing.encoding import SOUND
from editing.graph import footage_name
from editing.timeline import SoundClip, Timeline
from ingest.clip import Clip
from ingest.graph import sound_input
from kit.process import run_ffmpeg
from kit.timing import SAMPLE_RATE, frames_to_samples
from kit.values import Value

SPEECH_LUFS = -18.0
"""Where every speaker is brought to before the final loudness, so that they are even."""

FADE = 480
"""Samples of fade at each end of a run of speech (10 ms), so that no cut clicks."""

DENOISE_DELAY = 1200
"""Samples at 48 kHz that the noise reduction holds its sound back."""

PEAK_DBTP = -1.5
"""True peak aimed at; the encoder adds a little."""


class Loudness(Value):
    """What EBU R 128 says of a sound."""

    lufs: float
    """Integrated loudness; -70 or below for silence."""
    peak_dbtp: float


def clip_gain(clip: Clip) -> float:
    """Decibels that bring a speaker to the common level, kept within what light footage noise can bear."""
    if clip.sound is None or clip.sound.loudness_lufs is None:
        return 0.0
    return max(-20.0, min(24.0, SPEECH_LUFS - clip.sound.loudness_lufs))


def _speech(run: SoundClip, clip: Clip, sound: Any) -> Any:
    first, length = frames_to_samples(run.source_start), frames_to_samples(run.end - run.start)
    stream = sound.filter("atrim", start_sample=first, end_sample=first + length).filter("asetpts", "PTS-STARTPTS")
    stream = stream.filter("apad", whole_len=length + DENOISE_DELAY).filter("highpass", f=80, poles=2)
    stream = stream.filter("afftdn", nr=6, nf=-50, tn=1)
    stream = stream.filter("atrim", start_sample=DENOISE_DELAY, end_sample=DENOISE_DELAY + length)
    stream = stream.filter("asetpts", "PTS-STARTPTS").filter("volume", f"{clip_gain(clip):.2f}dB")
    stream = stream.filter("alimiter", limit=0.7, attack=2, release=60, level=0, latency=1)
    stream = stream.filter("afade", type="in", start_sample=0, nb_samples=FADE)
    stream = stream.filter("afade", type="out", start_sample=length - FADE, nb_samples=FADE)
    return stream.filter("adelay", delays=f"{frames_to_samples(run.start)}S", all=1)


def mix_arguments(timeline: Timeline, clips: Mapping[str, Clip], *, out: str = "mix.wav") -> list[str]:
    """FFmpeg's arguments that mix the whole film's sound to 32-bit float, exactly as long as its pictures."""
    samples = frames_to_samples(timeline.frames)
    runs = [_speech(run, clips[run.file], sound) for run, sound in _decoded_once(timeline, clips)]
    if runs:
        speech = ffmpeg.filter(runs, "amix", inputs=len(runs), normalize=0, dropout_transition=0, duration="longest")
    else:
        speech = ffmpeg.input("anullsrc=r=48000:cl=stereo", f="lavfi", t=1)
    speech = _exactly(speech, samples)
    if timeline.music:
        speech = _with_music(speech, timeline, clips[timeline.music], samples)
    return [*ffmpeg.output(_exactly(speech, samples), out, **{"c:a": "pcm_f32le", "ar": SAMPLE_RATE}).get_args()]


def _decoded_once(timeline: Timeline, clips: Mapping[str, Clip]) -> Iterator[tuple[SoundClip, Any]]:
    """Each run of sound with a stream of its clip's whole sound; a clip used often is still decoded once."""
    uses = Counter(run.file for run in timeline.sounds if clips[run.file].sound)
    streams = {}
    for file, count in uses.items():
        whole = sound_input(clips[file], Path(footage_name(clips[file])))
        split = whole.filter_multi_output("asplit", count)
        streams[file] = iter([split[n] for n in range(count)])
    for run in timeline.sounds:
        if run.file in streams:
            yield run, next(streams[run.file])


def _exactly(stream: Any, samples: int) -> Any:
    stream = stream.filter("apad", whole_len=samples).filter("atrim", start_sample=0, end_sample=samples)
    return stream.filter("aformat", sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts="stereo")


def _with_music(speech: Any, timeline: Timeline, clip: Clip, samples: int) -> Any:
    """Loop the bed under the film; while someone speaks a side chain holds it some 12 dB lower."""
    loudness = clip.sound.loudness_lufs if clip.sound and clip.sound.loudness_lufs is not None else SPEECH_LUFS
    gain = SPEECH_LUFS + timeline.music_gain_db - loudness
    bed = sound_input(clip, Path(footage_name(clip)))
    length = clip.sound.duration_s if clip.sound else clip.duration_s
    bed = bed.filter("atrim", end_sample=samples).filter("volume", f"{gain:.2f}dB")
    if length * SAMPLE_RATE < samples:
        bed = bed.filter("aloop", loop=-1, size=int(length * SAMPLE_RATE))
    bed = _exactly(bed, samples)
    bed = bed.filter("afade", type="in", start_sample=0, nb_samples=SAMPLE_RATE)
    bed = bed.filter("afade", type="out", start_sample=samples - 4 * SAMPLE_RATE, nb_samples=4 * SAMPLE_RATE)
    halves = speech.filter_multi_output("asplit")
    ducked = ffmpeg.filter(
        [bed, halves[1]],
        "sidechaincompress",
        threshold=0.015,
        ratio=4,
        knee=4,
        attack=120,
        release=900,
        detection="rms",
    )
    return ffmpeg.filter([halves[0], ducked], "amix", inputs=2, normalize=0, dropout_transition=0, duration="first")


def master_arguments(gain_db: float, limit_db: float, samples: int, *, out: str = "sound.m4a") -> list[str]:
    """FFmpeg's arguments that apply one linear gain, catch true peaks at four times the rate, and encode."""
    stream = ffmpeg.input("mix.wav").filter("volume", f"{gain_db:.3f}dB")
    stream = stream.filter("aresample", SAMPLE_RATE * 4)
    stream = stream.filter("alimiter", limit=f"{10 ** (limit_db / 20):.5f}", attack=3, release=80, level=0, latency=1)
    stream = _exactly(stream.filter("aresample", SAMPLE_RATE), samples)
    return [*ffmpeg.output(stream, out, map_metadata=-1, **SOUND).get_args()]


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
    gain = timeline.loudness_lufs - mixed.lufs if mixed.lufs > -69 else 0.0
    limit = PEAK_DBTP
    for _ in range(4):
        run_ffmpeg(master_arguments(gain, limit, samples), cwd=scratch)
        made = measure("sound.m4a", scratch)
        if mixed.lufs <= -69 or (abs(made.lufs - timeline.loudness_lufs) <= 0.2 and made.peak_dbtp <= -1.05):
            break
        gain += timeline.loudness_lufs - made.lufs
        limit -= max(0.0, made.peak_dbtp + 1.2)
    (scratch / "sound.m4a").replace(out)


def sounding(timeline: Timeline) -> frozenset[str]:
    """Names of the clips whose sound the film uses."""
    music = {timeline.music} if timeline.music else set()
    return frozenset({run.file for run in timeline.sounds} | music)


def sound_recipe(timeline: Timeline, clips: Mapping[str, Clip]) -> str:
    """Everything that can change a sample of the mix, as text to be fingerprinted."""
    return json.dumps([timeline.loudness_lufs, PEAK_DBTP, SOUND, mix_arguments(timeline, clips)])
