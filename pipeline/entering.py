"""How people come in: passwords, sessions on the server, one-time links and keys. Only digests are kept."""

import time
from collections.abc import Callable
from typing import Any, Literal

import sqlalchemy as sa

from kit.codes import digest_of, new_code
from kit.database import immediate
from kit.errors import Conflict, InputRefused, NotFound
from kit.mail import Post
from kit.passwords import hash_password, is_password
from pipeline import audit, idempotency, letters
from pipeline.people import OPERATOR, Actor, Key, Person, Role, check_password
from pipeline.rows import new_id
from pipeline.tables import api_keys, one_time_links, people, sessions

SESSION_S = 12 * 3600
"""Seconds after which a session ends by itself."""
INVITATION_S = 7 * 86400
RESET_S = 3600
KEY_PREFIX = "pr_"
MOST_KEYS = 20
"""Keys that one person may hold."""

Purpose = Literal["invitation", "reset"]


class Entering:
    """The use-cases of coming in."""

    def __init__(
        self, engine: sa.Engine, actor: Actor, post: Post, origin: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._actor = actor
        self._post = post
        self._origin = origin
        self._clock = clock

    def anybody(self) -> bool:
        """Whether there are people at all, beside the holder of the admin token."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(people.c.id).limit(1)).first() is not None

    def sign_in(self, email: str, password: str) -> str | None:
        """A new session for the right password, as the value of a cookie; None when something does not fit."""
        with self._engine.connect() as connection:
            found = _by_email(connection, email.strip().lower())
        held = found.password if found and found.active else None
        if not is_password(password, held) or found is None:
            return None
        person = as_person(found._mapping)
        with immediate(self._engine) as connection:
            audit.note(connection, actor_of(person), self._clock(), "sign in", "person", person.id, person.agency_id)
            return open_session(connection, self._clock(), person_id=person.id)

    def sign_in_operator(self, opened_by: str) -> str:
        """A new session of the admin token, which `opened_by` is a digest of: another token ends it."""
        with immediate(self._engine) as connection:
            audit.note(connection, OPERATOR, self._clock(), "sign in", "admin token", "")
            return open_session(connection, self._clock(), opened_by=opened_by)

    def who_has_session(self, cookie: str, opened_by: str) -> Actor | None:
        """Whose session this is; None when there is none, it ran out, or the admin token has changed since."""
        if not cookie:
            return None
        query = (
            sa.select(sessions.c.opened_by, people)
            .outerjoin_from(sessions, people, people.c.id == sessions.c.person_id)
            .where(sessions.c.digest == digest_of(cookie), sessions.c.expires_at > self._clock())
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if row.opened_by is not None:
            return OPERATOR if row.opened_by == opened_by else None
        return actor_of(as_person(row._mapping)) if row.active else None

    def sign_out(self, cookie: str) -> None:
        """End a session."""
        with immediate(self._engine) as connection:
            ended = connection.execute(sa.delete(sessions).where(sessions.c.digest == digest_of(cookie))).rowcount
            if ended:
                audit.note(connection, self._actor, self._clock(), "sign out", "person", self._actor.person_id or "")

    def ask_reset(self, email: str) -> None:
        """Send a link to whoever has this address; nothing is told to the one who asks."""
        with immediate(self._engine) as connection:
            row = _by_email(connection, email.strip().lower())
            if row is None or not row.active:
                return
            person = as_person(row._mapping)
            code = new_link(connection, person.id, "reset", self._clock())
            audit.note(connection, self._actor, self._clock(), "ask reset", "person", person.id, person.agency_id)
        self._post.send(letters.reset(person.email, self.link_of(code)))

    def who_has_link(self, code: str) -> Person | None:
        """Whom a one-time link is for; looking does not use it up."""
        with self._engine.connect() as connection:
            return _who_has_link(connection, code, self._clock())

    def choose_password(self, code: str, password: str) -> str:
        """Use a one-time link up and begin a new session with the new password; all other sessions end.

        Raises InputRefused for a poor password (the link stays good), NotFound for a link that is used or ran out.
        """
        person = self.who_has_link(code)
        if person is None:
            raise NotFound("This link has been used already, or it ran out. Ask for a new one.")
        check_password(password, person.email)
        digest = hash_password(password)
        now = self._clock()
        with immediate(self._engine) as connection:
            used = sa.delete(one_time_links).where(one_time_links.c.digest == digest_of(code))
            if not connection.execute(used).rowcount:
                raise NotFound("This link has been used already, or it ran out. Ask for a new one.")
            _set_password(connection, person.id, digest)
            audit.note(connection, actor_of(person), now, "choose password", "person", person.id, person.agency_id)
            return open_session(connection, now, person_id=person.id)

    def change_password(self, old: str, new: str) -> str:
        """Another password for the acting person; all sessions end, and a new one begins. InputRefused."""
        person_id = self._own_id()
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(people).where(people.c.id == person_id)).one()
        if not is_password(old, row.password):
            raise InputRefused("The present password is another one.")
        check_password(new, row.email)
        digest = hash_password(new)
        now = self._clock()
        with immediate(self._engine) as connection:
            _set_password(connection, person_id, digest)
            audit.note(connection, self._actor, now, "change password", "person", person_id, row.agency_id)
            return open_session(connection, now, person_id=person_id)

    def make_key(self, name: str, *, idempotency_key: str | None = None) -> tuple[Key, str]:
        """A key for the acting person's programs, and its secret, which nobody sees again. InputRefused, Conflict."""
        person_id, tidy, now = self._own_id(), " ".join(name.split()), self._clock()
        if not 1 <= len(tidy) <= 80 or not tidy.isprintable():
            raise InputRefused("Give the key a name of 1 to 80 characters that says what uses it.")
        secret = KEY_PREFIX + new_code()
        row = {"id": new_id(), "person_id": person_id, "name": tidy, "digest": digest_of(secret), "created_at": now}
        asked = (person_id, idempotency_key, f"key {digest_of(tidy)[:40]}")
        with immediate(self._engine) as connection:
            if idempotency.made_before(connection, *asked):
                raise Conflict(idempotency.SHOWN_ONCE)
            held = sa.select(sa.func.count()).where(api_keys.c.person_id == person_id, api_keys.c.revoked_at.is_(None))
            if (connection.scalar(held) or 0) >= MOST_KEYS:
                raise Conflict(f"You have {MOST_KEYS} keys already; revoke one that is not used any more.")
            connection.execute(sa.insert(api_keys), [row])
            idempotency.once(connection, *asked, now, make=lambda: str(row["id"]))
            audit.note(
                connection, self._actor, now, "make key", "key", str(row["id"]), self._actor.agency_id, name=tidy
            )
        return Key(id=str(row["id"]), name=tidy, created_at=now, revoked_at=None), secret

    def own_keys(self) -> list[Key]:
        """The acting person's keys, oldest first."""
        query = sa.select(api_keys).where(api_keys.c.person_id == self._own_id()).order_by(api_keys.c.id)
        with self._engine.connect() as connection:
            return [
                Key.model_validate({name: row[name] for name in Key.model_fields})
                for row in connection.execute(query).mappings()
            ]

    def revoke_key(self, key_id: str) -> None:
        """Let nobody in by one of the acting person's keys any more. NotFound."""
        mine = sa.and_(api_keys.c.id == key_id, api_keys.c.person_id == self._own_id())
        with immediate(self._engine) as connection:
            held = connection.execute(sa.select(api_keys.c.revoked_at).where(mine)).first()
            if held is None:
                raise NotFound("There is no such key.")
            if held.revoked_at is None:
                connection.execute(sa.update(api_keys).where(mine).values(revoked_at=self._clock()))
                audit.note(connection, self._actor, self._clock(), "revoke key", "key", key_id, self._actor.agency_id)

    def who_has_key(self, secret: str) -> Actor | None:
        """Whose key this is, None when it is nobody's or was revoked."""
        if not secret.startswith(KEY_PREFIX):
            return None
        query = (
            sa.select(people)
            .join_from(api_keys, people, people.c.id == api_keys.c.person_id)
            .where(api_keys.c.digest == digest_of(secret), api_keys.c.revoked_at.is_(None), people.c.active)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return actor_of(as_person(row)) if row else None

    def link_of(self, code: str) -> str:
        """The address of a one-time link."""
        return f"{self._origin}/password?code={code}"

    def _own_id(self) -> str:
        if self._actor.person_id is None:
            raise Conflict("The admin token is nobody's: sign in as a person for this.")
        return self._actor.person_id


def open_session(
    connection: sa.Connection, now: float, *, person_id: str | None = None, opened_by: str | None = None
) -> str:
    """Write down a new session; the value of its cookie. What ran out is cleared away."""
    cookie = new_code()
    connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= now))
    row = {"digest": digest_of(cookie), "person_id": person_id, "opened_by": opened_by, "created_at": now}
    connection.execute(sa.insert(sessions), [row | {"expires_at": now + SESSION_S}])
    return cookie


