"""What memory and time it takes to place a long transcript in a long sound, by made-up doubts and made-up sound.

    PYTHONPATH=. python benchmarks/bench_long_speech.py [MINUTES]

There are fifteen sentences a minute: one in twenty is missing from the transcript, one in twenty is never said.
"""

import resource
import sys
import time

import numpy as np

from ingest.acoustics import STATES, model
from ingest.mel import RATE, READINGS_PER_S, Floats, activity, mel_levels
from ingest.placement import Doubts, Said, place

SENTENCES_PER_MIN = 15
SOUNDS = range(12, 36)
"""Sounds of a sentence."""


def main() -> None:
    """Print peak memory, processor seconds, and how many sentences were placed within 0.1 s."""
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 180
    rng = np.random.default_rng(20)
    model()
    print(f"{'before':<24}{_peak_mb():>7.0f} MB")
    doubted, active, said, starts = made_up(minutes, rng)
    print(f"{'doubts of ' + str(minutes) + ' min':<24}{_peak_mb():>7.0f} MB")
    began = time.process_time()
    places = place(doubted, active, said, [None] * len(said))
    spent = time.process_time() - began
    spoken = [(at, start) for at, start in zip(places, starts, strict=True) if start is not None]
    right = sum(1 for at, start in spoken if at and abs(at.start_s - start) <= 0.1)
    wrong = sum(1 for at, start in zip(places, starts, strict=True) if at and start is None)
    print(f"{'placing ' + str(len(said)) + ' lines':<24}{_peak_mb():>7.0f} MB{spent:>8.0f} processor s", end="")
    print(f"   right {right} of {len(spoken)}, invented {wrong}")
    del doubted
    sound = np.empty(minutes * 60 * RATE, np.int16)
    for at in range(0, len(sound), 60 * RATE):
        sound[at : at + 60 * RATE] = rng.normal(0, 300, 60 * RATE)
    activity(mel_levels(sound), minutes * 30.0)
    print(f"{'sound and its levels':<24}{_peak_mb():>7.0f} MB   of which the sound {sound.nbytes / 1e6:.0f} MB")


def made_up(minutes: int, rng: np.random.Generator) -> tuple[Doubts, Floats, list[Said], list[float | None]]:
    """Doubts, activity, the sounds of each line, and when it starts (None for one that is not said)."""
    names = [name for name in model().sounds if name.isalpha() and name != "SIL"]
    count = minutes * 60 * READINGS_PER_S
    columns = len(model().sounds) * STATES + 1
    doubted = np.empty((count, columns), np.uint8)
    for at in range(0, count, 100_000):
        doubted[at : at + 100_000] = rng.integers(40, 241, (min(100_000, count - at), columns), np.uint8)
    doubted[:, -1] = 0
    active = np.full(count, -2.0, np.float32)
    lines: list[Said] = []
    starts: list[float | None] = []
    step = 60 * READINGS_PER_S // SENTENCES_PER_MIN
    for begin in range(0, count - step + 1, step):
        sounds = [names[n] for n in rng.integers(len(names), size=rng.choice(SOUNDS))]
        words = [sounds[n : n + 4] for n in range(0, len(sounds), 4)]
        kind = rng.random()
        if kind >= 0.05:
            lines.append(words)
            starts.append(None if kind < 0.1 else begin / READINGS_PER_S)
        if kind < 0.05 or kind >= 0.1:
            states = [model().sounds.index(sound) * STATES + part for sound in sounds for part in range(STATES)]
            spoken = begin + np.arange(len(states) * 3)
            doubted[spoken, np.repeat(states, 3)] = rng.integers(0, 60, len(spoken))
            doubted[spoken, -1] = 50
            active[spoken] = 2.0
    return doubted, active, lines, starts


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
