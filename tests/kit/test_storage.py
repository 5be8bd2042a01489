"""One contract for both stores: the folder, and S3 on a real SeaweedFS."""

import time
import uuid
from pathlib import Path

import pytest

from kit.embedded import Embedded
from kit.errors import Bug, NotFound, Outage
from kit.s3 import S3Storage
from kit.storage import FolderStorage, Storage


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return FolderStorage(tmp_path / "store")
    embedded: Embedded = request.getfixturevalue("embedded")
    return S3Storage(embedded.s3)


@pytest.fixture
def top() -> str:
    """A prefix of this test's own."""
    return uuid.uuid4().hex


def test_what_goes_in_comes_out(storage: Storage, top: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"\0film")
    storage.put_file(f"{top}/Ünï #1 'x'.mp4", tmp_path / "in", content_type="video/mp4", filename='Ü "x".mp4')
    storage.get_file(f"{top}/Ünï #1 'x'.mp4", tmp_path / "new" / "out")
    assert (tmp_path / "new" / "out").read_bytes() == b"\0film"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]
    storage.put_bytes(f"{top}/b", b"bytes")
    storage.put_bytes(f"{top}/b", b"newer")
    assert storage.get_bytes(f"{top}/b") == b"newer"


def test_an_object_outlives_the_file_it_came_from_and_files_taken_of_it(
    storage: Storage, top: str, tmp_path: Path
) -> None:
    (tmp_path / "in").write_bytes(b"film")
    storage.put_file(f"{top}/a", tmp_path / "in")
    (tmp_path / "in").unlink()
    storage.get_file(f"{top}/a", tmp_path / "out")
    storage.put_bytes(f"{top}/a", b"newer")
    assert (tmp_path / "out").read_bytes() == b"film"
    (tmp_path / "out").unlink()
    assert storage.get_bytes(f"{top}/a") == b"newer"


def test_size_and_existence(storage: Storage, top: str) -> None:
    assert not storage.exists(f"{top}/a")
    assert storage.size(f"{top}/a") is None
    storage.put_bytes(f"{top}/a", b"123")
    assert storage.exists(f"{top}/a")
    assert storage.size(f"{top}/a") == 3
    storage.put_bytes(f"{top}/empty", b"")
    assert storage.size(f"{top}/empty") == 0
    assert not storage.exists(top)


def test_listing_is_by_prefix_and_sorted(storage: Storage, top: str) -> None:
    keys = [f"{top}/{name}" for name in ("a/2", "a/1", "ab", "b/c/d")]
    for key in keys:
        storage.put_bytes(key, b"x")
    assert list(storage.list(f"{top}/")) == sorted(keys)
    assert list(storage.list(f"{top}/a")) == sorted(keys[:3])
    assert list(storage.list(f"{top}/a/")) == [f"{top}/a/1", f"{top}/a/2"]
    assert list(storage.list(f"{top}/none/")) == []


def test_what_is_listed_tells_its_size_and_age(storage: Storage, top: str) -> None:
    before = time.time()
    storage.put_bytes(f"{top}/a", b"x")
    storage.put_bytes(f"{top}/b", b"four")
    found = list(storage.stored(f"{top}/"))
    assert [(one.key, one.size) for one in found] == [(f"{top}/a", 1), (f"{top}/b", 4)]
    assert all(before - 5 < one.modified < time.time() + 5 for one in found)
    storage.put_bytes(f"{top}/a", b"x")
    assert next(storage.stored(f"{top}/a")).modified >= found[0].modified


def test_deleting_what_is_not_there_is_no_error(storage: Storage, top: str) -> None:
    storage.put_bytes(f"{top}/a", b"x")
    storage.delete([f"{top}/a", f"{top}/never"])
    storage.delete([])
    assert not storage.exists(f"{top}/a")


def test_what_is_missing_is_not_found(storage: Storage, top: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        storage.get_bytes(f"{top}/no")
    with pytest.raises(NotFound):
        storage.get_file(f"{top}/no", tmp_path / "out")
    with pytest.raises(NotFound):
        storage.put_file(f"{top}/no", tmp_path / "no such file")
    assert list(tmp_path.glob("*out*")) == []
    assert not storage.exists(f"{top}/no")


@pytest.mark.parametrize("key", ["", "/a", "a/", "../a", "a/../../b", "a//b", "./a", "a\\b", "a\0b", ".incoming/a"])
def test_keys_cannot_leave(storage: Storage, key: str) -> None:
    with pytest.raises(Bug):
        storage.put_bytes(key, b"x")
    with pytest.raises(Bug):
        storage.get_bytes(key)


def test_large_files_go_in_parts(storage: Storage, top: str, tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as big:
        big.truncate(70 << 20)
        big.write(b"head")
    storage.put_file(f"{top}/big", tmp_path / "big")
    storage.get_file(f"{top}/big", tmp_path / "back")
    assert (tmp_path / "back").stat().st_size == 70 << 20
    assert (tmp_path / "back").open("rb").read(5) == b"head\0"
    storage.delete([f"{top}/big"])


def test_the_check_works(storage: Storage) -> None:
    before = set(storage.list("checks/"))
    storage.check()
    assert set(storage.list("checks/")) == before


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "out").symlink_to(tmp_path)
    with pytest.raises(Bug):
        FolderStorage(tmp_path / "store").put_bytes("out/secret", b"x")


def test_a_folder_that_cannot_be_written_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("in the way")
    with pytest.raises(Outage):
        FolderStorage(tmp_path / "store").put_bytes("a", b"x")
