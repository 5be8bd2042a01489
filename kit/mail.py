"""Mail through the operator's SMTP server; without one a letter is printed to the log."""

import logging
import smtplib
import ssl
import threading
import time
from email.message import EmailMessage
from typing import Literal

from pydantic import Field

from kit.errors import Outage
from kit.values import Value

log = logging.getLogger(__name__)

TRIES = 3
PAUSE_S = 5.0
Security = Literal["starttls", "tls", "none"]


class Letter(Value):
    """A mail to one person, in plain text."""

    to: str
    subject: str
    text: str


class SmtpSettings(Value):
    """The server that takes our mail."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = Field(default=None, repr=False)


class Post:
    """Sends letters; sending goes on in the background, so that nobody learns from the time it takes who is known."""

    def __init__(self, smtp: SmtpSettings | None) -> None:
        self._smtp = smtp

    def send(self, letter: Letter) -> None:
        """Hand a letter over; what cannot be sent is tried again twice, then written to the log without its text."""
        if self._smtp is None:
            log.warning("no mail server is set; to %s: %s\n%s", letter.to, letter.subject, letter.text)
            return
        threading.Thread(target=self._try, args=(self._smtp, letter), name="mail", daemon=True).start()

    def deliver(self, letter: Letter) -> None:
        """Send a letter now; Outage when the server does not take it. Without a server it is printed to the log."""
        if self._smtp is None:
            self.send(letter)
            return
        try:
            deliver(self._smtp, letter)
        except (OSError, smtplib.SMTPException) as error:
            raise Outage(f"The mail server did not take a letter: {error}") from error

    def _try(self, smtp: SmtpSettings, letter: Letter) -> None:
        for left in reversed(range(TRIES)):
            try:
                deliver(smtp, letter)
            except (OSError, smtplib.SMTPException) as error:
                log.error("the mail “%s” could not be sent: %s", letter.subject, error)
                if left:
                    time.sleep(PAUSE_S)
            else:
                return


def deliver(smtp: SmtpSettings, letter: Letter) -> None:
    """Send one letter now. Raises OSError or SMTPException."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = smtp.sender, letter.to, letter.subject
    message.set_content(letter.text)
    trusted = ssl.create_default_context()
    if smtp.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=20, context=trusted)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=20)
    with server:
        if smtp.security == "starttls":
            server.starttls(context=trusted)
        if smtp.user and smtp.password:
            server.login(smtp.user, smtp.password)
        server.send_message(message)
