"""A film's sound as FFmpeg arguments: speech cleaned, levelled and cross-faded, music ducked beneath. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import ffmpeg

from editing.bed import RATE, Bed
from editing.ducking import ducking
from editing.graph import footage_name
from editing.levels import SPEECH_LUFS, Ramp, levelling
from editing.timeline import SoundClip, Timeline
from ingest.clip import Clip
from ingest.graph import sound_input
from kit.timing import SAMPLE_RATE, frames_to_samples

FADE = 480
"""Samples of the fade at a cut in speech (10 ms): too short to be heard, too long to click."""
HANDLE = 8
"""Most frames of its own pause that a run is led in with and runs out into, so that the room does not drop away."""
SETTLING = 30
"""Frames before a run from which it is decoded, so that the noise reduction knows the room when the run begins."""

FADE_IN = 2400
"""Samples of the fade at the music's own start and end (50 ms), where nothing else fades it."""
FADE_OUT = 4 * SAMPLE_RATE
"""Samples in which music that does not end of itself goes down with the film."""

DENOISE = {"nr": 12, "nf": -50, "tn": 1, "ad": 0.8}
"""The strongest tried that keeps the first 50 ms of sentences within 1 dB, from clean speech to 20 dB over pink noise;
it takes 2 to 5 dB of noise away."""
DENOISE_DELAY = 1200
"""Samples at 48 kHz that the noise reduction holds its sound back."""

PEAK = 0.45
"""Where peaks of levelled speech are caught, so that the finished film has next to none to catch."""

STEP = 48
"""Samples between two values of a moving gain (1 ms)."""


class LaidRun(NamedTuple):
    """A run of sound with what of its clip is heard around it."""

    run: SoundClip
    before: int
    """Samples heard before the run's start, faded in; 0 for a fade inside the run."""
    after: int
    """Samples heard after the run's end, faded out: into the next run, or into its own pause."""


