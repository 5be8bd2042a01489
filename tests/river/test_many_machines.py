"""Many machines, as far as one can be several: programs that share a database, a broker and a store, and no folder."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api.client import Client
from api.demonstration import AtTheApi
from api.running import free_port, own_address
from api.telling import Teller
from ingest.footage import read_footage
from kit.digest import file_sha256
from kit.embedded import Embedded
from kit.settings import Settings
from kit.supervise import Program, Supervisor
from pipeline.jobs import StepState
from pipeline.tables import steps
from pipeline.worker_roles import ROLE_OF, WorkerRole

from ..faults.installation import ROOT, answers, family, wait_for
from ..faults.short_films import make_footage
from ..postgres import fresh_database

pytestmark = pytest.mark.river

TOKEN = "a-token-of-all-machines"
API = "api"


@dataclass(frozen=True)
class Machines:
    """An API and a worker of each role, each with a data folder of its own."""

    settings: Settings
    """Of the API."""
    folders: Path
    """Holds the data folder of each, by name."""
    supervisor: Supervisor

    def name_of(self, pid: int) -> str:
        """Which machine a process runs on."""
        return next(name for name, above in self.supervisor.pids().items() if pid in family(above))


@pytest.fixture
def machines(embedded: Embedded, postgresql: sa.URL, tmp_path: Path) -> Iterator[Machines]:
    with fresh_database(postgresql, "machines") as url, Supervisor() as supervisor:
        port = free_port("127.0.0.1")
        shared = Settings(
            data=tmp_path,
            database_url=url.render_as_string(hide_password=False),
            admin_token=TOKEN,
            signing_key=TOKEN * 2,
            host="127.0.0.1",
            port=port,
            workers=1,
        ).with_parts(embedded.s3, embedded.broker_url)
        commands = {API: ("-m", "api", "api")}
        for role in WorkerRole:
            commands[role] = (str(Path(__file__).with_name("short_machine.py")), "--only", role)
        for name, command in commands.items():
            own = shared.model_copy(update={"data": tmp_path / name})
            own.data.mkdir()
            supervisor.add(
                Program(
                    name=name,
                    command=(sys.executable, *command),
                    log=tmp_path / f"{name}.log",
                    env=own.environment() | {"PYTHONPATH": str(ROOT)},
                    cwd=own.data,
                )
            )
        wait_for(lambda: answers(shared), 120, "the API")
        yield Machines(shared, tmp_path, supervisor)


def test_machines_with_roles_make_a_film_and_share_nothing_else(machines: Machines, tmp_path: Path) -> None:
    make_footage(tmp_path / "footage")
    with Client(own_address(machines.settings), TOKEN) as client:
        at_api = AtTheApi.sign_on(client, Teller(), "Anytown Police Department")
        at_api.send(read_footage(tmp_path / "footage"))
        body = {"project": at_api.project, "storyboard": "promise", "preview": True}
        job = at_api.follow(client.patiently("POST", "/v1/jobs", agency=at_api.agency, body=body, new=True))
        assert job["state"] == "in_review"
        links = client.patiently("GET", f"/v1/jobs/{job['id']}/review", agency=at_api.agency)
    for file in links["files"]:
        arrived = tmp_path / file["name"]
        arrived.write_bytes(httpx.get(file["url"], trust_env=False, timeout=60).content)
        assert file_sha256(arrived) == file["sha256"]
    engine = sa.create_engine(machines.settings.database_url)
    with engine.connect() as connection:
        done = connection.execute(sa.select(steps.c.kind, steps.c.state, steps.c.worker)).all()
    engine.dispose()
    assert {step.state for step in done} == {StepState.DONE}
    did = {(machines.name_of(int(step.worker.rpartition(":")[2])), ROLE_OF[step.kind]) for step in done}
    assert did == {(role, role) for role in WorkerRole}, "each role was done on its own machine"
    left = {name: {path.name for path in (tmp_path / name).iterdir()} for name in (API, *WorkerRole)}
    assert all(held <= {"secrets.json", "sign-in-links", "work"} for held in left.values()), left
