"""The published schema says what the parser says, and explains every field."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.errors import InputRefused
from storyboards.json_schema import json_schema
from storyboards.library import list_ids
from storyboards.parse import parse
from tests.storyboards.json_checks import faults

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
FIELDS = [
    ("target_s: 180", "target_s: 10"),
    ("target_s: 180", "targt_s: 180"),
    ("target_s: 180", "target_s: soon"),
    ("schema: 1", "schema: 2"),
    ("id: promise", "id: Promise Film"),
    ("format: web", "format: film"),
    ("music: {level_db: -8}", "music: {level_db: 8}"),
    ("music: {level_db: -8}", "music: loud"),
    ("takes: photo", "takes: foto"),
    ("slot: officers, max_s: 40}", "slot: officers, max_z: 40}"),
    ("slot: officers, max_s: 40}", "slot: officers, when: sometimes}"),
    ("beat: photos", "beat: fotos"),
    ("kind: chapter", "kind: chaptre"),
    ("variant: members", "variant: officers"),
]


def template(name: str) -> str:
    return (ROOT / f"storyboards/templates/{name}.yaml").read_text("utf-8")


def test_the_published_file_is_the_schema_of_this_program() -> None:
    """Written anew by `promisereel storyboard schema > docs/storyboard.schema.json`."""
    assert json.loads((ROOT / "docs/storyboard.schema.json").read_text("utf-8")) == SCHEMA


@pytest.mark.parametrize("name", list_ids())
def test_shipped_storyboards_obey_it(name: str) -> None:
    assert [*faults(yaml.safe_load(template(name)), SCHEMA, SCHEMA)] == []


@pytest.mark.parametrize(("old", "new"), FIELDS)
def test_what_the_parser_refuses_of_a_field_it_refuses_too(old: str, new: str) -> None:
    text = template("promise").replace(old, new, 1)
    assert text != template("promise")
    assert [*faults(yaml.safe_load(text), SCHEMA, SCHEMA)]
    with pytest.raises(InputRefused):
        parse(text, "f.yaml")


def test_every_field_is_explained() -> None:
    def silent(node: Any, path: str) -> list[str]:
        if not isinstance(node, dict):
            return []
        fields = node.get("properties", {})
        own = [f"{path}.{name}" for name, field in fields.items() if len(field.get("description", "")) < 10]
        return own + [one for name, field in node.get("$defs", {}).items() for one in silent(field, name)]

    assert silent(SCHEMA, "") == []
