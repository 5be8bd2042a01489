"""How a database is opened: SQLite made safe for many writers, PostgreSQL as it is."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kit.errors import InputRefused, NoRoom, Outage

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another one."""


def open_engine(url: str) -> sa.Engine:
    """An engine for a SQLAlchemy URL. SQLite gets WAL, foreign keys, a busy timeout, and its file's folder.

    Whoever uses it gets Outage for a database that does not answer and InputRefused for a value that it cannot hold.
    Raises Outage when the folder of a SQLite file cannot be made.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = sa.create_engine(parsed, pool_pre_ping=True)
        sa.event.listen(engine, "handle_error", _blame)
        return engine
    if parsed.database and parsed.database != ":memory:":
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Outage(f"the database folder cannot be made: {error}") from error
    engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    sa.event.listen(engine, "handle_error", _blame)
    return engine


@contextlib.contextmanager
def immediate(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that holds SQLite's write lock from its first statement, committed at the end of the block.

    On other databases it is a plain transaction: lock rows there with `with_for_update()`. Raises Outage when the
    database cannot be reached or stays locked.
    """
    with engine.connect().execution_options(promisereel_immediate=True) as connection, connection.begin():
        yield connection


def _blame(context: sa.engine.ExceptionContext) -> Exception | None:
    """What the database says, by whose fault it is; everything else stays as it is, and is ours."""
    error = context.sqlalchemy_exception
    if context.is_pre_ping:
        return None  # the pool makes a new connection instead
    if isinstance(error, sa.exc.OperationalError):
        if any(words in str(error.orig) for words in ("disk is full", "No space left")):
            return NoRoom("the disk is full: free some space and try again")
        return Outage(f"the database did not answer: {error.orig}")
    if isinstance(error, sa.exc.DataError) or isinstance(context.original_exception, OverflowError):
        return InputRefused("This holds a number or a character that cannot be kept.")
    return None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Settings that SQLite keeps for each connection; the driver's own transactions are switched off."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A deferred transaction that turns into a writer fails at once when another wrote; an immediate one waits."""
    wants_lock = connection.get_execution_options().get("promisereel_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_lock else "BEGIN")
