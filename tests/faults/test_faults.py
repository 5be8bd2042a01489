"""The whole service under faults: one film each time, the same pictures, no upload lost, and nothing left behind."""

import os
import random
from pathlib import Path

import pytest

from kit.errors import PromiseReelError
from kit.settings import load_secrets

from ..summaries import begin, keep_on
from .installation import POSTGRESQL, Database, faults_of, installed
from .rounds import Round, play, summary, undisturbed

pytestmark = pytest.mark.river

SEED = int(os.environ.get("PROMISEREEL_SEED", "6"))
ROUNDS = int(os.environ.get("PROMISEREEL_FAULT_ROUNDS", "0"))
"""On each database; 0 asks for the rounds of the normal run."""

SHORT: dict[Database, tuple[tuple[str, ...], ...]] = {
    "sqlite": (("worker", "ffmpeg", "bad wire"),),
    "postgresql": (("database",),),
}
DATABASES = ("sqlite", "postgresql") if ROUNDS or os.environ.get("CI") else ("sqlite",)
"""The second costs half a minute and more, which a run at a desk does without."""

LEASE_S = 10.0
undisturbed_films: list[Round] = []
"""Made once in the normal run: on any database a film has the same pictures."""


@pytest.fixture(scope="module", autouse=True)
def _a_new_summary() -> None:
    if ROUNDS:
        begin("faults")


@pytest.mark.parametrize("database", DATABASES)
def test_one_film_whatever_strikes(tmp_path: Path, database: Database) -> None:
    chance = random.Random(SEED)
    done: list[Round] = []
    failed: list[str] = []
    with installed(tmp_path, seed=SEED, lease_s=LEASE_S, database=database, own_disk=ROUNDS > 0) as house:
        faults = faults_of(database, fillable=house.fillable)
        plan = [tuple(chance.sample(faults, chance.randint(1, 3))) for _ in range(ROUNDS)] or list(SHORT[database])
        if ROUNDS or not undisturbed_films:
            undisturbed_films.append(undisturbed(house))
        reference = undisturbed_films[-1]
        for number, struck in enumerate(plan, start=1):
            try:
                done.append(play(house, number, struck, chance))
                assert done[-1].pictures == reference.pictures, "it made other pictures"
                if ROUNDS:
                    # Not in the normal run: a busy machine may be slow to start a worker again.
                    assert done[-1].longest_silence_s <= 2 * LEASE_S, "a step was stuck"
            except (AssertionError, PromiseReelError) as error:
                house.mend()
                failed.append(f"round {number} {struck}: {error}")
            if ROUNDS:
                told = summary(number, done, failed, reference, faults)
                keep_on("faults", database, told, sums=("rounds", "survived", "further_attempts", "faults"), seed=SEED)
        ended = [words for words in house.restarted if words.startswith(POSTGRESQL)]
        assert bool(ended) == any("database" in struck for struck in plan)
        logs = {path.name: path.read_text("utf-8", "replace") for path in (house.settings.data / "logs").glob("*.log")}
        secrets = load_secrets(house.settings.data).model_dump()
        assert [(name, log) for name, value in secrets.items() for log, text in logs.items() if value in text] == []
    assert failed == []
    assert len(done) == len(plan)
