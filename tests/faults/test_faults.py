"""The whole service under faults: one film each time, the same pictures, no upload lost, and nothing left behind."""

import os
import random
from pathlib import Path

import pytest

from pipeline.ledger import LEASE_S as SERVICE_LEASE_S

from ..needles import leaks, needles_of
from ..summaries import begin, keep_on
from .installation import POSTGRESQL, Database, faults_of, installed
from .rounds import WHOLE_EVERY, Round, give_up, play, summary, undisturbed

pytestmark = pytest.mark.river

SEED = int(os.environ.get("PROMISEREEL_SEED", "6"))
ROUNDS = int(os.environ.get("PROMISEREEL_FAULT_ROUNDS", "0"))
"""On each database; 0 asks for the rounds of the normal run."""

SHORT: dict[Database, tuple[tuple[str, ...], ...]] = {
    "sqlite": (("worker", "ffmpeg", "bad wire"), ("broker wiped", "store", "api")),
    "postgresql": (("database", "pool child", "full disk"),),
}
"""What cannot strike on this machine is left out."""

DATABASES = ("sqlite", "postgresql") if ROUNDS or os.environ.get("CI") else ("sqlite",)
"""The second costs half a minute and more, which a run at a desk does without."""

LEASE_S = 10.0
"""The pauses between two offers of a step are those of the service, whose lease is longer."""

references: dict[bool, Round] = {}
"""The undisturbed preview and whole film, made once in the normal run: on any database they have the same pictures."""


@pytest.fixture(scope="module", autouse=True)
def _a_new_summary() -> None:
    if ROUNDS:
        begin("faults")


@pytest.mark.parametrize("database", DATABASES)
def test_one_film_whatever_strikes(tmp_path: Path, database: Database) -> None:
    chance = random.Random(SEED)
    done: list[Round] = []
    failed: list[str] = []
    own_disk = ROUNDS > 0 or any("full disk" in struck for struck in SHORT[database])
    with installed(tmp_path, seed=SEED, lease_s=LEASE_S, database=database, own_disk=own_disk) as house:
        faults = faults_of(database, fillable=bool(house.disks))
        plan = [tuple(chance.sample(faults, chance.randint(1, 3))) for _ in range(ROUNDS)]
        plan = plan or [tuple(fault for fault in struck if fault in faults) for struck in SHORT[database]]
        for whole in {False, len(plan) >= WHOLE_EVERY}:
            if ROUNDS or whole not in references:
                references[whole] = undisturbed(house, whole=whole)
        for number, struck in enumerate(plan, start=1):
            whole = number % WHOLE_EVERY == 0
            try:
                done.append(play(house, number, struck, chance, whole=whole))
                assert done[-1].pictures == references[whole].pictures, "it made other pictures"
                if ROUNDS:
                    # Not in the normal run: a busy machine may be slow to start a worker again.
                    assert done[-1].longest_silence_s <= 2 * LEASE_S, "a step was stuck"
                    assert done[-1].longest_wait_s <= 2 * SERVICE_LEASE_S, "a step was due and nobody was told"
            except Exception as error:  # whatever ends one round, the others are played
                failed.append(f"round {number} {struck}: {type(error).__name__}: {error}")
                give_up(house)
            if ROUNDS:
                told = {"planned": len(plan)} | summary(number, done, failed, list(references.values()), faults)
                sums = ("planned", "rounds", "survived", "whole", "further_attempts", "faults")
                keep_on("faults", database, told, sums=sums, seed=SEED)
        if any("database" in struck for struck in plan):
            assert [words for words in house.restarted if words.startswith(POSTGRESQL)]
        logs = {path.name: path.read_text("utf-8", "replace") for path in (house.settings.data / "logs").glob("*.log")}
        assert {"api.log", "worker.log", "valkey.log", "seaweedfs.log"} <= set(logs)
        assert leaks(logs, needles_of(house.settings)) == []
    assert failed == []
    assert len(done) == len(plan)
