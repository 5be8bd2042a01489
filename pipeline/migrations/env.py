"""What Alembic runs for each command: the connection is given by whoever calls it (`pipeline/upgrade.py`)."""

from alembic import context

from pipeline.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by writing it anew
    transactional_ddl=True,
)
context.run_migrations()
