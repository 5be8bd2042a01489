"""Jobs have a priority, and whose turn it is is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("steps") as steps:
        steps.create_index("ix_steps_agency_started", ["agency_id", "started_at"])


def downgrade() -> None:
    """Back to the one before it."""
    with op.batch_alter_table("steps") as steps:
        steps.drop_index("ix_steps_agency_started")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_column("priority")
