"""The whole service under faults: one film each time, the same pictures, nothing stuck and nothing left behind."""

import json
import os
import random
from pathlib import Path

import pytest

from .installation import FAULTS, installed
from .rounds import play, summary, undisturbed

pytestmark = pytest.mark.river

SEED = int(os.environ.get("PROMISEREEL_SEED", "6"))
ROUNDS = int(os.environ.get("PROMISEREEL_FAULT_ROUNDS", "100" if os.environ.get("PROMISEREEL_SOAK") else "0"))
OUT = Path(__file__).parents[2] / "out" / "faults.json"
SHORT = (("worker", "ffmpeg", "bad wire"),)
"""The round of the normal run."""

LEASE_S = 10.0


def test_one_film_whatever_strikes(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    plan = [tuple(chance.sample(sorted(FAULTS), chance.randint(1, 3))) for _ in range(ROUNDS)] or list(SHORT)
    with installed(tmp_path, seed=SEED, lease_s=LEASE_S) as house:
        reference = undisturbed(house)
        done = []
        for number, faults in enumerate(plan, start=1):
            done.append(play(house, number, faults, chance))
            assert done[-1].pictures == reference.pictures, f"round {number} {faults} made other pictures"
            if ROUNDS:
                # Not in the normal run: a busy machine may be slow to start a worker again.
                assert done[-1].longest_silence_s <= 2 * LEASE_S, f"round {number} {faults}: a step was stuck"
                OUT.parent.mkdir(exist_ok=True)
                OUT.write_text(json.dumps({"seed": SEED, **summary(done, reference)}, indent=2))
    told = summary(done, reference)
    assert told["survived"] == told["rounds"] == len(plan)
