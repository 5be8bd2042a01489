"""Who belongs here: departments that ask to join, people who are invited, and what becomes of them."""

import hashlib
import json
import time
from collections.abc import Callable

import sqlalchemy as sa

from agencies.agency import Agency
from kit.database import immediate
from kit.errors import Conflict, InputRefused, NotFound
from kit.mail import Post
from pipeline import audit, idempotency, letters, records
from pipeline.entering import as_person, end_sessions, new_link
from pipeline.people import (
    Actor,
    Application,
    ApplicationState,
    Person,
    Role,
    check_belonging,
    tidy_contact,
    tidy_email,
)
from pipeline.rows import new_id
from pipeline.tables import api_keys, applications, people


class Accounts:
    """The use-cases of applications and people."""

    def __init__(
        self,
        engine: sa.Engine,
        actor: Actor,
        post: Post,
        link_of: Callable[[str], str],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._actor = actor
        self._post = post
        self._link_of = link_of
        self._clock = clock

    def apply(self, profile: Agency, contact: str, email: str, *, idempotency_key: str | None = None) -> Application:
        """Write down that a department asks to join. InputRefused."""
        row = {"name": profile.name, "contact": tidy_contact(contact), "email": tidy_email(email), "state": "waiting"}
        now = self._clock()
        with immediate(self._engine) as connection:

            def make() -> str:
                made = new_id()
                connection.execute(sa.insert(applications), [row | {"id": made, "created_at": now}])
                audit.note(connection, self._actor, now, "apply", "application", made, name=profile.name)
                return made

            request = _request("apply", row["email"], row["contact"], profile.name)
            made = idempotency.once(connection, "join", idempotency_key, request, now, make=make)
            return _application(connection, made)

    def applications(self, state: ApplicationState | None = None) -> list[Application]:
        """Departments that asked, oldest first."""
        query = sa.select(applications).order_by(applications.c.id)
        if state is not None:
            query = query.where(applications.c.state == state)
        with self._engine.connect() as connection:
            return [Application.model_validate(dict(row)) for row in connection.execute(query).mappings()]

    def admit(self, application_id: str) -> Application:
        """Sign a department on and invite its contact. NotFound; Conflict: decided, or the address is taken."""
        now = self._clock()
        with immediate(self._engine) as connection:
            asked = _waiting(connection, application_id)
            agency_id = records.add_agency(connection, Agency(name=asked.name), now)
            person = self._add_person(connection, asked.email, Role.MEMBER, agency_id, now)
            code = new_link(connection, person.id, "invitation", now)
            _decide(connection, application_id, "admitted", now, agency_id)
            audit.note(connection, self._actor, now, "admit", "application", application_id, agency_id, name=asked.name)
            admitted = _application(connection, application_id)
        self._post.send(letters.invitation(asked.email, asked.name, self._link_of(code)))
        return admitted

    def decline(self, application_id: str) -> Application:
        """Turn a department down and tell its contact. NotFound, Conflict."""
        now = self._clock()
        with immediate(self._engine) as connection:
            asked = _waiting(connection, application_id)
            _decide(connection, application_id, "declined", now, None)
            audit.note(connection, self._actor, now, "decline", "application", application_id, name=asked.name)
            turned_down = _application(connection, application_id)
        self._post.send(letters.declined(asked.email, asked.name))
        return turned_down

    def invite(
        self, email: str, role: Role, agency_id: str | None = None, *, idempotency_key: str | None = None
    ) -> Person:
        """Let somebody in and send the link to choose a password. InputRefused, NotFound (the agency), Conflict."""
        tidy, now = tidy_email(email), self._clock()
        check_belonging(role, agency_id)
        codes: list[str] = []
        with immediate(self._engine) as connection:
            agency = None if agency_id is None else records.read_agency(connection, agency_id).profile.name

            def make() -> str:
                person = self._add_person(connection, tidy, role, agency_id, now)
                codes.append(new_link(connection, person.id, "invitation", now))
                return person.id

            request = _request("invite", role, agency_id, tidy)
            made = idempotency.once(connection, "people", idempotency_key, request, now, make=make)
            person = read_person(connection, made)
        for code in codes:
            self._post.send(letters.invitation(tidy, agency, self._link_of(code)))
        return person

    def invite_again(self, person_id: str) -> Person:
        """Send a new link to somebody who has not chosen a password. NotFound, Conflict."""
        now = self._clock()
        with immediate(self._engine) as connection:
            person = read_person(connection, person_id)
            if not person.invited or not person.active:
                raise Conflict("This person has chosen a password, or may not come in: nothing is sent.")
            agency = records.read_agency(connection, person.agency_id).profile.name if person.agency_id else None
            code = new_link(connection, person.id, "invitation", now)
            audit.note(connection, self._actor, now, "invite again", "person", person.id, person.agency_id)
        self._post.send(letters.invitation(person.email, agency, self._link_of(code)))
        return person

    def people(self, agency_id: str | None = None) -> list[Person]:
        """Everybody, or the members of an agency, oldest first."""
        query = sa.select(people).order_by(people.c.id)
        if agency_id is not None:
            query = query.where(people.c.agency_id == agency_id)
        with self._engine.connect() as connection:
            return [as_person(row) for row in connection.execute(query).mappings()]

    def change(self, person_id: str, role: Role, agency_id: str | None, *, active: bool) -> Person:
        """Give somebody another role or agency, or let him in no more; his sessions end. InputRefused, NotFound.

        Whoever is not let in any more loses his keys as well.
        """
        check_belonging(role, agency_id)
        if person_id == self._actor.person_id and (role is not Role.ADMINISTRATOR or not active):
            raise InputRefused("You cannot take your own rights away; another administrator can.")
        now = self._clock()
        with immediate(self._engine) as connection:
            before = read_person(connection, person_id)
            if agency_id is not None:
                records.read_agency(connection, agency_id)
            values = {"role": role.value, "agency_id": agency_id, "active": active}
            connection.execute(sa.update(people).where(people.c.id == person_id).values(values))
            after = read_person(connection, person_id)
            if after != before:
                end_sessions(connection, person_id)
            if not active:
                mine = sa.and_(api_keys.c.person_id == person_id, api_keys.c.revoked_at.is_(None))
                connection.execute(sa.update(api_keys).where(mine).values(revoked_at=now))
            was = before.model_dump(mode="json", include={"role", "agency_id", "active"})
            audit.note(
                connection, self._actor, now, "change person", "person", person_id, agency_id, was=was, now=values
            )
            return after

    def _add_person(
        self, connection: sa.Connection, email: str, role: Role, agency_id: str | None, now: float
    ) -> Person:
        if connection.execute(sa.select(people.c.id).where(people.c.email == email)).first():
            raise Conflict(f"There is a person with the address {email} already.")
        made = new_id()
        row = {"id": made, "email": email, "role": role.value, "agency_id": agency_id, "active": True}
        try:
            connection.execute(sa.insert(people), [row | {"created_at": now}])
        except sa.exc.IntegrityError as error:
            raise Conflict(f"There is a person with the address {email} already.") from error
        audit.note(connection, self._actor, now, "invite", "person", made, agency_id, email=email, role=role.value)
        return read_person(connection, made)


def _request(what: str, *parts: str | None) -> str:
    """What an idempotency key is held to."""
    return f"{what} {hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]}"


def read_person(connection: sa.Connection, person_id: str) -> Person:
    """One person, or NotFound."""
    row = connection.execute(sa.select(people).where(people.c.id == person_id)).mappings().first()
    if row is None:
        raise NotFound("There is no such person.")
    return as_person(row)


def _application(connection: sa.Connection, application_id: str) -> Application:
    row = connection.execute(sa.select(applications).where(applications.c.id == application_id)).mappings().first()
    if row is None:
        raise NotFound("There is no such application.")
    return Application.model_validate(dict(row))


def _waiting(connection: sa.Connection, application_id: str) -> Application:
    """An application that nobody has decided yet."""
    asked = _application(connection, application_id)
    if asked.state != "waiting":
        raise Conflict(f"This application was {asked.state} already.")
    return asked


def _decide(
    connection: sa.Connection, application_id: str, state: ApplicationState, now: float, agency_id: str | None
) -> None:
    """Write a decision down, unless another administrator was quicker."""
    row = sa.and_(applications.c.id == application_id, applications.c.state == "waiting")
    values = {"state": state, "decided_at": now, "agency_id": agency_id}
    if not connection.execute(sa.update(applications).where(row).values(values)).rowcount:
        raise Conflict("Another administrator has decided this application just now.")
