"""Mail: sent through a server, tried again, and printed where there is none."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

import kit.mail
from kit.mail import Letter, Post, SmtpSettings, deliver

LETTER = Letter(
    to="chief@anytown.example", subject="Your invitation: “come in”", text="The link:\nhttps://here/?code=x\n"
)


class Server(socketserver.ThreadingTCPServer):
    """Takes mail as an SMTP server does, after it turned away the first few."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mail: list[str] = []
        self.turn_away = 0
        self.came = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    """One sender."""

    server: Server

    def handle(self) -> None:
        if self.server.turn_away:
            self.server.turn_away -= 1
            self.wfile.write(b"421 later\r\n")
            return
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.mail.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.server.came.set()
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 yes\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def settings_of(server: Server) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1", port=server.server_address[1], security="none", sender="Promise Reel <reel@house.example>"
    )


def test_a_letter_is_sent(server: Server) -> None:
    deliver(settings_of(server), LETTER)
    [mail] = server.mail
    assert "To: chief@anytown.example" in mail
    assert "From: Promise Reel <reel@house.example>" in mail
    assert "https://here/?code=x" in mail


def test_a_letter_that_is_turned_away_is_tried_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit.mail, "PAUSE_S", 0)
    server.turn_away = 2
    Post(settings_of(server)).send(LETTER)
    assert server.came.wait(20)


def test_without_a_server_the_letter_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    Post(None).send(LETTER)
    assert "https://here/?code=x" in caplog.text
