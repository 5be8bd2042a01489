"""A service whose clock a test moves, with a bucket, a worker and sweeps."""

import time
from pathlib import Path

import sqlalchemy as sa

from kit.database import immediate
from pipeline import records
from pipeline.jobs import Outcome, StepKind
from pipeline.keeping import DAY_S
from pipeline.names import Names, name_of, read_names
from pipeline.people import OPERATOR
from pipeline.projects import Details, Upload, UploadState
from pipeline.retention import Retention
from pipeline.rows import new_id
from pipeline.service import Service
from pipeline.tables import jobs, steps

from .conftest import House
from .fake_craft import FakeCraft
from .test_archiving import SigningFolder
from .test_worker import make_bench, work_off


class Place:
    """A service whose clock a test moves, with a bucket and a worker."""

    def __init__(self, house: House, folder: Path) -> None:
        # The store's ages are those of real files.
        house.clock.now = time.time()
        self.house = house
        self.clock = house.clock
        self.storage = SigningFolder(folder / "store")
        self.craft = FakeCraft()
        self.bench = make_bench(house, self.storage, folder, self.craft)
        self.service = Service(house.engine, self.storage, lambda _: None, clock=house.clock, actor=OPERATOR)  # type: ignore[arg-type]
        self.retention = Retention(house.engine, self.storage, clock=house.clock)

    def send(self, name: str, text: str) -> None:
        """A file, as a completed upload leaves it."""
        upload = Upload(
            id=new_id(),
            agency_id=self.house.agency_id,
            project_id=self.house.project_id,
            name=name,
            size=len(text),
            media_type="video/mp4",
            storage_key=f"uploads/{new_id()}",
            part_size=8 << 20,
            store_upload_id="u",
            state=UploadState.COMPLETE,
            details=Details(),
            created_at=self.clock.now,
        )
        self.storage.put_bytes(upload.storage_key, text.encode())
        with immediate(self.house.engine) as connection:
            records.add_upload(connection, upload)
            records.take_in(connection, upload, self.clock.now)

    def film(self, *, preview: bool = False) -> str:
        """A film made till its review."""
        job = self.service.submit_job(self.house.project_id, preview=preview)
        work_off(self.house, self.bench)
        return job.id

    def approved(self) -> str:
        """A film that its agency approved, with its zip."""
        job_id = self.film()
        self.service.decisions.accept_captions(job_id)
        self.service.decisions.approve(job_id)
        work_off(self.house, self.bench)
        return job_id

    def days(self, count: float) -> int:
        """Time goes by, and a sweep, after which all that is there is named, or too young to tell; how much went."""
        self.clock.now += count * DAY_S
        gone = self.retention.sweep()
        names = self._names()
        strange = {key for key in self.storage.list("") if name_of(key) not in names.wanted}
        ages = {found.key: self.clock.now - found.modified for found in self.storage.stored("")}
        assert not {key for key in strange if ages[key] > 2 * DAY_S and not self._worked_on(key)}, strange
        return gone

    def keys(self, folder: str) -> set[str]:
        return set(self.storage.list(f"{folder}/"))

    def check(self) -> None:
        """Nothing that a row names is missing."""
        there = set(self.storage.list(""))
        missing = set(self._names().wanted) - {name_of(key) for key in there} - there
        # A piece that nobody asks for any more but its plan may be missing, and so may the plan of an earlier round.
        missing = {one for one in missing if not one.startswith(("segments/", "sound/"))}
        assert not missing - self._earlier_plans()

    def _names(self) -> Names:
        with self.house.engine.connect() as connection:
            return read_names(connection, self.clock.now)

    def _earlier_plans(self) -> set[str]:
        """Where plans lie of films that are being made anew; whoever asks for one that went is told so."""
        query = sa.select(steps.c.outcome).join(jobs, jobs.c.id == steps.c.job_id)
        query = query.where(steps.c.kind == StepKind.PLAN, steps.c.round < jobs.c.round, steps.c.outcome.is_not(None))
        with self.house.engine.connect() as connection:
            plans = [Outcome.model_validate(outcome).planned for outcome in connection.scalars(query)]
        return {planned.context_key for planned in plans if planned}

    def _worked_on(self, key: str) -> bool:
        job = key.split("/")[1]
        return key.startswith(("joined/", "packages/", "archives/")) and self.house.job(job).state not in ("failed",)
