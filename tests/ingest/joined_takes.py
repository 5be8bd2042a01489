"""Sounds whose sentence starts are known: takes joined after silences of seeded lengths, clean or in street noise."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.transcript import Line
from kit.process import run_ffmpeg_bytes

RATE = 16_000

_HOP = RATE // 100
"""Samples of one reading of level (10 ms)."""


class Take(NamedTuple):
    """One sentence, spoken: its words, its samples (16 kHz), and the seconds before its first sound."""

    text: str
    sound: NDArray[np.int16]
    lead_s: float


class Joined(NamedTuple):
    """Takes joined: samples (16 kHz), what each says, when each starts and ends to be heard."""

    sound: NDArray[np.int16]
    texts: tuple[str, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]

    @property
    def plain(self) -> list[Line]:
        """The transcript without times."""
        return [Line(text=text) for text in self.texts]

    def timed(self, shift_s: float = 0.0, jitter_s: float = 0.0, seed: int = 0) -> list[Line]:
        """The transcript with cues, all late by a shift, each wrong by up to a jitter; in order, without overlaps."""
        rng = np.random.default_rng(seed)
        lines: list[Line] = []
        for text, start, end in zip(self.texts, self.starts, self.ends, strict=True):
            off = shift_s + rng.uniform(-jitter_s, jitter_s)
            begin = max(start + off, lines[-1].start_s + 0.2 if lines else 0.0)
            if lines:
                lines[-1] = lines[-1].model_copy(update={"end_s": min(lines[-1].end_s, begin)})
            lines.append(Line(text=text, start_s=begin, end_s=max(end + off, begin + 0.2)))
        return lines


def decoded(path: Path) -> NDArray[np.int16]:
    """The sound of a file, mono at 16 kHz."""
    args = ["-v", "error", "-i", str(path), "-vn", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    return np.frombuffer(run_ffmpeg_bytes(args), np.int16)


def levels(sound: NDArray[np.int16]) -> NDArray[np.float64]:
    """Level of each 10 ms, in dB of one step."""
    count = len(sound) // _HOP
    return np.asarray(10 * np.log10(np.mean(sound[: count * _HOP].reshape(count, _HOP).astype(float) ** 2, axis=1) + 1))


def lead_s(sound: NDArray[np.int16]) -> float:
    """Seconds before a take's first sound: where six of eight readings come within 18 dB of its loud ones."""
    loud = levels(sound)
    loud = loud > np.percentile(loud, 95) - 18
    return next(n for n in range(len(loud)) if loud[n] and loud[n : n + 8].sum() >= 6) / 100


def read_takes(footage: Path) -> list[Take]:
    """The LJ narration (read from a book) and the GRID sentences (spoken to a camera by several people)."""
    folder = footage / "a_speech"
    with (folder / "narration_LJ_transcripts.csv").open(encoding="utf-8") as table:
        said = {row[0]: row[1] for row in csv.reader(table, delimiter="|", quoting=csv.QUOTE_NONE)}
    texts = {path: said[path.stem.removeprefix("narration_")] for path in sorted(folder.glob("narration_LJ*.wav"))}
    texts |= {path: path.stem.split("_")[2].replace("-", " ") for path in sorted(folder.glob("grid_*.mpg"))}
    return [Take(text, sound := decoded(path), lead_s(sound)) for path, text in texts.items()]


def street(footage: Path) -> NDArray[np.int16]:
    """Sound of people walking by and of a crowd at a race."""
    folder = footage / "b_broll"
    return np.concatenate([decoded(folder / name) for name in ("hikers_640x480_17s.mp4", "marathon_960x540_pcm.mkv")])


def join(takes: list[Take], seed: int, count: int, noise: NDArray[np.int16] | None = None) -> Joined:
    """`count` takes in seeded order after silences of 0.3 to 3 s (the first after 0 to 1 s).

    `noise` is mixed in 10 dB below the level of the speech where there is speech.
    """
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(len(takes)) for _ in range(-(-count // len(takes)))])[:count]
    parts, texts, starts, ends, at = [], [], [], [], 0
    for place, take in enumerate(takes[n] for n in order):
        gap = round(RATE * (rng.uniform(0.3, 3.0) if place else rng.uniform(0.0, 1.0)))
        parts += [np.zeros(gap, np.int16), take.sound]
        texts.append(take.text)
        starts.append((at + gap) / RATE + take.lead_s)
        at += gap + len(take.sound)
        ends.append(at / RATE)
    sound = np.concatenate([*parts, np.zeros(RATE, np.int16)])
    if noise is not None:
        sound = _mixed(sound, np.roll(noise, -int(rng.integers(len(noise)))))
    return Joined(sound, tuple(texts), tuple(starts), tuple(ends))


def _mixed(sound: NDArray[np.int16], noise: NDArray[np.int16]) -> NDArray[np.int16]:
    found = levels(sound)
    spoken = found[found > np.percentile(found, 95) - 25]
    noise_db = 10 * np.log10(np.mean(noise.astype(float) ** 2))
    gain = 10 ** ((10 * np.log10(np.mean(10 ** (spoken / 10))) - 10 - noise_db) / 20)
    mixed = sound + gain * np.resize(noise, len(sound)).astype(float)
    return np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)


def start_errors(joined: Joined, found: list[float]) -> NDArray[np.float64]:
    """How far each sentence's start lies from the truth, in seconds."""
    return np.abs(np.array(found) - np.array(joined.starts))


TRANSCRIPTS: dict[str, Callable[[Joined], list[Line]]] = {
    "plain": lambda joined: joined.plain,
    "timed": lambda joined: joined.timed(),
    "0.4 s late": lambda joined: joined.timed(shift_s=0.4),
    "1 s jitter": lambda joined: joined.timed(jitter_s=1.0, seed=7),
}
"""Kinds of transcript of the same words."""
