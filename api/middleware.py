"""What stands before every route: a limit on bodies and the headers that keep a browser safe. Plain ASGI."""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 1 << 20
"""Bytes. Footage never comes through here, so no honest request is larger, but for a seal."""

SEAL_LIMIT = 20 << 20
"""Bytes of a request that carries a seal from somebody who may come in: routes ask who sends when all is read."""

_WITH_SEAL = re.compile(r"/agencies|/opening-card|/agencies/[^/]+/projects/[^/]+/seal|/v1/agencies/[^/]+/seal")

TOO_LARGE = "A request may hold 1 MiB at most. Footage goes straight to storage: see POST /v1/uploads."
SIGN_IN_FIRST = "Sign in first: so large a request is read only of somebody who may come in."
SEAL_TOO_LARGE = "The seal is too large: save it as a PNG of 1000 pixels a side."


def security_headers(s3_origin: str | None, *, https: bool) -> dict[str, str]:
    """Headers of every answer; the browser may talk to us and, for footage, to the store's origin."""
    store = f" {s3_origin}" if s3_origin else ""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": f"'self' blob: data:{store}",
        "media-src": f"'self' blob:{store}",
        "connect-src": f"'self'{store}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


class SafeHeaders:
    """Adds the same headers to every answer; what is private is kept out of caches."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


class Packed(GZipMiddleware):
    """Packs scripts, styles, drawings and typefaces, which are the same for everybody.

    Pages and the API's answers are left as they are: their length would tell of a secret that stands beside words which
    somebody else chose.
    """

    def __init__(self, app: ASGIApp, under: str = "/static/") -> None:
        super().__init__(app, compresslevel=6)
        self.under = under

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"].startswith(self.under):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class BodyLimit:
    """Refuses bodies over a limit: at once when the length is told, else while reading.

    `knows` says whether a request brings a key, token or session that lets in.
    """

    def __init__(self, app: ASGIApp, knows: Callable[[HTTPConnection], bool]) -> None:
        self.app = app
        self.knows = knows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        length = int(told) if told.isdecimal() else None
        limit, words = BODY_LIMIT, TOO_LARGE
        if _WITH_SEAL.fullmatch(scope["path"]) and (length is None or length > limit):
            if await run_in_threadpool(self.knows, HTTPConnection(scope)):
                limit, words = SEAL_LIMIT, SEAL_TOO_LARGE
            else:
                words = SIGN_IN_FIRST
        if length is not None and length > limit:
            await self._refuse(scope, send, words)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, words, {"Connection": "close"})
            return message

        await self.app(scope, counted, send)

    async def _refuse(self, scope: Scope, send: Send, words: str) -> None:
        body = {
            "type": "about:blank",
            "title": HTTPStatus(413).phrase,
            "status": 413,
            "detail": words,
            "instance": scope["path"],
        }
        headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})
