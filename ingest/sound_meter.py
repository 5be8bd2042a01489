"""Measures the conformed sound while it goes by: loudness, true peak, pauses and an outline for drawing.

It holds one second of samples and a few numbers for each second that went by.
"""

import json
from array import array
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ingest.analysis import SoundSeries, Stretch
from ingest.bs1770 import FLOOR_DB, ROW, Block, KWeighting, TruePeak, integrated, lufs
from ingest.pauses import LEVELS_PER_S, find_pauses, speech_levels
from ingest.renditions import WAVEFORM
from ingest.waveform import Waveform
from kit.timing import FILM_RATE, SAMPLE_RATE, frames_to_seconds
from kit.values import Value

SILENCE_LUFS = -65.0
"""Sound below this is silence: the hiss of an open input lies there."""

_Number = TypeVar("_Number", int, float)
_TENTH = SAMPLE_RATE // 10
_LEVEL = SAMPLE_RATE // LEVELS_PER_S
_LEVEL_DB = 0.4
"""Step of the levels that are kept, so that 0 to 102 dB fit a byte."""

_WILDEST = 1e6
"""Samples beyond this (120 dB over full scale) are a broken file's."""


class SoundFindings(Value):
    """What the conformed sound of a clip told."""

    series: SoundSeries
    pauses: tuple[Stretch, ...] = ()
    loudness_lufs: float | None = None
    """Integrated loudness; None for silence."""
    peak_dbtp: float | None = None
    """True peak; None for silence."""


class SoundMeter:
    """Takes conformed sound (stereo, 48 kHz, from the clip's own zero) in order and measures it."""

    def __init__(self) -> None:
        self._waiting: list[Block] = []
        self._held = 0
        self._samples = 0
        self._seconds = 0.0
        self._weighting = KWeighting()
        self._true_peak = TruePeak()
        self._waveform = Waveform()
        self._tenths = array("d")
        self._loudness = array("d")
        self._peaks = array("d")
        self._levels = bytearray()

    def take(self, samples: Block) -> None:
        """Take the next samples, shape (2, n) with any n, 1 being full scale."""
        self._waiting.append(samples)
        self._held += samples.shape[1]
        if self._held < SAMPLE_RATE:
            return
        block = np.concatenate(self._waiting, axis=1)
        whole = self._held // SAMPLE_RATE * SAMPLE_RATE
        for start in range(0, whole, SAMPLE_RATE):
            self._measure(block[:, start : start + SAMPLE_RATE])
        self._waiting, self._held = [block[:, whole:].copy()], self._held - whole

    def finish(self, frames: int | None, *, clipped: tuple[int, ...] = (), speech: bool = True) -> SoundFindings:
        """What a clip of `frames` conformed frames sounds like (None: it is as long as its sound). To be called once.

        All series are as long as the clip, so silence follows a sound that ends early. `clipped` comes from
        `ClipMeter.runs`; pauses are told only of sound that holds `speech`.
        """
        if self._held:
            self._measure(np.concatenate(self._waiting, axis=1))
            self._waiting, self._held = [], 0
        if self._samples:
            self._peaks[-1] = max(self._peaks[-1], self._true_peak.highest(np.zeros((2, ROW), np.float32)))
        if frames is None:
            frames = -(-self._samples * FILM_RATE.numerator // SAMPLE_RATE)
        self._seconds = frames_to_seconds(frames)
        count = -(-frames // FILM_RATE.numerator)
        # Sound that runs on for more than a second past the picture is not the clip's.
        loudness = integrated(np.array(self._tenths[: -(-frames // 3) + 10]))
        silent = loudness < SILENCE_LUFS
        heard = speech_levels(np.frombuffer(self._levels, np.uint8), _LEVEL_DB)
        peaks = tuple(_decibels(peak) for peak in self._peaks[:count])
        return SoundFindings(
            series=SoundSeries(
                loudness=_fitted(tuple(round(second, 2) for second in self._loudness), count, FLOOR_DB),
                peak=_fitted(peaks, count, FLOOR_DB),
                clipped=_fitted(clipped, count, 0),
            ),
            pauses=find_pauses(heard, frames) if speech and not silent else (),
            loudness_lufs=None if silent else round(loudness, 2),
            peak_dbtp=None if silent else max(peaks),
        )

    def write(self, folder: Path) -> None:
        """Write the outline for drawing, as long as the clip; after `finish`."""
        outline = json.dumps(self._waveform.drawn(self._seconds), separators=(",", ":"))
        (folder / WAVEFORM).write_text(outline, encoding="ascii")

    def _measure(self, block: Block) -> None:
        """Measure one second, or the shorter rest at the end."""
        block = np.clip(np.nan_to_num(block), -_WILDEST, _WILDEST)
        length = block.shape[1]
        self._samples += length
        self._peaks.append(self._true_peak.highest(block))
        weighted = self._weighting.weigh(np.pad(block, ((0, 0), (0, -length % ROW))))[:, :length]
        powers = np.square(weighted).sum(axis=0)
        self._loudness.append(lufs(float(powers.mean())))
        self._tenths.extend(powers[: length // _TENTH * _TENTH].reshape(-1, _TENTH).mean(axis=1).tolist())
        # The last hundredth may be short of samples; silence fills it up.
        hundredths = np.pad(block, ((0, 0), (0, -length % _LEVEL))).reshape(2, -1, _LEVEL)
        self._waveform.take(np.abs(hundredths).max(axis=(0, 2)))
        self._levels += _levels(hundredths.mean(axis=0)).tobytes()


def _levels(mono: Block) -> NDArray[np.uint8]:
    """Level of each row, in steps of `_LEVEL_DB` over one step of 16-bit sound."""
    decibels = 10 * np.log10(np.mean(np.square(mono * 32768.0), axis=1) + 1)
    return np.asarray(np.minimum(np.rint(decibels / _LEVEL_DB), 255), dtype=np.uint8)


def _decibels(peak: float) -> float:
    return round(max(FLOOR_DB, 20 * float(np.log10(max(peak, 1e-9)))), 2)


def _fitted(series: tuple[_Number, ...], count: int, empty: _Number) -> tuple[_Number, ...]:
    """The series cut or filled up to `count` entries."""
    return (series + (empty,) * (count - len(series)))[:count]
