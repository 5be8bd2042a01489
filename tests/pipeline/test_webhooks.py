"""Webhooks against a real receiver: signed, tried again, and never sent to a private address."""

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

import pytest
import sqlalchemy as sa

import kit.outbound
from agencies.agency import Agency
from kit.database import immediate, open_engine
from kit.errors import Conflict, InputRefused, NotFound, Outage
from kit.outbound import PublicOnly, is_public, post
from pipeline import records
from pipeline.tables import create_tables, webhook_posts, webhooks
from pipeline.webhooks import MOST_WEBHOOKS, PAUSES_S, TRIAL, Webhooks, signed

from ..postgres import fresh_database
from .conftest import House, built
from .test_states import the_service

PUBLIC = "93.184.215.14"


class Receiver(ThreadingHTTPServer):
    """Takes posts on this machine and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.told = threading.Event()

    @property
    def url(self) -> str:
        return f"http://receiver.example:{self.server_port}/told"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.told.set()
        server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def here(*_: object) -> list[str]:
    return ["127.0.0.1"]


def told_of_cancelling(house: House, receiver: Receiver) -> tuple[str, str]:
    """A cancelled job whose agency wants to be told; the job's id and the secret."""
    webhooks_ = Webhooks(house.engine, clock=house.clock, network=PublicOnly(lambda host, port: [PUBLIC]))
    hook = webhooks_.add(house.agency_id, "https://receiver.example/told")
    with immediate(house.engine) as connection:
        # The receiver of a test speaks no TLS.
        connection.execute(sa.update(webhooks).values(url=receiver.url))
    job_id = house.submit()
    the_service(house).decisions.cancel(job_id)
    return job_id, hook.secret


def rows(house: House) -> list[Any]:
    with house.engine.connect() as connection:
        return list(connection.execute(sa.select(webhook_posts)).all())


def test_the_signature_is_that_of_standard_webhooks() -> None:
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        1614265330.0,
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_film_is_told_once_signed_and_in_full(house: House, receiver: Receiver) -> None:
    job_id, secret = told_of_cancelling(house, receiver)
    sender = Webhooks(house.engine, clock=house.clock, network=PublicOnly(here, lambda _: True))
    assert sender.send_due() == 1
    assert sender.send_due() == 0
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert (told["type"], told["data"]["job"], told["data"]["state"]) == ("job.cancelled", job_id, "cancelled")
    proof = hmac.new(
        base64.b64decode(secret.removeprefix("whsec_")),
        f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body,
        hashlib.sha256,
    )
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(proof.digest()).decode()}"
    assert headers["webhook-timestamp"] == str(int(house.clock.now))
    assert headers["host"].startswith("receiver.example")


def test_a_refused_post_is_tried_again_at_growing_distances_and_then_given_up(house: House, receiver: Receiver) -> None:
    told_of_cancelling(house, receiver)
    sender = Webhooks(house.engine, clock=house.clock, network=PublicOnly(here, lambda _: True))
    receiver.status = 500
    assert sender.send_due() == 0
    for pause in PAUSES_S:
        house.clock.now += pause - 1
        sender.send_due()
        before = len(receiver.got)
        house.clock.now += 1
        sender.send_due()
        assert len(receiver.got) == before + 1
    (row,) = rows(house)
    assert (row.attempts, row.error, row.done_at) == (len(PAUSES_S) + 1, "answered 500", house.clock.now)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    house.clock.now += 10 * PAUSES_S[-1]
    assert sender.send_due() == 0
    assert len(receiver.got) == len(PAUSES_S) + 1


@pytest.mark.parametrize(("status", "over"), [(410, True), (302, False), (404, False)])
def test_gone_ends_a_post_and_redirects_are_not_followed(
    house: House, receiver: Receiver, status: int, over: bool
) -> None:
    told_of_cancelling(house, receiver)
    receiver.status = status
    Webhooks(house.engine, clock=house.clock, network=PublicOnly(here, lambda _: True)).send_due()
    (row,) = rows(house)
    assert (row.done_at is not None) == over
    assert len(receiver.got) == 1


