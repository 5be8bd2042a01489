"""Agencies that have signed on, each with a member's key: what the service asks its database for at every request."""

import time

from agencies.agency import Agency
from kit.database import immediate, open_engine
from kit.mail import Letter, Post
from pipeline import records
from pipeline.accounts import Accounts
from pipeline.entering import Entering, actor_of
from pipeline.people import OPERATOR, Role


class Unsent(Post):
    """Letters that nobody waits for."""

    def __init__(self) -> None:
        super().__init__(None)

    def send(self, letter: Letter) -> None:
        """Not sent."""


def sign_on(database_url: str, count: int) -> list[str]:
    """Keys of so many people, each the member of an agency of his own."""
    engine = open_engine(database_url)
    post = Unsent()
    accounts = Accounts(engine, OPERATOR, post, lambda code: code)
    keys = []
    for number in range(count):
        with immediate(engine) as connection:
            agency = records.add_agency(connection, Agency(name=f"PD {number}"), time.time())
        person = accounts.invite(f"member-{number}@anytown.example", Role.MEMBER, agency)
        keys.append(Entering(engine, actor_of(person), post, "").make_key("a program")[1])
    engine.dispose()
    return keys
