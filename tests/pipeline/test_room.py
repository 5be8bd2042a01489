"""Room on disks: looked for before a step begins, waited for without an end, and never a film lost for want of it."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
import sqlalchemy as sa

from kit.errors import NoRoom
from kit.storage import FolderStorage
from pipeline.jobs import JobState, Step, StepKind, StepState
from pipeline.ledger import ROOM_PAUSE_S, Ledger
from pipeline.retention import Retention
from pipeline.room import FRAME_BYTES, SOUND_BYTES, room_for
from pipeline.tables import steps
from pipeline.tasks import Bench
from pipeline.views import view_job
from pipeline.worker import work
from pipeline.workspace import Workspace

from .conftest import House
from .fake_craft import FakeCraft
from .place import Place
from .test_worker import add_clip, drain, make_bench

Usage = namedtuple("Usage", "total used free")
FULL = Path("/dev/full")
"""On which whatever is written finds a full disk."""


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "store")


@pytest.fixture
def place(house: House, tmp_path: Path) -> Place:
    return Place(house, tmp_path)


def step(kind: StepKind, frames: int = 0) -> Step:
    return Step(id="s", agency_id="a", project_id="p", kind=kind, key="k", frames=frames)


def test_the_room_of_a_step_is_worked_out_of_the_frames_of_the_film() -> None:
    # As the flow weighs them: a film of 5,400 frames, made open and clean.
    assert room_for(step(StepKind.SEGMENT, 2 * 150)) == 300 * FRAME_BYTES
    assert room_for(step(StepKind.SOUND, 540)) == 5400 * SOUND_BYTES
    assert room_for(step(StepKind.ASSEMBLE, 2 * 5400 // 40)) == 2 * 2 * 5400 * FRAME_BYTES
    assert room_for(step(StepKind.PACKAGE, 2 * 5400 // 5)) == 2 * 2 * 5400 * FRAME_BYTES
    assert room_for(step(StepKind.ARCHIVE), packed=7) == 14
    assert room_for(step(StepKind.INSPECT)) == room_for(step(StepKind.PLAN)) == 0


def test_a_job_waits_for_room_however_long_it_takes(
    house: House, storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    workspace = Workspace(tmp_path / "work", storage, least_free=2 * 10**9)
    bench = Bench(house.engine, storage, workspace, FakeCraft())
    job_id = house.submit()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**11, 0, 8 * 10**8))
    for _ in range(9):
        drain(house, bench, job_id)
        house.clock.now += ROOM_PAUSE_S + 1
    assert house.job(job_id).state is JobState.QUEUED
    with house.engine.connect() as connection:
        (waits,) = connection.execute(sa.select(steps.c.attempts, steps.c.state, steps.c.error)).all()
    assert waits[:2] == (0, StepState.READY)
    assert waits.error.startswith("Waiting for disk space: 1.2 GB more needed on ")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**11, 0, 10**11))
    assert drain(house, bench, job_id).state is JobState.IN_REVIEW


def test_a_disk_that_fills_up_in_the_midst_of_a_piece_costs_no_try_and_leaves_nothing_half_written(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    full = [True] * 9

    def fill(_: object) -> None:
        if full:
            full.pop()
            FULL.write_bytes(b"x")

    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft(on_piece=fill))
    job_id = house.submit(films="open")
    drain(house, bench, job_id)
    with house.engine.connect() as connection:
        view = view_job(connection, job_id, house.clock.now)
    assert view.state is JobState.RENDERING
    assert (view.waiting or "").startswith("Waiting for disk space on ")
    assert not list((tmp_path / "work" / "scratch").iterdir())
    assert not list(storage.list("segments/"))
    while full:
        house.clock.now += ROOM_PAUSE_S + 1
        drain(house, bench, job_id)
    house.clock.now += ROOM_PAUSE_S + 1
    assert drain(house, bench, job_id).state is JobState.IN_REVIEW
    with house.engine.connect() as connection:
        assert view_job(connection, job_id, house.clock.now).waiting is None
    assert {one.attempts for one in house.steps(job_id)} == {1}


def test_who_waits_at_a_terminal_is_told_in_the_end(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    def fill(_: object) -> None:
        FULL.write_bytes(b"x")

    ledger = Ledger(house.engine, clock=house.clock, patient=False)
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft(on_piece=fill))
    job_id = house.submit(films="open")
    for _ in range(12):
        while taken := ledger.claim_next("w", house.project_id):
            work(ledger, bench, taken)
        house.clock.now += 61
    job = house.job(job_id)
    assert job.state is JobState.FAILED
    assert "the disk is full" in (job.error or "")


def test_footage_is_not_fetched_onto_a_disk_that_it_would_fill(
    storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put_bytes("uploads/old", bytes(500))
    storage.put_bytes("uploads/new", bytes(400))
    workspace = Workspace(tmp_path / "work", storage, least_free=1000)
    cache = tmp_path / "work" / "cache"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(9999, 0, 9999))
    with workspace.scratch() as scratch:
        workspace.media("uploads/old", "old.mp4", scratch)

    def held() -> int:
        return sum(path.stat().st_size for path in cache.iterdir())

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(9999, 0, 1700 - held()))
    with workspace.scratch() as scratch:
        path = workspace.media("uploads/new", "new.mp4", scratch)
        assert path.stat().st_size == 400
        assert held() == 400, "what was used longest ago made room"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(9999, 0, 1300 - held()))
    with workspace.scratch() as scratch, pytest.raises(NoRoom, match="Waiting for disk space"):
        workspace.media("uploads/old", "old.mp4", scratch)
    assert workspace.is_short()


def test_pieces_of_films_at_rest_make_room_and_none_of_one_under_way(place: Place) -> None:
    place.send("a.mp4", "a")
    place.film()
    place.send("a.mp4", "another")
    place.clock.now += 2 * 3600
    job = place.service.submit_job(place.house.project_id)
    while place.house.job(job.id).state is not JobState.ASSEMBLING:
        taken = place.house.ledger.claim_next("w", place.house.project_id)
        assert taken
        work(place.house.ledger, place.bench, taken)
    before = place.keys("segments")
    assert Retention(place.house.engine, place.storage, clock=place.clock).make_room() > 0
    assert place.keys("segments") < before
    place.check()
    rendered = list(place.craft.rendered)
    drain(place.house, place.bench, job.id)
    assert place.house.job(job.id).state is JobState.IN_REVIEW
    assert place.craft.rendered == rendered, "nothing had to be made again"


def test_an_upload_that_the_store_could_not_hold_is_refused_before_a_byte_is_sent(place: Place) -> None:
    place.service.uploads._room = lambda: 3 * 10**9
    with pytest.raises(NoRoom, match=r"5\.0 GB are sent and there is room for 3\.0 GB"):
        place.service.uploads.create(place.house.project_id, "long.mp4", 5 * 10**9)
