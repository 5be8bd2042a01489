"""One zip of an approved package: made by a worker, once, whatever happens meanwhile."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Conflict
from kit.storage import FolderStorage
from pipeline.jobs import JobState, StepKind, StepState
from pipeline.keeping import DAY_S
from pipeline.people import OPERATOR
from pipeline.retention import Retention
from pipeline.service import Service
from pipeline.tables import jobs
from pipeline.worker import work

from .conftest import House
from .fake_craft import FakeCraft
from .test_worker import add_clip, drain, make_bench


class SigningFolder(FolderStorage):
    """A folder that signs links to nowhere."""

    def sign_get(self, key: str, *, filename: str, expires_s: int = 3600, inline: bool = False) -> str:
        return f"https://store.test/{key}?{filename}&{inline}"


class Film:
    """A film in review, and what works on it."""

    def __init__(self, house: House, tmp_path: Path) -> None:
        self.house = house
        self.storage = SigningFolder(tmp_path / "store")
        self.offered: list[str] = []
        self.service = Service(house.engine, self.storage, self.offered.extend, clock=house.clock, actor=OPERATOR)  # type: ignore[arg-type]
        self.bench = make_bench(house, self.storage, tmp_path, FakeCraft())
        add_clip(house, self.storage, "a.mp4", "a")
        self.job_id = house.submit()
        drain(house, self.bench, self.job_id)
        # A film that its agency approved, as a person would have.
        with immediate(house.engine) as connection:
            connection.execute(sa.update(jobs).where(jobs.c.id == self.job_id).values(review="finished"))
        self.service.decisions.accept_captions(self.job_id)

    def work(self) -> None:
        """Do what was offered."""
        while self.offered:
            step = self.house.ledger.claim(self.offered.pop(0), "w")
            if step:
                work(self.house.ledger, self.bench, step)

    def archives(self) -> list[str]:
        return list(self.storage.list("archives/"))


@pytest.fixture
def film(house: House, tmp_path: Path) -> Film:
    return Film(house, tmp_path)


def test_a_zip_of_all_files_is_made_after_the_approval_and_had_by_a_link(film: Film) -> None:
    with pytest.raises(Conflict, match="Approve"):
        film.service.packages.archive(film.job_id)
    assert film.archives() == []
    film.service.decisions.approve(film.job_id)
    with pytest.raises(Conflict, match="again in a minute"):
        film.service.packages.archive(film.job_id)
    assert film.house.job(film.job_id).state is JobState.APPROVED
    film.work()
    link = film.service.packages.archive(film.job_id)
    assert film.house.job(film.job_id).state is JobState.DELIVERED
    assert link.file.name == "anytown-police-department.zip"
    assert link.url.endswith("?anytown-police-department.zip&False")
    (package,) = film.service.packages.of_job(film.job_id)
    with zipfile.ZipFile(BytesIO(film.storage.get_bytes(link.file.key))) as archive:
        names = [name.removeprefix("anytown-police-department/") for name in archive.namelist()]
        assert names == [file.name for file in package.files]
        held = {name: archive.read(name) for name in archive.namelist()}
    assert list(held.values()) == [film.storage.get_bytes(file.key) for file in package.files]
    had = film.service.shares.receipts(film.job_id)
    assert [(one.deed, one.what) for one in had] == [("download", "anytown-police-department.zip")]


def test_a_file_that_came_back_otherwise_is_not_zipped_and_another_try_is_made_when_it_is_asked_for(film: Film) -> None:
    (package,) = film.service.packages.of_job(film.job_id)
    whole = film.storage.get_bytes(package.files[0].key)
    film.storage.put_bytes(package.files[0].key, b"cut short")
    film.service.decisions.approve(film.job_id)
    (step_id,) = film.offered
    for _ in range(6):
        film.offered.append(step_id)
        film.work()
        film.house.clock.now += 61
    (step,) = [one for one in film.house.steps(film.job_id) if one.kind is StepKind.ARCHIVE]
    assert step.state is StepState.FAILED
    assert "does not come back" in (step.error or "")
    assert film.house.job(film.job_id).state is JobState.APPROVED, "the film itself can be had"
    film.storage.put_bytes(package.files[0].key, whole)
    with pytest.raises(Conflict):
        film.service.packages.archive(film.job_id)
    film.work()
    assert film.service.packages.archive(film.job_id).file.size > len(whole)


def test_the_sweep_keeps_the_zip_and_what_is_being_zipped(film: Film) -> None:
    retention = Retention(film.house.engine, film.storage, clock=film.house.clock)
    film.service.decisions.approve(film.job_id)
    stray = f"archives/{film.job_id}/1/99/anytown-police-department.zip"
    film.storage.put_bytes(stray, b"begun")
    film.storage.put_bytes(stray.replace("/99/", "/0/"), b"by one who is no more")
    film.house.clock.now += DAY_S
    assert retention.sweep() == 0, "a worker may be about to say that it is there"
    film.work()
    assert len(film.archives()) == 2, "what an earlier holder left is gone with the next one's zip"
    assert retention.sweep() == 1
    (kept,) = film.archives()
    assert kept == film.service.packages.archive(film.job_id).file.key
