"""Webhooks by Standard Webhooks: an agency's own programs are told of its films.

Posts are written in the transaction that they tell of, and sent by whoever sweeps, at growing distances until the
receiver takes them.
"""

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

import sqlalchemy as sa
from pydantic import Field

from kit.codes import digest_of
from kit.database import immediate
from kit.errors import Conflict, InputRefused, NotFound, Outage, PromiseReelError
from kit.outbound import PublicOnly, post
from kit.values import Value
from pipeline import audit, idempotency
from pipeline.jobs import Job, JobState
from pipeline.people import OPERATOR, Actor
from pipeline.rows import new_id
from pipeline.tables import webhook_posts, webhooks

TOLD = frozenset({JobState.IN_REVIEW, JobState.APPROVED, JobState.DELIVERED, JobState.FAILED, JobState.CANCELLED})
"""States of a job that are told."""

PAUSES_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds between one try and the next; after the last a post is given up."""

MOST_WEBHOOKS = 10
SHOWN = 20
"""Posts of a webhook that are shown."""
TRIAL = "webhook.trial"
"""What a post is called that somebody asked for to see whether it arrives."""

SENDING_S = 300.0
"""A post that is being sent is left alone by others for so long."""

EVERY_S = 2.0
"""Seconds between two looks for posts to send."""

_AT_A_TIME = 5
"""Posts under way at once, each of another agency."""

_PREFIX = "whsec_"
_log = logging.getLogger(__name__)


class Webhook(Value):
    """Where an agency wants to be told."""

    id: str
    agency_id: str
    url: str
    secret: str = Field(repr=False)
    """`whsec_` and base64, as Standard Webhooks writes it; shown when it is made."""
    created_at: float


class Post(Value):
    """What a webhook was told, or is to be told."""

    id: str
    """The same from try to try, as `webhook-id`."""
    type: str
    state: Literal["waiting", "taken", "given up"]
    attempts: int
    error: str | None
    """How the last try failed."""
    created_at: float
    next_at: float | None
    """When it is tried next; None once it is over."""


class Webhooks:
    """The use-cases of webhooks."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        clock: Callable[[], float] = time.time,
        network: PublicOnly | None = None,
        actor: Actor = OPERATOR,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._actor = actor
        self._network = network or PublicOnly()

    def add(self, agency_id: str, url: str, *, idempotency_key: str | None = None) -> Webhook:
        """Tell an address from now on. InputRefused when it is not https, or private, or one too many."""
        host, port = _check(url)
        self._network.check(host, port)
        hook = Webhook(
            id=new_id(),
            agency_id=agency_id,
            url=url,
            secret=_PREFIX + base64.b64encode(secrets.token_bytes(24)).decode(),
            created_at=self._clock(),
        )
        with immediate(self._engine) as connection:

            def make() -> str:
                if len(_of_agency(connection, agency_id)) >= MOST_WEBHOOKS:
                    raise InputRefused(f"An agency has {MOST_WEBHOOKS} webhooks at most; remove one first.")
                connection.execute(sa.insert(webhooks), [hook.model_dump()])
                audit.note(
                    connection, self._actor, hook.created_at, "add webhook", "webhook", hook.id, agency_id, host=host
                )
                return hook.id

            request = f"webhook {digest_of(url)[:40]}"
            made = idempotency.once(connection, agency_id, idempotency_key, request, hook.created_at, make=make)
            return _own(connection, made, agency_id)

    def of_agency(self, agency_id: str) -> list[Webhook]:
        """An agency's webhooks, oldest first."""
        with self._engine.connect() as connection:
            return _of_agency(connection, agency_id)

    def remove(self, webhook_id: str, *, agency_id: str) -> None:
        """Tell an address no more, nor what still waits to be told; NotFound."""
        with immediate(self._engine) as connection:
            _own(connection, webhook_id, agency_id)
            connection.execute(sa.delete(webhook_posts).where(webhook_posts.c.webhook_id == webhook_id))
            connection.execute(sa.delete(webhooks).where(webhooks.c.id == webhook_id))
            audit.note(connection, self._actor, self._clock(), "remove webhook", "webhook", webhook_id, agency_id)

    def posts(self, webhook_id: str, *, agency_id: str) -> list[Post]:
        """The newest of what a webhook was told, newest first; NotFound."""
        with self._engine.connect() as connection:
            return _newest(connection, _own(connection, webhook_id, agency_id))

    def tell_for_trial(self, webhook_id: str, *, agency_id: str, idempotency_key: str | None = None) -> Post:
        """Tell a webhook that it is being tried; what comes of it stands among its posts.

        NotFound; Conflict while the trial before still waits to be taken.
        """
        now = self._clock()
        body = _body(TRIAL, now, {"webhook": webhook_id, "agency": agency_id})
        with immediate(self._engine) as connection:
            hook = _own(connection, webhook_id, agency_id, lock=True)

            def make() -> str:
                if any(one.type == TRIAL and one.state == "waiting" for one in _newest(connection, hook)):
                    raise Conflict("This address is being tried already; see what becomes of that first.")
                row = _row(hook, body, now)
                connection.execute(sa.insert(webhook_posts), [row])
                audit.note(connection, self._actor, now, "try webhook", "webhook", webhook_id, agency_id)
                return str(row["id"])

            made = idempotency.once(connection, agency_id, idempotency_key, f"trial {webhook_id}", now, make=make)
            mine = sa.select(webhook_posts).where(webhook_posts.c.id == made)
            return _post(connection.execute(mine).mappings().one())

    def send_due(self) -> int:
        """Send what is due, one post of each of a few agencies at once, so that no receiver keeps others waiting.

        How many were taken. Several processes may do so at once.
        """
        with ThreadPoolExecutor(_AT_A_TIME) as threads:
            sending = {threads.submit(self._send, row): row for row in self._due()}
            # Written down by this one thread, so that no more connections are held than before.
            return sum(self._note(sending[one], *one.result()) for one in as_completed(sending))

    def _due(self) -> list[sa.RowMapping]:
        """Posts to send now, the oldest of each agency, claimed by counting a try and putting the next one off."""
        now = self._clock()
        waiting = sa.and_(webhook_posts.c.done_at.is_(None), webhook_posts.c.next_at <= now)
        age = (webhook_posts.c.next_at, webhook_posts.c.id)
        place = sa.func.row_number().over(partition_by=webhook_posts.c.agency_id, order_by=age).label("place")
        ranked = sa.select(webhook_posts.c.id, place).where(waiting).subquery()
        oldest = webhook_posts.c.id.in_(sa.select(ranked.c.id).where(ranked.c.place == 1))
        query = sa.select(webhook_posts, webhooks.c.url, webhooks.c.secret)
        query = query.join(webhooks, webhooks.c.id == webhook_posts.c.webhook_id).where(waiting, oldest)
        query = query.order_by(webhook_posts.c.next_at).limit(_AT_A_TIME)
        with immediate(self._engine) as connection:
            rows = list(connection.execute(query.with_for_update(skip_locked=True, of=webhook_posts)).mappings())
            if rows:
                mine = webhook_posts.c.id.in_([row["id"] for row in rows])
                claim = {"attempts": webhook_posts.c.attempts + 1, "next_at": now + SENDING_S}
                connection.execute(sa.update(webhook_posts).where(mine).values(claim))
        return rows

    def _send(self, row: sa.RowMapping) -> tuple[str, bool]:
        """Why a post was not taken, nothing when it was, and whether its receiver is gone for good."""
        body = row["body"].encode()
        try:
            status = post(row["url"], body, signed(row["id"], body, row["secret"], self._clock()), self._network)
        except PromiseReelError as error:
            return str(error), False
        return "" if 200 <= status < 300 else f"answered {status}", status == 410

    def _note(self, row: sa.RowMapping, told: str, gone: bool) -> bool:
        """Write down what became of a post; whether it was taken."""
        attempt, now = row["attempts"] + 1, self._clock()
        over = not told or gone or attempt > len(PAUSES_S)
        values = {
            "error": told or None,
            "done_at": now if over else None,
            "next_at": now if over else now + PAUSES_S[attempt - 1],
        }
        if told:
            _log.warning("webhook post %s was not taken (try %d): %s", row["id"], attempt, told)
        try:
            with immediate(self._engine) as connection:
                connection.execute(sa.update(webhook_posts).where(webhook_posts.c.id == row["id"]).values(values))
        except Outage as error:
            _log.warning("what became of webhook post %s was not written down: %s", row["id"], error)
        return not told


