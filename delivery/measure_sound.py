"""The sound lines of the craft, measured on the decoded film: loudness, peaks, balance of voices, music, cuts."""

import math
import re
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from delivery.delivery import Check, checked, graded
from delivery.survey import Heard
from editing.timeline import Timeline
from kit.timing import SAMPLE_RATE, frames_to_samples, frames_to_seconds

MOMENT_S = 0.4
"""Length of the window of one momentary loudness."""
QUIETEST_SPEECH = -45.0
"""LUFS below which a moment is a pause, not a voice."""
WINDOW = SAMPLE_RATE // 50
CUT = SAMPLE_RATE // 500
AROUND = SAMPLE_RATE // 20
LARGEST_STEP_DB = -50.0
AAC_BLOCK_S = 1024 / SAMPLE_RATE


def sound_checks(heard: Heard, timeline: Timeline) -> list[Check]:
    """Checks on the film's sound; a film without any fails the first ones."""
    summary = heard.log[heard.log.rfind("Summary:") :]
    loudness, peak = _number(r"I:\s+(\S+) LUFS", summary), _number(r"Peak:\s+(\S+) dBFS", summary)
    target = timeline.loudness_lufs
    length, planned = len(heard.samples) / SAMPLE_RATE, float(timeline.frames / timeline.rate)
    apart = abs(length - planned)
    samples = (heard.samples / np.float32(32768)).astype(np.float32)
    return [
        checked("loudness LUFS", _shown(loudness), f"{target:g} ± 0.5", abs(loudness - target) <= 0.5),
        checked("true peak dBTP", _shown(peak), "-1 at most", peak <= -1.0),
        checked(
            "sound and picture end apart s",
            round(apart, 4),
            "one frame (and one block of the sound's coding) at most",
            apart <= float(1 / timeline.rate) + AAC_BLOCK_S,
        ),
        _even_voices(heard, timeline),
        _centred(samples, timeline),
        _music_below(samples, timeline),
        _cut_steps(samples, timeline),
    ]


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    try:
        return float(found[1]) if found else math.nan
    except ValueError:
        return math.nan


def _shown(value: float) -> float | str:
    return value if math.isfinite(value) else "silence"


def _even_voices(heard: Heard, timeline: Timeline) -> Check:
    """How far the speech of the speakers lies apart, by the momentary loudness inside their spans."""
    moments = [
        (float(at), float(level))
        for at, level in re.findall(r"\bt:\s*([\d.]+)\s.*?\bM:\s*(-?[\d.]+)", heard.log)
        if float(level) > QUIETEST_SPEECH
    ]
    levels: dict[str, list[float]] = defaultdict(list)
    for span in timeline.speech:
        start, end = frames_to_seconds(span.start, timeline.rate), frames_to_seconds(span.end, timeline.rate)
        levels[span.file] += [level for at, level in moments if start + MOMENT_S <= at <= end]
    means = [10 * math.log10(np.mean([10 ** (x / 10) for x in row])) for row in levels.values() if len(row) >= 5]
    apart = max(means) - min(means) if means else 0.0
    return checked("voices apart LU", round(apart, 1), "± 2 (4 from lowest to highest)", apart <= 4.0)


def _speech(samples: NDArray[np.float32], timeline: Timeline) -> NDArray[np.float32]:
    """All samples in which words are spoken, one after the other, shape (samples, 2)."""
    parts = [
        samples[frames_to_samples(s.start, timeline.rate) : frames_to_samples(s.end, timeline.rate)]
        for s in timeline.speech
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)


def _centred(samples: NDArray[np.float32], timeline: Timeline) -> Check:
    speech = _speech(samples, timeline)
    left, right = (float(np.sqrt((speech[:, side] ** 2).mean())) if len(speech) else 0.0 for side in (0, 1))
    apart = abs(_decibels(left) - _decibels(right))
    return checked("speech off centre dB", round(apart, 2), "1.5 at most", apart <= 1.5)


def _music_below(samples: NDArray[np.float32], timeline: Timeline) -> Check:
    """The bed is what remains in the shortest pauses between words; where there are none it cannot be told."""
    goal = "10 below the speech at least"
    speech = _speech(samples, timeline).mean(axis=1)
    count = len(speech) // WINDOW
    if not timeline.music or count < 50:
        return checked("music under speech dB", "no music under speech", goal, True)
    power = (speech[: count * WINDOW].reshape(count, WINDOW) ** 2).mean(axis=1)
    voiced = float(power[power >= np.median(power)].mean())
    bed, loud = (float(np.percentile(power, share)) for share in (4, 96))
    if _decibels(math.sqrt(loud)) - _decibels(math.sqrt(bed)) < 3:
        return checked("music under speech dB", "no pauses to hear it in", goal, True)
    below = _decibels(math.sqrt(voiced)) - _decibels(math.sqrt(bed))
    # Room tone counts as bed here, so a noisy interview may miss the goal without any fault of the music.
    return graded("music under speech dB", round(below, 1), (goal, below >= 10), ("6 at least", below >= 6))


def _cut_steps(samples: NDArray[np.float32], timeline: Timeline) -> Check:
    """The largest step at a speech cut, beyond the steps the sound makes by itself around it."""
    moves = np.abs(np.diff(samples.mean(axis=1))) if len(samples) else np.zeros(0, np.float32)
    worst, where = 0.0, 0
    for frame in sorted({edge for sound in timeline.sounds for edge in (sound.start, sound.end)}):
        at = frames_to_samples(frame, timeline.rate)
        inside = moves[max(0, at - CUT) : at + CUT]
        around = np.concatenate([moves[max(0, at - AROUND) : max(0, at - CUT)], moves[at + CUT : at + AROUND]])
        step = float(inside.max() - (around.max() if len(around) else 0.0)) if len(inside) else 0.0
        if step > worst:
            worst, where = step, frame
    value = f"{_decibels(worst):.0f} at {frames_to_seconds(where, timeline.rate):.1f} s" if worst else "none"
    return checked("step at a speech cut dBFS", value, "below -50", _decibels(worst) < LARGEST_STEP_DB)


def _decibels(value: float) -> float:
    return 20 * math.log10(max(value, 1e-6))
