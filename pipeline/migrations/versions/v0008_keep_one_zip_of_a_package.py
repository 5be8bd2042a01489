"""Keep one zip of a package."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """To this version."""
    op.add_column("deliveries", sa.Column("archive", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    """Back to the one before it."""
    with op.batch_alter_table("deliveries") as batch:
        batch.drop_column("archive")
