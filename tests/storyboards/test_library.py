"""Templates are found by id or path, and what is not found is said plainly."""

from pathlib import Path

import pytest

from kit.errors import InputRefused, UsageError
from storyboards.library import fill_in, list_ids, load
from storyboards.parse import parse
from storyboards.storyboard import Card, Storyboard


def test_the_promise_comes_with_the_program() -> None:
    storyboard = load("promise")
    assert "promise" in list_ids()
    assert storyboard.target_s == 180
    slots = {slot.id: slot for slot in storyboard.slots}
    assert list(slots) == ["leader", "broll", "officers", "community", "photos", "narration", "promise_voice"]
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


SHIPPED = ("certified", "chief-address", "community-voices", "national-event", "promise", "promise-short")


def words_of(storyboard: Storyboard) -> list[str]:
    """Every line of every card."""
    return [line for beat in storyboard.beats if isinstance(beat, Card) for line in beat.lines]


def test_six_storyboards_come_with_the_program() -> None:
    assert list_ids() == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_each_slot_says_how_to_film_it(name: str) -> None:
    storyboard = load(name)
    assert storyboard.id == name
    assert storyboard.about
    for slot in storyboard.slots:
        guide = slot.guide
        assert guide.film
        assert guide.how_long
        assert guide.tips
        assert guide.sketch
        assert guide.example or slot.takes == "narration"


@pytest.mark.parametrize("name", SHIPPED)
def test_each_film_is_captioned_within_the_craft_and_names_the_department(name: str) -> None:
    storyboard = load(name)
    assert 120 <= storyboard.target_s <= 300
    kinds = [beat.kind for beat in storyboard.beats if isinstance(beat, Card)]
    assert kinds[0] == "opening"
    assert kinds[-1] == "end"
    assert kinds.count("promise") == 1
    assert sum("{{ department }}" in line for line in words_of(storyboard)) >= 2
    assert not any("Police2Peace" in line for line in words_of(storyboard)), "the notice is the program's"


@pytest.mark.parametrize("name", SHIPPED)
def test_one_shoot_serves_every_film(name: str) -> None:
    """The same slots by the same names, so that footage of one project can be tried in another storyboard."""
    known = {"leader": "interview", "officers": "interview", "community": "interview", "broll": "broll"}
    known |= {"photos": "photo", "narration": "narration", "promise_voice": "narration"}
    assert {slot.id: slot.takes for slot in load(name).slots}.items() <= known.items()


def test_a_film_must_be_given_what_its_storyboard_asks() -> None:
    certified = load("certified")
    with pytest.raises(InputRefused) as refused:
        fill_in(certified, {})
    assert str(refused.value).splitlines() == [
        "give words for “certified_from”: The first day of the certification, as the cards shall say it, "
        "such as “June 1, 2026”",
        "give words for “certified_until”: The last day of the two years, as the cards shall say it, "
        "such as “May 31, 2028”",
    ]
    with pytest.raises(InputRefused, match="“certified_until”"):
        fill_in(certified, {"certified_from": "June 1, 2026", "certified_until": "  "})
    with pytest.raises(InputRefused, match="did you mean certified_from"):
        fill_in(certified, {"certifed_from": "June 1, 2026"})
    given = {"certified_from": "June 1, 2026", "certified_until": "May 31, 2028"}
    assert fill_in(certified, given).variables == {"credits": "", **given}


def test_example_words_stand_in_for_what_is_asked() -> None:
    assert load("certified").as_example.variables["certified_until"] == "May 31, 2028"
    assert load("promise").as_example == load("promise")


ASKED = """schema: 1
id: a
title: A
asks: {day: {what: The day, example: May 1}}
variables: {credits: ""}
slots: [{id: broll, title: Scenes, takes: broll}]
beats:
  - {beat: card, kind: opening, lines: ["{{ day }}"]}
  - {beat: card, kind: promise}
  - {beat: card, kind: end, lines: ["{{ credits }}"]}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", ""),
        (
            "example: May 1",
            "exmple: May 1",
            "f.yaml:4:29: asks.day.exmple: there is no such field (did you",
        ),
        ("example: May 1", 'example: " "', "f.yaml:4:29: asks.day.example: "),
        (", example: May 1", "", "f.yaml:4:8: asks.day.example: is missing"),
        ('{credits: ""}', '{credits: "", day: ""}', "f.yaml:4:8: asks.day: is among the variables too: keep one"),
        ("{day: {", "{Day One: {", "f.yaml:4:8: asks.Day One: "),
        ("{day: {", "{title: {", "f.yaml:4:8: asks.title: is given by the program: choose another name"),
        ("{{ day }}", "Today", "f.yaml:4:8: asks.day: no card and no condition uses this variable"),
    ],
)
def test_what_is_asked_is_checked(old: str, new: str, told: str) -> None:
    text = ASKED.replace(old, new, 1)
    if not told:
        assert parse(text, "f.yaml").asks["day"].what == "The day"
        return
    with pytest.raises(InputRefused) as refused:
        parse(text, "f.yaml")
    assert any(row.startswith(told) for row in str(refused.value).splitlines()), str(refused.value)
