"""Mail about films: ready for review, approved, changes asked for.

Notices are written in the transaction that they tell of, and sent by whoever sweeps, so that no mail tells of what did
not happen and none is lost while a mail server is away.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Literal

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Outage
from kit.mail import Post
from pipeline import letters
from pipeline.jobs import Job
from pipeline.people import Role
from pipeline.review_tables import notices
from pipeline.rows import new_id
from pipeline.tables import agencies, audit, people

NoticeKind = Literal["ready", "approved", "changes"]

PAUSES_S = (60, 600, 3600, 21_600, 86_400)
"""Seconds between one try and the next; after the last a notice is given up."""

SENDING_S = 300.0
"""A notice that is being sent is left alone by others for so long."""

_AT_A_TIME = 10
_log = logging.getLogger(__name__)


class Notices:
    """The sending of notices; several processes may do so at once."""

    def __init__(self, engine: sa.Engine, post: Post, origin: str, *, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._post = post
        self._origin = origin
        self._clock = clock

    def send_due(self) -> int:
        """Send what is due, a few at a time; how many went."""
        return sum(self._send(row) for row in self._due())

    def _due(self) -> list[sa.RowMapping]:
        """Notices to send now, each claimed by counting a try and putting the next one off."""
        now = self._clock()
        waiting = sa.and_(notices.c.done_at.is_(None), notices.c.next_at <= now)
        query = sa.select(notices, agencies.c.profile).join_from(notices, agencies).where(waiting)
        query = query.order_by(notices.c.next_at).limit(_AT_A_TIME)
        with immediate(self._engine) as connection:
            rows = list(connection.execute(query.with_for_update(skip_locked=True, of=notices)).mappings())
            mine = notices.c.id.in_([row["id"] for row in rows])
            claim = {"attempts": notices.c.attempts + 1, "next_at": now + SENDING_S}
            if rows:
                connection.execute(sa.update(notices).where(mine).values(claim))
        return rows

    def _send(self, row: sa.RowMapping) -> bool:
        address = f"{self._origin}/agencies/{row['agency_id']}/jobs/{row['job_id']}"
        letter = letters.about_film(row["kind"], row["email"], row["profile"]["name"], address, row["lines"])
        sent, attempt, now = True, row["attempts"] + 1, self._clock()
        try:
            self._post.deliver(letter)
        except Outage as error:
            sent = False
            _log.warning("a mail about film %s was not sent (try %d): %s", row["job_id"], attempt, error)
        over = sent or attempt > len(PAUSES_S)
        values = {"done_at": now if over else None, "next_at": now if over else now + PAUSES_S[attempt - 1]}
        with immediate(self._engine) as connection:
            connection.execute(sa.update(notices).where(notices.c.id == row["id"]).values(values))
        return sent


def give_notice(
    connection: sa.Connection,
    job: Job,
    kind: NoticeKind,
    now: float,
    *,
    but: str | None = None,
    lines: Sequence[str] = (),
) -> None:
    """Have all who care for a film told of it, `but` the person who did it; `lines` are added to the mail."""
    rows = [
        {"id": new_id(), "agency_id": job.agency_id, "job_id": job.id, "email": email, "kind": kind}
        | {"lines": list(lines), "attempts": 0, "next_at": now, "created_at": now}
        for email in _who_cares(connection, job, but)
    ]
    if rows:
        connection.execute(sa.insert(notices), rows)


def _who_cares(connection: sa.Connection, job: Job, but: str | None) -> list[str]:
    """The agency's members who have come in, and those of the house who had a hand in this film."""
    had_a_hand = sa.select(audit.c.person_id).where(
        audit.c.agency_id == job.agency_id, audit.c.object_kind == "job", audit.c.object_id == job.id
    )
    of_house = sa.and_(people.c.role != Role.MEMBER, people.c.id.in_(had_a_hand))
    cares = sa.or_(people.c.agency_id == job.agency_id, of_house)
    query = sa.select(people.c.email).where(cares, people.c.active, people.c.password.is_not(None))
    if but is not None:
        query = query.where(people.c.id != but)
    return list(connection.scalars(query.order_by(people.c.email)))
