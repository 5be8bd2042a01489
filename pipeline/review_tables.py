"""The tables of what people say of films, and of who was given them; they point at those of `tables.py` by name."""

from sqlalchemy import JSON, Column, Double, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from pipeline.schema import ID, metadata

comments = Table(
    "comments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False, index=True),
    Column("job_id", ID, ForeignKey("jobs.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("at_s", Double, nullable=False),
    Column("text", Text, nullable=False),
    Column("person_id", ID),
    Column("author", String(254), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("resolved_at", Double),
    Column("resolved_by", String(254)),
)

share_links = Table(
    "share_links",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("job_id", ID, ForeignKey("jobs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_by", String(254), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("revoked_at", Double),
    UniqueConstraint("job_id", "number"),
)
"""Of the tokens only digests are kept."""

receipts = Table(
    "receipts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("job_id", ID, ForeignKey("jobs.id"), nullable=False, index=True),
    Column("link_id", ID, ForeignKey("share_links.id"), index=True),
    Column("deed", String(16), nullable=False),
    Column("what", Text, nullable=False),
    Column("by", String(254), nullable=False),
    Column("at", Double, nullable=False),
)
"""Who opened or downloaded what of an approved film."""

notices = Table(
    "notices",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("job_id", ID, ForeignKey("jobs.id"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Double, nullable=False),
    Column("done_at", Double),
    Column("created_at", Double, nullable=False),
    Index("ix_notices_done_next", "done_at", "next_at"),
)
"""Mail about films that waits to be sent, or was."""
