"""Share films by links, and keep receipts of who had them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.String(32)


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "share_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("agency_id", ID, nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String(254), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("revoked_at", sa.Double()),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_share_links_agency_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_share_links_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_share_links"),
        sa.UniqueConstraint("digest", name="uq_share_links_digest"),
        sa.UniqueConstraint("job_id", "number", name="uq_share_links_job_id"),
    )
    op.create_table(
        "receipts",
        sa.Column("id", ID, nullable=False),
        sa.Column("agency_id", ID, nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("link_id", ID),
        sa.Column("deed", sa.String(16), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_receipts_agency_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_receipts_job_id"),
        sa.ForeignKeyConstraint(["link_id"], ["share_links.id"], name="fk_receipts_link_id"),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_job_id", "receipts", ["job_id"])
    op.create_index("ix_receipts_link_id", "receipts", ["link_id"])


def downgrade() -> None:
    """Back to the one before it."""
    op.drop_table("receipts")
    op.drop_table("share_links")
