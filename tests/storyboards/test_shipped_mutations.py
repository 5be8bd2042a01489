"""A hundred mistakes and harmless changes of each shipped storyboard: refused on their line, or taken."""

import os
import re
from importlib.resources import files

import pytest
import yaml

from kit.errors import InputRefused
from storyboards.json_schema import json_schema
from storyboards.library import list_ids
from storyboards.parse import parse
from tests.storyboards.json_checks import faults
from tests.storyboards.mutations import mutated

MUTATIONS = 250 if os.environ.get("PROMISEREEL_SOAK") else 100
SCHEMA = json_schema()


@pytest.mark.parametrize("name", list_ids())
def test_a_changed_template_is_refused_on_its_line_or_taken_because_it_is_valid(name: str) -> None:
    text = (files("storyboards") / f"templates/{name}.yaml").read_text("utf-8")
    taken = 0
    for seed in range(MUTATIONS):
        change = mutated(text, seed)
        told = refusal(change.text)
        if change.good:
            taken += 1
            assert told == "", f"{seed}, {change.what}: {told}"
            assert [*faults(yaml.safe_load(change.text), SCHEMA, SCHEMA)] == [], seed
        else:
            lines = {int(line) for line in re.findall(r"(?m)(?:^f\.yaml:|from line )(\d+)", told)}
            assert change.line in lines, f"{seed}, {change.what}, line {change.line}: {told or 'was taken'}"
    assert 5 <= taken <= MUTATIONS // 2


def refusal(text: str) -> str:
    """Why a storyboard is refused; empty when it is taken."""
    try:
        parse(text, "f.yaml")
    except InputRefused as refused:
        return str(refused)
    return ""
