"""A file that is sent part by part while faults strike, by somebody who goes on where he stopped, as the pages do."""

import hashlib
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from api.client import Client
from kit.errors import Outage
from kit.storage import Storage

SIZE = (8 << 20) + 4096
"""Bytes: two parts."""

PAUSE_S = 0.5
PATIENCE_S = 240.0
T = TypeVar("T")


class Courier:
    """Sends one file into a project of its own, from a thread."""

    def __init__(self, client: Client, agency: str, number: int) -> None:
        self._client = client
        self._agency = agency
        self._data = hashlib.shake_256(str(number).encode()).digest(SIZE)
        self._name = f"sent-{number}.mp4"
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def check(self, storage: Storage) -> None:
        """The file arrived, byte for byte, and was looked at."""
        self._thread.join()
        if self._failed:
            raise AssertionError(f"an upload failed: {self._failed}") from self._failed
        assert storage.get_bytes(f"uploads/{self._upload}") == self._data, "an upload was lost"
        until(self._looked_at)

    def _run(self) -> None:
        try:
            self._send()
        except BaseException as error:
            self._failed = error

    def _send(self) -> None:
        self._project = until(self._asking("POST", "/v1/projects", {}, new=True))["id"]
        body = {"project": self._project, "name": self._name, "size": SIZE}
        plan = until(self._asking("POST", "/v1/uploads", body, new=True))
        self._upload = plan["id"]
        while missing := until(lambda: self._missing(plan)):
            until(lambda: self._put(plan, missing[0]))
        until(self._asking("POST", f"/v1/uploads/{self._upload}/complete", None))

    def _asking(self, method: str, path: str, body: Any, *, new: bool = False) -> Callable[[], Any]:
        key = uuid4().hex if new else None
        return lambda: self._client.call(method, path, agency=self._agency, body=body, key=key)

    def _missing(self, plan: dict[str, Any]) -> list[int]:
        held = self._asking("GET", f"/v1/uploads/{self._upload}", None)()["parts"]
        return sorted({*range(1, plan["part_count"] + 1)} - {part["n"] for part in held})

    def _put(self, plan: dict[str, Any], n: int) -> None:
        part = self._data[(n - 1) * plan["part_size"] : n * plan["part_size"]]
        digest = b64encode(hashlib.sha256(part).digest()).decode()
        asked = [{"n": n, "sha256": digest}] if plan["checksum"] == "sha256" else [{"n": n}]
        (link,) = self._asking("POST", f"/v1/uploads/{self._upload}/parts", asked)()["parts"]
        try:
            answer = httpx.put(link["url"], content=part, headers=link["headers"], trust_env=False, timeout=60)
        except httpx.TransportError as error:
            raise Outage(f"the store cannot be reached: {error}") from error
        if not answer.is_success:
            raise Outage(f"the store answered {answer.status_code}: {answer.text}")

    def _looked_at(self) -> None:
        (clip,) = self._asking("GET", f"/v1/projects/{self._project}/clips", None)()["items"]
        if clip["state"] == "waiting":
            raise Outage(f"nobody looked at it yet: {clip}")
        assert clip["state"] == "inspected", clip


def until(attempt: Callable[[], T]) -> T:
    """Try until it works; an outage is worth another try for some minutes."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return attempt()
        except Outage:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_S)
