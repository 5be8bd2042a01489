"""Two workers that both believe they hold a step, and a clock that jumps: over a real store, on both databases."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.database import open_engine
from kit.embedded import Embedded
from kit.s3 import S3Storage
from kit.storage import FolderStorage, Storage
from pipeline import records
from pipeline.jobs import JobState, Step, StepKind, StepState
from pipeline.ledger import Ended, Ledger
from pipeline.tables import create_tables
from pipeline.tasks import Bench
from pipeline.worker import work
from pipeline.workspace import Workspace

from ..postgres import fresh_database
from .conftest import House, built
from .fake_craft import FakeCraft
from .test_worker import add_clip, drain

PATIENCE_S = 60.0
"""Of real time, for a thread to come to where a test waits for it."""


class Frozen:
    """A machine that stands still right before it stores what it made, until it is told to go on."""

    def __init__(self) -> None:
        self.stands = threading.Event()
        self.goes_on = threading.Event()

    def stand(self) -> None:
        self.stands.set()
        self.wait()

    def wait(self) -> None:
        assert self.goes_on.wait(PATIENCE_S)


class Stalled(S3Storage):
    """The store as a machine sees it that freezes."""

    machine = Frozen()

    def put_file(self, *given: Any, **named: Any) -> None:
        self.machine.stand()
        super().put_file(*given, **named)

    def put_bytes(self, *given: Any, **named: Any) -> None:
        self.machine.stand()
        super().put_bytes(*given, **named)


class Silent(Ledger):
    """The ledger as that machine sees it: its signs of life do not come while it stands."""

    machine = Frozen()

    def heartbeat(self, step: Step, frames_done: int) -> bool:
        self.machine.wait()
        return super().heartbeat(step, frames_done)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'holders.db'}"
        engine = open_engine(url)
        create_tables(engine)
        with built(url, engine) as house:
            yield house
        return
    with fresh_database(request.getfixturevalue("postgresql"), "holders") as address:
        url = address.render_as_string(hide_password=False)
        engine = open_engine(url)
        create_tables(engine)
        with built(url, engine) as house:
            yield house


def film_of(house: House, storage: Storage, job_id: str) -> bytes:
    """The one film that was delivered, each of whose files is there."""
    with house.engine.connect() as connection:
        [package] = records.list_packages(connection, job_id)
    kept = {file.name: storage.get_bytes(file.key) for file in package.files}
    return kept["documentary.mp4"]


def undisturbed(folder: Path, shown: str) -> bytes:
    """The film of the same clips by one worker that nothing happens to."""
    storage, url = FolderStorage(folder / "store"), f"sqlite:///{folder / 'undisturbed.db'}"
    engine = open_engine(url)
    create_tables(engine)
    with built(url, engine) as house:
        job_id = asked(house, storage, shown)
        drain(house, Bench(engine, storage, Workspace(folder / "work", storage), FakeCraft()), job_id)
        return film_of(house, storage, job_id)


def asked(house: House, storage: Storage, shown: str) -> str:
    """A film that is asked for, of two clips that no other test sends, or the store would hold its pieces."""
    for name in (f"{shown}-a.mp4", f"{shown}-b.mp4"):
        add_clip(house, storage, name, f"{shown} in {name}")
    return house.submit(films="open")


def twice(house: House, silent: Silent, first: Bench, second: Bench, step: Step) -> tuple[Ended, Ended]:
    """What came of a step for a worker that froze in it, and for the one that was given it meanwhile."""
    assert isinstance(first.storage, Stalled)
    machine = silent.machine = first.storage.machine = Frozen()
    late: list[Ended] = []
    thread = threading.Thread(target=lambda: late.append(work(silent, first, step)))
    thread.start()
    try:
        assert machine.stands.wait(PATIENCE_S), f"a {step.kind} step stored nothing"
        house.clock.now += house.ledger.lease_s + 1
        assert house.ledger.expire() == (step.id,)
        again = house.ledger.claim(step.id, "the second")
        assert again is not None
        done = work(house.ledger, second, again)
    finally:
        machine.goes_on.set()
        thread.join(PATIENCE_S)
    return late[0], done


def test_each_step_of_a_film_had_two_holders_and_one_alone_counted(
    house: House, embedded: Embedded, tmp_path: Path
) -> None:
    storage = S3Storage(embedded.s3)
    second = Bench(house.engine, storage, Workspace(tmp_path / "second", storage), FakeCraft())
    job_id = asked(house, storage, house.agency_id)
    stalled, silent = Stalled(embedded.s3), Silent(house.engine, clock=house.clock)
    first = Bench(house.engine, stalled, Workspace(tmp_path / "first", stalled), FakeCraft())
    seen: list[StepKind] = []
    while step := house.ledger.claim_next("the first", house.project_id):
        late, done = twice(house, silent, first, second, step)
        assert (late.accepted, done.accepted) == (False, True), step.kind
        seen.append(step.kind)
    assert set(seen) == set(StepKind) - {StepKind.ARCHIVE}
    job = house.job(job_id)
    assert (job.state, job.review, job.progress) == (JobState.IN_REVIEW, "finished", 1.0)
    assert {(step.state, step.token, step.attempts) for step in house.steps(job_id)} == {(StepState.DONE, 2, 2)}
    assert film_of(house, storage, job_id) == undisturbed(tmp_path / "alone", house.agency_id)
    with house.engine.connect() as connection:
        told = [
            event.data["state"] for event in records.list_events(connection, job_id, 0, 1000) if event.kind == "step"
        ]
    assert told.count("done") == len(house.steps(job_id)), "each step ended once for those who follow"


@pytest.mark.parametrize("jump_s", [86400.0, -86400.0])
def test_a_clock_that_jumps_costs_a_try_at_most(
    house: House, embedded: Embedded, tmp_path: Path, jump_s: float
) -> None:
    storage = S3Storage(embedded.s3)
    bench = Bench(house.engine, storage, Workspace(tmp_path / "work", storage), FakeCraft())
    job_id = asked(house, storage, house.agency_id)
    dies = True
    while step := house.ledger.claim_next("w", house.project_id):
        house.clock.now += jump_s
        if dies:  # with whoever held it: nobody waits for a lease that lies a day ahead
            assert house.ledger.expire() == (step.id,)
        else:  # the next beat of a worker that lives sets its lease by the new time
            assert house.ledger.heartbeat(step, 0)
            assert house.ledger.expire() == ()
            assert work(house.ledger, bench, step).accepted
        dies = not dies
    assert house.job(job_id).state is JobState.IN_REVIEW
    assert {step.state for step in house.steps(job_id)} == {StepState.DONE}
    assert film_of(house, storage, job_id) == undisturbed(tmp_path / "alone", house.agency_id)
