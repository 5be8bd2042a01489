"""Rounds of harm: a film is made, faults strike at seeded moments, and what must hold afterwards is looked at."""

import hashlib
import random
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import httpx
import sqlalchemy as sa

from delivery.delivery import OPEN_FILM, PREVIEW_FILM
from kit.errors import Outage, PromiseReelError
from pipeline import records
from pipeline.jobs import AT_REST, JobState, StepKind, StepState
from pipeline.keeping import DAY_S
from pipeline.ledger import LONGEST_PAUSE_S
from pipeline.names import ORPHAN_S, name_of, read_names
from pipeline.projects import Package
from pipeline.retention import Retention
from pipeline.rows import read_job, read_steps
from pipeline.tables import jobs, steps

from .courier import Courier, until
from .installation import FAULTS, Installation, answers, wait_for

WITHIN_S = 420.0
WHOLE_EVERY = 4
"""Of the long run each fourth film is a whole one, which is approved and zipped."""

ZIP_S = 0.5
"""Within so many seconds of its beginning a zip is struck, which takes about as long."""

OPEN_STEPS = sa.select(steps.c.id, steps.c.token, steps.c.state, steps.c.lease_until, steps.c.not_before).where(
    steps.c.state.in_((StepState.READY, StepState.RUNNING))
)
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
    longest_wait_s: float
    """The longest time that a step was due and nobody took it."""
    pictures: str
    whole: bool
    """Whether it was no preview, and was approved and zipped."""
    at_zip: tuple[str, ...]
    """What struck once more, while its files were put into one zip."""


def undisturbed(house: Installation, *, whole: bool = False) -> Round:
    """The film as it comes when nothing happens."""
    return play(house, 0, (), random.Random(0), whole=whole)


def play(
    house: Installation, number: int, faults: Sequence[str], chance: random.Random, *, whole: bool = False
) -> Round:
    """Make a film and send a file while faults strike, wait for the film's review, and check what must hold."""
    house.forget_pieces()
    began = time.monotonic()
    courier = Courier(house.client, house.at_api.agency, number)
    body = {"project": house.at_api.project, "storyboard": "promise", "preview": not whole}
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
    at_zip = tuple(fault for fault in faults if fault != "ffmpeg")[-1:] if whole else ()
    if whole:
        zip_struck(house, held.id, at_zip, chance, silence)
    done = read(house, lambda connection: read_steps(connection, held.id))
    package = the_package(house, held.id)
    assert {step.state for step in done} == {StepState.DONE}
    assert len({(step.kind, step.key) for step in done}) == len(done)
    assert (package.archive is not None) == whole
    wait_for(lambda: answers(house.settings), 120, "the API")
    courier.check(house.storage)
    check_orphans(house, package)
    links = house.client.patiently("GET", f"/v1/jobs/{held.id}/review", agency=house.at_api.agency)
    (url,) = [file["url"] for file in links["files"] if file["name"] == (OPEN_FILM if whole else PREVIEW_FILM)]
    return Round(
        number=number,
        faults=tuple(faults),
        moments=moments,
        seconds=round(time.monotonic() - began, 1),
        attempts=sum(step.attempts - 1 for step in done),
        longest_silence_s=round(silence.longest_s, 2),
        longest_wait_s=round(silence.longest_wait_s, 2),
        pictures=until(lambda: house.picture_stream(url)),
        whole=whole,
        at_zip=at_zip,
    )


def zip_struck(
    house: Installation, job_id: str, faults: Sequence[str], chance: random.Random, silence: "Silence"
) -> None:
    """Approve a film as a person does, and strike while its files are put into one zip, which comes all the same.

    Then share it, so that the logs see such a link too.
    """
    wait_for(lambda: answers(house.settings), 120, "the API")
    for decision in ("captions", "approve"):
        house.client.patiently("POST", f"/v1/jobs/{job_id}/{decision}", agency=house.at_api.agency)
    began = time.monotonic()
    while zipping(house, job_id) is StepState.READY:
        assert time.monotonic() - began < WITHIN_S, "nobody took the zip in hand"
        silence.look()
        time.sleep(0.02)
    time.sleep(chance.uniform(0.0, ZIP_S))
    for fault in faults:
        FAULTS[fault](house, chance)
    while zipping(house, job_id) in (StepState.READY, StepState.RUNNING):
        assert time.monotonic() - began < WITHIN_S, f"after {faults} still {open_steps(house, job_id)}"
        silence.look()
        time.sleep(0.1)
    house.mend()
    check_zip(house, the_package(house, job_id))
    wait_for(lambda: answers(house.settings), 120, "the API")
    link = house.client.patiently("POST", f"/v1/jobs/{job_id}/share-links", agency=house.at_api.agency)
    assert until(lambda: opened(link["url"])) == 200


def opened(url: str) -> int:
    """What somebody is answered who opens a link; Outage when nobody answers."""
    try:
        return httpx.get(url, trust_env=False, timeout=60).status_code
    except httpx.TransportError as error:
        raise Outage(f"no answer: {error}") from error


