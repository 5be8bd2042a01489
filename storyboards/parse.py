"""Reading a storyboard from YAML: every problem at once, each with file, line, column and field."""

from collections.abc import Mapping

from pydantic import ValidationError
from yaml import Node

from storyboards.checks import check_meaning
from storyboards.field_errors import problem_of
from storyboards.migrations import bring_forward
from storyboards.nodes import compose, construct, place_of
from storyboards.problem import MOST_PROBLEMS, Path, Placed, Problem, StoryboardRefused
from storyboards.storyboard import Storyboard


def parse(text: str, file: str, *, saved_as: str | None = None) -> Storyboard:
    """The storyboard a text describes; `file` is the name to show in messages, `saved_as` the id that it must have.

    Raises StoryboardRefused with one line for each problem: `file:line:column: field: problem (did you mean …)`.
    """
    root = compose(text, file)
    read, problems = construct(root)
    if not isinstance(read, dict):
        problems.append(Problem((), "a storyboard is a list of fields such as `schema: 1`, `id: …`, `beats: …`"))
        raise _refusal(problems, root, file)
    brought = bring_forward(read)
    problems += [*brought.problems, *check_meaning(brought.data)]
    if saved_as is not None and brought.data.get("id", saved_as) != saved_as:
        problems.append(Problem(("id",), f"should be {saved_as}, under which the storyboard is saved"))
    try:
        storyboard = Storyboard.model_validate(brought.data)
    except ValidationError as error:
        shown = {problem.path for problem in problems}
        problems += [one for one in map(problem_of, error.errors()[:MOST_PROBLEMS]) if one.path not in shown]
        raise _refusal([_as_written(one, brought.moved) for one in problems], root, file) from None
    if problems:
        raise _refusal([_as_written(one, brought.moved) for one in problems], root, file)
    return storyboard


def _as_written(problem: Problem, moved: Mapping[Path, Path]) -> Problem:
    """The problem under the name that the file has for its field."""
    old = moved.get(problem.path)
    return problem._replace(path=old) if old else problem


def _refusal(problems: list[Problem], root: Node, file: str) -> StoryboardRefused:
    placed = {
        Placed(problem.place or place_of(root, problem.path), problem.field, problem.words)
        for problem in problems[:MOST_PROBLEMS]
    }
    return StoryboardRefused(file, tuple(sorted(placed)))
