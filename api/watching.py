"""Every request has an id: on its answer, on every line logged meanwhile, and on one line about itself."""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Requests
from kit.logs import bound

HEADER = "X-Request-ID"
_PLAIN_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_SELDOM = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked every few seconds by machines; their answers are counted and not logged."""

_SHARED = re.compile(r"/s/[^/]+")
"""Where a film is shared: whoever knows the path sees the film."""

_log = logging.getLogger(__name__)


def path_to_log(path: str) -> str:
    """A path without what lets somebody in."""
    return _SHARED.sub("/s/…", path, count=1) if path.startswith("/s/") else path


class Watched:
    """Names, counts and logs requests; plain ASGI. An id that the sender gave is kept when it is plain."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self.app = app
        self.requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _PLAIN_ID.fullmatch(given) else secrets.token_hex(8)
        began, status = time.monotonic(), 500

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with bound(request=request_id):
            try:
                await self.app(scope, receive, named)
            finally:
                seconds = time.monotonic() - began
                self.requests.note(scope["method"], status, seconds)
                if scope["path"] not in _SELDOM and not scope["path"].startswith("/static/"):
                    # The path alone: queries may hold codes that sign in.
                    _log.info(
                        "%s %s %d in %.0f ms", scope["method"], path_to_log(scope["path"]), status, 1000 * seconds
                    )
