"""A whole installation with its real programs, and the harm that can be done to it."""

import contextlib
import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx

from api.client import Client
from api.demonstration import AtTheApi
from api.running import free_port, own_address
from api.telling import Teller
from ingest.footage import read_footage
from kit.database import open_engine
from kit.embedded import Embedded
from kit.process import run_ffmpeg_bytes
from kit.s3 import S3Storage
from kit.settings import Settings, load_secrets, load_settings
from kit.supervise import Program

from ..postgres import Prepared, prepared, wait_until_it_answers
from .bad_wire import BadWire
from .jumping_clock import SETTING, JumpingClock
from .short_films import make_footage
from .small_disk import keep_full, small_disk

ROOT = Path(__file__).parents[2]
NAME = "Anytown Police Department"
POSTGRESQL = "PostgreSQL"
FULL_S = 12.0
"""Seconds that a disk stays full."""

LEAST_FREE_GB = 0.6
"""Room that workers look for, so that they wait rather than try in vain; the store takes nothing below 256 MiB."""

Database = Literal["sqlite", "postgresql"]


@dataclass
class Installation:
    """Store, broker, API and worker of one data folder; all go to the store over a wire that can be made bad."""

    settings: Settings
    parts: Embedded
    wire: BadWire
    client: Client
    at_api: AtTheApi
    restarted: list[str]
    lease_s: float
    clock: JumpingClock
    disks: tuple[Path, ...]
    """Those that are its own and may be filled up: of its data, and of PostgreSQL's."""
    meanwhile: list[threading.Thread] = field(default_factory=list)
    """Harm that ends by itself."""

    def __post_init__(self) -> None:
        self.engine = open_engine(self.settings.database_url)
        self.storage = S3Storage(self.parts.s3)

    def mend(self) -> None:
        """End what would go on: the wire is good again, and the disk has room."""
        self.wire.share = 0.0
        while self.meanwhile:
            self.meanwhile.pop().join()

    def pid(self, name: str) -> int:
        """Process id of a program, once it runs."""
        while True:
            if pid := self.parts.supervisor.pids().get(name):
                return pid
            time.sleep(0.05)

    def picture_stream(self, url: str) -> str:
        """SHA-256 of a film's encoded pictures, without their container."""
        film = self.settings.data / "seen.mp4"
        film.write_bytes(httpx.get(url, trust_env=False, timeout=60).content)
        arguments = ["-v", "error", "-i", str(film), "-map", "0:v", "-c", "copy", "-f", "h264", "pipe:1"]
        return hashlib.sha256(run_ffmpeg_bytes(arguments)).hexdigest()

    def forget_pieces(self) -> None:
        """Let the next film be made from its footage again; inspections stay."""
        for prefix in ("segments/", "sound/", "contexts/", "looks/", "joined/", "packages/", "archives/"):
            self.storage.delete(list(self.storage.list(prefix)))


@contextlib.contextmanager
def installed(
    folder: Path, *, seed: int, lease_s: float, database: Database = "sqlite", own_disk: bool = False
) -> Iterator[Installation]:
    """An installation that runs, with an agency whose footage is inspected; on a disk of its own where that can be."""
    port = free_port("127.0.0.1")
    origin = f"http://127.0.0.1:{port}"
    restarted: list[str] = []
    make_footage(folder / "footage")
    with contextlib.ExitStack() as stack:
        # Entered first, so that its files go when it has ended with the other parts.
        disks = []
        server = None
        if database == "postgresql":
            # Not beneath the data, where nobody but root may come; and its socket's path must be short.
            room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp")))
            room.chmod(0o755)
            if own_disk and stack.enter_context(small_disk(room / "disk")):
                disks.append(room / "disk")
            server = stack.enter_context(prepared(disks[0] if disks else room))
        if own_disk and stack.enter_context(small_disk(folder / "data")):
            disks.append(folder / "data")
        clock = JumpingClock(folder / "clock")
        parts = stack.enter_context(Embedded(folder / "data", origin=origin, said=restarted.append))
        wire = stack.enter_context(BadWire(int(str(parts.s3.endpoint).rpartition(":")[2]), seed=seed))
        settings = load_settings(data=folder / "data", host="127.0.0.1", port=port, public_origin=origin, workers=2)
        settings = settings.model_copy(update={"least_free_gb": LEAST_FREE_GB})
        settings = settings.with_parts(parts.s3.model_copy(update={"endpoint": wire.address}), parts.broker_url)
        if server:
            settings = settings.model_copy(update={"database_url": started(server, parts)})
        here = Path(__file__)
        worker = (str(here.with_name("short_worker.py")), str(lease_s))
        for name, command in (("The api", (str(here.with_name("short_api.py")),)), ("The worker", worker)):
            parts.supervisor.add(
                Program(
                    name=name,
                    command=(sys.executable, *command),
                    log=settings.data / "logs" / f"{name.split()[1]}.log",
                    env=settings.environment() | {"PYTHONPATH": str(ROOT), SETTING: str(folder / "clock")},
                    cwd=settings.data,
                )
            )
        wait_for(lambda: answers(settings), 120, "the API")
        client = stack.enter_context(Client(own_address(settings), load_secrets(settings.data).admin_token))
        at_api = AtTheApi.sign_on(client, Teller(), NAME)
        at_api.send(read_footage(folder / "footage"))
        yield Installation(settings, parts, wire, client, at_api, restarted, lease_s, clock, tuple(disks))


