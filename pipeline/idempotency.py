"""Idempotency keys: what was asked for twice by the same key is made once."""

from collections.abc import Callable

import sqlalchemy as sa

from kit.errors import Conflict
from pipeline.tables import idempotency_keys

SHOWN_ONCE = (
    "This was made already with the same Idempotency-Key, and its secret is not shown again: "
    "if it is lost, revoke what was made and make another with a new key."
)
"""What is said instead of a secret of which only a digest is kept."""


def once(
    connection: sa.Connection, agency_id: str, key: str | None, request: str, now: float, *, make: Callable[[], str]
) -> str:
    """Make something once for each idempotency key: the id made now, or the one made for the same key before.

    Raises Conflict when the key was used for another request.
    """
    if key is None:
        return make()
    if known := made_before(connection, agency_id, key, request):
        return known
    made = make()
    row = {"agency_id": agency_id, "key": key, "request": request, "answer": made, "created_at": now}
    try:
        connection.execute(sa.insert(idempotency_keys), [row])
    except sa.exc.IntegrityError as error:
        raise Conflict("The same request is being answered right now; ask again in a moment.") from error
    return made


def made_before(connection: sa.Connection, agency_id: str, key: str | None, request: str) -> str | None:
    """The id of what was made for an idempotency key; None when nothing was. Conflict as `once`."""
    same = sa.and_(idempotency_keys.c.agency_id == agency_id, idempotency_keys.c.key == key)
    known = connection.execute(sa.select(idempotency_keys.c.request, idempotency_keys.c.answer).where(same)).first()
    if known is None:
        return None
    if known.request != request:
        raise Conflict("This Idempotency-Key was used for another request; use a new one.")
    return str(known.answer)
