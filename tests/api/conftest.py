"""The application over the real use-cases, on SQLite, with a store in a folder that signs links to nowhere."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

import kit.passwords
from api.app import create_app
from ingest.clip import Clip, Kind, Note, Verdict
from ingest.renditions import POSTER
from kit.database import open_engine
from kit.errors import Bug
from kit.mail import Letter, Post
from kit.s3 import Part
from kit.settings import Settings
from kit.storage import FolderStorage
from pipeline.jobs import Outcome, Packed, PackedFile, Planned, Review, SegmentNote, Step, StepKind
from pipeline.ledger import Ledger
from pipeline.service import Service
from pipeline.tables import create_tables

from .captioned import captioned  # noqa: F401 - a fixture of tests in a browser
from .visiting import browser, page, site  # noqa: F401 - fixtures of all tests in a browser

TOKEN = "a-token-for-tests"


class FolderStore(FolderStorage):
    """A folder that answers as S3 does; tests put parts themselves."""

    part_checksum = "sha256"

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.open: dict[str, dict[int, bytes]] = {}

    def create_upload(self, key: str, content_type: str = "", *, filename: str | None = None) -> str:
        self.open[key] = {}
        return f"upload-of-{key}"

    def sign_part(self, key: str, upload_id: str, n: int, *, sha256_b64: str | None = None, expires_s: int = 0) -> str:
        return f"https://store.test/{key}?partNumber={n}"

    def list_parts(self, key: str, upload_id: str) -> list[Part]:
        return [Part(n=n, size=len(data), etag="e") for n, data in sorted(self.open.get(key, {}).items())]

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        self.put_bytes(key, b"".join(self.open[key][part.n] for part in parts))

    def abort_upload(self, key: str, upload_id: str) -> None:
        self.open.pop(key, None)

    def sign_get(self, key: str, *, filename: str, expires_s: int = 3600, inline: bool = False) -> str:
        return f"https://store.test/{key}?name={filename}&inline={inline}"


class KeptPost(Post):
    """Keeps letters instead of sending them."""

    def __init__(self) -> None:
        super().__init__(None)
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


@dataclass
class Door:
    """A signed-in client, and what stands behind it."""

    client: TestClient
    anonymous: TestClient
    service: Service
    store: FolderStore
    ledger: Ledger
    settings: Settings
    letters: list[Letter] = field(default_factory=list)
    """Mail that went out."""

    @property
    def app(self) -> Any:
        """The application itself."""
        return self.client.app

    def agency(self, name: str = "Anytown Police Department") -> str:
        """A new agency's id."""
        return str(self.client.post("/v1/agencies", json={"name": name}).json()["id"])

    def project(self, agency: str) -> str:
        """A new project's id."""
        return str(self.client.post("/v1/projects", params={"agency": agency}, json={}).json()["id"])

    def send(self, agency: str, project: str, name: str = "leader.mp4", data: bytes = b"film") -> dict[str, Any]:
        """A complete upload."""
        query = {"agency": agency}
        body = {"project": project, "name": name, "size": len(data)}
        upload = self.client.post("/v1/uploads", params=query, json=body).json()
        self.store.open[f"uploads/{upload['id']}"][1] = data
        done = self.client.post(f"/v1/uploads/{upload['id']}/complete", params=query)
        assert done.status_code == 200, done.text
        answer: dict[str, Any] = done.json()
        return answer

    def work(self, project: str, review: Review = "finished") -> None:
        """Do every step of a project as a worker would, without any film."""
        while step := self.ledger.claim_next("test", project):
            self.ledger.finish(step, self._outcome(step, review))

    def fail_next(self, project: str, *, skip: int = 0) -> None:
        """Let a step of a project stumble, after so many that go well."""
        for _ in range(skip):
            step = self.ledger.claim_next("test", project)
            assert step
            self.ledger.finish(step, self._outcome(step, "finished"))
        step = self.ledger.claim_next("test", project)
        assert step
        self.ledger.fail(step, Bug("It stumbled."))

    def in_review(self, review: Review = "finished") -> tuple[str, str]:
        """The ids of an agency and of its job that waits for review."""
        agency = self.agency()
        project = self.project(agency)
        self.send(agency, project)
        job = self.client.post("/v1/jobs", params={"agency": agency}, json={"project": project}).json()
        self.work(project, review)
        return agency, str(job["id"])

    def _outcome(self, step: Step, review: Review) -> Outcome:
        if step.kind is StepKind.INSPECT:
            note = Note(code="soft", message="This clip is a little soft.", action="Hold the phone still.")
            verdict = Verdict.ACCEPTED_WITH_NOTES
            facts = Clip(file="x", digest="0", size=4, kind=Kind.VIDEO, verdict=verdict, notes=(note,))
            return Outcome(clip=facts.model_copy(update={"renditions": (POSTER,)}), renditions_key="renditions/0")
        if step.kind is StepKind.PLAN:
            segment = SegmentNote(keys=("segments/0.mp4",), frames=3600)
            return Outcome(planned=Planned(context_key="c", frames=3600, segments=(segment,), sound_key="s"))
        if step.kind is StepKind.PACKAGE:
            return Outcome(
                packed=Packed(review=review, files=tuple(map(self._file, PACKAGE)), notes=("Good to know.",))
            )
        return Outcome()

    def _file(self, name: str) -> PackedFile:
        data = PACKAGE[name]
        self.store.put_bytes(f"packages/{name}", data)
        kind = "text/vtt" if name.endswith(".vtt") else "video/mp4"
        return PackedFile(name=name, key=f"packages/{name}", size=len(data), sha256="0" * 64, media_type=kind)


PACKAGE = {
    "documentary.mp4": b"open",
    "documentary-clean.mp4": b"clean",
    "captions.vtt": b"WEBVTT\n\n00:01.000 --> 00:03.000\nWe promise.\n",
}


def settings_in(folder: Path) -> Settings:
    """Settings of an installation in a folder."""
    keys = {"s3_endpoint": "https://store.test", "s3_access_key": "k", "s3_secret_key": "s"}
    return Settings(data=folder, admin_token=TOKEN, public_origin="http://testserver", **keys)  # type: ignore[arg-type]


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Door]:
    """The application, signed in by Bearer token; its mail is kept."""
    store = FolderStore(settings.data / "store")
    engine = open_engine(settings.database_url)
    create_tables(engine)
    post = KeptPost()
    service = Service(engine, store, lambda _ids: None, post=post, origin=settings.public_origin)  # type: ignore[arg-type]
    app = create_app(settings, service)
    make: Callable[..., TestClient] = lambda **extra: TestClient(app, follow_redirects=False, **extra)  # noqa: E731
    with make(headers={"Authorization": f"Bearer {TOKEN}"}) as client, make() as anonymous:
        yield Door(client, anonymous, service, store, Ledger(engine), settings, post.letters)
    engine.dispose()


@pytest.fixture(scope="module")
def cheap_passwords() -> Iterator[None]:
    """Digests of passwords that cost a millisecond."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.passwords, "_hasher", lambda: cheap)
        kit.passwords._nobodys.cache_clear()
        yield
    kit.passwords._nobodys.cache_clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation in a temporary folder."""
    return settings_in(tmp_path)


@pytest.fixture
def door(settings: Settings) -> Iterator[Door]:
    """The application over an empty database."""
    with opened(settings) as door:
        yield door
