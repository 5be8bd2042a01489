"""The whole service once, with a worker killed in the middle; then the same film without a service, twice."""

import contextlib
import hashlib
import os
import signal
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from agencies.agency import Agency
from api.client import Client
from api.demonstration import AtTheApi
from api.running import free_port, running
from api.sample_footage import make_sample_footage
from api.telling import Teller
from ingest.footage import read_footage
from kit.process import run_ffmpeg_bytes
from kit.settings import load_settings
from pipeline.local import run_job

pytestmark = pytest.mark.river

NAME = "Anytown Police Department"
WITHIN_S = 600.0


@dataclass
class Film:
    """What came out of one way of making the film."""

    said: dict[str, Any]
    pictures: str
    told: Sequence[tuple[float, float]] = ()
    """Seconds left as they were told, each with the seconds that it then took."""


def picture_stream(film: Path) -> str:
    """SHA-256 of a film's encoded pictures, without their container."""
    stream = run_ffmpeg_bytes(["-v", "error", "-i", str(film), "-map", "0:v", "-c", "copy", "-f", "h264", "pipe:1"])
    return hashlib.sha256(stream).hexdigest()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample_footage(tmp_path_factory.mktemp("sample"))


def wait_until(
    client: Client, at_api: AtTheApi, job: dict[str, Any], arrived: Any, told: list[tuple[float, float]]
) -> dict[str, Any]:
    """Look until it has arrived there; what was `told` meanwhile of the time left is kept, each with its moment."""
    deadline = time.monotonic() + WITHIN_S
    while not arrived(job):
        if job["eta_s"] is not None:
            told.append((time.monotonic(), job["eta_s"]))
        assert job["state"] != "failed", job["error"]
        assert time.monotonic() < deadline, f"still {job['state']} at {job['progress']}"
        time.sleep(0.3)
        job = client.patiently("GET", f"/v1/jobs/{job['id']}", agency=at_api.agency)
    return job


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            facts = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            if int(facts["PPid"]) == pid:
                found += family(int(facts["Pid"]))
    return found


@pytest.fixture(scope="module")
def served(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    """The film as the service makes it although its worker is killed while it renders."""
    data, port = tmp_path_factory.mktemp("service"), free_port("127.0.0.1")
    origin = f"http://127.0.0.1:{port}"
    settings = load_settings(data=data, host="127.0.0.1", port=port, public_origin=origin, workers=2)
    restarted: list[str] = []
    with running(settings, restarted.append) as service, Client(service.address, service.token) as client:
        at_api = AtTheApi.sign_on(client, Teller(), NAME)
        at_api.send(read_footage(sample))
        body = {"project": at_api.project, "storyboard": "promise", "preview": True}
        job = client.patiently("POST", "/v1/jobs", agency=at_api.agency, body=body, new=True)
        told: list[tuple[float, float]] = []
        job = wait_until(client, at_api, job, lambda job: job["state"] == "rendering" and job["progress"] > 0.2, told)
        for pid in family(service.supervisor.pids()["The worker"]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        job = wait_until(client, at_api, job, lambda job: job["state"] == "in_review", told)
        ended = time.monotonic()
        assert any("worker" in words.lower() for words in restarted)
        links = client.patiently("GET", f"/v1/jobs/{job['id']}/review", agency=at_api.agency)
        films = [file for file in links["files"] if file["name"] == "preview.mp4"]
        assert len(films) == 1
        out = tmp_path_factory.mktemp("film") / "preview.mp4"
        out.write_bytes(httpx.get(films[0]["url"], trust_env=False, timeout=60).content)
        yield Film(job, picture_stream(out), [(left_s, ended - at) for at, left_s in told])


def make(sample: Path, data: Path, out: Path) -> Film:
    said = run_job(sample, "promise", Agency(name=NAME), out, data=data, preview=True)
    return Film(said, picture_stream(out / "preview.mp4"))


def test_one_film_whoever_makes_it_and_however_often(served: Film, sample: Path, tmp_path: Path) -> None:
    cold = make(sample, tmp_path / "data", tmp_path / "out")
    assert 3600 <= cold.said["frames"] <= 9000
    assert cold.said["segments_rendered"] == cold.said["segments_total"] > 10
    assert cold.pictures == served.pictures
    again = make(sample, tmp_path / "data", tmp_path / "out")
    assert again.said["segments_rendered"] == 0
    assert again.said["segments_reused"] == cold.said["segments_total"]
    assert again.pictures == cold.pictures


def test_the_time_left_is_near_the_truth_in_the_middle_of_a_film(served: Film) -> None:
    """Within a factor of three: a worker was killed meanwhile, and a busy machine goes now fast, now slowly."""
    whole = served.told[0][1]
    middle = [left_s / truth_s for left_s, truth_s in served.told if whole / 3 <= truth_s <= 2 * whole / 3]
    assert 1 / 3 <= statistics.median(middle) <= 3, served.told