class Sender(Protocol):
    """Whoever has something to send now and then."""

    def send_due(self) -> int:
        """Send what is due; how much went."""


def keep_sending(sender: Sender, what: str, *, every_s: float = EVERY_S) -> None:
    """Send what is due, with a pause of some seconds when nothing goes, as long as this process lives.

    No failure ends it.
    """
    while True:
        try:
            if sender.send_due():
                continue
        except Outage as error:
            _log.warning("%s could not be sent: %s", what, error)
        except Exception:
            _log.exception("%s could not be sent", what)
        time.sleep(every_s)


def announce(connection: sa.Connection, job: Job, state: JobState, now: float) -> None:
    """Write down what an agency's webhooks are to be told of a job's new state, in the caller's transaction."""
    if state not in TOLD:
        return
    told = {"job": job.id, "project": job.project_id, "agency": job.agency_id, "state": state}
    body = _body(f"job.{state}", now, told)
    rows = [_row(hook, body, now) for hook in _of_agency(connection, job.agency_id, lock=True)]
    if rows:
        connection.execute(sa.insert(webhook_posts), rows)


def signed(post_id: str, body: bytes, secret: str, now: float) -> dict[str, str]:
    """The headers of a post: its id, which stays the same from try to try, the time, and the signature over all."""
    moment = str(int(now))
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    proof = hmac.new(key, f"{post_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Promise-Reel",
        "webhook-id": post_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }


