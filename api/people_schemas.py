"""What goes over the wire about people: themselves, keys, applications and the audit trail."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.schemas import Body, moment
from pipeline.people import LONGEST_EMAIL, Actor, Application, ApplicationState, Happened, Key, Person, Role

Email = Annotated[str, Field(min_length=3, max_length=LONGEST_EMAIL, examples=["chief@anytown.example"])]


class NewApplication(Body):
    """A department that asks to join."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["Anytown Police Department"])]
    """Department name exactly as it shall stand on the cards."""
    contact: Annotated[str, Field(min_length=1, max_length=120, description="Who answers for the department.")]
    email: Email


class NewPerson(Body):
    """Somebody who is invited."""

    email: Email
    role: Role
    agency: Annotated[str | None, Field(max_length=64, description="A member's agency; none for the house's own.")] = (
        None
    )


class ChangedPerson(Body):
    """What somebody is from now on."""

    role: Role
    agency: Annotated[str | None, Field(max_length=64)] = None
    active: Annotated[bool, Field(description="False: may not come in any more.")] = True


class NewKey(Body):
    """A key for a program."""

    name: Annotated[str, Field(min_length=1, max_length=80, description="What uses it.")]


class CallerOut(BaseModel):
    """Who asks."""

    person: Annotated[str | None, Field(description="None for the admin token.")]
    name: str
    role: Role
    agency: str | None

    @classmethod
    def of(cls, actor: Actor) -> "CallerOut":
        """The public shape of an actor."""
        return cls(person=actor.person_id, name=actor.name, role=actor.role, agency=actor.agency_id)


class PersonOut(BaseModel):
    """Somebody who may come in."""

    id: str
    email: str
    role: Role
    agency: str | None
    state: Literal["invited", "active", "left"]
    created: datetime

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        """The public shape of a person."""
        state: Literal["invited", "active", "left"] = "invited" if person.invited else "active"
        return cls(
            id=person.id,
            email=person.email,
            role=person.role,
            agency=person.agency_id,
            state=state if person.active else "left",
            created=moment(person.created_at),
        )


class ApplicationOut(BaseModel):
    """A department that asked to join."""

    id: str
    name: str
    contact: str
    email: str
    state: ApplicationState
    agency: Annotated[str | None, Field(description="Once it is admitted.")]
    created: datetime
    decided: datetime | None

    @classmethod
    def of(cls, asked: Application) -> "ApplicationOut":
        """The public shape of an application."""
        return cls(
            id=asked.id,
            name=asked.name,
            contact=asked.contact,
            email=asked.email,
            state=asked.state,
            agency=asked.agency_id,
            created=moment(asked.created_at),
            decided=None if asked.decided_at is None else moment(asked.decided_at),
        )


class KeyOut(BaseModel):
    """A key, without its secret."""

    id: str
    name: str
    created: datetime
    revoked: datetime | None

    @classmethod
    def of(cls, key: Key) -> "KeyOut":
        """The public shape of a key."""
        revoked = None if key.revoked_at is None else moment(key.revoked_at)
        return cls(id=key.id, name=key.name, created=moment(key.created_at), revoked=revoked)


class KeyMade(KeyOut):
    """A key with its secret, which is shown this once."""

    secret: str


class HappenedOut(BaseModel):
    """One line of the audit trail."""

    id: int
    at: datetime
    person: str | None
    actor: str
    action: str
    object_kind: str
    object: str
    agency: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, line: Happened) -> "HappenedOut":
        """The public shape of a line."""
        return cls(
            id=line.id,
            at=moment(line.at),
            person=line.person_id,
            actor=line.actor,
            action=line.action,
            object_kind=line.object_kind,
            object=line.object_id,
            agency=line.agency_id,
            details=line.details,
        )


class PersonList(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next: str | None


class ApplicationList(BaseModel):
    """A page of applications."""

    items: list[ApplicationOut]
    next: str | None


class KeyList(BaseModel):
    """A person's keys."""

    items: list[KeyOut]


class Trail(BaseModel):
    """A page of the audit trail, newest first."""

    items: list[HappenedOut]
    next: Annotated[int | None, Field(description="Give it as `before` for the lines that lie further back.")]
