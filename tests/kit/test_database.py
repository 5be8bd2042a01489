"""SQLite under many writers: nothing is lost, nobody fails for being second."""

import multiprocessing
import os
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

import kit.database
import kit.flush
from kit.database import immediate, open_engine
from kit.errors import Outage


def _claim_all(url: str) -> None:
    engine = open_engine(url)
    while True:
        with immediate(engine) as connection:
            row = connection.execute(sa.text("select id from step where owner is null limit 1")).first()
            if row is None:
                return
            connection.execute(sa.text("update step set owner = 1, claims = claims + 1 where id = :id"), {"id": row.id})


def test_every_step_is_claimed_once_by_many_processes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new folder/test.db"
    engine = open_engine(url)
    with immediate(engine) as connection:
        connection.execute(sa.text("create table step (id integer primary key, owner int, claims int default 0)"))
        connection.execute(sa.text("insert into step (id) values (:id)"), [{"id": n} for n in range(120)])
    spawn = multiprocessing.get_context("fork")
    workers = [spawn.Process(target=_claim_all, args=(url,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    with engine.connect() as connection:
        assert connection.execute(sa.text("select count(*), min(claims), max(claims) from step")).one() == (120, 1, 1)


def test_a_failed_block_leaves_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/test.db")
    with immediate(engine) as connection:
        connection.execute(sa.text("create table thing (id integer primary key)"))

    def fail() -> None:
        with immediate(engine) as connection:
            connection.execute(sa.text("insert into thing values (1)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with engine.connect() as connection:
        assert connection.execute(sa.text("select count(*) from thing")).scalar() == 0


def test_sqlite_is_set_up_for_many_writers(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path}/test.db").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1, "a commit waits after it, not within"


def test_what_is_committed_lies_on_the_disk_when_the_block_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/test.db")
    with immediate(engine) as connection:
        connection.exec_driver_sql("create table thing (name text)")
    flushed: list[bytes] = []

    def flush(handle: int) -> None:
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        flushed.append(os.pread(handle, 1 << 20, 0))

    monkeypatch.setattr(kit.flush, "_TO_DISK", flush)
    for name in ("first row", "second row"):
        with immediate(engine) as connection:
            connection.execute(sa.text("insert into thing values (:name)"), {"name": name})
        assert name.encode() in flushed[-1]
    assert len(flushed) == 2


def test_a_writer_that_waits_too_long_is_an_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit.database, "BUSY_TIMEOUT_MS", 20)
    engine = open_engine(f"sqlite:///{tmp_path}/test.db")
    refused: list[Outage] = []

    def write() -> None:
        try:
            with immediate(engine):
                pass
        except Outage as error:
            refused.append(error)

    with immediate(engine):
        other = threading.Thread(target=write)
        other.start()
        other.join()
    assert len(refused) == 1
    write()
    assert len(refused) == 1, "the turn is given back"


def test_a_connection_that_does_not_come_free_is_an_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit.database, "POOL", 1)
    engine = open_engine(f"sqlite:///{tmp_path}/test.db")
    monkeypatch.setattr(engine.pool, "_timeout", 0.01)
    with engine.connect(), pytest.raises(Outage, match="too many at once"):
        engine.connect()


def test_a_folder_that_cannot_be_made_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Outage):
        open_engine(f"sqlite:///{tmp_path}/file/test.db")


@pytest.mark.parametrize("url", ["sqlite:///{}/test.db", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_what_goes_wrong_is_told_without_what_was_written(tmp_path: Path, url: str) -> None:
    assert open_engine(url.format(tmp_path)).hide_parameters


def test_an_error_names_no_value(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/test.db")
    with immediate(engine) as connection:
        connection.execute(sa.text("create table hook (secret text primary key)"))
        same = sa.text("insert into hook values (:secret)"), {"secret": "whsec_hush"}
        connection.execute(*same)
        with pytest.raises(sa.exc.IntegrityError) as told:
            connection.execute(*same)
    assert "whsec_hush" not in str(told.value)
