"""Rounds of harm: a film is made, faults strike at seeded moments, and what must hold afterwards is looked at."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from api.client import _patiently
from kit.errors import PromiseReelError
from pipeline import records
from pipeline.jobs import AT_REST, JobState, StepState
from pipeline.rows import read_job, read_steps
from pipeline.tables import steps

from .courier import Courier
from .installation import FAULTS, Installation, answers, wait_for

WITHIN_S = 420.0
LEASES = sa.select(steps.c.id, steps.c.token, steps.c.lease_until).where(steps.c.state == StepState.RUNNING)
T = TypeVar("T")


@dataclass(frozen=True)
class Round:
    """One film made under faults."""

    number: int
    faults: tuple[str, ...]
    moments: tuple[float, ...]
    """Shares of the progress at which they struck."""
    seconds: float
    """Until all was done and looked at."""
    attempts: int
    """Claims of all steps beyond one each."""
    longest_silence_s: float
    """The longest time that a step was held after its lease ran out."""
    pictures: str


def undisturbed(house: Installation) -> Round:
    """The film as it comes when nothing happens."""
    return play(house, 0, (), random.Random(0))


def play(house: Installation, number: int, faults: Sequence[str], chance: random.Random) -> Round:
    """Make a film and send a file while faults strike, wait for the film's review, and check what must hold."""
    house.forget_pieces()
    began = time.monotonic()
    courier = Courier(house.client, house.at_api.agency, number)
    body = {"project": house.at_api.project, "storyboard": "promise", "preview": True}
    job: dict[str, Any] = house.client.patiently("POST", "/v1/jobs", agency=house.at_api.agency, body=body, new=True)
    moments = tuple(sorted(round(chance.uniform(0.0, 0.95), 3) for _ in faults))
    waiting = list(zip(moments, faults, strict=True))
    silence = Silence(house)
    seen: list[float] = []
    while True:
        held = read(house, lambda connection: read_job(connection, job["id"]))
        silence.look()
        seen.append(held.progress)
        while waiting and (held.progress >= waiting[0][0] or held.state in AT_REST):
            FAULTS[waiting.pop(0)[1]](house, chance)
        if held.state in AT_REST and not waiting:
            break
        assert time.monotonic() - began < WITHIN_S, (
            f"round {number} {faults}: still {held} {open_steps(house, held.id)}"
        )
        time.sleep(0.1)
    house.mend()
    assert held.state is JobState.IN_REVIEW, f"round {number} {faults}: {held.state}: {held.error}"
    assert seen == sorted(seen), "progress went back"
    done = read(house, lambda connection: read_steps(connection, held.id))
    packages = read(house, lambda connection: records.list_packages(connection, held.id))
    assert {step.state for step in done} == {StepState.DONE}
    assert len({(step.kind, step.key) for step in done}) == len(done)
    assert len(packages) == 1
    check_orphans(house, {file.key for file in packages[0].files})
    wait_for(lambda: answers(house.settings), 120, "the API")
    courier.check(house.storage)
    links = house.client.patiently("GET", f"/v1/jobs/{held.id}/review", agency=house.at_api.agency)
    (url,) = [file["url"] for file in links["files"] if file["name"] == "preview.mp4"]
    return Round(
        number=number,
        faults=tuple(faults),
        moments=moments,
        seconds=round(time.monotonic() - began, 1),
        attempts=sum(step.attempts - 1 for step in done),
        longest_silence_s=round(silence.longest_s, 2),
        pictures=_patiently(lambda: house.picture_stream(url)),
    )


class Silence:
    """How long steps were held after their leases ran out, by the steady clock."""

    def __init__(self, house: Installation) -> None:
        self._house = house
        self._since: dict[tuple[str, int], float] = {}
        self.longest_s = 0.0

    def look(self) -> None:
        """See which leases ran out, or lie farther ahead than any can, as the ledger sees them."""
        held = read(self._house, lambda connection: connection.execute(LEASES).all())
        now, lease_s = self._house.clock.time(), self._house.lease_s
        out = {(row.id, row.token) for row in held if not now <= row.lease_until <= now + 2 * lease_s}
        self._since = {one: self._since.get(one, time.monotonic()) for one in out}
        self.longest_s = max([self.longest_s, *(time.monotonic() - since for since in self._since.values())])


def read(house: Installation, question: Callable[[sa.Connection], T]) -> T:
    """What the database says, as soon as it answers: a fault may have struck it."""

    def ask() -> T:
        with house.engine.connect() as connection:
            return question(connection)

    return _patiently(ask)


def check_orphans(house: Installation, delivered: set[str]) -> None:
    """Nothing in the bucket that no film asks for, and soon no scratch folder of a process that is no more."""
    # A fault at the very end may have struck the store.
    wait_for(lambda: store_answers(house), 120, "the store")
    wait_for(lambda: not list(house.storage.list("joined/")), 60, "the clearing of joined films")
    wait_for(lambda: set(house.storage.list("packages/")) == delivered, 60, "the clearing of other packages")
    scratch = house.settings.data / "work" / "scratch"
    wait_for(lambda: not list(scratch.glob("*-*")), 60, "the clearing of scratch folders")


def store_answers(house: Installation) -> bool:
    try:
        house.storage.check()
    except PromiseReelError:
        return False
    return True


def open_steps(house: Installation, job_id: str) -> list[tuple[str, str, int, str | None]]:
    rows = read(house, lambda connection: read_steps(connection, job_id))
    return [(row.kind, row.state, row.attempts, row.error) for row in rows if row.state is not StepState.DONE]


def summary(
    begun: int, rounds: Sequence[Round], failed: Sequence[str], reference: Round, faults: Sequence[str]
) -> dict[str, Any]:
    """What `make faults` writes of one database: rounds that came to an end, what failed in words, and what struck."""
    struck = [fault for one in rounds for fault in one.faults]
    return {
        "rounds": begun,
        "survived": begun - len(failed),
        "failed": list(failed),
        "faults": {name: struck.count(name) for name in faults},
        "longest_silence_s": max((one.longest_silence_s for one in rounds), default=0.0),
        "further_attempts": sum(one.attempts for one in rounds),
        "seconds_undisturbed": reference.seconds,
        "seconds_mean": round(sum(one.seconds for one in rounds) / max(len(rounds), 1), 1),
        "each": [asdict(one) for one in rounds],
    }
