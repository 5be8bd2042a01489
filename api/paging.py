"""Pages of a list behind opaque cursors."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar

from fastapi import Query

from kit.errors import UsageError

Cursor = Annotated[str | None, Query(description="The `next` of the page before.", max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200, description="Items a page.")]


class HasId(Protocol):
    """What a cursor can point at."""

    @property
    def id(self) -> str:
        """Unique in its list."""


T = TypeVar("T", bound=HasId)


def page_of(items: Sequence[T], cursor: str | None, limit: int) -> tuple[list[T], str | None]:
    """The items after the cursor, at most `limit`, and the cursor that leads on. Raises UsageError for a bad cursor."""
    start = 0
    if cursor:
        last = _decode(cursor)
        start = next((n + 1 for n, item in enumerate(items) if item.id == last), len(items))
    page = list(items[start : start + limit])
    more = start + limit < len(items)
    return page, _encode(page[-1].id) if more and page else None


def _encode(item_id: str) -> str:
    return base64.urlsafe_b64encode(item_id.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise UsageError("This cursor is not one of ours; begin the list again without it.") from error
