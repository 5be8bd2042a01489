"""The store and the broker of one machine: started, kept running, and never left behind."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from kit.embedded import Embedded, choose_ports
from kit.errors import Conflict, Outage
from kit.s3 import S3Storage
from kit.stuck import StillFull
from kit.supervise import Program, Supervisor

Usage = namedtuple("Usage", "total used free")


def _soon(holds: Callable[[], bool], within_s: float = 120) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _stored(storage: S3Storage, key: str) -> bool:
    try:
        return storage.exists(key)
    except Outage:
        return False


def test_children_that_die_are_started_again_and_data_outlives_all(tmp_path: Path) -> None:
    data, said = tmp_path / "a folder, with a comma", list[str]()
    with Embedded(data, said=said.append) as parts:
        store_before, broker_before = parts.s3, parts.broker_url
        storage = S3Storage(parts.s3)
        storage.put_bytes("kept", b"x")
        upload = storage.create_upload("open")
        with redis.Redis.from_url(parts.broker_url) as broker:
            broker.lpush("queue", "task")
        pids = parts.supervisor.pids()
        for pid in pids.values():
            os.kill(pid, signal.SIGKILL)
        assert _soon(lambda: len(said) == 2)
        assert _soon(lambda: _stored(storage, "kept"))
        assert set(parts.supervisor.pids().values()).isdisjoint(pids.values())
        pids = parts.supervisor.pids()
        with pytest.raises(Conflict, match="already running"), Embedded(data):
            pass
        began = time.monotonic()
    assert time.monotonic() - began < 60
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids.values())
    assert sorted(line.split()[0] for line in said) == ["SeaweedFS", "Valkey"]
    with Embedded(data) as parts:
        assert (parts.s3, parts.broker_url) == (store_before, broker_before)
        assert S3Storage(parts.s3).get_bytes("kept") == b"x"
        assert S3Storage(parts.s3).list_parts("open", upload) == []
        with redis.Redis.from_url(parts.broker_url) as broker:
            assert broker.lpop("queue") == b"task"


def test_other_users_cannot_read_what_opens_the_parts(embedded: Embedded) -> None:
    for name in ("secrets.json", "seaweedfs/s3.json", "valkey/valkey.conf"):
        assert stat.S_IMODE((embedded.data / name).stat().st_mode) == 0o600
    with redis.Redis.from_url(embedded.broker_url) as broker:
        assert broker.ping()
    without_password = "redis://" + embedded.broker_url.partition("@")[2]
    with redis.Redis.from_url(without_password) as broker, pytest.raises(redis.AuthenticationError):
        broker.ping()


def test_everything_ends_when_we_are_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib\nfrom kit.embedded import Embedded\n"
        "with Embedded(pathlib.Path(sys.argv[1])) as parts:\n"
        "    print(*parts.supervisor.pids().values(), flush=True)\n    time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pids = parent.stdout.readline().split()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert len(pids) == 2
    assert _soon(lambda: not any(_alive(pid) for pid in pids))


def test_ports_are_remembered_and_left_when_taken(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    first = choose_ports(memory)
    assert choose_ports(memory) == first
    assert len(set(first.values())) == 5
    memory.write_text(json.dumps({**first, "s3": 80, "master": 60_000}))
    second = choose_ports(memory)
    assert second["s3"] != 80
    assert second["master"] != 60_000
    assert second["filer"] == first["filer"]
    memory.write_text("not json")
    assert len(choose_ports(memory)) == 5


def test_a_program_that_keeps_failing_is_tried_ever_more_slowly(tmp_path: Path) -> None:
    said = list[str]()
    with Supervisor(said.append) as supervisor:
        supervisor.add(Program(name="bad", command=("/bin/false",), log=tmp_path / "logs" / "bad.log"))
        assert _soon(lambda: len(said) == 2)
    assert said[0] == "bad ended (exit code 1); starting it again in 0.5 s"
    assert said[1].endswith("in 1 s")


def test_a_program_that_is_stuck_is_started_anew_and_it_is_said_why(tmp_path: Path) -> None:
    said, why = list[str](), ["", "is stuck", ""]
    program = Program(
        name="It",
        command=("/bin/sleep", "60"),
        log=tmp_path / "it.log",
        stuck=lambda: why.pop(0) if len(why) > 1 else why[0],
    )
    with Supervisor(said.append) as supervisor:
        supervisor.add(program)
        assert _soon(lambda: bool(supervisor.pids()))
        (before,) = supervisor.pids().values()
        assert _soon(lambda: len(said) == 2)
        assert _soon(lambda: set(supervisor.pids().values()) not in ({before}, set()))
    assert said == ["It is stuck", "It ended (signal 9); starting it again in 0.5 s"]


def test_a_store_that_met_a_full_disk_is_started_anew_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, free = tmp_path / "store.log", [1 << 40]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 41, 0, free[0]))

    def says(words: str) -> str:
        with log.open("a") as file:
            file.write(words + "\n")
        return look()

    look = StillFull(log, tmp_path)
    assert look() == ""
    assert says("No writable volumes yet") == says("ready") == "", "as at every start"
    assert says("write filerldb2/06/000001.log: no space left on device") != "", "of a fullness between two looks"
    free[0] = 0
    assert says("No writable volumes and no free volumes left") == look() == "", "as long as it is full"
    free[0] = 1 << 40
    assert look() == "", "perhaps for this moment only"
    assert look() == "met a full disk, which has room again"
    assert look() == says("ready") == "", "said once"
    free[0] = 0
    assert look() == ""
    free[0] = 1 << 40
    assert [look(), look(), look()] == ["", "", ""], "it did not write meanwhile"
    log.write_text("")
    assert says("inotify_add_watch: no space left on device") == "", "of something else"
    log.write_text("")
    assert says("write 3.dat: no space left on device") != "", "in a log that was put aside"


def test_what_a_program_says_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "echo.log"
    with Supervisor() as supervisor:
        supervisor.add(
            Program(name="echo", command=("/bin/sh", "-c", 'echo "$WORD"; sleep 9'), log=log, env={"WORD": "hello"})
        )
        assert _soon(lambda: log.exists() and log.read_text() == "hello\n")


def test_a_folder_that_cannot_be_used_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Outage, match="data folder"), Embedded(tmp_path / "file" / "data"):
        pass


def _alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
