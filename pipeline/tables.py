"""The tables, for SQLite and PostgreSQL alike; times are seconds since 1970.

Every row knows its agency, but the versions of storyboards: those belong to the house, whose editors write for all; and
but people of the house, with what lets them in. Of passwords, sessions, links and keys only digests are kept.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Engine,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from kit.database import immediate
from pipeline.review_tables import comments
from pipeline.schema import ID

metadata = comments.metadata
"""All tables, those of `review_tables.py` among them."""

agencies = Table(
    "agencies",
    metadata,
    Column("id", ID, primary_key=True),
    Column("profile", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
)

projects = Table(
    "projects",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("storage_key", Text, nullable=False),
    Column("part_size", BigInteger, nullable=False),
    Column("store_upload_id", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("details", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expired_at", Double),
)

clips = Table(
    "clips",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("storage_key", Text, nullable=False),
    Column("transcript_key", Text),
    Column("details", JSON, nullable=False),
    Column("inspected", JSON(none_as_null=True)),
    Column("failed", Text),
    Column("created_at", Double, nullable=False),
    Column("expired_at", Double),
    UniqueConstraint("project_id", "name"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False, index=True),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False, index=True),
    Column("storyboard", Text, nullable=False),
    Column("storyboard_version", Integer),
    Column("storyboard_spec", JSON, nullable=False),
    Column("edits_version", Integer),
    Column("films", String(8), nullable=False),
    Column("preview", Boolean, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("review", String(16)),
    Column("captions_accepted", Boolean, nullable=False),
    Column("progress", Double, nullable=False),
    Column("frames_planned", Integer, nullable=False),
    Column("error", Text),
    Column("blame", String(8)),
    Column("notes", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("planned_at", Double),
    Column("finished_at", Double),
    Column("pieces_expired_at", Double),
)

steps = Table(
    "steps",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False, index=True),
    Column("job_id", ID, ForeignKey("jobs.id"), index=True),
    Column("clip_id", ID, ForeignKey("clips.id"), index=True),
    Column("round", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", Text, nullable=False),
    Column("index", Integer),
    Column("frames", Integer, nullable=False),
    Column("frames_done", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", Integer, nullable=False),
    Column("worker", Text),
    Column("lease_until", Double),
    Column("not_before", Double, nullable=False),
    Column("enqueued", Integer, nullable=False),
    Column("enqueue_after", Double, nullable=False),
    Column("outcome", JSON(none_as_null=True)),
    Column("error", Text),
    Column("blame", String(8)),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("finished_at", Double),
    UniqueConstraint("job_id", "round", "kind", "key"),
    Index("ix_steps_state_created", "state", "created_at"),
    Index("ix_steps_agency_started", "agency_id", "started_at"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("job_id", ID, ForeignKey("jobs.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", Double, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)

webhook_posts = Table(
    "webhook_posts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("webhook_id", ID, ForeignKey("webhooks.id"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Double, nullable=False),
    Column("done_at", Double),
    Column("error", Text),
    Column("created_at", Double, nullable=False),
    Index("ix_webhook_posts_done_next", "done_at", "next_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("job_id", ID, ForeignKey("jobs.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("review", String(16), nullable=False),
    Column("files", JSON, nullable=False),
    Column("archive", JSON(none_as_null=True)),
    Column("created_at", Double, nullable=False),
    Column("expired_at", Double),
    UniqueConstraint("job_id", "round"),
)

storyboard_versions = Table(
    "storyboard_versions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("storyboard", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("shipped", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    UniqueConstraint("storyboard", "number"),
)

edit_versions = Table(
    "edit_versions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agency_id", ID, ForeignKey("agencies.id"), nullable=False),
    Column("project_id", ID, ForeignKey("projects.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("edits", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    UniqueConstraint("project_id", "number"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("agency_id", String(32), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("answer", ID, nullable=False),
    Column("created_at", Double, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", ID, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("agency_id", ID, ForeignKey("agencies.id"), index=True),
    Column("password", Text),
    Column("active", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), index=True),
    Column("opened_by", String(64)),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Double, nullable=False),
    Column("revoked_at", Double),
)

applications = Table(
    "applications",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("contact", String(120), nullable=False),
    Column("email", String(254), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("agency_id", ID, ForeignKey("agencies.id")),
    Column("created_at", Double, nullable=False),
    Column("decided_at", Double),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False),
    Column("person_id", ID),
    Column("actor", String(254), nullable=False),
    Column("action", String(40), nullable=False),
    Column("object_kind", String(24), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("agency_id", ID, index=True),
    Column("details", JSON, nullable=False),
)
"""Who changed what; it points at nothing, so that nothing that goes takes its line along."""

_KEEP_AUDIT = {
    "sqlite": (
        "CREATE TRIGGER audit_keep BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is kept'); END",
        "CREATE TRIGGER audit_hold BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is kept'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is kept'; END $$",
        "CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()",
    ),
}


@event.listens_for(audit, "after_create")
def _keep_audit(_table: Table, connection: Connection, **_: object) -> None:
    """The database itself refuses to change or take away a line of the audit trail."""
    for statement in _KEEP_AUDIT[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def create_tables(engine: Engine) -> None:
    """Make every table in a database that nobody keeps; one that is kept is brought up to date (`upgrade.py`)."""
    with immediate(engine) as connection:
        metadata.create_all(connection)
