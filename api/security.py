"""Who may come in: one generated admin token, as a Bearer header or as a session cookie signed with it."""

import hashlib
import hmac
import secrets
import time
from pathlib import Path
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

COOKIE = "promisereel_session"
SESSION_S = 12 * 3600
LINK_S = 24 * 3600
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

bearer = HTTPBearer(
    auto_error=False, scheme_name="Admin token", description="The token that `promisereel up` keeps in its data folder."
)


class Gate:
    """Knows the admin token, signs sessions, and makes and redeems one-time sign-in links."""

    def __init__(self, admin_token: str, signing_key: str, links: Path) -> None:
        self._token = admin_token.encode()
        # a new token ends the sessions that the old one opened
        self._key = signing_key.encode() + self._token
        self._links = links

    def is_token(self, given: str) -> bool:
        """Whether this is the admin token, compared in constant time."""
        return hmac.compare_digest(given.encode(), self._token)

    def new_session(self) -> str:
        """A cookie value that is good for twelve hours."""
        body = f"{int(time.time()) + SESSION_S}.{secrets.token_urlsafe(12)}"
        return f"{body}.{self._sign(body)}"

    def is_session(self, cookie: str) -> bool:
        """Whether a cookie value was made here and has not run out."""
        body, _, signature = cookie.rpartition(".")
        until = body.partition(".")[0]
        genuine = hmac.compare_digest(signature.encode(), self._sign(body).encode())
        return genuine and until.isdigit() and int(until) > time.time()

    def new_link_code(self) -> str:
        """A code for one sign-in within a day; only its digest is written down."""
        code = secrets.token_urlsafe(24)
        self._links.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._link_file(code).touch(mode=0o600)
        return code

    def redeem(self, code: str) -> bool:
        """Use a code up; True when it was good. Removing the file is what makes it work once only."""
        file = self._link_file(code)
        try:
            age = time.time() - file.stat().st_mtime
            file.unlink()
        except FileNotFoundError:
            return False
        return age < LINK_S

    def _link_file(self, code: str) -> Path:
        return self._links / hashlib.sha256(code.encode()).hexdigest()

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, b"session:" + body.encode(), hashlib.sha256).hexdigest()


def gate_of(request: Request) -> Gate:
    """The app's gate."""
    gate: Gate = request.app.state.gate
    return gate


def is_signed_in(request: Request) -> bool:
    """Whether the request brings a good session cookie."""
    return gate_of(request).is_session(request.cookies.get(COOKIE, ""))


def require_admin(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
    """Let in whoever brings the admin token or a session; 401 otherwise, 403 for a form sent from elsewhere."""
    if given and gate_of(request).is_token(given.credentials):
        return
    if not is_signed_in(request):
        raise HTTPException(
            401, "Sign in first, or send the admin token as a Bearer header", {"WWW-Authenticate": "Bearer"}
        )
    require_same_origin(request)


def require_same_origin(request: Request) -> None:
    """Refuse a changing request that a browser sends from another site's page."""
    origin = request.headers.get("origin")
    if request.method in SAFE_METHODS or origin is None:
        return
    if origin.partition("://")[2] != request.headers.get("host"):
        raise HTTPException(403, "This request came from another site")
