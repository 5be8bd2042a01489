"""How often something may be asked for: counted in the broker where there is one, for all machines together."""

import logging
import math
import time
from collections.abc import Callable

import redis
from fastapi import HTTPException, Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter

from api.security import actor_of

log = logging.getLogger(__name__)

SIGN_IN_ADDRESS = RateLimitItemPerMinute(30, 5, "sign-in from")
SIGN_IN_PERSON = RateLimitItemPerMinute(10, 15, "sign-in as")
RESET_ADDRESS = RateLimitItemPerHour(20, 1, "reset from")
RESET_PERSON = RateLimitItemPerHour(5, 1, "reset of")
OPENING_ADDRESS = RateLimitItemPerMinute(30, 1, "opening cards from")
OPENINGS = RateLimitItemPerMinute(60, 1, "opening cards")
"""Of all together, whom nobody knows: at 0.4 seconds of one core a card, less than half of that core."""
APPLY = RateLimitItemPerHour(20, 1, "apply from")
SIGN_PARTS = RateLimitItemPerMinute(600, 1, "sign parts")
SHARED_ADDRESS = RateLimitItemPerMinute(120, 1, "shared films from")
COMMENTS = RateLimitItemPerMinute(120, 1, "comments")
SKETCHES = RateLimitItemPerMinute(600, 1, "sketches")
DOWNLOADS = RateLimitItemPerMinute(600, 1, "downloads")


class Limits:
    """Counts, in windows of fixed length."""

    def __init__(self, broker_url: str | None) -> None:
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._shared = self._here
        if broker_url is not None:
            self._shared = FixedWindowRateLimiter(RedisStorage(broker_url, socket_timeout=1, socket_connect_timeout=1))

    def spend(self, item: RateLimitItem, *who: str) -> None:
        """Count one. Raises 429, with the seconds to wait, when there have been too many."""
        try:
            again_at = _spend(self._shared, item, who)
        except redis.RedisError as error:
            log.warning("limits are counted on this machine alone: %s", error)
            again_at = _spend(self._here, item, who)
        if again_at is not None:
            wait = max(math.ceil(again_at - time.time()), 1)
            raise HTTPException(
                429, f"That is too often. Please try again in {_words(wait)}", {"Retry-After": str(wait)}
            )


def limits_of(request: Request) -> Limits:
    """The app's limits."""
    limits: Limits = request.app.state.limits
    return limits


def limited(item: RateLimitItem, *, by_agency: bool = True) -> Callable[[Request], None]:
    """A dependency that counts each caller's requests, for each agency that the route acts for.

    `by_agency` is for routes that look things up through the agency of the path, or of the query where the path names
    none: elsewhere a word in the query that nobody reads would begin a new count.
    """

    def check(request: Request) -> None:
        actor, agency = actor_of(request), ""
        if by_agency:
            named = request.path_params.get("agency_id") or request.query_params.get("agency")
            agency = named or actor.agency_id or ""
        limits_of(request).spend(item, actor.person_id or actor.name, agency[:64])

    return check


def address_of(request: Request) -> str:
    """Where a request comes from, as far as the server in front tells."""
    return request.client.host if request.client else ""


def _spend(limiter: FixedWindowRateLimiter, item: RateLimitItem, who: tuple[str, ...]) -> float | None:
    """None when it may be, else the second at which it may again."""
    if limiter.hit(item, *who):
        return None
    return limiter.get_window_stats(item, *who).reset_time


def _words(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 90 else f"{math.ceil(seconds / 60)} minutes"
