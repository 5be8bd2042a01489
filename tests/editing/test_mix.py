"""The mix lays every run of sound on its sample, keeps speakers even, cleans them, and holds the bed below them."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from editing.bed import Bed, Section
from editing.documentary import RenderContext, sound_key
from editing.encoding import SOUND
from editing.mix import lay_music, measure, render_sound, sounding
from editing.mix_graph import DENOISE_DELAY, FADE, lay, master_arguments, mix_arguments
from editing.timeline import SoundClip, SpeechSpan
from ingest.analysis import Analysis, Stretch
from ingest.clip import Clip, Kind, Sound, Verdict
from ingest.sound_meter import SoundMeter
from kit.errors import Bug
from kit.process import run_ffmpeg, run_ffmpeg_bytes

from .filming import film, interview, make_media, music

Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    return folder


def mixed(media_folder: Path, scratch: Path, context: RenderContext | None = None, **changed: object) -> Samples:
    """The mix of the made-up film, samples by channels, before mastering."""
    context = context or film(media_folder, **changed)
    (scratch / "footage").mkdir()
    for name in sounding(context.timeline):
        (scratch / "footage" / context.by_name[name].digest).symlink_to(media_folder / name)
    bed = lay_music(context.timeline, context.by_name["bed.wav"], scratch) if context.timeline.music else None
    run_ffmpeg(mix_arguments(context.timeline, context.by_name, bed), cwd=scratch)
    raw = run_ffmpeg_bytes(["-v", "error", "-i", "mix.wav", "-f", "f32le", "pipe:1"], cwd=scratch)
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


def tone_db(samples: Samples, hertz: float, first: float, last: float) -> float:
    """Level of one frequency between two frames of the film."""
    part = samples[round(first * 1600) : round(last * 1600), 0]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    at = round(hertz * len(part) / 48000)
    return float(20 * np.log10(spectrum[max(0, at - 3) : at + 4].max() / len(part) * 4 + 1e-9))


def test_a_sound_comes_out_on_the_sample_it_was_laid_on(media_folder: Path, tmp_path: Path) -> None:
    run = SoundClip(start=50, end=170, file="talk.mp4", source_start=15)
    samples = mixed(media_folder, tmp_path, sounds=(run,), music=None)
    assert len(samples) == 260 * 1600
    loud = np.abs(samples[:, 0]) > 0.02
    # The clip beeps from every whole second on; its second 1 is 15 frames after the run's start.
    onset = np.flatnonzero(loud[(50 + 10) * 1600 :])[0] + (50 + 10) * 1600
    assert abs(int(onset) - (50 + 15) * 1600) <= 96
    assert not loud[: 50 * 1600].any()
    assert not loud[170 * 1600 :].any()


def test_a_short_bed_lasts_to_the_end_and_gives_way_to_speech(media_folder: Path, tmp_path: Path) -> None:
    samples = mixed(media_folder, tmp_path)
    alone, under = tone_db(samples, 330, 36, 49), tone_db(samples, 330, 66, 79)
    assert 11 <= alone - under <= 13
    assert np.abs(samples[-1600:]).max() < 0.01


def test_the_bed_is_steady_under_speech_and_down_before_the_first_word(media_folder: Path, tmp_path: Path) -> None:
    silence = SoundClip(start=50, end=170, file="talk.mp4", source_start=200)
    speech = (SpeechSpan(start=90, end=141, file="talk.mp4"),)
    samples = mixed(media_folder, tmp_path, sounds=(silence,), speech=speech)
    heard = {frame: tone_db(samples, 330, frame, frame + 3) for frame in range(60, 170, 3)}
    under = [heard[frame] for frame in range(87, 141, 3)]
    assert max(under) - min(under) < 0.5
    assert min(heard[78], heard[162]) - under[0] > 11.5  # up to there, and from there on, at its own level


def test_two_runs_that_touch_are_cross_faded_and_a_pause_is_run_out_into(tmp_path: Path) -> None:
    pauses = Analysis(pauses=(Stretch(start=0, end=15), Stretch(start=100, end=140)))
    clip = interview(tmp_path).model_copy(update={"analysis": pauses})
    sounds = (
        SoundClip(start=30, end=60, file="talk.mp4", source_start=10),
        SoundClip(start=60, end=90, file="talk.mp4", source_start=72),
        SoundClip(start=93, end=100, file="talk.mp4", source_start=50),
    )
    laid = lay(sounds, {clip.file: clip})
    # Five frames to the clip's start or its word; one frame is half of the gap to the next run.
    assert [(one.before, one.after) for one in laid] == [(8 * 1600, FADE), (0, 1600), (0, 0)]
    by_hand = clip.model_copy(update={"in_s": 0.3, "out_s": 3.4})
    laid = lay(sounds, {clip.file: by_hand})
    assert [(one.before, one.after) for one in laid] == [(1 * 1600, FADE), (0, 0), (0, 0)]


def test_a_planned_tail_fades_for_all_of_its_length(tmp_path: Path) -> None:
    run = SoundClip(start=50, end=170, file="talk.mp4", source_start=15, fade_out=20)
    pauses = Analysis(pauses=(Stretch(start=0, end=15), Stretch(start=110, end=150)))
    clip = interview(tmp_path).model_copy(update={"analysis": pauses})
    assert [one.after for one in lay((run,), {clip.file: clip})] == [0]
    context = film(tmp_path, sounds=(run,), music=None)
    (graph,) = [one for one in mix_arguments(context.timeline, context.by_name, None) if "afade" in one]
    assert "afade=nb_samples=32000:start_sample=160000:type=out" in graph


def noisy(folder: Path) -> Path:
    """4 s: bursts of a tone on noise over a rumble, stereo with the left louder."""
    made = (
        "0.1*sin(2*PI*600*t)*lt(mod(t,1),0.5)+0.004*(random(0)-0.5)+0.1*sin(2*PI*30*t)|"
        "0.08*sin(2*PI*600*t)*lt(mod(t,1),0.5)+0.004*(random(1)-0.5)+0.1*sin(2*PI*30*t)"
    )
    run_ffmpeg(["-f", "lavfi", "-i", f"aevalsrc='{made}':s=48000:d=5", str(folder / "noisy.wav")])
    return folder / "noisy.wav"


def test_the_whole_graph_of_a_mix(media_folder: Path) -> None:
    context = film(media_folder)
    bed = Bed((Section(0.1, 1.5, 0.5), Section(0.5, 2.0, 1.9)), join_s=0.4, curve="tri", ends=True)
    arguments = mix_arguments(context.timeline, context.by_name, bed)
    # The run of 4 s begins a third of a second into its clip, from whose start the noise reduction settles.
    settle, length = 10 * 1600, 120 * 1600
    held = settle + DENOISE_DELAY
    conformed = [
        "aresample=48000:async=240:first_pts=0:min_comp=0.015:min_hard_comp=0.03",
        "aformat=channel_layouts=stereo:sample_fmts=fltp",
    ]
    film_long = [
        "apad=whole_len=416000",
        "atrim=end_sample=416000:start_sample=0",
        "aformat=channel_layouts=stereo:sample_fmts=fltp:sample_rates=48000",
    ]
    graph = arguments[arguments.index("-filter_complex") + 1]
    assert re.sub(r"\[[^]]*\]", "", graph).split(";") == [
        *("asetpts=PTS-0", "channelmap=channel_layout=stereo:map=0-0|0-1", *conformed, "pan=mono|c0<c0+c1"),
        *(
            f"atrim=end_sample={settle + length}:start_sample=0",
            "asetpts=PTS-STARTPTS",
            f"apad=whole_len={held + length}",
        ),
        *("volume=12.00dB", "highpass=f=80:poles=2", "afftdn=ad=0.8:nf=-50:nr=12:tn=1"),
        *(f"atrim=end_sample={held + length}:start_sample={held}", "asetpts=PTS-STARTPTS"),
        "alimiter=attack=2:latency=1:level=0:limit=0.45:release=60",
        "afade=nb_samples=480:start_sample=0:type=in",
        f"afade=nb_samples=480:start_sample={length - 480}:type=out",
        *("adelay=all=1:delays=80000S", "channelmap=channel_layout=stereo:map=0-0|0-1"),
        *("asetpts=PTS-0", "channelmap=channel_layout=stereo:map=0-0|1-1", *conformed, "asplit=2"),
        *("atrim=end_sample=81600:start_sample=4800", "asetpts=PTS-STARTPTS"),
        "afade=curve=tri:nb_samples=2400:start_sample=0:type=in",
        "afade=curve=tri:nb_samples=19200:start_sample=57600:type=out",
        "adelay=all=1:delays=24000S",
        *("atrim=end_sample=96000:start_sample=14400", "asetpts=PTS-STARTPTS"),
        "afade=curve=tri:nb_samples=19200:start_sample=0:type=in",
        "afade=curve=tri:nb_samples=2400:start_sample=79200:type=out",
        "adelay=all=1:delays=81600S",
        *("amix=dropout_transition=0:duration=longest:inputs=2:normalize=0", *film_long),
        *("asetnsamples=n=48:p=0", "asetpts=N/SR/TB"),
        r"volume=pow(10\,(-6.00-12.00*clip((t*30-51)/6\,0\,1)+12.00*clip((t*30-160)/18\,0\,1))/20):eval=frame",
        "asetnsamples=n=1024:p=0",
        *("amix=dropout_transition=0:duration=longest:inputs=2:normalize=0", *film_long),
    ]
    inputs = [f"file:footage/{clip.digest}" for clip in context.clips if clip.sound]
    assert [after for option, after in pairwise(arguments) if option == "-i"] == inputs
    assert arguments[arguments.index("-map") :][2:] == ["-ar", "48000", "-c:a", "pcm_f32le", "mix.wav"]


def test_the_master_is_one_gain_and_a_limit_only_when_asked() -> None:
    assert master_arguments(3.25, None, 416000, SOUND) == [
        *("-i", "mix.wav", "-filter_complex"),
        "[0]volume=3.250dB[s0];[s0]apad=whole_len=416000[s1];[s1]atrim=end_sample=416000:start_sample=0[s2];"
        "[s2]aformat=channel_layouts=stereo:sample_fmts=fltp:sample_rates=48000[s3]",
        *("-map", "[s3]", "-ac", "2", "-ar", "48000", "-b:a", "192k", "-c:a", "aac", "-fflags", "+bitexact"),
        *("-flags:a", "+bitexact", "-map_metadata", "-1", "sound.m4a"),
    ]
    limited = master_arguments(3.25, -2.0, 416000, SOUND)[3]
    assert "[s0]alimiter=attack=3:latency=1:level=0:limit=0.79433:release=80[s1]" in limited


@pytest.mark.parametrize("parts", [{"music": None}, {"sounds": (), "speech": ()}, {"music": None, "sounds": ()}])
def test_a_film_may_lack_speech_or_music_or_both(media_folder: Path, tmp_path: Path, parts: Mapping[str, Any]) -> None:
    samples = mixed(media_folder, tmp_path, **parts)
    assert len(samples) == 260 * 1600
    assert (np.abs(samples).max() > 0.01) == (len(parts) < 2 or "speech" in parts)


def test_speech_stands_in_the_middle_without_its_rumble_and_with_less_noise(tmp_path: Path) -> None:
    noisy(tmp_path)
    clip = music(tmp_path).model_copy(update={"file": "noisy.wav", "digest": "0" * 64, "duration_s": 5.0})
    assert clip.sound
    clip = clip.model_copy(update={"sound": clip.sound.model_copy(update={"loudness_lufs": -18.0})})
    run = SoundClip(start=0, end=120, file="noisy.wav", source_start=30, role="narration")
    base = film(tmp_path, frames=120, sounds=(run,), speech=(), music=None)
    samples = mixed(tmp_path, tmp_path, base.model_copy(update={"clips": (clip,)}))
    assert np.array_equal(samples[:, 0], samples[:, 1])
    bursts = [tone_db(samples, 600, start + 1, start + 14) for start in (30, 60, 90)]
    assert max(abs(level - 20 * np.log10(0.09)) for level in bursts) < 1
    assert tone_db(samples, 30, 47, 59) < 20 * np.log10(0.1) - 14
    # The first 20 ms of a word keep their level: nothing gates it.
    first = samples[60 * 1600 : 60 * 1600 + 960, 0]
    assert abs(20 * np.log10(np.sqrt(2 * (first**2).mean()) / 0.09)) < 1


def talk_of(folder: Path, name: str, level_db: float) -> Clip:
    """6 s of bursts of a tone, a second long, with half a second between them, measured as inspection does."""
    made = f"pow(10,{level_db}/20)*sin(2*PI*500*t)*lt(mod(t,1.5),1)+0.0003*(random(0)-0.5)"
    run_ffmpeg(["-f", "lavfi", "-i", f"aevalsrc='{made}':s=48000:d=6", "-ac", "2", str(folder / name)])
    raw = run_ffmpeg_bytes(["-v", "error", "-i", str(folder / name), "-f", "f32le", "pipe:1"])
    meter = SoundMeter()
    meter.take(np.frombuffer(raw, np.float32).reshape(-1, 2).T)
    found = meter.finish(180)
    sound = Sound(stream=0, channels=2, layout="stereo", sample_rate=48000, loudness_lufs=found.loudness_lufs)
    facts = {"size": 1, "kind": Kind.SOUND, "verdict": Verdict.ACCEPTED, "sound": sound, "duration_s": 6.0}
    return Clip(file=name, digest=name, analysis=Analysis(sound=found.series, pauses=found.pauses), **facts)


@pytest.mark.parametrize(("wanted", "shape"), [(-16.0, ["-ac", "6", "-ar", "8000"]), (-24.0, ["-ac", "1"])])
def test_uneven_speakers_over_odd_music_make_a_film_that_meets_its_numbers(
    tmp_path: Path, wanted: float, shape: list[str]
) -> None:
    clips = [talk_of(tmp_path, "near.wav", -12.0), talk_of(tmp_path, "far.wav", -34.0)]
    tune = "0.2*sin(2*PI*2000*t)*gt(t,1)"
    run_ffmpeg(["-f", "lavfi", "-i", f"aevalsrc='{tune}':s=48000:d=5", *shape, str(tmp_path / "bed.wav")])
    heard = Sound(stream=0, channels=int(shape[1]), layout="", sample_rate=48000, duration_s=5, loudness_lufs=-15.0)
    bed = music(tmp_path).model_copy(update={"sound": heard, "duration_s": 5.0, "digest": "bed.wav"})
    sounds = tuple(
        SoundClip(start=at, end=at + 165, file=one.file, source_start=0)
        for at, one in zip((60, 260), clips, strict=True)
    )
    speech = tuple(
        SpeechSpan(start=run.start + n, end=run.start + n + 30, file=run.file)
        for run in sounds
        for n in (0, 45, 90, 135)
    )
    timeline = film(tmp_path, frames=560, sounds=sounds, speech=speech, loudness_lufs=wanted).timeline
    (tmp_path / "scratch").mkdir()
    by_name = {clip.file: clip for clip in (*clips, bed)}
    render_sound(timeline, by_name, lambda name: tmp_path / name, tmp_path / "sound.m4a", tmp_path / "scratch")
    made = measure("sound.m4a", tmp_path)
    assert abs(made.lufs - wanted) <= 0.5
    assert made.peak_dbtp <= -1.0
    raw = run_ffmpeg_bytes(["-v", "error", "-i", str(tmp_path / "sound.m4a"), "-f", "f32le", "pipe:1"])
    samples = np.frombuffer(raw, np.float32).reshape(-1, 2)
    voices = [tone_db(samples, 500, run.start + n + 3, run.start + n + 27) for run in sounds for n in (0, 45, 90)]
    assert max(voices) - min(voices) <= 2
    under = [tone_db(samples, 2000, span.start, span.end) for span in speech]
    assert max(under) - min(under) < 2
    assert min(voices) - max(under) >= 10
    assert np.array_equal(samples[:, 0] > 0.01, samples[:, 1] > 0.01)


def test_a_preview_is_mixed_to_its_loudness_and_peak_in_one_quick_round(tmp_path: Path) -> None:
    make_media(tmp_path)
    context = film(tmp_path)
    wanted, scratch = context.timeline.loudness_lufs, tmp_path / "scratch"
    scratch.mkdir()
    media, out = tmp_path.joinpath, tmp_path / "sound.m4a"
    render_sound(context.timeline, context.by_name, media, out, scratch, preview=True)
    made = measure("sound.m4a", tmp_path)
    assert abs(made.lufs - wanted) <= 0.5
    assert made.peak_dbtp <= -1.0
    keys = {sound_key(context.model_copy(update={"preview": preview})) for preview in (True, False)}
    assert len(keys) == 2, "a film would be given the sound of its preview"


def test_a_loudness_that_nobody_told_is_no_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("editing.mix.run_ffmpeg", lambda *_, **__: "size=N/A time=00:03:00.00")
    with pytest.raises(Bug, match="how loud"):
        measure("mix.wav", tmp_path)
