"""Storyboards' versions: each saved change is a new one that stays, and nobody overwrites what he has not seen."""

import sqlite3
import threading
from pathlib import Path

import pytest

from kit.database import open_engine
from kit.errors import Conflict, InputRefused, NotFound
from pipeline import records, versions
from pipeline.projects import Details
from pipeline.rows import read_job
from pipeline.spoken import is_spoken
from pipeline.upgrade import bring_up_to_date, take_back
from pipeline.versions import Storyboards
from storyboards.library import list_ids, shipped_text
from storyboards.problem import StoryboardRefused

from .conftest import House

OWN = """\
schema: 1
id: short
title: Short
slots: [{id: leader, title: Leader, takes: interview}]
beats:
  - {beat: interview, slot: leader, max_s: 25}
  - {beat: card, kind: promise}
  - {beat: card, kind: end}
"""


@pytest.fixture
def shelf(house: House) -> Storyboards:
    return Storyboards(house.engine, clock=house.clock)


def save(shelf: Storyboards, text: str = OWN, based_on: int | None = None, **more: str) -> versions.Version:
    said = {"storyboard": "short", "author": "Editor One", "note": "A first cut."} | more
    return shelf.save(**said, text=text, based_on=based_on)


def test_what_comes_with_the_program_is_a_first_version(shelf: Storyboards) -> None:
    assert [version.storyboard for version in shelf.newest()] == sorted(list_ids())
    (only,) = shelf.versions("promise")
    assert (only.number, only.shipped, only.author) == (1, True, "Promise Reel")
    assert only.text == shipped_text("promise")
    assert shelf.versions("promise") == [only], "it is written down once"


def test_every_saved_change_is_a_version_with_its_author_time_and_note(shelf: Storyboards, house: House) -> None:
    first = save(shelf)
    house.clock.now += 60
    second = save(shelf, OWN.replace("25", "20"), 1, author=" Editor  Two ", note="The chief\nspoke too long.")
    assert (first.number, second.number) == (1, 2)
    assert (second.author, second.note) == ("Editor Two", "The chief spoke too long.")
    assert second.created_at - first.created_at == 60
    assert shelf.versions("short") == [second, first]
    assert shelf.version("short", 1).text == OWN, "an older version stays letter by letter"
    assert shelf.version("short") == second
    assert shelf.current("short").beats[0].max_s == 20
    assert next(one for one in shelf.newest() if one.storyboard == "short") == second


def test_a_shipped_storyboard_is_changed_on_top_of_what_came(shelf: Storyboards) -> None:
    text = shipped_text("promise").replace("target_s: 180", "target_s: 150")
    saved = save(shelf, text, 1, storyboard="promise")
    assert saved.number == 2
    assert not saved.shipped
    before, after, changes = shelf.differences("promise", None, None)
    assert (before.number, after.number) == (1, 2)
    assert [str(change) for change in changes] == ["film: target 180 s → 150 s"]


