"""A service whose clock a test moves, with a bucket, a worker and sweeps."""

import time
from pathlib import Path

from kit.database import immediate
from pipeline import records
from pipeline.keeping import DAY_S
from pipeline.names import name_of, read_names
from pipeline.people import OPERATOR
from pipeline.projects import Details, Upload, UploadState
from pipeline.retention import Retention
from pipeline.rows import new_id
from pipeline.service import Service

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
        """Time goes by, and a sweep; how much went."""
        self.clock.now += count * DAY_S
        return self.retention.sweep()

    def keys(self, folder: str) -> set[str]:
        return set(self.storage.list(f"{folder}/"))

    def check(self) -> None:
        """Nothing that a row names is missing, and whatever is there is named, or too young to tell."""
        with self.house.engine.connect() as connection:
            names = read_names(connection, self.clock.now)
        there = list(self.storage.list(""))
        known = {name_of(key) for key in there} | set(there)
        # A piece that nobody asks for any more but its plan may be missing: it is made again.
        missing = {one for one in names.wanted if not one.startswith(("segments/", "sound/"))} - known
        assert not missing
        strange = {key for key in there if name_of(key) not in names.wanted}
        ages = {found.key: self.clock.now - found.modified for found in self.storage.stored("")}
        assert not {key for key in strange if ages[key] > 2 * DAY_S and not self._worked_on(key)}, strange

    def _worked_on(self, key: str) -> bool:
        job = key.split("/")[1]
        return key.startswith(("joined/", "packages/", "archives/")) and self.house.job(job).state not in ("failed",)
