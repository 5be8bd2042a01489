"""The cache of footage and the scratch folders."""

import subprocess
import sys
from pathlib import Path

import pytest

from kit.errors import NotFound
from kit.storage import FolderStorage
from pipeline.workspace import Workspace


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    storage = FolderStorage(tmp_path / "store")
    for name in "abc":
        storage.put_bytes(f"uploads/{name}", name.encode() * 100)
    return storage


def test_footage_is_fetched_once_and_keeps_its_ending(storage: FolderStorage, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work", storage)
    with workspace.scratch() as scratch:
        path = workspace.media("uploads/a", "A clip '#1.MOV", scratch)
        assert (path.parent, path.suffix, path.read_bytes()) == (scratch, ".mov", b"a" * 100)
        storage.delete(["uploads/a"])
        assert workspace.media("uploads/a", "A clip '#1.MOV", scratch) == path
    with workspace.scratch() as scratch:
        assert workspace.media("uploads/a", "odd.na:me", scratch).suffix == ""
    assert not path.exists()


def test_what_is_in_use_outlives_the_cache(storage: FolderStorage, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work", storage, cache_bytes=250)
    with workspace.scratch() as scratch:
        paths = [workspace.media(f"uploads/{name}", f"{name}.mp4", scratch) for name in "abc"]
        assert [path.read_bytes()[:1] for path in paths] == [b"a", b"b", b"c"]
    assert len(list((tmp_path / "work" / "cache").iterdir())) == 2


def test_known_files_are_used_where_they_are(storage: FolderStorage, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work", storage, known={"footage/x": tmp_path / "x.mp4"})
    with workspace.scratch() as scratch:
        assert workspace.media("footage/x", "x.mp4", scratch) == tmp_path / "x.mp4"
        with pytest.raises(NotFound):
            workspace.media("footage/y", "y.mp4", scratch)


def test_scratch_of_dead_processes_is_removed(storage: FolderStorage, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work", storage)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / "work" / "scratch" / f"{dead.pid}-left"
    left.mkdir(parents=True)
    with workspace.scratch() as mine:
        workspace.sweep()
        assert mine.exists()
    assert not left.exists()
