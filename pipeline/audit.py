"""The audit trail: who did what to which object, written in the transaction of the change itself."""

import sqlalchemy as sa

from pipeline.people import About, Actor, Happened
from pipeline.tables import audit


def note(
    connection: sa.Connection,
    actor: Actor,
    now: float,
    action: str,
    kind: About,
    object_id: str,
    agency_id: str | None = None,
    /,
    **details: object,
) -> None:
    """Add a line; secrets and what people wrote to each other have no place in its details."""
    row = {
        "at": now,
        "person_id": actor.person_id,
        "actor": actor.name,
        "action": action,
        "object_kind": kind,
        "object_id": object_id,
        "agency_id": agency_id,
        "details": details,
    }
    connection.execute(sa.insert(audit), [row])


def list_trail(
    engine: sa.Engine,
    *,
    before: int | None = None,
    agency_id: str | None = None,
    about: About | None = None,
    who: str | None = None,
    limit: int = 50,
) -> list[Happened]:
    """The newest lines, or those before one: of one agency, about one sort of thing, or by whoever has that name."""
    query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    if agency_id is not None:
        query = query.where(audit.c.agency_id == agency_id)
    if about is not None:
        query = query.where(audit.c.object_kind == about)
    if who is not None:
        query = query.where(audit.c.actor == who)
    with engine.connect() as connection:
        return [Happened.model_validate(dict(row)) for row in connection.execute(query).mappings()]
