"""One flush for many: nobody goes on before a flush that began after the call, and who waits together shares one."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import kit.flush
from kit.flush import SharedFlush


class Disk:
    """Takes the place of the system's flush: counts, and holds each one up until it may end."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = threading.Semaphore(0)

    def __call__(self, handle: int) -> None:
        os.fstat(handle)
        self.begun += 1
        assert self.may_end.acquire(timeout=30)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(kit.flush, "_TO_DISK", disk)
    return disk


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_those_who_come_during_a_flush_share_the_next_one(disk: Disk, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"x")
    flush = SharedFlush(tmp_path / "log")
    callers = [threading.Thread(target=flush.wait) for _ in range(8)]
    callers[0].start()
    until(lambda: disk.begun == 1)
    for caller in callers[1:]:
        caller.start()
    until(lambda: flush._asked == 8)
    disk.may_end.release()
    until(lambda: disk.begun == 2)
    callers[0].join(30)
    assert [caller.is_alive() for caller in callers] == [False] + [True] * 7, "the first flush may have missed theirs"
    disk.may_end.release()
    for caller in callers:
        caller.join(30)
    assert not any(caller.is_alive() for caller in callers)
    assert disk.begun == 2


def test_a_flush_that_fails_serves_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "log").write_bytes(b"x")
    flush = SharedFlush(tmp_path / "log")
    tried = []

    def fail(_handle: int) -> None:
        tried.append(1)
        if len(tried) == 1:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(kit.flush, "_TO_DISK", fail)
    with pytest.raises(OSError, match="Input/output"):
        flush.wait()
    flush.wait()
    assert len(tried) == 2


def test_a_file_that_was_put_into_another_needs_no_flush(disk: Disk, tmp_path: Path) -> None:
    SharedFlush(tmp_path / "gone").wait()
    assert disk.begun == 0