def _body(type_: str, now: float, data: Mapping[str, object]) -> str:
    moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    return json.dumps({"type": type_, "timestamp": moment, "data": data}, separators=(",", ":"))


def _row(hook: Webhook, body: str, now: float) -> dict[str, object]:
    """What is to be told to a webhook, as it is written down: due at once."""
    due = {"attempts": 0, "next_at": now, "created_at": now}
    return {"id": new_id(), "agency_id": hook.agency_id, "webhook_id": hook.id, "body": body, **due}


def _post(row: sa.RowMapping) -> Post:
    over = row["done_at"] is not None
    return Post(
        id=row["id"],
        type=json.loads(row["body"])["type"],
        state=("given up" if row["error"] else "taken") if over else "waiting",
        attempts=row["attempts"],
        error=row["error"],
        created_at=row["created_at"],
        next_at=None if over else row["next_at"],
    )


def _newest(connection: sa.Connection, hook: Webhook) -> list[Post]:
    mine = sa.select(webhook_posts).where(webhook_posts.c.webhook_id == hook.id)
    newest = mine.order_by(webhook_posts.c.created_at.desc(), webhook_posts.c.id.desc()).limit(SHOWN)
    return [_post(row) for row in connection.execute(newest).mappings()]


def _own(connection: sa.Connection, webhook_id: str, agency_id: str, *, lock: bool = False) -> Webhook:
    """A webhook of this agency; `lock` as below. NotFound."""
    for hook in _of_agency(connection, agency_id, lock=lock):
        if hook.id == webhook_id:
            return hook
    raise NotFound("There is no such webhook.")


def _of_agency(connection: sa.Connection, agency_id: str, *, lock: bool = False) -> list[Webhook]:
    """An agency's webhooks; `lock` keeps them from being removed till the transaction ends."""
    query = sa.select(webhooks).where(webhooks.c.agency_id == agency_id).order_by(webhooks.c.id)
    if lock:
        query = query.with_for_update(read=True, key_share=True)
    return [Webhook.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def _check(url: str) -> tuple[str, int]:
    """Host and port of an address that may be told."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        host, port = None, 0
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 1000
    if not host or not plain or parts.scheme != "https" or parts.username or parts.password or parts.fragment:
        raise InputRefused("Give an address that begins with https:// and names no user.")
    return host, port
