"""Footage on its way into storage: multipart uploads that the sender fills part by part; no byte passes through us."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Conflict, InputRefused, NoRoom, NotFound, UsageError
from kit.s3 import ChecksumKind, Part, S3Storage
from pipeline import audit, idempotency, records
from pipeline.dispatch import Dispatch
from pipeline.people import OPERATOR, Actor
from pipeline.projects import Details, PartLink, Upload, UploadState
from pipeline.rows import new_id

SMALLEST_PART = 8 << 20
MOST_PARTS = 5000
LARGEST_FILE = 100 << 30
"""Bytes of the largest file taken."""

MOST_LINKS = 20
"""Parts signed in one call."""

LINK_S = 3600
"""Seconds a link to a part holds."""

PROVEN_BY: Mapping[ChecksumKind, tuple[str, str]] = {
    "sha256": ("x-amz-checksum-sha256", "sha256_b64"),
    "md5": ("Content-MD5", "md5_b64"),
}
"""The header by which a part proves itself, and the argument that signs it."""


class Uploads:
    """The use-cases of uploads."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: S3Storage,
        dispatch: Dispatch,
        *,
        clock: Callable[[], float] = time.time,
        actor: Actor = OPERATOR,
        room: Callable[[], int | None] = lambda: None,
    ) -> None:
        """`room` tells the bytes that the store still takes, where that is known."""
        self._engine = engine
        self._storage = storage
        self._dispatch = dispatch
        self._clock = clock
        self._actor = actor
        self._room = room

    @property
    def checksum(self) -> ChecksumKind:
        """How parts prove themselves at this store: senders give what it asks for."""
        return self._storage.part_checksum

    def create(
        self,
        project_id: str,
        name: str,
        size: int,
        *,
        media_type: str = "application/octet-stream",
        details: Details | None = None,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Upload:
        """Begin an upload of `size` bytes. InputRefused for a name or size that cannot be; NotFound, Conflict.

        NoRoom when the store could not hold it, before a byte is sent.
        """
        _check(name, size)
        room = self._room()
        if room is not None and size > room:
            raise NoRoom(
                f"The store is too full for “{name}”: {size / 1e9:.1f} GB are sent and there is room for"
                f" {max(room, 0) / 1e9:.1f} GB. Ask those who run this service to make room, then send it again."
            )
        with self._engine.connect() as connection:
            project = records.read_project(connection, project_id, agency_id)
        upload_id = new_id()
        key = f"uploads/{upload_id}"
        upload = Upload(
            id=upload_id,
            agency_id=project.agency_id,
            project_id=project_id,
            name=name,
            size=size,
            media_type=media_type,
            storage_key=key,
            part_size=max(SMALLEST_PART, math.ceil(size / MOST_PARTS)),
            store_upload_id=self._storage.create_upload(key, media_type, filename=name),
            state=UploadState.OPEN,
            details=details or Details(),
            created_at=self._clock(),
        )
        request = f"upload {project_id} {size} {name}"
        now = self._clock()
        with immediate(self._engine) as connection:

            def make() -> str:
                made = records.add_upload(connection, upload)
                audit.note(
                    connection,
                    self._actor,
                    now,
                    "begin upload",
                    "upload",
                    made,
                    project.agency_id,
                    name=name,
                    size=size,
                )
                return made

            kept = idempotency.once(connection, project.agency_id, idempotency_key, request, now, make=make)
            found = records.read_upload(connection, kept)
        if found.id != upload.id:
            self._storage.abort_upload(key, upload.store_upload_id)
        return found

    def read(self, upload_id: str, *, agency_id: str | None = None) -> Upload:
        """One upload, or NotFound."""
        with self._engine.connect() as connection:
            return records.read_upload(connection, upload_id, agency_id)

    def parts(self, upload_id: str, *, agency_id: str | None = None) -> Sequence[Part]:
        """The parts that the store holds; all that a sender needs to go on after a break."""
        upload = self.read(upload_id, agency_id=agency_id)
        if upload.state is not UploadState.OPEN:
            return []
        return self._storage.list_parts(upload.storage_key, upload.store_upload_id)

    def sign_parts(
        self, upload_id: str, wanted: Sequence[tuple[int, str | None]], *, agency_id: str | None = None
    ) -> list[PartLink]:
        """Links to PUT parts to, each asked for as (number from 1, digest in base64 of the kind `checksum`, or None).

        A store that knows SHA-256 takes no other bytes than those of the digest, so each part must name it, else
        InputRefused. Browsers have no MD5, so where a store knows that alone it need not be given.
        """
        upload = self._open(upload_id, agency_id)
        if not 1 <= len(wanted) <= MOST_LINKS:
            raise UsageError(f"Ask for 1 to {MOST_LINKS} parts at a time.")
        if any(not 1 <= n <= upload.part_count for n, _ in wanted):
            raise UsageError(f"This upload has the parts 1 to {upload.part_count}.")
        proof = self._storage.part_checksum
        if proof == "sha256" and (bare := next((n for n, digest in wanted if not digest), None)):
            raise InputRefused(f"Give the SHA-256 of part {bare} too, in base64: the store holds its bytes against it.")
        header, argument = PROVEN_BY.get(proof, (None, None))
        links = []
        for n, digest in wanted:
            proven: Any = {argument: digest} if argument and digest else {}
            url = self._storage.sign_part(upload.storage_key, upload.store_upload_id, n, expires_s=LINK_S, **proven)
            links.append(PartLink(n=n, url=url, headers={header: digest} if header and digest else {}))
        return links

    def complete(self, upload_id: str, *, agency_id: str | None = None) -> Upload:
        """Make the file of its parts and have it inspected; doing it twice is harmless.

        Their bytes were held against their digests by the store as they came, where it can.
        Raises Conflict when parts are missing or sizes differ from what was announced.
        """
        upload = self.read(upload_id, agency_id=agency_id)
        if upload.state is UploadState.COMPLETE:
            return upload
        if upload.state is UploadState.ABORTED:
            raise Conflict("This upload was given up; begin a new one.")
        self._put_together(upload)
        if self._storage.size(upload.storage_key) != upload.size:
            raise Conflict("The store holds another number of bytes than announced; upload the file again.")
        with immediate(self._engine) as connection:
            held = records.read_upload(connection, upload_id, lock=True)
            if held.state is not UploadState.OPEN:
                return held
            records.set_upload_state(connection, upload_id, UploadState.COMPLETE)
            audit.note(connection, self._actor, self._clock(), "complete upload", "upload", upload_id, upload.agency_id)
            made = records.take_in(connection, held, self._clock())
        self._dispatch(made)
        return self.read(upload_id)

    def abort(self, upload_id: str, *, agency_id: str | None = None) -> None:
        """Give an upload up and free its parts; Conflict when it is complete."""
        upload = self.read(upload_id, agency_id=agency_id)
        if upload.state is UploadState.COMPLETE:
            raise Conflict("This upload is complete already.")
        with immediate(self._engine) as connection:
            records.set_upload_state(connection, upload_id, UploadState.ABORTED)
            audit.note(connection, self._actor, self._clock(), "abort upload", "upload", upload_id, upload.agency_id)
        self._storage.abort_upload(upload.storage_key, upload.store_upload_id)

    def of_project(self, project_id: str, *, agency_id: str | None = None) -> list[Upload]:
        """A project's uploads that were not given up."""
        with self._engine.connect() as connection:
            records.read_project(connection, project_id, agency_id)
            return records.list_uploads(connection, project_id)

    def _put_together(self, upload: Upload) -> None:
        """Have the store make the file of its parts, unless it did so before and the answer was lost."""
        try:
            parts = self._storage.list_parts(upload.storage_key, upload.store_upload_id)
        except NotFound:
            if self._storage.exists(upload.storage_key):
                return
            raise
        _compare(upload, parts)
        self._storage.complete_upload(upload.storage_key, upload.store_upload_id, parts)

    def _open(self, upload_id: str, agency_id: str | None) -> Upload:
        upload = self.read(upload_id, agency_id=agency_id)
        if upload.state is not UploadState.OPEN:
            raise Conflict(f"This upload is {upload.state}.")
        return upload


def _check(name: str, size: int) -> None:
    if (
        not name.strip()
        or len(name) > 255
        or name in (".", "..")
        or PurePosixPath(name).name != name
        or not name.isprintable()
    ):
        raise InputRefused("Give the file a plain name of 1 to 255 characters, without folders.")
    if not 1 <= size <= LARGEST_FILE:
        raise InputRefused(f"“{name}” must hold 1 byte to {LARGEST_FILE >> 30} GiB.")


def _compare(upload: Upload, parts: Sequence[Part]) -> None:
    """Conflict unless the store holds exactly the announced parts."""
    if [part.n for part in parts] != list(range(1, upload.part_count + 1)):
        missing = sorted(set(range(1, upload.part_count + 1)) - {part.n for part in parts})
        raise Conflict(f"Parts are missing: {', '.join(map(str, missing[:10]))}. Send them and complete again.")
    last = upload.size - upload.part_size * (upload.part_count - 1)
    for part in parts:
        if part.size != (last if part.n == upload.part_count else upload.part_size):
            raise Conflict(f"Part {part.n} has the wrong size; send it again.")
