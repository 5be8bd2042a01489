"""Filling the blanks of a template: names in double braces, nothing else. Values stay letter by letter."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from kit.errors import InputRefused

OFFERED = frozenset({"department", "marks_notice", "title"})
"""Names that every storyboard may use besides its own `variables`."""

LONGEST = 500
"""Characters of a variable's words."""

_BLANK = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"\s*[A-Za-z_]\w*\s*")
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


class _Closed(SandboxedEnvironment):
    """A sandbox in which no attribute of any value can be reached."""

    def is_safe_attribute(self, *_: object) -> bool:
        """Nothing is safe: values are words, not objects."""
        return False


@cache
def _environment() -> _Closed:
    environment = _Closed(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    environment.globals.clear()
    environment.filters.clear()
    return environment


def names_in(template: str) -> frozenset[str]:
    """The variables a template asks for; raises InputRefused when it holds more than plain names."""
    blanks = _BLANK.findall(template)
    if "{%" in template or "{#" in template or not all(map(_NAME.fullmatch, blanks)):
        raise InputRefused("a text may hold only plain variables, written as {{ name }}")
    try:
        tree = _environment().parse(template)
    except (TemplateSyntaxError, RecursionError, ValueError) as error:
        raise InputRefused(f"the text is no template ({error}): write variables as {{{{ name }}}}") from None
    odd = next((node for node in _walk(tree) if not isinstance(node, _ALLOWED)), None)
    if odd is not None:
        raise InputRefused("a text may hold only plain variables, written as {{ name }}")
    return frozenset(node.name for node in tree.find_all(nodes.Name))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace `{{ name }}` by its value, once: braces inside a value stay as they are.

    Raises InputRefused for an unknown name and for anything but plain names.
    """
    unknown = sorted(names_in(template) - values.keys())
    if unknown:
        known = ", ".join(sorted(values))
        raise InputRefused(f"the text uses the unknown variable “{unknown[0]}”: known are {known}")
    try:
        return str(_environment().from_string(template).render(dict(values)))
    except (UndefinedError, SecurityError) as error:
        raise InputRefused(f"the text cannot be filled in: {error}") from None


def _walk(node: nodes.Node) -> list[nodes.Node]:
    found = [node]
    for child in node.iter_child_nodes():
        found += _walk(child)
    return found


def with_values(
    declared: Mapping[str, str], given: Mapping[str, str], asked: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A storyboard's variables with what was given for this film; `asked` says what must be given, by name.

    Raises InputRefused for names it does not have, and for what must be given and is not.
    """
    asked = asked or {}
    names = sorted({*declared, *asked})
    unknown = sorted(given.keys() - set(names))
    if unknown:
        close = get_close_matches(unknown[0], names, n=1)
        known = f"did you mean {close[0]}?" if close else f"it has {', '.join(names) or 'none'}"
        raise InputRefused(f"the storyboard has no variable “{unknown[0]}”: {known}")
    here = {**declared, **given}
    missing = [f"give words for “{name}”: {what}" for name, what in asked.items() if not here.get(name, "").strip()]
    if missing:
        raise InputRefused("\n".join(missing))
    odd = next((name for name, value in given.items() if not value.isprintable()), None)
    if odd:
        raise InputRefused(f"the words for “{odd}” hold a letter that cannot be shown: type them anew, on one line")
    long = next((name for name, value in given.items() if len(value) > LONGEST), None)
    if long:
        raise InputRefused(f"the variable “{long}” is too long: {LONGEST} characters at most")
    return here