def zipping(house: Installation, job_id: str) -> StepState:
    """How far the zip of a film is."""
    (step,) = [
        one for one in read(house, lambda connection: read_steps(connection, job_id)) if one.kind is StepKind.ARCHIVE
    ]
    return step.state


def check_zip(house: Installation, package: Package) -> None:
    """Every file of the package is in the zip, byte for byte."""
    assert package.archive
    data = until(lambda: house.storage.get_bytes((package.archive or package.files[0]).key))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        held = {Path(name).name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    assert held == {file.name: file.sha256 for file in package.files}


def the_package(house: Installation, job_id: str) -> Package:
    """The one package of a film."""
    (package,) = read(house, lambda connection: records.list_packages(connection, job_id))
    return package


def give_up(house: Installation) -> None:
    """After a round that failed: none of its films goes on into the next."""
    house.mend()
    under_way = sa.select(jobs.c.id).where(jobs.c.state.not_in(sorted(AT_REST)))
    for job_id in read(house, lambda connection: list(connection.scalars(under_way))):
        house.client.patiently("POST", f"/v1/jobs/{job_id}/cancel", agency=house.at_api.agency)


class Silence:
    """How long steps were held after their leases ran out, and were due without being taken, by the steady clock."""

    def __init__(self, house: Installation) -> None:
        self._house = house
        self._since: dict[StepState, dict[tuple[str, int], float]] = {}
        self.longest_s = 0.0
        self.longest_wait_s = 0.0

    def look(self) -> None:
        """See which leases ran out, or lie farther ahead than any can, as the ledger sees them; and what is due."""
        found = read(self._house, lambda connection: connection.execute(OPEN_STEPS).all())
        now, lease_s = self._house.clock.time(), self._house.lease_s
        held = [row for row in found if row.state == StepState.RUNNING]
        ready = [row for row in found if row.state == StepState.READY]
        silent = [row for row in held if not now <= row.lease_until <= now + 2 * lease_s]
        due = [row for row in ready if not now < row.not_before <= now + LONGEST_PAUSE_S]
        self.longest_s = max(self.longest_s, self._longest(StepState.RUNNING, silent))
        self.longest_wait_s = max(self.longest_wait_s, self._longest(StepState.READY, due))

    def _longest(self, state: StepState, seen: Sequence[Any]) -> float:
        """Seconds since the first of a row of looks at which one of these was seen."""
        before, now = self._since.get(state, {}), time.monotonic()
        self._since[state] = {(row.id, row.token): before.get((row.id, row.token), now) for row in seen}
        return max((now - since for since in self._since[state].values()), default=0.0)


def read(house: Installation, question: Callable[[sa.Connection], T]) -> T:
    """What the database says, as soon as it answers: a fault may have struck it."""

    def ask() -> T:
        with house.engine.connect() as connection:
            return question(connection)

    return until(ask)


def check_orphans(house: Installation, package: Package) -> None:
    """Nothing in the bucket that no film asks for, and soon no scratch folder of a process that is no more."""
    # A fault at the very end may have struck the store.
    wait_for(lambda: store_answers(house), 120, "the store")
    wait_for(lambda: not list(house.storage.list("joined/")), 60, "the clearing of joined films")
    delivered, zipped = {file.key for file in package.files}, {package.archive.key} if package.archive else set()
    wait_for(lambda: set(house.storage.list("packages/")) == delivered, 60, "the clearing of other packages")
    wait_for(lambda: set(house.storage.list("archives/")) == zipped, 60, "the clearing of other zips")
    check_sweep(house)
    scratch = house.settings.data / "work" / "scratch"
    wait_for(lambda: not list(scratch.glob("*-*")), 60, "the clearing of scratch folders")


def check_sweep(house: Installation) -> None:
    """A day later the sweep has cleared what an upload or a file of ours left half sent, and nothing that is named."""
    kept = set(house.storage.list(""))
    until(Retention(house.engine, house.storage, clock=lambda: time.time() + ORPHAN_S + DAY_S / 24).sweep)
    assert list(house.storage.open_uploads()) == []
    with house.engine.connect() as connection:
        names = read_names(connection, time.time())
    assert {key for key in kept - set(house.storage.list("")) if name_of(key) in names.wanted} == set()


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
    begun: int, rounds: Sequence[Round], failed: Sequence[str], references: Sequence[Round], faults: Sequence[str]
) -> dict[str, Any]:
    """What `make faults` writes of one database: rounds that came to an end, what failed in words, and what struck."""
    struck = [fault for one in rounds for fault in (*one.faults, *one.at_zip)]
    return {
        "rounds": begun,
        "survived": begun - len(failed),
        "failed": list(failed),
        "faults": {name: struck.count(name) for name in faults},
        "whole": sum(one.whole for one in rounds),
        "longest_silence_s": max((one.longest_silence_s for one in rounds), default=0.0),
        "longest_wait_s": max((one.longest_wait_s for one in rounds), default=0.0),
        "further_attempts": sum(one.attempts for one in rounds),
        "seconds_undisturbed": [one.seconds for one in references],
        "seconds_mean": round(sum(one.seconds for one in rounds) / max(len(rounds), 1), 1),
        "each": [asdict(one) for one in rounds],
    }
