"""How a database is opened: SQLite made safe for many writers, PostgreSQL as it is."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kit.errors import InputRefused, NoRoom, Outage
from kit.flush import SharedFlush
from kit.turns import Turns

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another one."""

POOL = 30
"""Connections of one process at most, kept once they were needed: opening one costs more than most questions."""

_WRITING = "promisereel_writing"
"""The execution option that holds how this process writes to a database that leaves turns and the disk to us."""


class _Pool(sa.pool.QueuePool):
    """Says whose turn it is when no connection comes free."""

    def connect(self) -> sa.PoolProxiedConnection:
        """A connection; Outage when none comes free for half a minute."""
        try:
            return super().connect()
        except sa.exc.TimeoutError as error:
            raise Outage("the database is asked by too many at once; try again in a moment") from error


class _Writing:
    """How the threads of this process write to one SQLite file.

    They take turns here, one after the other: SQLite lets those who wait sleep and try again, up to a tenth of a second
    at a time, and whoever comes just then goes first, so that among many some would wait for minutes.
    """

    def __init__(self, database: str, *, lasting: bool) -> None:
        self.turns = Turns()
        self.flush = SharedFlush(Path(f"{database}-wal").absolute()) if lasting else None


def open_engine(url: str, *, lasting: bool = True) -> sa.Engine:
    """An engine for a SQLAlchemy URL. SQLite gets WAL, foreign keys, a busy timeout, and its file's folder.

    A SQLite file that is not `lasting` goes with the program, so that nobody waits until the disk holds it.
    Whoever uses it gets Outage for a database that does not answer and InputRefused for a value that it cannot hold.
    Raises Outage when the folder of a SQLite file cannot be made.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        pool: Any = {"pool_pre_ping": True, "poolclass": _Pool, "pool_size": POOL, "max_overflow": 0}
        engine = sa.create_engine(parsed, hide_parameters=True, **pool)
        sa.event.listen(engine, "handle_error", _blame)
        return engine
    if parsed.database and parsed.database != ":memory:":
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Outage(f"the database folder cannot be made: {error}") from error
    engine = sa.create_engine(
        parsed,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        poolclass=_Pool,
        pool_size=POOL,
        max_overflow=0,
        hide_parameters=True,  # what went wrong is logged, and some rows hold what lets somebody in
        execution_options={_WRITING: _Writing(parsed.database or "", lasting=lasting)},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    sa.event.listen(engine, "handle_error", _blame)
    return engine


@contextlib.contextmanager
def immediate(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that holds SQLite's write lock from its first statement, committed at the end of the block.

    What was committed to a lasting database lies on the disk when the block is left. On other databases than SQLite it
    is a plain transaction: lock rows there with `with_for_update()`. Raises Outage when the database cannot be reached
    or stays locked.
    """
    writing: _Writing | None = engine.get_execution_options().get(_WRITING)
    if writing is None:
        with engine.connect() as connection, connection.begin():
            yield connection
        return
    if not writing.turns.acquire(BUSY_TIMEOUT_MS / 1000):
        raise Outage("the database did not answer: other writers of this program hold it")
    try:
        with engine.connect().execution_options(promisereel_immediate=True) as connection, connection.begin():
            yield connection
    finally:
        writing.turns.release()
    try:
        if writing.flush:
            writing.flush.wait()
    except OSError as error:
        raise Outage(f"the disk did not keep what was written: {error.strerror}") from error


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
    # A commit does not wait for the disk while it holds the write lock: `immediate` waits after it, many at a time.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A deferred transaction that turns into a writer fails at once when another wrote; an immediate one waits."""
    wants_lock = connection.get_execution_options().get("promisereel_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_lock else "BEGIN")
