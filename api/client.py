"""A client of our own API that works the way a browser does: JSON to the API, footage straight to storage."""

import base64
import hashlib
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx

from kit.address import is_on_this_machine
from kit.errors import Bug, Conflict, InputRefused, NotFound, Outage, PromiseReelError, UsageError

AT_ONCE = 3
"""Parts of one file under way at a time."""
SIGN_AT_ONCE = 20
TRIES = 6
T = TypeVar("T")
BY_STATUS: dict[int, type[PromiseReelError]] = {400: UsageError, 404: NotFound, 409: Conflict, 422: InputRefused}


class Client:
    """One signed-in conversation with the API at `address` (`http://host:port`)."""

    def __init__(self, address: str, token: str) -> None:
        outside = not is_on_this_machine(address)
        headers = {"Authorization": f"Bearer {token}"}
        self._api = httpx.Client(base_url=address, headers=headers, timeout=60, trust_env=outside)
        self._store = httpx.Client(timeout=httpx.Timeout(60, connect=10), trust_env=outside)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()
        self._store.close()

    def call(
        self, method: str, path: str, *, agency: str | None = None, body: Any = None, key: str | None = None
    ) -> Any:
        """One request; what came back as JSON. Raises the error that the problem document stands for."""
        params = {"agency": agency} if agency else None
        headers = {"Idempotency-Key": key} if key else None
        try:
            answer = self._api.request(method, path, params=params, json=body, headers=headers)
        except httpx.TransportError as error:
            raise Outage(f"The service cannot be reached: {error}") from error
        if answer.is_success:
            return answer.json() if answer.content else None
        raise _error_of(answer)

    def patiently(
        self, method: str, path: str, *, agency: str | None = None, body: Any = None, new: bool = False
    ) -> Any:
        """The same, tried again when a part is out; `new` marks what must be made once only."""
        key = uuid4().hex if new else None
        return _patiently(lambda: self.call(method, path, agency=agency, body=body, key=key))

    def upload(
        self,
        path: Path,
        *,
        agency: str,
        project: str,
        name: str,
        details: Mapping[str, Any],
        on_bytes: Callable[[int], None] = lambda _n: None,
    ) -> dict[str, Any]:
        """Send one file in parts by presigned links; `on_bytes` hears the size of each part that arrived."""
        size = path.stat().st_size
        body = {"project": project, "name": name, "size": size, "details": dict(details)}
        plan = self.patiently("POST", "/v1/uploads", agency=agency, body=body, new=True)
        numbers = range(1, plan["part_count"] + 1)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for first in range(0, len(numbers), SIGN_AT_ONCE):
                batch = numbers[first : first + SIGN_AT_ONCE]
                sent = [
                    pool.submit(self._part, path, plan, link, agency)
                    for link in self._signed(path, plan, batch, agency)
                ]
                for part in sent:
                    on_bytes(part.result())
        done: dict[str, Any] = self.patiently("POST", f"/v1/uploads/{plan['id']}/complete", agency=agency)
        return done

    def download(self, url: str, path: Path, on_bytes: Callable[[int], None] = lambda _n: None) -> str:
        """Write what an expiring link leads to into a file; its SHA-256."""

        def attempt() -> str:
            digest = hashlib.sha256()
            try:
                with self._store.stream("GET", url) as answer, path.open("wb") as file:
                    if not answer.is_success:
                        raise Outage(f"Storage answered {answer.status_code} for {path.name}.")
                    for chunk in answer.iter_bytes(1 << 20):
                        digest.update(chunk)
                        file.write(chunk)
            except httpx.TransportError as error:
                raise Outage(f"Storage cannot be reached: {error}") from error
            except OSError as error:
                raise Outage(f"{path} cannot be written: {error.strerror}") from error
            return digest.hexdigest()

        sum_ = _patiently(attempt)
        on_bytes(path.stat().st_size)
        return sum_

    def _signed(self, path: Path, plan: Mapping[str, Any], numbers: Sequence[int], agency: str) -> list[dict[str, Any]]:
        wanted: list[dict[str, Any]] = [{"n": n} for n in numbers]
        if plan["checksum"] == "sha256":
            for part in wanted:
                digest = hashlib.sha256(_bytes_of(path, plan, part["n"])).digest()
                part["sha256"] = base64.b64encode(digest).decode()
        answer = self.patiently("POST", f"/v1/uploads/{plan['id']}/parts", agency=agency, body=wanted)
        links: list[dict[str, Any]] = answer["parts"]
        return links

    def _part(self, path: Path, plan: Mapping[str, Any], link: dict[str, Any], agency: str) -> int:
        data = _bytes_of(path, plan, link["n"])
        place = link

        def attempt() -> int:
            nonlocal place
            try:
                answer = self._store.put(place["url"], content=data, headers=place["headers"])
            except httpx.TransportError as error:
                raise Outage(f"Storage cannot be reached: {error}") from error
            if answer.status_code == 403:  # the link ran out
                [place] = self._signed(path, plan, [link["n"]], agency)
            if not answer.is_success:
                raise Outage(f"Storage answered {answer.status_code} for a part of {path.name}.")
            return len(data)

        return _patiently(attempt)


def _patiently(attempt: Callable[[], T]) -> T:
    """Try until it works; only an outage is worth another try, with growing pauses."""
    for tries in range(TRIES):
        try:
            return attempt()
        except Outage:
            if tries == TRIES - 1:
                raise
            time.sleep(random.uniform(0.1, 0.5 * 2**tries))  # noqa: S311 (spreads retries, guards nothing)
    raise AssertionError


def _bytes_of(path: Path, plan: Mapping[str, Any], number: int) -> bytes:
    with path.open("rb") as file:
        file.seek((number - 1) * plan["part_size"])
        return file.read(plan["part_size"])


def _error_of(answer: httpx.Response) -> PromiseReelError:
    try:
        detail = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = f"The service answered {answer.status_code}."
    if answer.status_code >= 500:
        return Outage(detail) if answer.status_code == 503 else Bug(detail)
    return BY_STATUS.get(answer.status_code, UsageError)(detail)
