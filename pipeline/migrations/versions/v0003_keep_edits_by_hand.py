"""Keep edits by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "edit_versions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("agency_id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_edit_versions_agency_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_edit_versions_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_versions")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_edit_versions_project_id")),
    )
    with op.batch_alter_table("jobs") as batch:
        batch.add_column(sa.Column("edits_version", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Back to the one before it."""
    with op.batch_alter_table("jobs") as batch:
        batch.drop_column("edits_version")
    op.drop_table("edit_versions")
