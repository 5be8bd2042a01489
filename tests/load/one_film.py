"""A real film that the workers make meanwhile: a preview of made-up footage, as `promisereel demo` would ask for."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from api.client import Client
from api.demonstration import AtTheApi
from api.running import Running
from api.sample_footage import make_sample_footage
from api.telling import Teller
from ingest.footage import read_footage


class OneFilm:
    """A film under way from now on; its footage has been sent and looked at before."""

    def __init__(self, service: Running, folder: Path) -> None:
        self._client = Client(service.address, service.token)
        self._at_api = AtTheApi.sign_on(self._client, Teller(), "Anytown Police Department")
        self._at_api.send(read_footage(make_sample_footage(folder)))
        body = {"project": self._at_api.project, "storyboard": "promise", "preview": True}
        self._began = time.monotonic()
        job = self._client.patiently("POST", "/v1/jobs", agency=self._at_api.agency, body=body, new=True)
        self._pool = ThreadPoolExecutor(1)
        self._made = self._pool.submit(self._follow, job)

    def end(self) -> dict[str, Any]:
        """Wait for it; how it ended, and the seconds from asking for it. Raises what it failed of."""
        with self._client, self._pool:
            return self._made.result()

    def _follow(self, job: dict[str, Any]) -> dict[str, Any]:
        state = self._at_api.follow(job)["state"]
        return {"state": state, "seconds": round(time.monotonic() - self._began, 1)}
