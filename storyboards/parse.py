"""Reading a storyboard from YAML: every problem at once, each with file, line and field."""

from collections.abc import Iterator
from difflib import get_close_matches

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kit.errors import InputRefused
from kit.values import Value
from storyboards.checks import check_meaning
from storyboards.problem import Path, Problem
from storyboards.storyboard import Broll, Card, Interview, Photos, Slot, Storyboard

MAX_CHARACTERS = 64 * 1024
"""A storyboard is a page or two; more is a mistake or an attack."""
MAX_DEPTH = 20

_BEATS: dict[str, type[Value]] = {"card": Card, "interview": Interview, "broll": Broll, "photos": Photos}
_FIELDS = {
    "": sorted({field.alias or name for name, field in Storyboard.model_fields.items()}),
    "slots": sorted(Slot.model_fields),
    **{kind: sorted(model.model_fields) for kind, model in _BEATS.items()},
}


def parse(text: str, file: str) -> Storyboard:
    """The storyboard a text describes; `file` is the name to show in messages.

    Raises InputRefused with one line for each problem: `file:line: field: problem (did you mean …)`.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputRefused(f"{file}:1: the file is too long for a storyboard: keep it under 64 KiB")
    root = _compose(text, file)
    problems = [*_duplicate_keys(root, ())]
    data = _construct(root, problems)
    if not isinstance(data, dict):
        problems.append(Problem((), "a storyboard is a list of fields such as `schema: 1`, `id: …`, `beats: …`"))
        raise _refusal(problems, root, file)
    problems += check_meaning(data)
    try:
        storyboard = Storyboard.model_validate(data)
    except ValidationError as error:
        shown = {problem.path for problem in problems}
        problems += [one for one in map(_from_pydantic, error.errors()) if one.path not in shown]
        raise _refusal(problems, root, file) from None
    if problems:
        raise _refusal(problems, root, file)
    return storyboard


def _compose(text: str, file: str) -> yaml.Node:
    """The node tree, after a look at the events: anchors and depth are refused before anything is built."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise InputRefused(
                    f"{file}:{_line_of(event.start_mark)}: *{event.anchor}: "
                    "aliases are not used in storyboards: write the value out"
                )
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise InputRefused(f"{file}:{_line_of(event.start_mark)}: the file is nested too deeply")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputRefused(
            f"{file}:{_line_of(mark)}: this is not valid YAML: {error.problem or error.context}"
        ) from None
    except yaml.YAMLError as error:
        raise InputRefused(f"{file}:1: this is not valid YAML: {str(error).splitlines()[0]}") from None
    if root is None:
        raise InputRefused(f"{file}:1: the file is empty")
    return root


def _construct(root: yaml.Node, problems: list[Problem]) -> object:
    """Plain values of a node tree; a value YAML cannot build becomes a problem."""
    loader = yaml.SafeLoader("")
    try:
        data: object = loader.construct_document(root)
    except (yaml.constructor.ConstructorError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or str(error)
        problems.append(Problem((), f"a value cannot be read: {words}", line=mark.line + 1 if mark else None))
        return {} if isinstance(root, yaml.MappingNode) else None
    finally:
        loader.dispose()
    return data


def _duplicate_keys(node: yaml.Node, path: Path) -> Iterator[Problem]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield Problem((*path, str(key.value)), "given twice", line=key.start_mark.line + 1)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
            yield from _duplicate_keys(value, (*path, str(key.value) if isinstance(key, yaml.ScalarNode) else "?"))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _duplicate_keys(value, (*path, index))


def _from_pydantic(error: ErrorDetails) -> Problem:
    """A field error as a problem, in words for an editor."""
    location: Path = tuple(error["loc"])
    kind = ""
    if len(location) >= 3 and location[0] == "beats" and location[2] in _BEATS:
        kind = str(location[2])
        location = (*location[:2], *location[3:])
    elif location[:1] == ("slots",) and len(location) >= 3:
        kind = "slots"
    if error["type"] == "extra_forbidden":
        known = _FIELDS[kind if len(location) in (1, 3) else ""]
        return Problem(location, f"there is no such field{_hint(str(location[-1]), known)}")
    if error["type"] == "missing":
        return Problem(location, "is missing")
    if error["type"] == "union_tag_not_found":
        return Problem((*location, "beat"), f"is missing: say one of {', '.join(_BEATS)}")
    if error["type"] == "union_tag_invalid":
        given = str(error["input"].get("beat"))
        return Problem((*location, "beat"), f"“{given}” is no kind of beat{_hint(given, list(_BEATS))}")
    hint = ""
    if error["type"] == "literal_error":
        hint = _hint(str(error["input"]), str(error.get("ctx", {}).get("expected", "")).replace("'", "").split())
    words = error["msg"].removeprefix("Value error, ")
    return Problem(location, f"{words[:1].lower()}{words[1:]}{hint}")


def _hint(given: str, known: list[str]) -> str:
    close = get_close_matches(given, [word.strip(",") for word in known], n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def _refusal(problems: list[Problem], root: yaml.Node, file: str) -> InputRefused:
    placed = sorted({(problem.line or _line(root, problem.path), problem.field, problem.words) for problem in problems})
    rows = (f"{file}:{line}: {field}{': ' * bool(field)}{words}" for line, field, words in placed)
    return InputRefused("\n".join(rows))


def _line_of(mark: object) -> int:
    """The line of a YAML mark, from 1; the first one when YAML gives none."""
    return int(getattr(mark, "line", 0)) + 1


def _line(node: yaml.Node, path: Path) -> int:
    """The line of the deepest part of a path that the file really holds."""
    line = node.start_mark.line + 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line
