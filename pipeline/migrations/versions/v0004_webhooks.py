"""Webhooks, and what they are to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "agency_id", sa.String(32), sa.ForeignKey("agencies.id", name="fk_webhooks_agency_id"), nullable=False
        ),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
    )
    op.create_index("ix_webhooks_agency_id", "webhooks", ["agency_id"])
    own = sa.ForeignKey("agencies.id", name="fk_webhook_posts_agency_id")
    hook = sa.ForeignKey("webhooks.id", name="fk_webhook_posts_webhook_id")
    op.create_table(
        "webhook_posts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("agency_id", sa.String(32), own, nullable=False),
        sa.Column("webhook_id", sa.String(32), hook, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("done_at", sa.Double()),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", sa.Double(), nullable=False),
    )
    op.create_index("ix_webhook_posts_webhook_id", "webhook_posts", ["webhook_id"])
    op.create_index("ix_webhook_posts_done_next", "webhook_posts", ["done_at", "next_at"])


def downgrade() -> None:
    """Back to the one before it."""
    op.drop_table("webhook_posts")
    op.drop_table("webhooks")
