"""Share links: an approved film shown to whoever has the link, until it runs out or is revoked. It fails closed."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from delivery.delivery import CLEAN_FILM, OPEN_FILM
from kit.codes import digest_of, new_code
from kit.database import immediate
from kit.errors import Conflict, Gone, InputRefused, NotFound
from kit.s3 import S3Storage
from kit.values import Value
from pipeline import audit, idempotency, records
from pipeline.jobs import GIVEN, Job, PackedFile
from pipeline.keeping import check_kept
from pipeline.people import OPERATOR, Actor
from pipeline.projects import Package
from pipeline.receipts import Receipt, keep_receipt, list_receipts
from pipeline.review_tables import receipts, share_links
from pipeline.rows import new_id, read_job

DAY_S = 86_400.0
DEFAULT_DAYS, MOST_DAYS = 14, 90
MOST_LINKS = 100
"""Links that one film may ever have."""

WATCH_S = 6 * 3600
"""Seconds that a film can be played from a page that was opened."""

SAVE_S = 3600
"""Seconds that a download may take to begin."""

_LONGEST_TEXT = 4 << 20

LinkState = Literal["open", "expired", "revoked"]


class ShareLink(Value):
    """A link to one film; its token is shown once and not kept."""

    id: str
    agency_id: str
    job_id: str
    number: int
    """Counts a film's links from 1; receipts name it."""
    made_by: str
    created_at: float
    expires_at: float
    revoked_at: float | None
    opened: int = 0
    downloaded: int = 0

    def state(self, now: float) -> LinkState:
        """Whether it leads to the film."""
        if self.revoked_at is not None:
            return "revoked"
        return "open" if now < self.expires_at else "expired"


class Shown(NamedTuple):
    """What the page of a link shows."""

    agency: str
    title: str
    film: str
    """A link to play the film that expires."""
    poster: str | None
    burned: bool
    """Whether the captions are in the picture already."""
    texts: frozenset[str]
    """Names of the package's files of words."""
    size: int
    """Bytes of the film that is downloaded."""
    until: float


