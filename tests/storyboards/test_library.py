"""Templates are found by id or path, and what is not found is said plainly."""

from pathlib import Path

import pytest

from kit.errors import InputRefused, UsageError
from storyboards.library import list_ids, load


def test_the_promise_comes_with_the_program() -> None:
    storyboard = load("promise")
    assert "promise" in list_ids()
    assert storyboard.target_s == 180
    slots = {slot.id: slot for slot in storyboard.slots}
    assert list(slots) == ["leader", "broll", "officers", "community", "photos", "narration"]
    assert [name for name, slot in slots.items() if slot.required] == ["leader", "broll"]
    assert slots["broll"].min_s == 20
    assert all(slot.guide for slot in storyboard.slots)


def test_an_unknown_id_is_wrong_usage_with_a_hint() -> None:
    with pytest.raises(UsageError, match="did you mean “promise”") as refused:
        load("promisse")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("name", ["no/such.yaml", "zzz", "", "\0", "a" * 5000])
def test_what_does_not_exist_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError):
        load(name)


def test_a_file_is_loaded_by_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text((Path(__file__).parents[2] / "storyboards/templates/promise.yaml").read_text("utf-8"), "utf-8")
    assert load(str(file)) == load("promise")


def test_broken_files_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("schema: 1\nid: [", "utf-8")
    with pytest.raises(InputRefused, match=r"broken.yaml:2"):
        load(str(file))
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputRefused, match="UTF-8"):
        load(str(file))
