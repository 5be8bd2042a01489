"""What is let go of and what is not: pieces of old films, files of nobody, uploads given up; and room on the disk."""

import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Outage
from kit.storage import FolderStorage, OpenUpload
from pipeline import records
from pipeline.jobs import JobState
from pipeline.keeping import DAY_S, Keep
from pipeline.names import SETTLED_S
from pipeline.projects import Details, Upload, UploadState
from pipeline.retention import Retention
from pipeline.tables import jobs, uploads
from pipeline.worker import work
from pipeline.workspace import Workspace

from .conftest import House
from .fake_craft import FakeCraft
from .test_states import the_service
from .test_worker import add_clip, drain, make_bench

KEEP = Keep()
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "store")


def pieces(storage: FolderStorage) -> set[str]:
    return {key for prefix in ("segments/", "sound/", "looks/") for key in storage.list(prefix)}


def end(house: House, job_id: str) -> None:
    with immediate(house.engine) as connection:
        connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(state=JobState.DELIVERED))


def test_pieces_of_a_film_that_ended_long_ago_go_and_those_of_others_stay(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    bench = make_bench(house, storage, tmp_path, FakeCraft())
    retention = Retention(house.engine, storage, keep=KEEP, clock=house.clock)
    add_clip(house, storage, "a.mp4", "a")
    add_clip(house, storage, "b.mp4", "b")
    first = house.submit()
    drain(house, bench, first)
    own = pieces(storage)
    end(house, first)
    assert retention.sweep() == 0
    house.clock.now += KEEP.pieces_s + 1
    add_clip(house, storage, "b.mp4", "another b")
    second = house.submit()
    drain(house, make_bench(house, storage, tmp_path / "another machine", FakeCraft()), second)
    both = pieces(storage)
    assert own < both
    gone = retention.sweep()
    left = pieces(storage)
    # The clip that both films show keeps its pieces; the second film waits for review and keeps all of its own.
    assert gone == 3, "the piece of the clip that was replaced, its look, and the sound"
    assert both - own <= left
    assert len(own & left) == 3, "two pieces and the look of the clip that both films show"
    assert set(storage.list("packages/")) == {
        file.key
        for job_id in (first, second)
        for package in the_service(house).packages.of_job(job_id)
        for file in package.files
    }
    assert len(list(storage.list("uploads/"))) == 2


def test_a_piece_that_is_swept_before_the_joining_is_made_again(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft())
    undisturbed = house.submit()
    drain(house, bench, undisturbed)
    film = storage.get_bytes(the_service(house).packages.of_job(undisturbed)[0].files[0].key)
    job_id = house.submit()
    while house.job(job_id).state is not JobState.ASSEMBLING:
        step = house.ledger.claim_next("w", house.project_id)
        assert step
        work(house.ledger, bench, step)
    storage.delete([*storage.list("segments/"), *storage.list("sound/")])
    assert drain(house, bench, job_id).state is JobState.IN_REVIEW
    assert storage.get_bytes(the_service(house).packages.of_job(job_id)[0].files[0].key) == film


def test_files_that_no_package_names_go_once_their_job_rests(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft())
    retention = Retention(house.engine, storage, keep=KEEP, clock=house.clock)
    done, waiting = house.submit(), house.submit()
    drain(house, bench, done)
    the_service(house).decisions.ask_changes(waiting)
    strays = [f"packages/{done}/1/99/documentary.mp4", f"joined/{done}/1/documentary.mp4"]
    living = [f"packages/{waiting}/2/1/documentary.mp4", f"joined/{waiting}/2/documentary.mp4"]
    for key in (*strays, *living):
        storage.put_bytes(key, b"film")
    assert retention.sweep() == 0
    house.clock.now += SETTLED_S + 1
    assert retention.sweep() == len(strays)
    assert not any(storage.exists(key) for key in strays)
    assert all(storage.exists(key) for key in living)


class Uploading(FolderStorage):
    """A folder that holds uploads in parts, as S3 does, and can be away."""

    def __init__(self, root: Path, held: list[OpenUpload]) -> None:
        super().__init__(root)
        self.held = held
        self.away = False

    def open_uploads(self) -> Iterator[OpenUpload]:
        return iter(self.held[:])

    def abort_upload(self, key: str, upload_id: str) -> None:
        if self.away:
            raise Outage("the store is away")
        self.held = [one for one in self.held if (one.key, one.upload_id) != (key, upload_id)]


def test_uploads_that_nobody_goes_on_with_are_given_up_and_what_no_row_names_is_freed(
    house: House, tmp_path: Path
) -> None:
    now, ages = house.clock.now, {"old": KEEP.uploads_s + 1, "fresh": KEEP.uploads_s - 1}
    for name, age in ages.items():
        upload = Upload(
            id=name,
            agency_id=house.agency_id,
            project_id=house.project_id,
            name=f"{name}.mp4",
            size=4,
            media_type="video/mp4",
            storage_key=f"uploads/{name}",
            part_size=8 << 20,
            store_upload_id=f"u-{name}",
            state=UploadState.OPEN,
            details=Details(),
            created_at=now - age,
        )
        with immediate(house.engine) as connection:
            records.add_upload(connection, upload)
    held = [OpenUpload(key=f"uploads/{name}", upload_id=f"u-{name}", begun=now - age) for name, age in ages.items()]
    for key, age in (
        ("uploads/never-written-down", DAY_S + 1),
        ("uploads/about-to-be", DAY_S - 1),
        ("segments/a-long-piece.mp4", DAY_S + 1),
        ("of-somebody-else/film.mp4", 9 * DAY_S),
    ):
        held.append(OpenUpload(key=key, upload_id="u", begun=now - age))
    store = Uploading(tmp_path / "store", held)
    retention = Retention(house.engine, store, keep=KEEP, clock=house.clock)
    store.away = True
    with pytest.raises(Outage):
        retention.sweep()
    store.away = False
    assert retention.sweep() == 3, "those that were marked while the store was away too"
    left = {"uploads/fresh", "uploads/about-to-be", "of-somebody-else/film.mp4"}
    assert {one.key for one in store.held} == left
    with house.engine.connect() as connection:
        states = dict(connection.execute(sa.select(uploads.c.id, uploads.c.state)).all())  # type: ignore[arg-type]
    assert states == {"old": UploadState.ABORTED, "fresh": UploadState.OPEN}


def test_low_disk_is_seen_before_a_step_begins_and_told_plainly(
    house: House, storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    craft = FakeCraft()
    bench = make_bench(house, storage, tmp_path, craft)
    workspace = Workspace(tmp_path / "work", storage, least_free=2 * 10**9)
    job_id = house.submit()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 9 * 10**9, 10**9))
    with pytest.raises(Outage, match=r"Waiting for disk space: 1\.0 GB more needed on "), workspace.scratch():
        raise AssertionError
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 10**9, 9 * 10**9))
    with workspace.scratch() as scratch:
        assert scratch.is_dir()
    assert drain(house, bench, job_id).state is JobState.IN_REVIEW


def test_the_cache_makes_room_before_a_step_is_refused(
    storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "work", storage, least_free=1000)
    for name in "abc":
        storage.put_bytes(f"uploads/{name}", bytes(400))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2000, 0, 2000))
    with workspace.scratch() as scratch:
        for name in "abc":
            workspace.media(f"uploads/{name}", name, scratch)
    cache = tmp_path / "work" / "cache"
    assert len(list(cache.iterdir())) == 3

    def room(_: object) -> Usage:
        return Usage(2000, 0, 1700 - 400 * len(list(cache.iterdir())))

    monkeypatch.setattr(shutil, "disk_usage", room)
    with workspace.scratch():
        assert len(list(cache.iterdir())) == 1
