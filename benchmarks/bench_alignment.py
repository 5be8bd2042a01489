"""How near the words of a transcript are laid to where they are spoken: takes joined after known silences.

A sentence that is called lost counts as infinitely far off, even where its cue happens to be right.
"""

import os
import time
from pathlib import Path

import numpy as np

from ingest.align import align
from tests.ingest.joined_takes import TRANSCRIPTS, join, read_takes, start_errors, street

BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "footage"
SEEDS, TAKES = range(30, 34), 12


def main() -> None:
    """Print errors of the sentence starts for each kind of transcript, clean and in street noise at 10 dB."""
    footage = Path(os.environ.get("PROMISEREEL_FOOTAGE", BESIDE))
    takes, noise = read_takes(footage), street(footage)
    print(
        f"{'sound':<8}{'transcript':<16}{'n':>4}{'median s':>10}{'p95 s':>8}{'worst s':>9}{'lost':>6}{'cpu share':>11}"
    )
    for name, background in (("clean", None), ("street", noise)):
        for kind, write in TRANSCRIPTS.items():
            errors, lost, spent, length = [], 0, 0.0, 0.0
            for seed in SEEDS:
                joined = join(takes, seed, TAKES, background)
                began = time.process_time()
                laid = align(write(joined), joined.sound)
                spent, length = spent + time.process_time() - began, length + len(joined.sound) / 16_000
                lost += len(laid.lost)
                found = [np.inf if sentence.text in laid.lost else sentence.start_s for sentence in laid.sentences]
                errors.append(start_errors(joined, found))
            off = np.concatenate(errors)
            figures = f"{np.median(off):>10.3f}{np.percentile(off, 95, method='higher'):>8.3f}{off.max():>9.3f}"
            print(f"{name:<8}{kind:<16}{len(off):>4}{figures}{lost:>6}{spent / length:>11.3f}", flush=True)


if __name__ == "__main__":
    main()
