"""The tables of what people say of films; they point at those of `tables.py` by name."""

from sqlalchemy import Column, Double, ForeignKey, Integer, String, Table, Text

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
