"""Mail about films: who is told of what, once, and not before it happened."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Outage
from kit.mail import Letter, Post, SmtpSettings
from pipeline import audit
from pipeline.jobs import Outcome, Packed
from pipeline.notices import PAUSES_S, Notices
from pipeline.people import Actor, Role
from pipeline.review_tables import notices
from pipeline.service import Service
from pipeline.tables import people

from .conftest import House, planned


class Box(Post):
    """Keeps letters; a server that can be away."""

    def __init__(self) -> None:
        super().__init__(None)
        self.letters: list[Letter] = []
        self.away = False

    def deliver(self, letter: Letter) -> None:
        if self.away:
            raise Outage("The mail server is away.")
        self.letters.append(letter)

    def taken(self) -> list[tuple[str, str]]:
        """To whom and under which subject, since it was asked last."""
        told = [(letter.to, letter.subject) for letter in self.letters]
        self.letters.clear()
        return told


PEOPLE = {
    "chief@anytown.example": (Role.MEMBER, True, "digest"),
    "sergeant@anytown.example": (Role.MEMBER, True, "digest"),
    "invited@anytown.example": (Role.MEMBER, True, None),
    "left@anytown.example": (Role.MEMBER, False, "digest"),
    "editor@house.example": (Role.EDITOR, True, "digest"),
    "other-editor@house.example": (Role.EDITOR, True, "digest"),
}


def settle_in(house: House) -> None:
    with immediate(house.engine) as connection:
        rows = [
            {"id": email, "email": email, "role": role, "active": active, "password": password, "created_at": 1.0}
            | {"agency_id": house.agency_id if role is Role.MEMBER else None}
            for email, (role, active, password) in PEOPLE.items()
        ]
        connection.execute(sa.insert(people), rows)


def actor(email: str, house: House) -> Actor:
    role = PEOPLE[email][0]
    return Actor(role=role, name=email, person_id=email, agency_id=house.agency_id if role is Role.MEMBER else None)


def make(house: House, job_id: str) -> None:
    """Do the steps of a film up to its review."""
    while step := house.ledger.claim_next("w", house.project_id):
        packed = Packed(review="finished", files=())
        house.ledger.finish(step, Outcome(planned=planned(1), packed=packed))
    assert house.job(job_id).state == "in_review"


@pytest.fixture
def post(house: House, tmp_path: Path) -> tuple[Box, Notices]:
    settle_in(house)
    box = Box()
    return box, Notices(house.engine, box, "https://films.example", clock=house.clock)


def submitted(house: House) -> str:
    """A job that an editor of the house asked for; its clips were looked at."""
    job_id = house.submit()
    with immediate(house.engine) as connection:
        audit.note(connection, actor("editor@house.example", house), 1.0, "submit job", "job", job_id, house.agency_id)
    return job_id


def test_those_who_care_are_told_once_of_what_others_did(house: House, post: tuple[Box, Notices]) -> None:
    box, sender = post
    job_id = submitted(house)
    assert sender.send_due() == 0
    make(house, job_id)
    assert (sender.send_due(), sender.send_due()) == (3, 0)
    address = f"https://films.example/agencies/{house.agency_id}/jobs/{job_id}"
    assert all(address in letter.text for letter in box.letters)
    ready = "The film of Anytown Police Department is ready for review"
    all_three = ["chief@anytown.example", "editor@house.example", "sergeant@anytown.example"]
    assert box.taken() == [(email, ready) for email in all_three]
    chief = Service(house.engine, None, lambda _: None, clock=house.clock, actor=actor("chief@anytown.example", house))  # type: ignore[arg-type]
    chief.comments.add(job_id, 0.2, "Her name\nis misspelt.")
    chief.decisions.ask_changes(job_id)
    assert sender.send_due() == 2
    assert all("0:00  Her name\nis misspelt. (chief@anytown.example)" in letter.text for letter in box.letters)
    assert [to for to, _ in box.taken()] == all_three[1:]
    make(house, job_id)
    chief.decisions.accept_captions(job_id)
    assert sender.send_due() == 3
    box.taken()
    chief.decisions.approve(job_id)
    sender.send_due()
    approved = "The film of Anytown Police Department is approved"
    assert box.taken() == [(email, approved) for email in all_three[1:]]


def test_a_mail_server_that_is_away_loses_no_mail_until_it_is_given_up(house: House, post: tuple[Box, Notices]) -> None:
    box, sender = post
    make(house, submitted(house))
    box.away = True
    for pause in PAUSES_S[:2]:
        assert sender.send_due() == 0
        house.clock.now += pause - 1
        assert sender.send_due() == 0
        house.clock.now += 2
    box.away = False
    assert sender.send_due() == 3
    make(house, submitted(house))
    box.away = True
    for pause in (*PAUSES_S, 1e6):
        sender.send_due()
        house.clock.now += pause + 1
    box.away = False
    assert sender.send_due() == 0
    with house.engine.connect() as connection:
        waiting = sa.select(sa.func.count()).where(notices.c.done_at.is_(None))
        assert connection.scalar(waiting) == 0


def test_a_preview_is_not_worth_a_mail(house: House, post: tuple[Box, Notices]) -> None:
    make(house, house.submit(preview=True))
    assert post[1].send_due() == 0


def test_without_a_mail_server_the_log_has_the_letter(caplog: pytest.LogCaptureFixture) -> None:
    Post(None).deliver(Letter(to="chief@anytown.example", subject="A film", text="It is ready."))
    assert "It is ready." in caplog.text


def test_a_mail_server_that_is_not_there_is_an_outage() -> None:
    smtp = SmtpSettings(host="127.0.0.1", port=9, security="none", sender="reel@house.example")
    with pytest.raises(Outage, match="mail server"):
        Post(smtp).deliver(Letter(to="chief@anytown.example", subject="A film", text="It is ready."))
