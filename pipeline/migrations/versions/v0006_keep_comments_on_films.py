"""Keep comments on films."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.String(32)


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "comments",
        sa.Column("id", ID, nullable=False),
        sa.Column("agency_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at_s", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", ID),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("resolved_at", sa.Double()),
        sa.Column("resolved_by", sa.String(254)),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_comments_agency_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_comments_project_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_comments_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    op.create_index("ix_comments_job_id", "comments", ["job_id"])
    op.create_index("ix_comments_project_id", "comments", ["project_id"])


def downgrade() -> None:
    """Back to the one before it."""
    op.drop_table("comments")
