"""What a database says is told by whose fault it is, on SQLite and on PostgreSQL."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kit.database import immediate, open_engine
from kit.errors import InputRefused, Outage

from ..postgres import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database with one table of numbers and words."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/test.db")
        made(engine)
        yield engine
        engine.dispose()
    else:
        with fresh_database(request.getfixturevalue("postgresql"), "blame") as url:
            engine = open_engine(url.render_as_string(hide_password=False))
            made(engine)
            yield engine
            engine.dispose()


def made(engine: sa.Engine) -> None:
    with immediate(engine) as connection:
        connection.execute(sa.text("create table thing (id bigint primary key, words text)"))


def test_a_number_without_bounds_is_the_senders_to_mend(engine: sa.Engine) -> None:
    with pytest.raises(InputRefused, match="cannot be kept"), immediate(engine) as connection:
        connection.execute(sa.text("insert into thing values (:id, 'x')"), {"id": 10**30})


def test_what_a_database_cannot_spell_is_the_senders_to_mend(engine: sa.Engine) -> None:
    """SQLite keeps the character zero, PostgreSQL does not."""
    refuses = engine.dialect.name == "postgresql"
    with (
        pytest.raises(InputRefused, match="cannot be kept") if refuses else contextlib.nullcontext(),
        immediate(engine) as connection,
    ):
        connection.execute(sa.text("insert into thing values (1, :words)"), {"words": "a\x00b"})


def test_an_answer_that_does_not_come_is_an_outage(tmp_path: Path) -> None:
    nowhere = open_engine(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    with pytest.raises(Outage, match="did not answer"), nowhere.connect():
        pass
    with pytest.raises(Outage, match="did not answer"), immediate(nowhere):
        pass
    not_one = tmp_path / "not.db"
    not_one.mkdir()
    with pytest.raises(Outage, match="did not answer"), open_engine(f"sqlite:///{not_one}").connect():
        pass


def test_a_missing_table_is_our_own_fault_or_an_outage_but_never_the_senders(engine: sa.Engine) -> None:
    with pytest.raises((Outage, sa.exc.ProgrammingError)), engine.connect() as connection:
        connection.execute(sa.text("select * from nothing"))