def started(server: Prepared, parts: Embedded) -> str:
    """The address of PostgreSQL, kept running beside the other parts."""
    log = parts.data / "logs" / "postgresql.log"
    parts.supervisor.add(Program(name=POSTGRESQL, command=server.command, log=log, cwd=server.data))
    wait_until_it_answers(server.url)
    return server.url.render_as_string(hide_password=False)


def answers(settings: Settings) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{own_address(settings)}/readyz", trust_env=False, timeout=10).is_success
    return False


def wait_for(arrived: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not arrived():
        assert time.monotonic() < deadline, f"{what} did not come within {seconds:g} s"
        time.sleep(0.1)


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            facts = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            if int(facts["PPid"]) == pid:
                found += family(int(facts["Pid"]))
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_worker(house: Installation, chance: random.Random) -> None:
    kill(family(house.pid("The worker")))


def kill_pool_child(house: Installation, chance: random.Random) -> None:
    """One of the worker's processes: a pool process, or the reconciler."""
    children = [pid for pid in family(house.pid("The worker"))[1:] if is_python(pid)]
    if children:
        kill([chance.choice(children)])


def kill_ffmpeg(house: Installation, chance: random.Random) -> None:
    kill([pid for pid in family(house.pid("The worker")) if b"ffmpeg" in command_of(pid).split(b"\0")[0]])


def kill_api(house: Installation, chance: random.Random) -> None:
    kill([house.pid("The api")])


def kill_broker(house: Installation, chance: random.Random) -> None:
    kill([house.pid("Valkey")])


def wipe_broker(house: Installation, chance: random.Random) -> None:
    kill([house.pid("Valkey")])
    shutil.rmtree(house.settings.data / "valkey" / "appendonlydir", ignore_errors=True)


def kill_store(house: Installation, chance: random.Random) -> None:
    kill([house.pid("SeaweedFS")])


def kill_database(house: Installation, chance: random.Random) -> None:
    """The server with all its processes; a file of SQLite has none."""
    kill(family(house.pid(POSTGRESQL)))


def bad_wire(house: Installation, chance: random.Random) -> None:
    """From now on a tenth of the connections to the store meet with harm; the end of the round mends it."""
    house.wire.share = 0.1


def full_disk(house: Installation, chance: random.Random) -> None:
    """No room for database, broker, store, logs and workers, for longer than a lease."""
    for disk in house.disks:
        filling = threading.Thread(target=keep_full, args=(disk, FULL_S))
        filling.start()
        house.meanwhile.append(filling)


def clock_jump(house: Installation, chance: random.Random) -> None:
    """The wall clock of all goes forward or back by seconds, an hour or a day, and stays there."""
    house.clock.jump(chance.choice([-1, 1]) * chance.choice([20.0, 3600.0, 86400.0]))


FAULTS: dict[str, Callable[[Installation, random.Random], None]] = {
    "worker": kill_worker,
    "pool child": kill_pool_child,
    "ffmpeg": kill_ffmpeg,
    "api": kill_api,
    "broker": kill_broker,
    "broker wiped": wipe_broker,
    "store": kill_store,
    "bad wire": bad_wire,
    "full disk": full_disk,
    "clock": clock_jump,
    "database": kill_database,
}


def faults_of(database: Database, *, fillable: bool) -> list[str]:
    """The names of what can strike an installation on this database."""
    never = {"database": database == "sqlite", "full disk": not fillable}
    return sorted(name for name in FAULTS if not never.get(name))


def command_of(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def is_python(pid: int) -> bool:
    """Whether it is a fork of the worker itself, no program that it started."""
    return b"short_worker.py" in command_of(pid)