def test_a_name_that_turns_private_after_it_was_checked_is_not_told(house: House, receiver: Receiver) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], [PUBLIC, "127.0.0.1"]])
    network = PublicOnly(lambda host, port: next(answers))
    sender = Webhooks(house.engine, clock=house.clock, network=network)
    sender.add(house.agency_id, "https://rebound.example/")
    with immediate(house.engine) as connection:
        connection.execute(sa.update(webhooks).values(url=receiver.url))
    the_service(house).decisions.cancel(house.submit())
    for _ in range(2):
        sender.send_due()
        (row,) = rows(house)
        assert "private address" in row.error
        assert row.done_at is None
        house.clock.now += PAUSES_S[0]
    assert receiver.got == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    ],
)
def test_private_addresses_in_every_dress(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(InputRefused, match="private"):
        PublicOnly(lambda host, port: [PUBLIC, address]).check("a.example", 443)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://a.example/",
            "https://user:word@a.example/",
            "https://a.example/#part",
            "ftp://a.example",
            "https://",
        ),
        *("https://a.example:99999/", "https://a.example/a b", "https://[::1", "https://ä.example/", "javascript:x"),
    ],
)
def test_addresses_that_cannot_be_told_are_refused(house: House, url: str) -> None:
    with pytest.raises(InputRefused, match="https"):
        Webhooks(house.engine, network=PublicOnly(lambda host, port: [PUBLIC])).add(house.agency_id, url)


def test_a_private_address_is_refused_at_once(house: House) -> None:
    for url in ("https://127.0.0.1/", "https://[::1]/", "https://localhost/"):
        with pytest.raises(InputRefused, match="private"):
            Webhooks(house.engine).add(house.agency_id, url)


def test_an_agency_removes_its_own_and_has_a_few_at_most(house: House) -> None:
    sender = Webhooks(house.engine, clock=house.clock, network=PublicOnly(lambda host, port: [PUBLIC]))
    hooks = [sender.add(house.agency_id, f"https://a.example/{n}") for n in range(MOST_WEBHOOKS)]
    with pytest.raises(InputRefused, match="at most"):
        sender.add(house.agency_id, "https://a.example/more")
    the_service(house).decisions.cancel(house.submit())
    assert len(rows(house)) == MOST_WEBHOOKS
    with pytest.raises(NotFound):
        sender.remove(hooks[0].id, agency_id="another")
    sender.remove(hooks[0].id, agency_id=house.agency_id)
    assert sender.of_agency(house.agency_id) == hooks[1:]
    assert len(rows(house)) == MOST_WEBHOOKS - 1


def test_an_address_is_tried_and_what_became_of_each_post_is_told(house: House, receiver: Receiver) -> None:
    told_of_cancelling(house, receiver)
    sender = Webhooks(house.engine, clock=house.clock, network=PublicOnly(here, lambda _: True))
    (hook,) = sender.of_agency(house.agency_id)
    house.clock.now += 1
    made = sender.tell_for_trial(hook.id, agency_id=house.agency_id)
    assert (made.type, made.state, made.attempts) == (TRIAL, "waiting", 0)
    with pytest.raises(Conflict, match="already"):
        sender.tell_for_trial(hook.id, agency_id=house.agency_id)
    for told in (sender.posts, sender.tell_for_trial):
        with pytest.raises(NotFound):
            told(hook.id, agency_id="another")
    receiver.status = 500
    for _ in range(2):
        sender.send_due()
    trial, film = sender.posts(hook.id, agency_id=house.agency_id)
    assert (trial.id, trial.state, trial.error, trial.attempts) == (made.id, "waiting", "answered 500", 1)
    assert trial.next_at == house.clock.now + PAUSES_S[0]
    assert film.type == "job.cancelled"
    house.clock.now += PAUSES_S[0]
    receiver.status = 204
    while sender.send_due():
        pass
    trial, _ = sender.posts(hook.id, agency_id=house.agency_id)
    assert (trial.state, trial.error, trial.next_at) == ("taken", None, None)
    receiver.status = 410
    sender.tell_for_trial(hook.id, agency_id=house.agency_id)
    sender.send_due()
    assert sender.posts(hook.id, agency_id=house.agency_id)[0].state == "given up"


