"""Routes that take one turn on a thread."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute


class OneTurn(APIRoute):
    """A route that waits for a thread once.

    For a plain function the framework takes a second turn, to look at an answer that is of the right kind already. When
    many come at once, each turn is another wait in the line.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        super().__init__(path, _awaited(endpoint), **settings)


def _awaited(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function as one that is awaited while a thread runs it; any other as it is."""
    if inspect.iscoroutinefunction(endpoint) or inspect.isasyncgenfunction(endpoint):
        return endpoint

    @functools.wraps(endpoint)
    async def run(*args: Any, **named: Any) -> Any:
        return await run_in_threadpool(endpoint, *args, **named)

    return run
