"""Who uses the service, and what they may: people, their roles, keys and applications. Frozen values and pure rules."""

import re
from enum import StrEnum
from typing import Literal

from kit.errors import InputRefused
from kit.values import Value

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_EMAIL = 254


_EMAIL = re.compile(r"[^@\s,;<>\"()\\]{1,64}@[^@\s,;<>\"()\\]+\.[^@\s.,;<>\"()\\]+")


class Role(StrEnum):
    """What a person does here."""

    MEMBER = "member"
    """Belongs to one agency, and sees and does only what is that agency's."""
    EDITOR = "editor"
    """Of the house: works on the films of all agencies, and on storyboards."""
    ADMINISTRATOR = "administrator"
    """Of the house: everything, and admits agencies and people."""


class Person(Value):
    """Somebody who may come in."""

    id: str
    email: str
    role: Role
    agency_id: str | None
    """A member's agency; None for people of the house."""
    active: bool
    invited: bool
    """Has not set a password yet."""
    created_at: float


class Actor(Value):
    """On whose behalf something is done."""

    role: Role
    name: str
    """The e-mail address, or what else came in."""
    person_id: str | None = None
    agency_id: str | None = None

    def sees(self, agency_id: str) -> bool:
        """Whether this agency exists for the actor at all."""
        return self.role is not Role.MEMBER or self.agency_id == agency_id


OPERATOR = Actor(role=Role.ADMINISTRATOR, name="admin token")
"""Whoever holds the admin token of the installation."""

VISITOR = Actor(role=Role.MEMBER, name="a visitor")
"""Somebody who has not signed in."""


class Key(Value):
    """A key by which a program comes in as a person; the key itself is shown once and not kept."""

    id: str
    name: str
    created_at: float
    revoked_at: float | None


ApplicationState = Literal["waiting", "admitted", "declined"]


class Application(Value):
    """A department that asks to join."""

    id: str
    name: str
    """As it will stand on the cards."""
    contact: str
    email: str
    state: ApplicationState
    agency_id: str | None
    """Once it is admitted."""
    created_at: float
    decided_at: float | None


About = Literal[
    "job",
    "project",
    "clip",
    "upload",
    "comment",
    "share link",
    "webhook",
    "storyboard",
    "agency",
    "application",
    "person",
    "key",
    "admin token",
]
"""What a line of the audit trail is about."""


class Happened(Value):
    """One line of the audit trail."""

    id: int
    at: float
    person_id: str | None
    actor: str
    action: str
    object_kind: str
    object_id: str
    agency_id: str | None
    details: dict[str, object]


def tidy_email(typed: str) -> str:
    """An address as it is kept and compared: lower case. InputRefused when it cannot be one."""
    email = typed.strip().lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise InputRefused("Give an e-mail address, such as chief@anytown.example.")
    return email


def check_password(password: str, email: str) -> None:
    """InputRefused unless a password is long enough and more than the address."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InputRefused(
            f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters: "
            "four or five words that have nothing to do with each other are good."
        )
    lowered = password.lower()
    if lowered in (email, email * 2) or len(set(lowered)) < 5:
        raise InputRefused("This password is too easy to guess: choose four or five words that nobody would expect.")


def tidy_contact(typed: str) -> str:
    """The name of a contact on one line. InputRefused."""
    tidy = " ".join(typed.split())
    if not 1 <= len(tidy) <= 120 or not tidy.isprintable():
        raise InputRefused("Give the contact's name in 1 to 120 characters.")
    return tidy


def check_belonging(role: Role, agency_id: str | None) -> None:
    """InputRefused unless members, and they alone, belong to an agency."""
    if (role is Role.MEMBER) != (agency_id is not None):
        raise InputRefused("A member belongs to one agency; editors and administrators belong to none.")
