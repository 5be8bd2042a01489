"""Each mutation of a good storyboard is found, on its line; several are found at once."""

import re
from pathlib import Path

import pytest

from kit.errors import InputRefused
from storyboards.parse import parse

GOOD = (Path(__file__).parent / "kept/1-promise-first.yaml").read_text("utf-8")

MUTATIONS = [
    ("target_s: 180", "target_s: 10", "target_s"),
    ("target_s: 180", "target_s: soon", "target_s"),
    ("target_s: 180", "targt_s: 180", "did you mean target_s?"),
    ("schema: 1", "schema: 2", "schema"),
    ("id: promise", "id: Promise Film", "id"),
    ("loudness_lufs: -16", "loudness_lufs: -10", "loudness_lufs"),
    ("    takes: photo", "    takes: foto", "did you mean photo?"),
    ("slot: officers, max_s: 40}", "slot: oficers, max_s: 40}", "did you mean officers?"),
    ("slot: officers, max_s: 40}", "slot: broll, max_s: 40}", "takes broll, not interview"),
    ("slot: officers, max_s: 40}", "slot: officers, max_z: 40}", "did you mean max_s?"),
    ("slot: officers, max_s: 40}", "slot: officers, max_s: long}", "max_s"),
    ("{beat: photos, photo_s: 5", "{beat: fotos, photo_s: 5", "did you mean photos?"),
    ("kind: chapter", "kind: chaptre", "did you mean chapter?"),
    ("kind: chapter\n", "kind: quote\n", "a quote has two or three lines"),
    ("    variant: members", "    lines: [We promise nothing]", "wording of the Promise is locked"),
    ("    variant: members", "    variant: officers", "variant"),
    ('"{{ marks_notice }}"', '"{{ mark_notice }}"', "did you mean marks_notice?"),
    ('"{{ marks_notice }}"', '"{{ marks_notice.__class__ }}"', "only plain variables"),
    ("  - id: community", "  - id:  officers", "there twice"),
    ("title: Photos", "title: !!python/name:os.system Photos", "cannot be read"),
    ("title: Photos", "title: 2026", "should be text: write it in quotes"),
    ("title: Photos", f"title: {'9' * 5000}", "cannot be read"),
    ("    kind: opening", "    kind: opening\n    when: slot nobody is filled", "there is no slot “nobody”"),
    ("{beat: broll, min_s: 5, max_s: 24}", "{beat: broll, max_s: 3}", "give min_s too"),
    ('  credits: ""', '  credit: ""', "no card and no condition uses this variable"),
    ('  credits: ""', '  credits: ""\n  department: a', "is given by the program"),
    ("music_gain_db: -8", "music_gain_db: -80", "music_gain_db: should be greater than or equal to -40"),
    ("title: Photos", "title: Photos\n    title: Again", "given twice"),
]


ELSEWHERE = [
    (
        "kind: chapter\n",
        "kind: chapter\n    transition: wipe\n",
        "should be cut, cross-fade, dip or dip-to-black",
        "    transition: wipe",
    ),
    ("    min_s: 20", "    min_s: 20\n    max_s: 10", "is more than max_s, 10", "    min_s: 20"),
    ('  credits: ""', '  credits: ""\n  Two Words: a', "small letters, figures and underscores", "  Two Words"),
    ("slot: officers, max_s: 40}", "slot: leader, max_s: 40}", "no beat shows the slot “officers”", "  - id: officers"),
    ("    lines: [Voices of our community]\n", "", "a chapter card says something", "    kind: chapter"),
    (
        "music_gain_db: -8",
        "music_gain_db: -8\nmusic: {level_db: -9}",
        "written `music.level_db`",
        "music_gain_db: -8",
    ),
]
"""Mutations that show on another line than the last of their own."""


@pytest.mark.parametrize(("old", "new", "words"), MUTATIONS)
def test_each_problem_names_file_line_and_field(old: str, new: str, words: str) -> None:
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    line = text[: text.index(new) + new.rindex("\n") + 1 if "\n" in new else text.index(new)].count("\n") + 1
    with pytest.raises(InputRefused) as refused:
        parse(text, "mine.yaml")
    found = [row for row in str(refused.value).splitlines() if words in row]
    assert any(re.match(rf"mine\.yaml:{line}:\d+: ", row) for row in found), str(refused.value)


@pytest.mark.parametrize(("old", "new", "words", "at"), ELSEWHERE)
def test_a_problem_is_told_where_it_can_be_mended(old: str, new: str, words: str, at: str) -> None:
    text = GOOD.replace(old, new, 1)
    line = text[: text.index(at)].count("\n") + 1
    with pytest.raises(InputRefused) as refused:
        parse(text, "mine.yaml")
    found = [row for row in str(refused.value).splitlines() if words in row]
    assert any(row.startswith(f"mine.yaml:{line}:{len(at) - len(at.lstrip(' -')) + 1}: ") for row in found), found


def test_all_problems_come_at_once_in_order() -> None:
    text = GOOD.replace("target_s: 180", "target_s: 10")
    text = text.replace("kind: chapter", "kind: x").replace("slot: leader", "slot: leeder")
    with pytest.raises(InputRefused) as refused:
        parse(text, "f.yaml")
    rows = str(refused.value).splitlines()
    assert [row.split(": ")[1] for row in rows] == ["target_s", "slots[0].id", "beats[2].slot", "beats[6].kind"]
    assert [int(row.split(":")[1]) for row in rows] == sorted(int(row.split(":")[1]) for row in rows)


def test_missing_fields_are_named() -> None:
    with pytest.raises(InputRefused) as refused:
        parse("schema: 1\nid: a\n", "f.yaml")
    assert {"title: is missing", "slots: is missing", "beats: is missing"} <= {
        row.split(": ", 1)[1] for row in str(refused.value).splitlines()
    }


@pytest.mark.parametrize(
    "text", ["", "# only a comment", "- a\n- b", "just words", "a: [", "\t- x", "a: &x 1\nb: *x", "[" * 50 + "]" * 50]
)
def test_what_is_no_storyboard_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match=r"f\.yaml:\d+"):
        parse(text, "f.yaml")


def test_an_alias_bomb_is_refused_at_once() -> None:
    rows = (f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12))
    bomb = "a: &a [x, x]\n" + "".join(rows)
    with pytest.raises(InputRefused, match="aliases"):
        parse(bomb, "f.yaml")


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(InputRefused, match="too long"):
        parse("a" * 70_000, "f.yaml")


def test_a_film_without_promise_or_end_is_refused() -> None:
    text = GOOD[: GOOD.index("  - beat: card\n    kind: promise")]
    with pytest.raises(InputRefused) as refused:
        parse(text, "f.yaml")
    assert "card of kind promise" in str(refused.value)
    assert "card of kind end" in str(refused.value)
