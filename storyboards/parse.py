"""Reading a storyboard from YAML: every problem at once, each with file, line, column and field."""

from collections.abc import Mapping

from pydantic import ValidationError
from yaml import Node

from kit.errors import InputRefused
from storyboards.checks import check_meaning
from storyboards.field_errors import problem_of
from storyboards.migrations import bring_forward
from storyboards.nodes import compose, construct, place_of
from storyboards.problem import Path, Problem
from storyboards.storyboard import Storyboard


def parse(text: str, file: str) -> Storyboard:
    """The storyboard a text describes; `file` is the name to show in messages.

    Raises InputRefused with one line for each problem: `file:line:column: field: problem (did you mean …)`.
    """
    root = compose(text, file)
    read, problems = construct(root)
    if not isinstance(read, dict):
        problems.append(Problem((), "a storyboard is a list of fields such as `schema: 1`, `id: …`, `beats: …`"))
        raise _refusal(problems, root, file)
    brought = bring_forward(read)
    problems += [*brought.problems, *check_meaning(brought.data)]
    try:
        storyboard = Storyboard.model_validate(brought.data)
    except ValidationError as error:
        shown = {problem.path for problem in problems}
        problems += [one for one in map(problem_of, error.errors()) if one.path not in shown]
        raise _refusal([_as_written(one, brought.moved) for one in problems], root, file) from None
    if problems:
        raise _refusal([_as_written(one, brought.moved) for one in problems], root, file)
    return storyboard


def _as_written(problem: Problem, moved: Mapping[Path, Path]) -> Problem:
    """The problem under the name that the file has for its field."""
    old = moved.get(problem.path)
    return problem._replace(path=old) if old else problem


def _refusal(problems: list[Problem], root: Node, file: str) -> InputRefused:
    placed = sorted(
        {(problem.place or place_of(root, problem.path), problem.field, problem.words) for problem in problems}
    )
    rows = (f"{file}:{at.line}:{at.column}: {field}{': ' * bool(field)}{words}" for at, field, words in placed)
    return InputRefused("\n".join(rows))
