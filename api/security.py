"""Who may come in, and what they may: by the admin token, a person's API key, or the cookie of a session."""

import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from kit.codes import digest_of, new_code
from kit.errors import NotFound
from pipeline.entering import SESSION_S, Entering
from pipeline.people import OPERATOR, VISITOR, Actor, Role

COOKIE = "promisereel_session"
LINK_S = 24 * 3600
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})
"""What a browser says of a request that another site's page began."""

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="Bearer",
    description="A person's API key, or the admin token that `promisereel up` keeps in its data folder.",
)


class SignInLinks:
    """One-time links that let the operator in; each is a file named by the digest of its code."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_link_code(self) -> str:
        """A code for one sign-in within a day; only its digest is written down."""
        code = new_code()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file(code).touch(mode=0o600)
        return code

    def redeem(self, code: str) -> bool:
        """Use a code up; True when it was good. Removing the file is what makes it work once only."""
        file = self._file(code)
        try:
            age = time.time() - file.stat().st_mtime
            file.unlink()
        except FileNotFoundError:
            return False
        return age < LINK_S

    def _file(self, code: str) -> Path:
        return self._folder / digest_of(code)


class Gate:
    """Knows the admin token and everybody's keys and sessions."""

    def __init__(self, admin_token: str, signing_key: str, links: SignInLinks, entering: Entering) -> None:
        self._token = admin_token.encode()
        # kept with sessions that the token opened, so that a new token ends them
        self._opened_by = hmac.new(signing_key.encode(), self._token, hashlib.sha256).hexdigest()
        self._links = links
        self._entering = entering

    def is_token(self, given: str) -> bool:
        """Whether this is the admin token, compared in constant time."""
        return hmac.compare_digest(given.encode(), self._token)

    def new_link_code(self) -> str:
        """A code by which the operator signs in once."""
        return self._links.new_link_code()

    def redeem(self, code: str) -> bool:
        """Use a one-time code of the operator up; True when it was good."""
        return self._links.redeem(code)

    def new_session(self) -> str:
        """A cookie value by which the operator is signed in for twelve hours."""
        return self._entering.sign_in_operator(self._opened_by)

    def bearer_of(self, given: str) -> Actor | None:
        """Who sends this token or key."""
        return OPERATOR if self.is_token(given) else self._entering.who_has_key(given)

    def visitor_of(self, cookie: str) -> Actor | None:
        """Whose session this cookie names."""
        return self._entering.who_has_session(cookie, self._opened_by)

    def who(self, connection: HTTPConnection) -> Actor | None:
        """Whom a request's key, token or session lets in now, told from its headers alone."""
        scheme, _, given = connection.headers.get("authorization", "").partition(" ")
        by_key = self.bearer_of(given) if scheme.lower() == "bearer" else None
        return by_key or self.visitor_of(connection.cookies.get(COOKIE, ""))

    def knows(self, connection: HTTPConnection) -> bool:
        """Whether a request brings what lets somebody in."""
        return self.who(connection) is not None


def gate_of(request: Request) -> Gate:
    """The app's gate."""
    gate: Gate = request.app.state.gate
    return gate


def signed_in(request: Request) -> Actor | None:
    """Who is signed in by the cookie of this request."""
    return gate_of(request).visitor_of(request.cookies.get(COOKIE, ""))


def actor_of(request: Request) -> Actor:
    """On whose behalf a request is answered: a visitor, who sees nothing, until somebody was let in."""
    actor: Actor = getattr(request.state, "actor", VISITOR)
    return actor


def let_in(request: Request, actor: Actor) -> None:
    """Answer the request on somebody's behalf. NotFound when its path names an agency that is not theirs."""
    request.state.actor = actor
    agency = request.path_params.get("agency_id")
    if agency is not None and not actor.sees(agency):
        raise NotFound("There is no such agency.")


async def require_person(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> None:
    """Let in whoever brings a token, a key or a session; 401 otherwise, 403 for a form sent from elsewhere."""
    gate, actor = gate_of(request), None
    if given:  # the token asks nothing of the database, and so no turn on a thread
        known = gate.is_token(given.credentials)
        actor = OPERATOR if known else await run_in_threadpool(gate.bearer_of, given.credentials)
    if actor is None:
        actor = await run_in_threadpool(signed_in, request)
        if actor is None:
            raise HTTPException(
                401, "Sign in first, or send an API key or the admin token as Bearer", {"WWW-Authenticate": "Bearer"}
            )
        require_same_origin(request)
    let_in(request, actor)


def only(*roles: Role) -> Callable[[Request], Awaitable[None]]:
    """A dependency that answers 403 to other roles than these."""

    async def check(request: Request) -> None:
        if actor_of(request).role not in roles:
            raise HTTPException(403, f"This is for {' and '.join(f'{role}s' for role in roles)} alone")

    return check


def require_same_origin(request: Request) -> None:
    """Refuse a changing request that a browser sends from another site's page."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    elsewhere = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if elsewhere or request.headers.get("sec-fetch-site") in FROM_ELSEWHERE:
        raise HTTPException(403, "This request came from another site")


def keep_session(request: Request, answer: Response, session: str) -> None:
    """Give a browser its session, out of the reach of scripts, of other sites and, with https, of listeners."""
    https = request.app.state.settings.public_origin.startswith("https://")
    answer.set_cookie(COOKIE, session, max_age=SESSION_S, httponly=True, samesite="strict", secure=https)
