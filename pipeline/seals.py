"""Agencies' seals: taken in once they are known to stand on a card, kept under their digest, shown by a link."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from agencies.agency import Seal
from agencies.seal import MOST_BYTES
from agencies.seal_child import REFUSED
from kit.database import immediate
from kit.digest import file_sha256
from kit.errors import InputRefused, NotFound
from kit.process import run_program
from kit.s3 import S3Storage
from pipeline import audit, records
from pipeline.people import OPERATOR, Actor
from pipeline.projects import AgencyRecord

LINK_S = 3600
"""Seconds a link to a seal holds."""

_PNG = b"\x89PNG"
_ROOT = Path(__file__).resolve().parents[1]
_UNREADABLE = "the seal cannot be read: save it as a PNG or JPEG"


class Seals:
    """The use-cases of seals; a film keeps the seal that its agency had when it was planned."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: S3Storage,
        *,
        clock: Callable[[], float] = time.time,
        actor: Actor = OPERATOR,
    ) -> None:
        self._engine = engine
        self._storage = storage
        self._clock = clock
        self._actor = actor

    def check(self, picture: bytes) -> Seal:
        """The seal that a PNG or JPEG would be, which is not stored. Raises InputRefused when no card can show it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "seal"
            path.write_bytes(picture[: MOST_BYTES + 1])
            _check(path)
            digest = file_sha256(path)
        return Seal(digest=digest, key=f"seals/{digest}")

    def keep(self, picture: bytes) -> Seal:
        """Store a PNG or JPEG as a seal. Raises InputRefused when it cannot stand on a card."""
        seal = self.check(picture)
        kind = "image/png" if picture.startswith(_PNG) else "image/jpeg"
        self._storage.put_bytes(seal.key, picture, content_type=kind)
        return seal

    def give(self, agency_id: str, picture: bytes) -> AgencyRecord:
        """Let an agency's next films show this seal. Raises NotFound, InputRefused."""
        with self._engine.connect() as connection:
            records.read_agency(connection, agency_id)
        seal = self.keep(picture)
        with immediate(self._engine) as connection:
            profile = records.read_agency(connection, agency_id).profile
            records.set_profile(connection, agency_id, profile.model_copy(update={"seal": seal}))
            audit.note(
                connection, self._actor, self._clock(), "give seal", "agency", agency_id, agency_id, seal=seal.digest
            )
            return records.read_agency(connection, agency_id)

    def link(self, agency_id: str) -> str:
        """A link that shows an agency's seal and expires; NotFound when it gave none."""
        with self._engine.connect() as connection:
            seal = records.read_agency(connection, agency_id).profile.seal
        if seal is None:
            raise NotFound("This agency has given no seal.")
        return self._storage.sign_get(seal.key, filename="seal", expires_s=LINK_S, inline=True)


def _check(path: Path) -> None:
    """Read the picture in a process of its own, because it may be made to do harm."""
    env = {**os.environ, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-P", "-m", "agencies.seal_child", str(path)]
    code, _, said = run_program(
        command, timeout_s=120, max_bytes=1 << 16, memory_bytes=2 << 30, cpu_seconds=30, env=env
    )
    if code:
        lines = said.strip().splitlines()
        raise InputRefused(_sentence(lines[-1] if code == REFUSED and lines else _UNREADABLE))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
