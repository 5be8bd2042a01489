"""The tables: brought up to date from nothing and from an older program, up and down, on SQLite and PostgreSQL."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kit.database import immediate, open_engine
from kit.errors import Bug, UsageError
from pipeline.tables import audit, create_tables, metadata
from pipeline.upgrade import bring_up_to_date, configure, revisions, take_back

from ..postgres import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'kept.db'}")
        yield engine
        engine.dispose()
        return
    with fresh_database(request.getfixturevalue("postgresql"), "upgrade") as url:
        engine = open_engine(url.render_as_string(hide_password=False))
        yield engine
        engine.dispose()


def differences(engine: sa.Engine) -> list[object]:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def tables(engine: sa.Engine) -> dict[str, object]:
    """What the database says of its tables, apart from the order of columns."""
    held = sa.inspect(engine)
    return {
        name: (
            sorted((one["name"], str(one["type"]), one["nullable"]) for one in held.get_columns(name)),
            sorted(map(str, held.get_indexes(name))),
            sorted(map(str, held.get_unique_constraints(name))),
            sorted(map(str, held.get_foreign_keys(name))),
            held.get_pk_constraint(name),
        )
        for name in held.get_table_names()
        if name != "alembic_version"
    }


def revision_of(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_an_empty_database_gets_the_tables_that_the_program_names(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    assert differences(engine) == []
    stepwise = tables(engine)
    bring_up_to_date(engine)
    take_back(engine, "base")
    assert tables(engine) == {}
    create_tables(engine)
    assert tables(engine) == stepwise, "made at once and made step by step are the same"


def test_every_step_can_be_taken_back_and_taken_again(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    known = revisions()
    held = {revision_of(engine): tables(engine)}
    for target in [*known[:-1][::-1], "base"]:
        take_back(engine, target)
        held[revision_of(engine)] = tables(engine)
    assert held[None] == {}
    assert len(held) == len(known) + 1
    bring_up_to_date(engine)
    assert tables(engine) == held[known[-1]]


def value_for(column: sa.Column[Any], number: int) -> Any:
    """Something that a column can hold: nothing in each second row, where it may."""
    for key in column.foreign_keys:
        return value_for(key.column, number)
    if column.nullable and number % 2 == 0:
        return sa.null()
    if isinstance(column.type, sa.JSON):
        return {"n": number}
    if isinstance(column.type, sa.String):
        return f"{column.table.name} {column.name} {number}"[-(column.type.length or 80) :]
    return column.type.python_type(number)


def fill(engine: sa.Engine) -> None:
    """Two rows in each table."""
    with immediate(engine) as connection:
        for table in metadata.sorted_tables:
            for number in (1, 2):
                connection.execute(sa.insert(table).values({one: value_for(one, number) for one in table.columns}))


def rows(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """All that a database holds, by table."""
    held = sa.MetaData()
    held.reflect(engine)
    with engine.connect() as connection:
        found = {table.name: connection.execute(sa.select(table)).mappings() for table in held.sorted_tables}
        return {name: [dict(row) for row in seen] for name, seen in found.items() if name != "alembic_version"}


def check_kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """What both know of is as it was."""
    for name in set(before) & set(after):
        shared = sorted(set(before[name][0]) & set(after[name][0]))
        told, kept = ([[str(row[one]) for one in shared] for row in held[name]] for held in (before, after))
        assert sorted(kept) == sorted(told), name


def test_rows_are_kept_by_every_step_back_and_forth(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    fill(engine)
    whole = seen = rows(engine)
    assert {len(held) for held in whole.values()} == {2}
    assert set(whole) == set(metadata.tables)
    for target in revisions()[:-1][::-1]:
        take_back(engine, target)
        check_kept(seen, rows(engine))
        seen = rows(engine)
    bring_up_to_date(engine)
    check_kept(seen, rows(engine))
    assert differences(engine) == []


def test_a_database_from_before_steps_were_kept_is_taken_over_without_loss(engine: sa.Engine) -> None:
    first = revisions()[0]
    bring_up_to_date(engine)
    take_back(engine, first)
    with immediate(engine) as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.exec_driver_sql("ALTER TABLE jobs DROP COLUMN storyboard_version")
        connection.exec_driver_sql("INSERT INTO agencies VALUES ('a', '{\"name\": \"Anytown PD\"}', 1)")
        connection.exec_driver_sql("INSERT INTO projects VALUES ('p', 'a', 'Ours', 1)")
    bring_up_to_date(engine)
    assert differences(engine) == []
    with engine.connect() as connection:
        assert connection.execute(sa.select(metadata.tables["projects"])).all() == [("p", "a", "Ours", 1.0)]


def test_processes_that_start_together_take_each_step_once(engine: sa.Engine) -> None:
    wrong: list[BaseException] = []

    def start() -> None:
        try:
            bring_up_to_date(engine)
        except BaseException as error:
            wrong.append(error)

    starts = [threading.Thread(target=start) for _ in range(4)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert wrong == []
    assert differences(engine) == []


def test_a_database_of_a_newer_program_is_left_alone(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    with immediate(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UsageError, match="written by a newer Promise Reel"):
        bring_up_to_date(engine)
    assert revision_of(engine) == "9999"


def test_a_change_that_would_break_a_link_changes_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'kept.db'}")
    bring_up_to_date(engine)
    with sa.create_engine(engine.url).begin() as loose:
        loose.exec_driver_sql("INSERT INTO projects VALUES ('p', 'nobody', 'Ours', 1)")
    with pytest.raises(Bug, match="1 rows that point at nothing"):
        take_back(engine, revisions()[0])
    assert revision_of(engine) == revisions()[-1]
    engine.dispose()


def test_the_audit_trail_is_kept_by_the_database_itself(engine: sa.Engine) -> None:
    bring_up_to_date(engine)
    line = {"at": 1.0, "actor": "a", "action": "b", "object_kind": "c", "object_id": "d", "details": {}}
    with immediate(engine) as connection:
        connection.execute(sa.insert(audit), [line])
    for statement in (sa.delete(audit), sa.update(audit).values(actor="nobody")):
        with pytest.raises(sa.exc.DBAPIError, match="the audit trail is kept"), immediate(engine) as connection:
            connection.execute(statement)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(audit.c.actor)) == "a"


def test_steps_make_one_line() -> None:
    folder = ScriptDirectory.from_config(configure())
    assert len(folder.get_heads()) == 1
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]
