"""An installation over its real store with all that an operation can name, and a way back to how it was."""

import base64
import hashlib
import io
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from api.app import create_app
from ingest.renditions import POSTER
from kit.database import immediate, open_engine
from kit.errors import NotFound
from kit.s3 import S3Settings, S3Storage
from kit.settings import Settings
from pipeline.entering import actor_of
from pipeline.jobs import Outcome, PackedFile, Step, StepKind
from pipeline.ledger import Ledger
from pipeline.people import Role
from pipeline.service import Service
from pipeline.tables import audit, metadata
from pipeline.upgrade import bring_up_to_date

from .conftest import TOKEN, Door, KeptPost
from .edited import Film
from .requests import BODIES, FILM, PARAMETERS


class FilledStore(S3Storage):
    """The real store; tests put parts into it as into the folder that stands for it elsewhere."""

    def __init__(self, settings: S3Settings) -> None:
        super().__init__(settings)
        self.begun: dict[str, str] = {}
        """The id of the last upload of each key."""

    @property
    def open(self) -> "FilledStore":
        """What holds the parts of each key."""
        return self

    def __getitem__(self, key: str) -> "Parts":
        return Parts(self, key)

    def create_upload(self, key: str, content_type: str = "video/mp4", *, filename: str | None = None) -> str:
        """As in `S3Storage`."""
        self.begun[key] = super().create_upload(key, content_type, filename=filename)
        return self.begun[key]


class Parts:
    """The parts of one upload."""

    def __init__(self, store: FilledStore, key: str) -> None:
        self._store = store
        self._key = key

    def __setitem__(self, n: int, data: bytes) -> None:
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        url = self._store.sign_part(self._key, self._store.begun[self._key], n, sha256_b64=digest)
        sent = httpx.put(url, content=data, headers={"x-amz-checksum-sha256": digest}, trust_env=False)
        assert sent.is_success, sent.text


class ZippedFilm(Film):
    """A film whose archive is made too, of clips that have a picture."""

    def _outcome(self, step: Step) -> Outcome:
        made = super()._outcome(step)
        if step.kind is StepKind.INSPECT:
            assert made.clip
            pictured = made.clip.model_copy(update={"renditions": (POSTER,)})
            return made.model_copy(update={"clip": pictured, "renditions_key": "renditions/0"})
        if step.kind is StepKind.ARCHIVE:
            zipped = PackedFile(
                name="a.zip", key="archives/a.zip", size=4, sha256="0" * 64, media_type="application/zip"
            )
            return Outcome(archived=zipped)
        return made


