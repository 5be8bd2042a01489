"""Files made to harm are refused before they are built, with a place and a reason."""

import resource
import time

import pytest

from kit.errors import InputRefused
from storyboards.parse import parse
from tests.storyboards.test_parse import GOOD

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)
)
HOSTILE = {
    "a billion laughs": (LAUGHS, "aliases"),
    "an anchor that holds itself": ("a: &a [*a]\n", "aliases"),
    "a merge of itself": ("a: &a {<<: *a}\n", "aliases"),
    "a merge key": (GOOD.replace("title: Photos", "title: Photos\n    <<: {required: true}"), "merge keys"),
    "deep lists": ("a: " + "[" * 3000 + "]" * 3000, "nested too deeply"),
    "deep blocks": ("\n".join(" " * n + "a:" for n in range(300)), "nested too deeply"),
    "a huge file": ("a: 1\n" * 20_000, "too long"),
    "a huge number": (GOOD.replace("target_s: 180", f"target_s: {'9' * 20_000}"), "cannot be read"),
    "an endless number": (GOOD.replace("target_s: 180", "target_s: .inf"), "less than or equal to 300"),
    "no number": (GOOD.replace("target_s: 180", "target_s: .nan"), "target_s"),
    "a Python object": (GOOD.replace("title: Photos", "title: !!python/object/apply:os.system [id]"), "cannot be read"),
    "a Python name": (GOOD.replace("title: Photos", "title: !!python/name:os.system ''"), "cannot be read"),
    "a set": (GOOD.replace("title: Photos", "title: !!set {a, b}"), "cannot be read"),
    "a list for a name": (GOOD.replace("    title: Photos", "    ? [a, b]\n    : Photos"), "a field's name is a word"),
    "control letters": (GOOD.replace("Photos", "Pho\x00tos"), "not valid YAML"),
    "two documents": (GOOD + "\n---\nschema: 1\n", "not valid YAML"),
    "many keys": ("\n".join(f"k{n}: 1" for n in range(6000)), "there is no such field"),
}
REACHING = [
    *("{{ department.__class__ }}", "{{ department['x'] }}", "{{ department|attr('x') }}", "{{ self }}{{ self.x }}"),
    *(
        "{{ department() }}",
        "{% set x = 1 %}",
        "{{ ''.join(x) }}",
        "{{ 9**9**9 }}",
        "{{ department ~ 1 }}",
        "{{ [1] }}",
    ),
    *("{% for a in department %}x{% endfor %}", "{% include 'x' %}", "{{ '{' }}", "{{ x", "{% raw %}", "{# a #}"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_cheaply(name: str) -> None:
    text, words = HOSTILE[name]
    began, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputRefused) as refused:
        parse(text, "f.yaml")
    assert words in str(refused.value)
    assert all(row.startswith("f.yaml:") for row in str(refused.value).splitlines())
    assert time.process_time() - began < 10, "seconds of this process's own work"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 200_000, "kilobytes more than before"


@pytest.mark.parametrize("expression", REACHING)
def test_an_expression_is_refused_on_its_line(expression: str) -> None:
    text = GOOD.replace('"{{ marks_notice }}"', "'" + expression.replace("'", "''") + "'")
    line = text[: text.index(expression.replace("'", "''"))].count("\n") + 1
    with pytest.raises(InputRefused) as refused:
        parse(text, "f.yaml")
    rows = [row for row in str(refused.value).splitlines() if row.startswith(f"f.yaml:{line}:")]
    assert any("lines[1]: " in row for row in rows), str(refused.value)
