"""Many agencies at once: each sends files part by part into the store and looks again and again how far it is.

Each has connections of its own, as every browser has, and sends its files as the pages do: one after another.
"""

import asyncio
import contextlib
import hashlib
import time
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.running import Running

from .machine import cpu_seconds, resident_mib

BROWSER_CONNECTIONS = 6
"""As many as browsers open to one server."""

TIMEOUT_S = 60.0
"""An answer that takes longer is an error."""

LOOK_S = 0.05
"""How often the callers look whether they keep pace themselves."""


@dataclass(frozen=True)
class Load:
    """How much there is to do."""

    agencies: int
    files: int
    """Of each agency."""
    size: int
    """Bytes of a file."""
    seconds: float
    """How long they go on looking at least."""
    pause_s: float
    """Between two looks."""
    at_once: int = 1
    """Files of one agency under way at a time."""


class Ended(Exception):
    """A request failed, so this agency's visit is over; what failed is counted already."""


@dataclass
class Seen:
    """What was seen meanwhile."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    """Of each answer, by what was asked for."""
    errors: Counter[str] = field(default_factory=Counter)
    memory_mib: list[float] = field(default_factory=list)
    """Of the API's process, once a second."""
    late_s: list[float] = field(default_factory=list)
    """How much later than meant the callers themselves came to their turn: their share of what they measured."""
    cpu_s: dict[str, float] = field(default_factory=dict)
    """By program, with all that it started."""
    began: float = field(default_factory=time.monotonic)

    def summary(self, load: Load) -> dict[str, Any]:
        """Rates, 99th percentiles and the API's memory."""
        requests = sum(map(len, self.seconds.values()))
        kept = self.memory_mib
        fourth = max(len(kept) // 4, 1)
        seconds = time.monotonic() - self.began
        return {
            "agencies": load.agencies,
            "uploads": len(self.seconds.get("complete", [])),
            "requests": requests,
            "seconds": round(seconds, 1),
            "requests_per_s": round(requests / seconds, 1),
            "errors": dict(self.errors),
            "error_rate": sum(self.errors.values()) / max(requests, 1),
            "p50_ms": {name: percentile(told, 0.5) for name, told in sorted(self.seconds.items())},
            "p99_ms": {name: percentile(told, 0.99) for name, told in sorted(self.seconds.items())},
            "callers_late_p99_ms": percentile(self.late_s, 0.99),
            "cpu_s": {name: round(used, 1) for name, used in self.cpu_s.items()},
            "api_memory_mib": {
                f"{word}_quarter_mean": round(sum(kept[start:][:fourth]) / fourth, 1) if kept else None
                for word, start in (("first", 0), ("third", 2 * fourth), ("last", len(kept) - fourth))
            }
            | {
                "most": max(kept, default=None),
            },
        }


def percentile(seconds: Sequence[float], share: float) -> float:
    """Milliseconds that this share of answers came within."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1) if ordered else 0.0


async def press(service: Running, load: Load, keys: Sequence[str]) -> Seen:
    """All agencies at once, until each has sent its files and looked long enough, or met with an error.

    `keys` let in a member of each.
    """
    seen = Seen()
    async with watched(service, seen):
        await asyncio.gather(*(visit(service, load, seen, number, keys[number]) for number in range(load.agencies)))
    return seen


async def visit(service: Running, load: Load, seen: Seen, number: int, key: str) -> None:
    """One agency, in a browser of its own."""
    limits = httpx.Limits(max_connections=BROWSER_CONNECTIONS)
    made: dict[str, Any] = {"trust_env": False, "verify": False, "timeout": TIMEOUT_S, "limits": limits}
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=service.address, headers=headers, **made) as api,
        httpx.AsyncClient(**made) as store,
    ):
        try:
            await one_agency(Agency(api, store, load, seen, number))
        except* Ended:
            pass  # counted already


@dataclass
class Agency:
    """One of the callers."""

    api: httpx.AsyncClient
    store: httpx.AsyncClient
    load: Load
    seen: Seen
    number: int


async def one_agency(who: Agency) -> None:
    """Begin a project, send, and look."""
    until = time.monotonic() + who.load.seconds
    project = (await ask(who.api, who.seen, "begin", "POST", "/v1/projects", json={}))["id"]
    waiting = iter(range(who.load.files))

    async def lane() -> None:
        for file in waiting:
            await send(who, project, file)

    async with asyncio.TaskGroup() as group:
        sending = [group.create_task(lane()) for _ in range(who.load.at_once)]
        while time.monotonic() < until or not all(one.done() for one in sending):
            await ask(who.api, who.seen, "poll", "GET", f"/v1/projects/{project}/clips")
            await asyncio.sleep(who.load.pause_s)


async def send(who: Agency, project: str, file: int) -> None:
    """One file: announced, signed, put into the store, completed."""
    data = hashlib.shake_256(f"{who.number} {file}".encode()).digest(who.load.size)
    body = {"project": project, "name": f"clip-{file}.mp4", "size": who.load.size}
    upload = await ask(who.api, who.seen, "announce", "POST", "/v1/uploads", json=body)
    address = f"/v1/uploads/{upload['id']}"
    for n in range(1, upload["part_count"] + 1):
        part = data[(n - 1) * upload["part_size"] : n * upload["part_size"]]
        wanted: dict[str, Any] = {"n": n}
        if upload["checksum"] == "sha256":
            wanted["sha256"] = b64encode(hashlib.sha256(part).digest()).decode()
        signed = await ask(who.api, who.seen, "sign", "POST", f"{address}/parts", json=[wanted])
        link = signed["parts"][0]
        await ask(who.store, who.seen, "part", "PUT", link["url"], content=part, headers=link["headers"])
    await ask(who.api, who.seen, "complete", "POST", f"{address}/complete")


async def ask(client: httpx.AsyncClient, seen: Seen, what: str, method: str, url: str, **sent: Any) -> Any:
    """One request, timed. What fails is counted and raises Ended, without a trail that nobody could read."""
    began = time.monotonic()
    try:
        answer = await client.request(method, url, **sent)
    except httpx.HTTPError as error:
        seen.errors[f"{what} {type(error).__name__}"] += 1
        raise Ended from None
    finally:
        seen.seconds.setdefault(what, []).append(time.monotonic() - began)
    if not answer.is_success:
        seen.errors[f"{what} {answer.status_code}"] += 1
        raise Ended
    return answer.json() if answer.headers.get("content-type", "").startswith("application/json") else None


@contextlib.asynccontextmanager
async def watched(service: Running, seen: Seen) -> AsyncIterator[None]:
    """Write down meanwhile the API's memory and how late the callers are, and at the end who used the processors."""
    pids = service.supervisor.pids()
    before = cpu_seconds(pids)

    async def look() -> None:
        due = time.monotonic()
        while True:
            seen.memory_mib.append(resident_mib(service.supervisor.pids()["The api"]))
            for _ in range(int(1 / LOOK_S)):
                due = max(due, time.monotonic()) + LOOK_S
                await asyncio.sleep(due - time.monotonic())
                seen.late_s.append(time.monotonic() - due)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        seen.cpu_s = {name: after - before[name] for name, after in cpu_seconds(pids).items()}