class Furnished:
    """The application and what is in it: `back` undoes what a request has changed."""

    def __init__(self, known: Settings, store: S3Settings) -> None:
        self.settings = known
        self.store = FilledStore(store)
        self._engine = open_engine(known.database_url)
        bring_up_to_date(self._engine)
        service = Service(self._engine, self.store, lambda _ids: None, post=KeptPost(), origin=known.public_origin)
        self.app: FastAPI = create_app(known, service)
        client = TestClient(self.app, headers={"Authorization": f"Bearer {TOKEN}"})
        self._door = Door(client, TestClient(self.app), service, self.store, Ledger(self._engine), known)  # type: ignore[arg-type]  # a store that is real
        administrator = service.accounts.invite("administrator@house.example", Role.ADMINISTRATOR)
        own = service.acting_as(actor_of(administrator)).entering
        self.headers = {"Authorization": f"Bearer {own.make_key('the tests')[1]}"}
        self.film = film = ZippedFilm(self._door, known.data)
        self.seal = seal()
        self._made("POST", f"/v1/jobs/{film.job}/captions")
        self._made("PUT", f"/v1/agencies/{film.agency}/seal", content=self.seal, headers={"Content-Type": "image/png"})
        edits = {"edits": {"music_db": -20}, "author": "Speaker One", "note": "Quieter.", "based_on": 0}
        self._made("POST", f"/v1/projects/{film.project}/edits", json=edits)
        self.approved = self._job()
        film.work()
        for decision in ("captions", "approve"):
            self._made("POST", f"/v1/jobs/{self.approved}/{decision}")
        film.work()
        self.failed = self._job()
        self._door.fail_next(film.project)
        upload = {"project": film.project, "name": "more.mp4", "size": 4}
        said = {"at_s": 3, "text": "Longer, please."}
        hook = {"url": "https://department.example/told"}
        member = {"email": "member@anytown.example", "role": "member", "agency": film.agency}
        asked = {"name": "Third PD", "contact": "Speaker One", "email": "chief@third.example"}
        self.ids = {
            "agency_id": film.agency,
            "project_id": film.project,
            "job_id": film.job,
            "clip_id": service.list_clips(film.project)[0].id,
            "upload_id": self._made("POST", "/v1/uploads", json=upload),
            "comment_id": self._made("POST", f"/v1/jobs/{film.job}/comments", json=said),
            "link_id": self._made("POST", f"/v1/jobs/{self.approved}/share-links"),
            "webhook_id": self._made("POST", "/v1/webhooks", json=hook),
            "person_id": self._made("POST", "/v1/people", json=member),
            "application_id": self._made("POST", "/v1/applications", json=asked),
            "key_id": own.make_key("another")[0].id,
            "storyboard": "promise",
            "number": "1",
            "name": "poster.jpg",
        }
        self._fill_upload()
        # The audit trail cannot be taken back; it only grows.
        self._tables = [table.name for table in metadata.sorted_tables if table is not audit]
        with immediate(self._engine) as connection:
            for name in self._tables:
                connection.exec_driver_sql(f"CREATE TABLE kept_{name} AS SELECT * FROM {name}")

    def back(self) -> None:
        """As it was when it was built."""
        with immediate(self._engine) as connection:
            for name in reversed(self._tables):
                connection.exec_driver_sql(f"DELETE FROM {name}")
            for name in self._tables:
                connection.exec_driver_sql(f"INSERT INTO {name} SELECT * FROM kept_{name}")
        key = f"uploads/{self.ids['upload_id']}"
        try:
            self.store.list_parts(key, self.store.begun[key])
        except NotFound:
            self.store.create_upload(key)
            self._fill_upload()
            with immediate(self._engine) as connection:
                for table in ("uploads", "kept_uploads"):
                    anew = sa.text(f"UPDATE {table} SET store_upload_id = :begun WHERE id = :id")
                    connection.execute(anew, {"begun": self.store.begun[key], "id": self.ids["upload_id"]})

    def named(self, operation: str, wanted: set[str]) -> dict[str, str]:
        """What a request names in its path, by the names of its parameters."""
        job = self.failed if operation == "retryJob" else self.approved if operation in OF_APPROVED else self.film.job
        known = self.ids | {"job_id": job} | PARAMETERS.get(operation, {})
        return {name: value for name, value in known.items() if name in wanted}

    def body(self, operation: str) -> tuple[Any, str | None]:
        """What an honest request says beside its path, and its media type."""
        if operation == "giveSeal":
            return self.seal, "image/png"
        sent: dict[str, Any] = {}
        if make := OWN_BODIES.get(operation):
            sent["json"] = make(self)
        elif known := BODIES.get(operation):
            sent = known(self.ids)
        return sent.get("json"), "application/json" if sent else None

    def _job(self) -> str:
        return self._made("POST", "/v1/jobs", json={"project": self.film.project})

    def _made(self, method: str, path: str, **sent: Any) -> str:
        headers = self.headers | sent.pop("headers", {})
        answer = self._door.anonymous.request(
            method, path, params={"agency": self.film.agency}, headers=headers, **sent
        )
        assert answer.is_success, answer.text
        return str(answer.json().get("id"))

    def _fill_upload(self) -> None:
        self.store.open[f"uploads/{self.ids['upload_id']}"][1] = b"more"


OF_APPROVED = {"linkDelivery", "linkArchive", "shareFilm", "listShareLinks", "revokeShareLink", "listReceipts"}
"""Operations on a film that was approved; the others are asked for the one in review."""


def seal() -> bytes:
    """A picture that can be one."""
    held = io.BytesIO()
    Image.new("RGB", (400, 400), "navy").save(held, "PNG")
    return held.getvalue()


def _corrected(there: Furnished) -> dict[str, Any]:
    first = there.film.get(f"/v1/jobs/{there.film.job}/captions").json()["captions"][0]
    words = first["words"].replace("the", "that", 1) + "!"
    return {"captions": [{"number": 1, "words": words}], "round": 1, "author": "Speaker One", "based_on": 1}


def _wished(there: Furnished) -> list[dict[str, Any]]:
    one = there.film.get(f"/v1/jobs/{there.film.job}/captions").json()["captions"][0]
    return [{"clip": one["clip"], "start": one["start"], "end": one["end"], "shape": "made"}]


def _drawn(there: Furnished) -> dict[str, Any]:
    answer = there.film.post("/v1/storyboards/sketch", {"text": FILM}).json()
    return {"text": FILM, "key": answer["pictures"][0]["key"]}


OWN_BODIES: Mapping[str, Callable[[Furnished], Any]] = {
    "correctCaptions": _corrected,
    "tryCaptions": lambda there: {"captions": _wished(there)},
    "makeCaptions": lambda there: {"captions": _wished(there), "round": 1, "author": "Speaker One", "based_on": 1},
    "drawSketch": _drawn,
}
"""Where an honest body depends on the film."""
