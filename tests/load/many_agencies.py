"""Many agencies at once: each sends files part by part into the store and looks again and again how far it is."""

import asyncio
import contextlib
import hashlib
import time
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api.running import Running


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


@dataclass
class Seen:
    """What was seen meanwhile."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    """Of each answer, by what was asked for."""
    errors: Counter[str] = field(default_factory=Counter)
    memory_mib: list[float] = field(default_factory=list)
    """Of the API's process, once a second."""

    def summary(self, load: Load) -> dict[str, Any]:
        """Rates, 99th percentiles and the API's memory."""
        requests = sum(map(len, self.seconds.values()))
        kept = self.memory_mib
        fourth = max(len(kept) // 4, 1)
        return {
            "agencies": load.agencies,
            "uploads": load.agencies * load.files,
            "requests": requests,
            "errors": dict(self.errors),
            "error_rate": sum(self.errors.values()) / max(requests, 1),
            "p50_ms": {name: percentile(told, 0.5) for name, told in sorted(self.seconds.items())},
            "p99_ms": {name: percentile(told, 0.99) for name, told in sorted(self.seconds.items())},
            "api_memory_mib": {
                "first_quarter_mean": round(sum(kept[:fourth]) / fourth, 1) if kept else None,
                "last_quarter_mean": round(sum(kept[-fourth:]) / fourth, 1) if kept else None,
                "most": max(kept, default=None),
            },
        }


def percentile(seconds: list[float], share: float) -> float:
    """Milliseconds that this share of answers came within."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1)


async def press(service: Running, load: Load) -> Seen:
    """All agencies at once, until each has sent its files and looked long enough."""
    seen = Seen()
    limits = httpx.Limits(max_connections=load.agencies + 20)
    headers = {"Authorization": f"Bearer {service.token}"}
    made: dict[str, Any] = {"trust_env": False, "timeout": 120, "limits": limits}
    async with (
        httpx.AsyncClient(base_url=service.address, headers=headers, **made) as api,
        httpx.AsyncClient(**made) as store,
        watched(service, seen),
    ):
        await asyncio.gather(*(one_agency(api, store, load, seen, number) for number in range(load.agencies)))
    return seen


async def one_agency(api: httpx.AsyncClient, store: httpx.AsyncClient, load: Load, seen: Seen, number: int) -> None:
    """Sign on, send, and look."""
    until = time.monotonic() + load.seconds
    agency = (await ask(api, seen, "sign on", "POST", "/v1/agencies", json={"name": f"Department {number}"}))["id"]
    query = {"agency": agency}
    project = (await ask(api, seen, "begin", "POST", "/v1/projects", params=query, json={}))["id"]
    sending = asyncio.gather(*(send(api, store, load, seen, query, project, n, number) for n in range(load.files)))
    while not sending.done() or time.monotonic() < until:
        await ask(api, seen, "poll", "GET", f"/v1/projects/{project}/clips", params=query)
        await asyncio.sleep(load.pause_s)
    await sending


async def send(
    api: httpx.AsyncClient,
    store: httpx.AsyncClient,
    load: Load,
    seen: Seen,
    query: dict[str, str],
    project: str,
    file: int,
    number: int,
) -> None:
    """One file: announced, signed, put into the store, completed."""
    data = hashlib.shake_256(f"{number} {file}".encode()).digest(load.size)
    body = {"project": project, "name": f"clip-{file}.mp4", "size": load.size}
    upload = await ask(api, seen, "announce", "POST", "/v1/uploads", params=query, json=body)
    address = f"/v1/uploads/{upload['id']}"
    for n in range(1, upload["part_count"] + 1):
        part = data[(n - 1) * upload["part_size"] : n * upload["part_size"]]
        wanted: dict[str, Any] = {"n": n}
        if upload["checksum"] == "sha256":
            wanted["sha256"] = b64encode(hashlib.sha256(part).digest()).decode()
        signed = await ask(api, seen, "sign", "POST", f"{address}/parts", params=query, json=[wanted])
        link = signed["parts"][0]
        await ask(store, seen, "part", "PUT", link["url"], content=part, headers=link["headers"])
    await ask(api, seen, "complete", "POST", f"{address}/complete", params=query)


async def ask(client: httpx.AsyncClient, seen: Seen, what: str, method: str, url: str, **sent: Any) -> Any:
    """One request, counted; what fails ends this agency's part, and is an error."""
    began = time.monotonic()
    try:
        answer = await client.request(method, url, **sent)
        if not answer.is_success:
            seen.errors[f"{what} {answer.status_code}"] += 1
        answer.raise_for_status()
    except httpx.TransportError as error:
        seen.errors[f"{what} {type(error).__name__}"] += 1
        raise
    finally:
        seen.seconds.setdefault(what, []).append(time.monotonic() - began)
    return answer.json() if answer.headers.get("content-type", "").startswith("application/json") else None


@contextlib.asynccontextmanager
async def watched(service: Running, seen: Seen) -> AsyncIterator[None]:
    """Write the API's memory down meanwhile."""

    async def look() -> None:
        while True:
            seen.memory_mib.append(resident_mib(service.supervisor.pids()["The api"]))
            await asyncio.sleep(1)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()


def resident_mib(pid: int) -> float:
    """Memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * 4096 / 2**20, 1)