def lay(sounds: Sequence[SoundClip], clips: Mapping[str, Clip]) -> tuple[LaidRun, ...]:
    """The runs in film order: cross-faded where one follows another at once, else led out into their own pauses."""
    edges = [None, *sounds, None]
    laid = []
    for (before, run), (_, after) in zip(pairwise(edges[:-1]), pairwise(edges[1:]), strict=True):
        assert run
        clip, source_end = clips[run.file], run.source_start + run.end - run.start
        room = [run.start - before.end if before else run.start, after.start - run.end if after else HANDLE]
        lead = min(room[0] // 2, _still(clip, run.source_start, -1))
        tail = 0 if run.fade_out else min(room[1] // 2, _still(clip, source_end, 1))
        if after and room[1] <= 0:
            laid.append(LaidRun(run, frames_to_samples(lead), FADE))
        else:
            laid.append(LaidRun(run, frames_to_samples(lead), frames_to_samples(tail)))
    return tuple(laid)


def _still(clip: Clip, frame: int, step: int) -> int:
    """Frames from one on, forwards or backwards, in which the clip pauses and which nobody cut off by hand."""
    bounds = (round((clip.in_s or 0) * 30), round(clip.out_s * 30) if clip.out_s else frame + HANDLE)
    for pause in clip.analysis.pauses if clip.analysis else ():
        if step > 0 and pause.start <= frame < pause.end:
            return max(0, min(pause.end, bounds[1], frame + HANDLE) - frame)
        if step < 0 and pause.start < frame <= pause.end:
            return max(0, frame - max(pause.start, bounds[0], frame - HANDLE))
    return 0


def mix_arguments(timeline: Timeline, clips: Mapping[str, Clip], bed: Bed | None, *, out: str = "mix.wav") -> list[str]:
    """FFmpeg's arguments that mix the whole film's sound to 32-bit float, exactly as long as its pictures; `bed` says
    how the music is laid (None: there is none).
    """
    samples = frames_to_samples(timeline.frames)
    heard = [*_speech(timeline, clips)]
    music = clips[timeline.music] if timeline.music else None
    if music and bed:
        heard.append(_music(timeline, music, bed, samples))
    mixed = _together(heard) if heard else ffmpeg.input("anullsrc=r=48000:cl=stereo", f="lavfi", t=1)
    return [*ffmpeg.output(_exactly(mixed, samples), out, **{"c:a": "pcm_f32le", "ar": SAMPLE_RATE}).get_args()]


def _speech(timeline: Timeline, clips: Mapping[str, Clip]) -> Iterator[Any]:
    """A stream for each run of sound; a clip used often is still decoded once."""
    runs: dict[str, list[LaidRun]] = defaultdict(list)
    for one in lay(timeline.sounds, clips):
        if clips[one.run.file].sound:
            runs[one.run.file].append(one)
    for file, uses in runs.items():
        clip = clips[file]
        levels = levelling(clip, [one.run for one in uses])
        whole = _mono(sound_input(clip, Path(footage_name(clip))))
        streams = whole.filter_multi_output("asplit", len(uses)) if len(uses) > 1 else [whole]
        for n, one in enumerate(uses):
            yield _laid(one, streams[n], levels)


def _laid(one: LaidRun, stream: Any, levels: tuple[float, tuple[Ramp, ...]]) -> Any:
    """A run cleaned, levelled and faded, on its sample of the film."""
    run = one.run
    before = min(one.before, frames_to_samples(run.source_start))
    first = frames_to_samples(run.source_start) - before
    length = before + frames_to_samples(run.end - run.start) + one.after
    settle = min(first, frames_to_samples(SETTLING))
    held = DENOISE_DELAY + settle
    stream = stream.filter("atrim", start_sample=first - settle, end_sample=first + length)
    stream = stream.filter("asetpts", "PTS-STARTPTS").filter("apad", whole_len=held + length)
    # Levelled first, so that the noise reduction finds every room at the level it is set for.
    stream = _moved(stream, *_shifted(levels, (first - settle) * 30 / SAMPLE_RATE, (held + length) * 30 / SAMPLE_RATE))
    stream = stream.filter("highpass", f=80, poles=2).filter("afftdn", **DENOISE)
    stream = stream.filter("atrim", start_sample=held, end_sample=held + length).filter("asetpts", "PTS-STARTPTS")
    stream = stream.filter("alimiter", limit=PEAK, attack=2, release=60, level=0, latency=1)
    stream = stream.filter("afade", type="in", start_sample=0, nb_samples=max(FADE, before))
    faded = max(FADE, one.after, frames_to_samples(run.fade_out))
    stream = stream.filter("afade", type="out", start_sample=length - faded, nb_samples=faded)
    stream = stream.filter("adelay", delays=f"{frames_to_samples(run.start) - before}S", all=1)
    return stream.filter("channelmap", map="0-0|0-1", channel_layout="stereo")


def _mono(stream: Any) -> Any:
    """Both sides of speech as one, which stands in the middle whatever side it was recorded on."""
    return stream.filter("pan", "mono|c0<c0+c1")


def _shifted(levels: tuple[float, tuple[Ramp, ...]], start: float, frames: float) -> tuple[float, tuple[Ramp, ...]]:
    """A curve in frames of a clip as one that begins at a frame of it and lasts so many."""
    level, ramps = levels
    kept = []
    for ramp in ramps:
        if ramp.end <= start:
            level += ramp.by_db
        elif ramp.start < start + frames:
            kept.append(Ramp(ramp.start - start, ramp.end - start, ramp.by_db))
    return level, tuple(kept)


def _moved(stream: Any, level_db: float, ramps: Sequence[Ramp]) -> Any:
    """A gain that starts at `level_db` and follows ramps, which are in frames of this stream."""
    if not ramps:
        return stream.filter("volume", f"{level_db:.2f}dB")
    curve = "".join(f"{r.by_db:+.2f}*clip((t*30{-r.start:+.6g})/{r.end - r.start:.6g},0,1)" for r in ramps)
    # Padding and mixing may leave frames without a time, on which the curve would have no value.
    stream = stream.filter("asetnsamples", n=STEP, p=0).filter("asetpts", "N/SR/TB")
    stream = stream.filter("volume", f"pow(10,({level_db:.2f}{curve})/20)", eval="frame")
    return stream.filter("asetnsamples", n=1024, p=0)


def _together(streams: Sequence[Any]) -> Any:
    """The plain sum of streams, as long as the longest."""
    if len(streams) == 1:
        return streams[0]
    return ffmpeg.filter(streams, "amix", inputs=len(streams), normalize=0, dropout_transition=0, duration="longest")


def _exactly(stream: Any, samples: int) -> Any:
    stream = stream.filter("apad", whole_len=samples).filter("atrim", start_sample=0, end_sample=samples)
    return stream.filter("aformat", sample_fmts="fltp", sample_rates=SAMPLE_RATE, channel_layouts="stereo")


def _music(timeline: Timeline, clip: Clip, bed: Bed, samples: int) -> Any:
    """The parts of the music cross-faded under the film, held down while someone speaks."""
    assert clip.sound
    loudness = clip.sound.loudness_lufs if clip.sound.loudness_lufs is not None else SPEECH_LUFS
    whole = sound_input(clip, Path(footage_name(clip)))
    count = len(bed.sections)
    streams = whole.filter_multi_output("asplit", count) if count > 1 else [whole]
    music = _exactly(_together([_part(streams[n], bed, n) for n in range(count)]), samples)
    music = _moved(music, SPEECH_LUFS + timeline.music_gain_db - loudness, ducking(timeline))
    if bed.ends:
        return music
    faded = min(FADE_OUT, samples // 3)
    return music.filter("afade", type="out", start_sample=samples - faded, nb_samples=faded)


def _part(stream: Any, bed: Bed, n: int) -> Any:
    """One section of the music with its halves of the cross-fades, on its sample of the film."""
    section, half = bed.sections[n], round(bed.join_s * SAMPLE_RATE / 2)
    first, last, start = (round(seconds * SAMPLE_RATE) for seconds in section)
    before, after = half if n else 0, half if n < len(bed.sections) - 1 else 0
    length = last - first + before + after
    stream = stream.filter("atrim", start_sample=first - before, end_sample=last + after)
    stream = stream.filter("asetpts", "PTS-STARTPTS")
    fade_in, fade_out = max(2 * before, FADE_IN), max(2 * after, FADE_IN)
    stream = stream.filter("afade", type="in", start_sample=0, nb_samples=fade_in, curve=bed.curve)
    stream = stream.filter("afade", type="out", start_sample=length - fade_out, nb_samples=fade_out, curve=bed.curve)
    return stream.filter("adelay", delays=f"{start - before}S", all=1) if start - before else stream


def hearing_arguments(clip: Clip) -> list[str]:
    """FFmpeg's arguments that put a piece of music out as `bed.arrange` hears it: mono, 16-bit, on standard output."""
    heard = sound_input(clip, Path(footage_name(clip)))
    return [*ffmpeg.output(heard, "pipe:1", **{"f": "s16le", "ac": 1, "ar": RATE, "v": "error"}).get_args()]


def master_arguments(
    gain_db: float, limit_db: float | None, samples: int, coding: Mapping[str, Any], *, out: str = "sound.m4a"
) -> list[str]:
    """FFmpeg's arguments that apply one linear gain and encode by `coding`; `limit_db` (dBFS) is for peaks left."""
    stream = ffmpeg.input("mix.wav").filter("volume", f"{gain_db:.3f}dB")
    if limit_db is not None:
        limit = f"{10 ** (limit_db / 20):.5f}"
        stream = stream.filter("alimiter", limit=limit, attack=3, release=80, level=0, latency=1)
    return [*ffmpeg.output(_exactly(stream, samples), out, map_metadata=-1, **coding).get_args()]
