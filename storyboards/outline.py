"""Where the beats of a storyboard stand in its text, so that a form beside the text can move and change them. Pure."""

import yaml

from kit.values import Value
from storyboards.nodes import compose


class Span(Value):
    """A field with a plain value, and the letters of the text that are its value."""

    name: str
    value: str
    start: int
    end: int
    """Letters from the start of the text; the first after the value."""


class Item(Value):
    """One beat as it stands in the text."""

    fields: tuple[Span, ...]
    lines: tuple[Span, ...]
    """The lines of a card; none where one of them does not stand on one line of the text."""
    first: int
    last: int
    """Its lines, from 1, with the remarks above it; both 0 when it shares a line with another."""


def outline(text: str) -> tuple[Item, ...]:
    """The beats of a text in its order. Raises StoryboardRefused when it is no YAML."""
    root = compose(text, "storyboard.yaml")
    if not isinstance(root, yaml.MappingNode):
        return ()
    pairs = [(key, value) for key, value in root.value if key.value == "beats"]
    if not pairs or not isinstance(pairs[0][1], yaml.SequenceNode):
        return ()
    (key, beats), *_ = pairs
    items, above = [], key.start_mark.line
    for node in beats.value:
        first, last = node.start_mark.line, _last_line(node)
        own = not beats.flow_style and first > above
        fields = _fields(node)
        items.append(
            Item(
                fields=tuple(_span(name, value) for name, value in fields.items() if _is_plain(value)),
                lines=_lines(fields.get("lines")),
                first=above + 2 if own else 0,
                last=last + 1 if own else 0,
            )
        )
        above = last
    return tuple(items)


def _fields(node: yaml.Node) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _lines(node: yaml.Node | None) -> tuple[Span, ...]:
    if not isinstance(node, yaml.SequenceNode) or not all(map(_is_plain, node.value)):
        return ()
    return tuple(_span("lines", line) for line in node.value)


def _is_plain(node: yaml.Node) -> bool:
    """Whether it is words or a number on one line."""
    return isinstance(node, yaml.ScalarNode) and node.start_mark.line == node.end_mark.line


def _span(name: str, node: yaml.Node) -> Span:
    return Span(name=name, value=str(node.value), start=node.start_mark.index, end=node.end_mark.index)


def _last_line(node: yaml.Node) -> int:
    """The last line of a node's own: a block ends for YAML only where the next one begins."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1])
    end = node.end_mark
    # A folded or literal text ends at the start of the line after it.
    return int(end.line - 1 if end.column == 0 and end.line > node.start_mark.line else end.line)