def test_nobody_at_the_other_end_is_an_outage(receiver: Receiver) -> None:
    receiver.server_close()
    with pytest.raises(Outage, match="no answer"):
        post("http://receiver.example:1/", b"{}", {}, PublicOnly(here, lambda _: True))


class Dripping:
    """Answers byte by byte: with good words once `ready`, or with others when nobody ever is."""

    def __init__(self, ready: threading.Event, *, in_the_end: bytes) -> None:
        self._ready = ready
        self._in_the_end = in_the_end
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://receiver.example:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        connection, _ = self._socket.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 204 No Content\r\nX-Slow: ")
            for _ in range(500):
                connection.sendall(b"a")
                if self._ready.wait(0.02):
                    break
            connection.sendall(b"\r\n\r\n" if self._ready.is_set() else self._in_the_end)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 16):  # closed with words unread, the answer would be lost
                pass


def another_agency(house: House, sender: Webhooks, url: str) -> str:
    """An agency of the same house with a webhook that is being tried; its id."""
    with immediate(house.engine) as connection:
        agency = records.add_agency(connection, Agency(name="Elsewhere Police Department"), house.clock.now)
    hook = sender.add(agency, "https://receiver.example/told")
    with immediate(house.engine) as connection:
        connection.execute(sa.update(webhooks).where(webhooks.c.id == hook.id).values(url=url))
    house.clock.now += 1
    sender.tell_for_trial(hook.id, agency_id=agency)
    return agency


def test_a_receiver_that_drips_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit.outbound, "LONGEST_S", 0.5)
    slow = Dripping(threading.Event(), in_the_end=b"\r\n\r\n")
    with pytest.raises(Outage, match="no answer"):
        post(slow.url, b"{}", {}, PublicOnly(here, lambda _: True))


def test_a_slow_receiver_keeps_no_other_agency_waiting(house: House, receiver: Receiver) -> None:
    told_of_cancelling(house, receiver)
    # It answers once the other agency was told, so one after the other they would not be told both.
    slow = Dripping(receiver.told, in_the_end=b"")
    with immediate(house.engine) as connection:
        connection.execute(sa.update(webhooks).values(url=slow.url))
    sender = Webhooks(house.engine, clock=house.clock, network=PublicOnly(here, lambda _: True))
    another_agency(house, sender, receiver.url)
    assert sender.send_due() == 2


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_agency_with_many_posts_keeps_no_other_waiting(
    receiver: Receiver, database: str, request: pytest.FixtureRequest
) -> None:
    if database == "sqlite":
        send_many(request.getfixturevalue("house"), receiver)
        return
    with fresh_database(request.getfixturevalue("postgresql"), "webhooks") as url:
        address = url.render_as_string(hide_password=False)
        engine = open_engine(address)
        create_tables(engine)
        with built(address, engine) as house:
            send_many(house, receiver)


def send_many(house: House, receiver: Receiver) -> None:
    """Many posts of one agency and one of another, all due."""
    sender = Webhooks(house.engine, clock=house.clock, network=PublicOnly(here, lambda _: True))
    hooks = [sender.add(house.agency_id, f"https://receiver.example/{n}") for n in range(MOST_WEBHOOKS)]
    other = another_agency(house, sender, receiver.url)
    with immediate(house.engine) as connection:
        connection.execute(sa.update(webhooks).values(url=receiver.url))
    house.clock.now -= 1
    for hook in hooks:
        sender.tell_for_trial(hook.id, agency_id=house.agency_id)
    house.clock.now += 1
    assert sender.send_due() == 2
    assert {json.loads(body)["data"]["agency"] for _, body in receiver.got} == {house.agency_id, other}
    while sender.send_due():
        pass
    assert len(receiver.got) == MOST_WEBHOOKS + 1
