"""A database brought from whatever an older program left to the tables of this one, by the steps in `migrations/`."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from kit.database import immediate, open_engine
from kit.errors import Bug, UsageError

MIGRATIONS = Path(__file__).parent / "migrations"

_UPGRADING = 7_316_001
"""Any number that no other lock of ours uses: PostgreSQL's lock for those who change the tables."""


def bring_up_to_date(engine: sa.Engine) -> None:
    """Take every step that this database has not seen yet; several processes may ask at once, and one does it.

    All or nothing. Raises UsageError when a newer program wrote the database.
    """
    with _alone(engine) as config:
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise UsageError(
                f"this database was written by a newer Promise Reel: install that one again ({error})"
            ) from error


def take_back(engine: sa.Engine, target: str) -> None:
    """Undo steps down to a revision, `base` for all of them; what only newer tables hold is lost."""
    with _alone(engine) as config:
        command.downgrade(config, target)


def configure(connection: sa.Connection | None = None) -> Config:
    """Alembic's settings, for a connection that is in a transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def revisions() -> list[str]:
    """All steps, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(configure()).walk_revisions()][::-1]


@contextlib.contextmanager
def _alone(engine: sa.Engine) -> Iterator[Config]:
    """Alembic's settings in a transaction that holds the lock on changes of tables, on a connection of its own."""
    own = open_engine(engine.url.render_as_string(hide_password=False))
    if own.dialect.name == "sqlite":
        sa.event.listen(own, "connect", _unlink)
    try:
        with immediate(own) as connection:
            if own.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADING)))
            yield configure(connection)
            if own.dialect.name == "sqlite":
                _check_links(connection)
    finally:
        own.dispose()


def _unlink(connection: Any, _record: object) -> None:
    """SQLite changes a table by writing it anew and dropping the old one, whose rows others point at meanwhile."""
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_links(connection: sa.Connection) -> None:
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise Bug(f"the change of tables would leave {len(lost)} rows that point at nothing; nothing was changed")