def test_a_newer_program_adds_its_words_unless_an_editor_went_on(
    shelf: Storyboards, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.versions("promise")
    newer = shipped_text("promise").replace("target_s: 180", "target_s: 170")
    monkeypatch.setattr(versions, "shipped_text", lambda name: newer)
    assert [(one.number, one.shipped) for one in shelf.versions("promise")] == [(2, True), (1, True)]
    save(shelf, newer.replace("170", "150"), 2, storyboard="promise")
    monkeypatch.setattr(versions, "shipped_text", lambda name: newer.replace("170", "160"))
    assert [(one.number, one.shipped) for one in shelf.versions("promise")] == [(3, False), (2, True), (1, True)]


def test_nobody_overwrites_a_version_that_he_has_not_seen(shelf: Storyboards) -> None:
    save(shelf)
    save(shelf, OWN.replace("25", "20"), 1, note="Shorter.")
    with pytest.raises(Conflict, match=r"Version 2 of “short” was saved by Editor One meanwhile \(“Shorter.”\)"):
        save(shelf, OWN.replace("25", "30"), 1)
    with pytest.raises(Conflict):
        save(shelf, OWN.replace("25", "30"))
    with pytest.raises(Conflict, match="There is no storyboard “other” yet"):
        save(shelf, OWN.replace("id: short", "id: other"), 1, storyboard="other")
    assert len(shelf.versions("short")) == 2


def test_of_many_who_save_at_once_one_is_kept(house: House) -> None:
    shelf = Storyboards(house.engine)
    save(shelf)
    ended: list[object] = []

    def try_to_save(n: int) -> None:
        try:
            ended.append(save(shelf, OWN.replace("25", str(30 + n)), 1).number)
        except Conflict as error:
            ended.append(error)

    threads = [threading.Thread(target=try_to_save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one for one in ended if isinstance(one, int)] == [2]
    assert len(ended) == 8
    assert len(shelf.versions("short")) == 2


def test_the_same_key_saves_once(shelf: Storyboards) -> None:
    def once(text: str) -> versions.Version:
        return shelf.save("short", text, author="E", note="N", based_on=None, idempotency_key="save-once-only")

    assert once(OWN) == once(OWN)
    with pytest.raises(Conflict, match="Idempotency-Key"):
        once(OWN.replace("25", "20"))


@pytest.mark.parametrize(
    ("text", "line", "column", "field"),
    [
        (OWN.replace("max_s", "max_seconds"), 6, 37, "beats[0].max_seconds"),
        (OWN.replace("id: short", "id: tall"), 2, 1, "id"),
        ("schema: [", 1, 10, ""),
        ("", 1, 1, ""),
    ],
)
def test_a_text_with_problems_is_not_saved(shelf: Storyboards, text: str, line: int, column: int, field: str) -> None:
    with pytest.raises(StoryboardRefused) as refused:
        save(shelf, text)
    (problem,) = refused.value.problems
    assert (*problem.place, problem.field) == (line, column, field)
    assert str(refused.value).startswith(f"short.yaml:{line}:{column}: ")
    with pytest.raises(NotFound):
        shelf.versions("short")
    assert shelf.check(text, "short").problems == refused.value.problems


@pytest.mark.parametrize("said", [{"author": " "}, {"note": ""}, {"note": "x" * 501}, {"author": "a\0b"}])
def test_a_version_has_an_author_and_a_note(shelf: Storyboards, said: dict[str, str]) -> None:
    with pytest.raises(InputRefused, match="versions tell who changed what"):
        save(shelf, OWN, None, **said)


def test_saving_what_is_there_is_refused(shelf: Storyboards) -> None:
    save(shelf)
    with pytest.raises(InputRefused, match="nothing to save"):
        save(shelf, OWN, 1)


def test_a_check_tells_what_would_change_and_saves_nothing(shelf: Storyboards) -> None:
    assert shelf.check(OWN).changes == ()
    save(shelf)
    checked = shelf.check(OWN.replace("25", "20"))
    assert [str(change) for change in checked.changes] == ["interview leader: max 25 s → 20 s"]
    assert len(shelf.versions("short")) == 1


def test_what_is_not_there_is_not_found(shelf: Storyboards) -> None:
    with pytest.raises(NotFound, match="There is no storyboard “none”"):
        shelf.versions("none")
    with pytest.raises(NotFound, match="has no version 7; its newest is 1"):
        shelf.version("promise", 7)


def test_the_slots_of_own_storyboards_are_known(shelf: Storyboards) -> None:
    text = OWN.replace("leader", "sheriff").replace(
        "takes: interview}", "takes: interview}, {id: horses, title: Horses, takes: broll}"
    )
    assert shelf.own_slots() == {}
    save(shelf, text)
    assert shelf.own_slots() == {"sheriff": True, "horses": False}
    assert is_spoken(Details(slot="sheriff"), shelf.own_slots())
    assert not is_spoken(Details(slot="horses", speaker_name="Chief"), shelf.own_slots())
    save(shelf, OWN.replace("leader", "deputy"), 1)
    assert shelf.own_slots() == {"deputy": True}, "by the newest version alone"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database as a program wrote it that knew no versions."""
    path = tmp_path / "older.db"
    engine = open_engine(f"sqlite:///{path}")
    bring_up_to_date(engine)
    take_back(engine, "0001")
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE alembic_version")
        connection.execute("ALTER TABLE jobs DROP COLUMN storyboard_version")
        connection.execute("DROP TABLE storyboard_versions")
        connection.execute("INSERT INTO agencies VALUES ('a', '{\"name\": \"Anytown PD\"}', 1)")
        connection.execute("INSERT INTO projects VALUES ('p', 'a', 'Ours', 1)")
        names = (
            "id, agency_id, project_id, storyboard, storyboard_spec, films, preview, state, round, captions_accepted,"
            " progress, frames_planned, notes, created_at"
        )
        connection.execute(
            f"INSERT INTO jobs ({names}) VALUES "
            "('j', 'a', 'p', 'promise', '{}', 'both', 0, 'in_review', 1, 0, 1, 0, '[]', 1)"
        )
    return path


def test_a_database_of_an_older_program_gains_what_is_new(older: Path) -> None:
    engine = open_engine(f"sqlite:///{older}")
    bring_up_to_date(engine)
    bring_up_to_date(engine)
    with engine.connect() as connection:
        job = read_job(connection, "j")
        assert (job.storyboard, job.storyboard_version) == ("promise", None)
        assert records.list_jobs(connection, "p") == [job]
    assert Storyboards(engine).version("promise").number == 1
    engine.dispose()
