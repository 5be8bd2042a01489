"""YAML as a tree of nodes that know where they stand: bombs refused before anything is built, then plain values."""

import re
from collections.abc import Iterator

import yaml

from storyboards.problem import Path, Place, Placed, Problem, StoryboardRefused

MAX_CHARACTERS = 64 * 1024
"""A storyboard is a page or two; more is a mistake or an attack."""
MAX_DEPTH = 20
LARGEST = 10**12
"""No number of a storyboard is larger."""
_UNSHOWN = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Letters that stand for nothing a reader sees, or turn the line around."""
_MERGE = "tag:yaml.org,2002:merge"


class _Plain(yaml.SafeLoader):
    """Plain values; a date stays the text that it is, because variables are words."""


_Plain.yaml_constructors = {
    **yaml.SafeLoader.yaml_constructors,
    "tag:yaml.org,2002:timestamp": yaml.SafeLoader.construct_yaml_str,
}


def compose(text: str, file: str) -> yaml.Node:
    """The node tree of a text, after a look at its size and its events: aliases and depth are refused unbuilt.

    Raises StoryboardRefused with place and reason.
    """
    if len(text) > MAX_CHARACTERS:
        raise _refused(file, "the file is too long for a storyboard: keep it under 64 KiB")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                words = f"*{event.anchor}: aliases are not used in storyboards: write the value out"
                raise _refused(file, words, event.start_mark)
            if isinstance(event, yaml.ScalarEvent) and _UNSHOWN.search(event.value):
                raise _refused(file, "a letter in this text cannot be shown: write the text anew", event.start_mark)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _refused(file, "the file is nested too deeply", event.start_mark)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        words = f"this is not valid YAML: {error.problem or error.context}"
        at, began = error.problem_mark or error.context_mark, error.context_mark
        # What was never closed is mended where it opens, often lines before YAML stumbles over it.
        since = f" ({error.context} from line {began.line + 1})" if began and at and began.line < at.line else ""
        raise _refused(file, words + since, at) from None
    except yaml.YAMLError as error:
        raise _refused(file, f"this is not valid YAML: {str(error).splitlines()[0]}") from None
    except (ValueError, OverflowError):
        raise _refused(file, "this is not valid YAML: an escape such as “\\U…” names no letter") from None
    if root is None:
        raise _refused(file, "the file is empty")
    return root


def construct(root: yaml.Node) -> tuple[object, list[Problem]]:
    """Plain values of a tree, and the problems of keys given twice and of values that YAML cannot build."""
    problems = [*_keys(root, ()), *_unreadable(root, ())]
    if any(problem.words.startswith("cannot be read") for problem in problems):
        return ({} if isinstance(root, yaml.MappingNode) else None), problems
    loader = _Plain("")
    try:
        return loader.construct_document(root), problems
    finally:
        loader.dispose()


def place_of(node: yaml.Node, path: Path) -> Place:
    """Where the deepest part of a path that the file really holds stands: its key, or the item of a list."""
    place = _place(node.start_mark)
    for part in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                return place
            place, node = _place(pair[0].start_mark), pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            place = _place(node.start_mark)
        else:
            return place
    return place


def _keys(node: yaml.Node, path: Path) -> Iterator[Problem]:
    """Keys given twice, keys that are no words, and merge keys."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield Problem(path, "cannot be read: a field's name is a word", _place(key.start_mark))
                continue
            here = (*path, str(key.value))
            if key.tag == _MERGE:
                yield Problem(here, "merge keys are not used in storyboards: write the fields out")
            elif key.value in seen:
                yield Problem(here, "given twice", _place(key.start_mark))
            seen.add(key.value)
            yield from _keys(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _keys(value, (*path, index))


def _unreadable(node: yaml.Node, path: Path) -> Iterator[Problem]:
    """Values that YAML cannot build: tags of other programs, numbers without end."""
    if isinstance(node, yaml.MappingNode):
        yield from _unbuilt(node, path)
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield from _unbuilt(key, path)
                yield from _unreadable(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        yield from _unbuilt(node, path)
        for index, value in enumerate(node.value):
            yield from _unreadable(value, (*path, index))
    else:
        yield from _unbuilt(node, path)


def _unbuilt(node: yaml.Node, path: Path) -> Iterator[Problem]:
    loader = _Plain("")
    try:
        if isinstance(node, yaml.ScalarNode):
            value = loader.construct_object(node)
            if isinstance(value, int) and abs(value) > LARGEST:
                yield Problem(path, "cannot be read: the number is too large")
        elif node.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            yield Problem(path, f"cannot be read: “{node.tag[:60]}” is not used in storyboards")
    except (yaml.YAMLError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        words = getattr(error, "problem", None) or str(error)
        yield Problem(path, f"cannot be read: {words}")
    finally:
        loader.dispose()


def _refused(file: str, words: str, mark: object = None) -> StoryboardRefused:
    """The refusal of a file that is not read any further; without a mark it is told on the first line."""
    return StoryboardRefused(file, (Placed(_place(mark), "", words),))


def _place(mark: object) -> Place:
    """Line and column of a YAML mark, from 1; the first ones when YAML gives none."""
    return Place(int(getattr(mark, "line", 0)) + 1, int(getattr(mark, "column", 0)) + 1)