class Shares:
    """The use-cases of share links; NotFound for another agency's film or link."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: S3Storage,
        *,
        origin: str = "",
        clock: Callable[[], float] = time.time,
        actor: Actor = OPERATOR,
    ) -> None:
        self._engine = engine
        self._storage = storage
        self._origin = origin
        self._clock = clock
        self._actor = actor

    def make(
        self,
        job_id: str,
        days: int = DEFAULT_DAYS,
        *,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> tuple[ShareLink, str]:
        """A new link to an approved film, and its token, which nobody sees again. Conflict, InputRefused, Gone."""
        if not 1 <= days <= MOST_DAYS:
            raise InputRefused(f"A link may hold for 1 to {MOST_DAYS} days.")
        token, now = new_code(), self._clock()
        with immediate(self._engine) as connection:
            job = read_job(connection, job_id, lock=True, agency_id=agency_id)
            if job.state not in GIVEN:
                raise Conflict("Approve the film before it is shared.")
            asked = (job.agency_id, idempotency_key, f"share {job_id} {days}")
            if idempotency.made_before(connection, *asked):
                raise Conflict(idempotency.SHOWN_ONCE)
            held = _links(connection, share_links.c.job_id == job_id)
            if len(held) >= MOST_LINKS:
                raise Conflict(f"This film has had {MOST_LINKS} links already; share one of those that hold.")
            check_kept(records.list_packages(connection, job_id)[:1])
            number = max((link.number for link in held), default=0) + 1
            row = {"id": new_id(), "agency_id": job.agency_id, "job_id": job_id, "number": number}
            row |= {"digest": digest_of(token), "made_by": self._actor.name, "created_at": now}
            connection.execute(sa.insert(share_links), [row | {"expires_at": now + days * DAY_S}])
            idempotency.once(connection, *asked, now, make=lambda: str(row["id"]))
            told = {"job": job_id, "number": row["number"], "days": days}
            audit.note(connection, self._actor, now, "share", "share link", str(row["id"]), job.agency_id, **told)
            return _links(connection, share_links.c.id == row["id"])[0], token

    def address_of(self, token: str) -> str:
        """Where a link leads."""
        return f"{self._origin}/s/{token}"

    def now(self) -> float:
        """Seconds since 1970, by which links run out."""
        return self._clock()

    def of_job(self, job_id: str, *, agency_id: str | None = None) -> list[ShareLink]:
        """A film's links, newest first, with how often each was opened and downloaded."""
        with self._engine.connect() as connection:
            read_job(connection, job_id, agency_id=agency_id)
            return _links(connection, share_links.c.job_id == job_id)[::-1]

    def revoke(self, link_id: str, *, agency_id: str | None = None) -> ShareLink:
        """Let nobody in by a link any more; doing it twice changes nothing."""
        mine = share_links.c.id == link_id
        if agency_id is not None:
            mine = sa.and_(mine, share_links.c.agency_id == agency_id)
        with immediate(self._engine) as connection:
            held = _links(connection, mine)
            if not held:
                raise NotFound("There is no such link.")
            if held[0].revoked_at is None:
                now = self._clock()
                connection.execute(sa.update(share_links).where(mine).values(revoked_at=now))
                told = {"job": held[0].job_id, "number": held[0].number}
                audit.note(
                    connection, self._actor, now, "revoke link", "share link", link_id, held[0].agency_id, **told
                )
            return _links(connection, mine)[0]

    def receipts(self, job_id: str, *, agency_id: str | None = None) -> Sequence[Receipt]:
        """Who opened or downloaded what of a film since its approval, newest first."""
        with self._engine.connect() as connection:
            read_job(connection, job_id, agency_id=agency_id)
            return list_receipts(connection, job_id)

    def show(self, token: str) -> Shown:
        """What the page of a link shows; leaves a receipt. NotFound, Gone when it does not hold any more."""
        with immediate(self._engine) as connection:
            link, job, package = self._opened(connection, token)
            by = f"shared link {link.number}"
            keep_receipt(connection, job, "open", "page", by, self._clock(), link_id=link.id)
            agency = records.read_agency(connection, job.agency_id).profile.name
            title = records.read_project(connection, job.project_id).title
        files = {file.name: file for file in package.files}
        film = files.get(CLEAN_FILM) or files[OPEN_FILM]
        sign = self._storage.sign_get
        poster = files.get("poster.jpg")
        return Shown(
            agency=agency,
            title=title,
            film=sign(film.key, filename=film.name, expires_s=WATCH_S, inline=True),
            poster=sign(poster.key, filename=poster.name, expires_s=WATCH_S, inline=True) if poster else None,
            burned=film.name == OPEN_FILM,
            texts=frozenset(name for name in files if name.endswith((".vtt", ".txt"))),
            size=files[OPEN_FILM].size,
            until=link.expires_at,
        )

    def download(self, token: str) -> str:
        """A link that saves the film, with its captions in the picture; leaves a receipt. NotFound, Gone."""
        with immediate(self._engine) as connection:
            link, job, package = self._opened(connection, token)
            by = f"shared link {link.number}"
            keep_receipt(connection, job, "download", OPEN_FILM, by, self._clock(), link_id=link.id)
        film = _file(package, OPEN_FILM)
        return self._storage.sign_get(film.key, filename=OPEN_FILM, expires_s=SAVE_S)

    def text(self, token: str, name: str) -> str:
        """The words of a film, for its player. NotFound, Gone."""
        with self._engine.connect() as connection:
            _, _, package = self._opened(connection, token)
        file = _file(package, name)
        if file.size > _LONGEST_TEXT:
            raise NotFound("This film has no such file.")
        return self._storage.get_bytes(file.key).decode()

    def _opened(self, connection: sa.Connection, token: str) -> tuple[ShareLink, Job, Package]:
        """The link of a token that holds, its job, and the package that was approved."""
        found = _links(connection, share_links.c.digest == digest_of(token))
        if not found:
            raise NotFound("There is no such link. Ask whoever gave it to you for the whole address.")
        state = found[0].state(self._clock())
        if state == "expired":
            raise Gone("This link has expired. Ask the agency that shared the film for a new one.")
        if state == "revoked":
            raise Gone("This link was withdrawn by the agency that shared the film.")
        job = read_job(connection, found[0].job_id)
        packages = records.list_packages(connection, job.id)
        if job.state not in GIVEN or not packages or packages[0].expired_at:
            raise Gone("This film is not shared any more.")
        return found[0], job, packages[0]


def _file(package: Package, name: str) -> PackedFile:
    found = next((file for file in package.files if file.name == name), None)
    if found is None:
        raise NotFound("This film has no such file.")
    return found


def _links(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[ShareLink]:
    """Links by their numbers, each with how often it was used."""

    def count(deed: str) -> sa.ScalarSelect[Any]:
        used = sa.and_(receipts.c.link_id == share_links.c.id, receipts.c.deed == deed)
        return sa.select(sa.func.count()).where(used).scalar_subquery()

    counts = (count("open").label("opened"), count("download").label("downloaded"))
    rows = connection.execute(sa.select(share_links, *counts).where(which).order_by(share_links.c.number)).mappings()
    return [ShareLink.model_validate({name: row[name] for name in ShareLink.model_fields}) for row in rows]
