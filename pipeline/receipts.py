"""Receipts: who opened or downloaded what of an approved film, and when."""

from typing import Literal

import sqlalchemy as sa

from kit.values import Value
from pipeline.jobs import Job
from pipeline.review_tables import receipts, share_links
from pipeline.rows import new_id

Deed = Literal["open", "download"]

EVERYTHING = "all files"
"""What a receipt names when links to the whole package were given."""


class Receipt(Value):
    """Something that somebody opened or downloaded."""

    id: str
    at: float
    deed: Deed
    what: str
    """The name of a file, `all files`, or `page` for the page of a shared link."""
    by: str
    """An e-mail address, or `shared link 2`."""
    link: int | None
    """The number of the shared link."""


def keep_receipt(
    connection: sa.Connection, job: Job, deed: Deed, what: str, by: str, now: float, *, link_id: str | None = None
) -> None:
    """Write down who had what, in the transaction in which it is given."""
    row = {"id": new_id(), "agency_id": job.agency_id, "job_id": job.id, "link_id": link_id}
    connection.execute(sa.insert(receipts), [row | {"deed": deed, "what": what, "by": by, "at": now}])


def list_receipts(connection: sa.Connection, job_id: str) -> list[Receipt]:
    """What was had of a job's film, newest first."""
    query = sa.select(receipts, share_links.c.number.label("link")).select_from(receipts.outerjoin(share_links))
    rows = connection.execute(query.where(receipts.c.job_id == job_id).order_by(receipts.c.id.desc())).mappings()
    return [Receipt.model_validate({name: row[name] for name in Receipt.model_fields}) for row in rows]
