"""What the page for editors shows is what the program does: each example is read, each mistake told as printed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.errors import InputRefused
from storyboards.json_schema import json_schema
from storyboards.library import list_ids, load
from storyboards.parse import parse
from tests.storyboards.json_checks import faults

PAGE = (Path(__file__).parents[2] / "docs/storyboards.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.S | re.M)
SMALLEST: dict[str, Any] = yaml.safe_load(EXAMPLES[0])
SCHEMA = json_schema()


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) >= 7
    assert SMALLEST["id"] == "smallest"


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_makes_a_good_storyboard(example: str) -> None:
    whole = SMALLEST | yaml.safe_load(example)
    storyboard = parse(yaml.safe_dump(whole, allow_unicode=True), "example.yaml")
    assert [*faults(whole, SCHEMA, SCHEMA)] == []
    assert storyboard.beats[-1].beat == "card"


def test_mistakes_are_told_as_the_page_prints_them() -> None:
    (mistaken,) = re.findall(r"^```yaml mistaken\n(.*?)^```", PAGE, re.S | re.M)
    (told,) = re.findall(r"^```told\n(.*?)^```", PAGE, re.S | re.M)
    with pytest.raises(InputRefused) as refused:
        parse(mistaken, "mine.yaml")
    assert f"{refused.value}\n" == told


def test_the_page_lists_every_shipped_storyboard_with_its_length() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| .+ \| (\d) min(?: (\d+) s)? \|$", PAGE, re.M)
    listed = {name: 60 * int(minutes) + int(seconds or 0) for name, minutes, seconds in rows}
    assert listed == {name: load(name).target_s for name in list_ids()}


@pytest.mark.parametrize(
    "field", sorted({name for one in [SCHEMA, *SCHEMA["$defs"].values()] for name in one["properties"]})
)
def test_the_page_tells_of_every_field(field: str) -> None:
    assert re.search(rf"\b{field}\b", PAGE)
