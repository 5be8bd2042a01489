"""The whole service on this machine: store and broker, the API and a worker as children that are kept running."""

import contextlib
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.security import SignInLinks
from kit.embedded import Embedded
from kit.errors import Outage, UsageError
from kit.settings import Settings, load_secrets
from kit.supervise import Program, Supervisor, last_lines

READY_WITHIN_S = 300.0
"""Far longer than the API takes on a machine that is busy with much else; one that cannot start ends, and is not waited
for as long."""

MOST_STARTS = 5
"""Ends of the API, before it has answered once, at which it is given up."""

API = "The api"
WORKER_GRACE_S = 5.0
"""A worker that is told to stop gives its step back; a step cut short is done again from its start."""


@dataclass(frozen=True)
class Running:
    """A service that answers."""

    address: str
    token: str
    link: str
    """Signs in once, within a day."""
    supervisor: Supervisor


@contextlib.contextmanager
def running(settings: Settings, said: Callable[[str], None]) -> Iterator[Running]:
    """The service for as long as the block lasts; data stays. `said` hears of children that had to be started again.

    Raises Conflict when the data folder is in use, Outage when a part does not start, UsageError for a missing model.
    """
    from pipeline.serve import check_craft

    check_craft(settings)
    secrets = load_secrets(settings.data)
    ended: list[str] = []

    def heard(words: str) -> None:
        if words.startswith(f"{API} ended"):
            ended.append(words)
        said(words)

    with contextlib.ExitStack() as stack:
        supervisor = _parts(stack, settings, heard)
        settings = _with_parts(settings, supervisor)
        keeper = supervisor.supervisor if isinstance(supervisor, Embedded) else supervisor
        logs = settings.data / "logs"
        for name, role, grace_s in ((API, "api", 3.0), ("The worker", "worker", WORKER_GRACE_S)):
            keeper.add(
                Program(
                    name=name,
                    command=(sys.executable, "-m", "api", role),
                    log=logs / f"{role}.log",
                    env=settings.environment() | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
                    cwd=settings.data,
                    grace_s=grace_s,
                )
            )
        _wait(settings, logs / "api.log", lambda: len(ended) >= MOST_STARTS)
        token = settings.admin_token or secrets.admin_token
        code = SignInLinks(settings.data / "sign-in-links").new_link_code()
        link = f"{settings.public_origin}/sign-in?code={code}"
        yield Running(own_address(settings), token, link, keeper)


def own_address(settings: Settings) -> str:
    """How this machine reaches the API."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 (compared, not bound)
    return f"http://{host}:{settings.port}"


def free_port(host: str, wanted: int | None = None) -> int:
    """The wanted port when nobody listens on it, else any free one."""
    for port in ([wanted] if wanted else []) + [0]:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                trial.bind((host, port))
                return int(trial.getsockname()[1])
    raise UsageError(f"No port can be opened on {host}; name another with --host")


def _parts(stack: contextlib.ExitStack, settings: Settings, said: Callable[[str], None]) -> Embedded | Supervisor:
    """Store and broker of this machine, unless the operator named their own."""
    own_store, own_broker = settings.s3() is not None, settings.broker_url is not None
    if own_store != own_broker:
        raise UsageError("Set both PROMISEREEL_BROKER_URL and the PROMISEREEL_S3_… settings, or neither.")
    if own_store:
        return stack.enter_context(Supervisor(said))
    return stack.enter_context(Embedded(settings.data, origin=settings.public_origin, said=said))


def _with_parts(settings: Settings, parts: Embedded | Supervisor) -> Settings:
    return settings.with_parts(parts.s3, parts.broker_url) if isinstance(parts, Embedded) else settings


def _wait(settings: Settings, log: Path, given_up: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    with httpx.Client(trust_env=False, timeout=10) as client:
        while time.monotonic() < deadline and not given_up():
            with contextlib.suppress(httpx.TransportError):
                if client.get(f"{own_address(settings)}/readyz").is_success:
                    return
            time.sleep(0.2)
    raise Outage(f"the API did not start: {last_lines(log)}")
