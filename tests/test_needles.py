"""That what is looked for in logs would be found: each secret, in the dress in which it could get there."""

from pathlib import Path

import pytest

from api.security import COOKIE
from kit.codes import new_code
from kit.settings import Settings, load_secrets
from pipeline.entering import KEY_PREFIX
from pipeline.webhooks import signed

from .needles import SHAPES, leaks, needles_of

CODE = new_code()
DRESSES = {
    "a signed link": "GET /promise-reel/uploads/1?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0a1b",
    "a session": f"Set-Cookie: {COOKIE}={CODE}",
    "a key or token as it is sent": f"authorization: Bearer {CODE}",
    "an API key": f"{KEY_PREFIX}{CODE}",
    "a link that shares a film": f"GET /s/{CODE} 200",
    "a link that signs in or sets a password": f"http://127.0.0.1:8000/password?code={CODE}",
    "the secret of a webhook": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "a password in an address": "postgresql+psycopg://reel:hush@127.0.0.1/reel",
}


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_is_found(name: str) -> None:
    assert (name, "a.log") in leaks({"a.log": f"before\nINFO: {DRESSES[name]} and more\n"}, {})


def test_plain_lines_hold_nothing() -> None:
    lines = (
        "GET /s/… 200 in 3 ms [request=0123456789abcdef]",
        "consumer: Cannot connect to redis://:**@127.0.0.1:6379/0: Connection refused.",
        "GET /v1/jobs/68fe1f3c4a5b6c7d8e9f0a1b/events 204 in 2 ms",
        "http://127.0.0.1:8000/sign-in is where people come in; ask for a bearer token",
    )
    assert leaks({"a.log": "\n".join(lines)}, {}) == []


def test_the_secrets_of_an_installation_are_known(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path,
        database_url="postgresql+psycopg://reel:hush-database@127.0.0.1/reel",
        broker_url="redis://:hush-broker@127.0.0.1:6379/0",
        s3_access_key="A",
        s3_secret_key="hush-store",
        admin_token="hush-token",
        signing_key="hush-signing-key",
        smtp_password="hush-mail",
    )
    known = needles_of(settings)
    hushed = {value for value in known.values() if value.startswith("hush-")}
    assert hushed == {f"hush-{what}" for what in ("database", "broker", "store", "mail", "signing-key", "token")}
    assert "hush-" not in repr(settings)
    assert load_secrets(tmp_path).broker_password in known.values()
    assert leaks({"a.log": "it said hush-mail"}, known) == [("smtp_password", "a.log")]


def test_the_shape_of_a_webhooks_signature_is_no_secret() -> None:
    headers = signed("msg_1", b"{}", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 0.0)
    assert leaks({"a.log": str(headers)}, {}) == []
