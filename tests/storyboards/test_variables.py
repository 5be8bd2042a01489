"""Templates hold plain names; values are never read as templates."""

import pytest

from kit.errors import InputRefused
from storyboards.variables import fill, names_in


@pytest.mark.parametrize("name", ["\"Q\" & 'q'", "a:b", r"c\d", "%{}", r"{\an8}", "{{ x }}", "{% for %}", "{# c #}"])
def test_values_stay_literal(name: str) -> None:
    assert fill("Hello {{ department }}!", {"department": name}) == f"Hello {name}!"


@pytest.mark.parametrize(
    "template",
    [
        "{{ x.y }}",
        "{{ x['y'] }}",
        "{{ x() }}",
        "{{ x|upper }}",
        "{{ 9 ** 9 }}",
        "{% for a in x %}{% endfor %}",
        "{{ x",
        "{% include 'a' %}",
    ],
)
def test_anything_but_names_is_refused(template: str) -> None:
    with pytest.raises(InputRefused):
        fill(template, {"x": "1"})


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(InputRefused, match="departement"):
        fill("{{ departement }}", {"department": "X"})


def test_names_are_found() -> None:
    assert names_in("{{ a }} and {{ b }}") == {"a", "b"}
