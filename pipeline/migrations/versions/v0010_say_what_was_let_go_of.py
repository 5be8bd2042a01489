"""Say what was let go of, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

COLUMNS = (
    ("uploads", "expired_at"),
    ("clips", "expired_at"),
    ("deliveries", "expired_at"),
    ("jobs", "pieces_expired_at"),
)


def upgrade() -> None:
    """To this version."""
    for table, name in COLUMNS:
        op.add_column(table, sa.Column(name, sa.Double()))


def downgrade() -> None:
    """Back to the one before it."""
    for table, name in COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
