"""Storyboards of every age are read for ever, and problems are told on the lines that hold them."""

import copy
from pathlib import Path

import pytest

from kit.errors import InputRefused
from storyboards import migrations
from storyboards.migrations import CHANGES, Change, bring_forward
from storyboards.parse import parse
from storyboards.storyboard import Card, Interview, Storyboard

KEPT = sorted((Path(__file__).parent / "kept").glob("*.yaml"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_kept_file_is_read_and_stays_what_it_was(path: Path) -> None:
    storyboard = parse(path.read_text("utf-8"), path.name)
    saved = storyboard.model_dump(mode="json", by_alias=True)
    brought = bring_forward(saved)
    assert brought.data == saved
    assert Storyboard.model_validate(brought.data) == storyboard


def test_the_first_storyboard_means_what_it_meant() -> None:
    storyboard = parse(KEPT[0].read_text("utf-8"), "promise.yaml")
    assert KEPT[0].name == "1-promise-first.yaml"
    assert (storyboard.music.level_db, storyboard.loudness_lufs, storyboard.target_s) == (-8, -16, 180)
    assert storyboard.slots[0].guide.film.startswith("Your chief or sheriff, seated, in a quiet room")
    assert [slot.id for slot in storyboard.slots] == ["leader", "broll", "officers", "community", "photos", "narration"]
    assert [one.max_s for one in storyboard.beats if isinstance(one, Interview)] == [60, 40, 60]
    assert [one.kind for one in storyboard.beats if isinstance(one, Card)] == ["opening", "chapter", "promise", "end"]
    assert len(storyboard.beats) == 12


def test_what_a_job_pinned_in_old_words_is_read() -> None:
    saved = {"schema": 1, "music_gain_db": -8.0, "loudness_lufs": -24, "slots": [{"id": "a", "guide": "Film it."}]}
    kept = copy.deepcopy(saved)
    brought = bring_forward(saved)
    assert brought.data["music"] == {"level_db": -8.0}
    assert brought.data["format"] == "broadcast"
    assert brought.data["slots"][0]["guide"] == {"film": "Film it."}
    assert saved == kept


@pytest.mark.parametrize("odd", [{}, {"slots": 3}, {"slots": [3, {"guide": 3}]}, {"music": 3, "music_gain_db": 1}])
def test_what_is_of_the_wrong_kind_passes_through(odd: dict) -> None:
    assert bring_forward(odd).data == odd


def test_a_next_version_finds_its_way_through_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of version as one will come: renames a field and ends version 1."""

    def renamed(data: dict) -> dict:
        rest = {key: value for key, value in data.items() if key != "target_s"}
        return rest | {"schema": 2, "length_s": data["target_s"]}

    later = Change(1, renamed, {("length_s",): ("target_s",)})
    after = Change(2, lambda data: data | {"new": True})
    monkeypatch.setattr(migrations, "CHANGES", (*CHANGES, later, after))
    brought = bring_forward({"schema": 1, "target_s": 170, "music_gain_db": -3})
    assert brought.data == {"schema": 2, "length_s": 170, "new": True, "music": {"level_db": -3}}
    assert brought.moved == {("music", "level_db"): ("music_gain_db",), ("length_s",): ("target_s",)}


def test_a_version_that_is_not_there_yet_is_refused_by_name() -> None:
    text = KEPT[0].read_text("utf-8").replace("schema: 1", "schema: 9")
    with pytest.raises(InputRefused, match=r"f\.yaml:2:1: schema: should be 1"):
        parse(text, "f.yaml")