def end_sessions(connection: sa.Connection, person_id: str) -> None:
    """End all sessions of a person, and make what links there are worthless."""
    connection.execute(sa.delete(sessions).where(sessions.c.person_id == person_id))
    connection.execute(sa.delete(one_time_links).where(one_time_links.c.person_id == person_id))


def new_link(connection: sa.Connection, person_id: str, purpose: Purpose, now: float) -> str:
    """A code for one use, in place of any before it."""
    code = new_code()
    connection.execute(sa.delete(one_time_links).where(one_time_links.c.person_id == person_id))
    lasts = INVITATION_S if purpose == "invitation" else RESET_S
    row = {"digest": digest_of(code), "person_id": person_id, "purpose": purpose, "created_at": now}
    connection.execute(sa.insert(one_time_links), [row | {"expires_at": now + lasts}])
    return code


def as_person(row: Any) -> Person:
    """A person from a mapping that holds at least a person's columns."""
    fields = {name: row[name] for name in Person.model_fields if name != "invited"}
    return Person(**fields, invited=row["password"] is None)


def actor_of(person: Person) -> Actor:
    """A person as the one who acts."""
    return Actor(role=Role(person.role), name=person.email, person_id=person.id, agency_id=person.agency_id)


def _by_email(connection: sa.Connection, email: str) -> Any:
    return connection.execute(sa.select(people).where(people.c.email == email)).first()


def _who_has_link(connection: sa.Connection, code: str, now: float) -> Person | None:
    query = (
        sa.select(people)
        .join_from(one_time_links, people, people.c.id == one_time_links.c.person_id)
        .where(one_time_links.c.digest == digest_of(code), one_time_links.c.expires_at > now, people.c.active)
    )
    row = connection.execute(query).mappings().first()
    return as_person(row) if row else None


def _set_password(connection: sa.Connection, person_id: str, digest: str) -> None:
    connection.execute(sa.update(people).where(people.c.id == person_id).values(password=digest))
    end_sessions(connection, person_id)
