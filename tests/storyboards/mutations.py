"""Mistakes as editors make them, drawn by seed at any place of a storyboard, each with the line to be told."""

import random
from collections.abc import Iterator
from typing import NamedTuple

import yaml

Path = tuple[str | int, ...]

WRONG: dict[str, tuple[str, ...]] = {
    "schema": ("7", "one"),
    "id": ("Not An Id", "7up", '""'),
    "target_s": ("10", "301", "soon", "[180]"),
    "format": ("film", "{}"),
    "level_db": ("9", "-41", "loud"),
    "takes": ("foto", "interviews", "4"),
    "required": ("maybe", "7"),
    "min_s": ("-1", "long", "{}"),
    "max_s": ("0", "301", "long"),
    "max_count": ("0", "2.5", "61"),
    "photo_s": ("2", "99", "short"),
    "shot_s": ("1", "8", "short"),
    "beat": ("fotos", "interviews", "[]"),
    "kind": ("chaptre", "title", "3"),
    "variant": ("officers", "member"),
    "transition": ("wipe", "cross fade"),
    "music": ("loud", "7"),
    "slot": ("nobody", "Leader", "[leader]"),
    "when": ("sometimes", "slot nobody is filled", "slot leader is full", "variable nobody is set"),
    "sketch": ("cat", "[speaker]"),
    "title": ("2027", "[]", '""'),
    "film": ("2027", "[a]"),
    "how_long": ("20", "{a: b}"),
    "example": ("20", "[]"),
    "what": ("20", '""'),
    "tips": ("be quick",),
    "lines": ("one line",),
    "guide": ("[film it]",),
    "slots": ("none",),
    "beats": ("none",),
    "variables": ("[credits]",),
}
"""What a field does not take."""

FREE = ("title", "film", "about", "how_long", "what")
"""Fields that hold any words."""

UNFIT = ("*thing", "!!python/name:os.system x", "{x", "[x", "@x", '"\\q"', "}")
"""What YAML itself, or ours of it, does not take as a value."""


class Mutation(NamedTuple):
    """A text, where it was changed, and how it should be taken."""

    text: str
    line: int
    """From 1."""
    good: bool
    what: str


class _Pair(NamedTuple):
    """A field of the file."""

    path: Path
    key: yaml.ScalarNode
    value: yaml.Node


def mutated(text: str, seed: int) -> Mutation:
    """The text with one change of a random kind at a random place."""
    chance = random.Random(seed)
    root = yaml.compose(text)
    assert root is not None
    pairs = [*_pairs(root, ())]
    while True:
        change = chance.choice((_misspelt, _wrong, _wrong, _twice, _unknown_words, _unfit, _other_words, _remark))
        found = change(text, chance.choice(pairs), chance)
        if found:
            return found


def _pairs(node: yaml.Node, path: Path) -> Iterator[_Pair]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield _Pair((*path, key.value), key, value)
            yield from _pairs(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for n, value in enumerate(node.value):
            yield from _pairs(value, (*path, n))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _put(text: str, node: yaml.Node, words: str) -> str:
    old = text[node.start_mark.index : node.end_mark.index]
    return text[: node.start_mark.index] + words + text[node.start_mark.index + len(old.rstrip()) :]


def _misspelt(text: str, pair: _Pair, chance: random.Random) -> Mutation | None:
    name = pair.key.value
    at = chance.randrange(len(name))
    typo = name[:at] + chance.choice(("", name[at] * 2, name[at].upper())) + name[at + 1 :]
    if typo in (name, ""):
        return None
    return Mutation(_put(text, pair.key, typo), _line(pair.key), False, f"{pair.path} is written {typo}")


def _wrong(text: str, pair: _Pair, chance: random.Random) -> Mutation | None:
    of_ours = pair.path[0] in ("variables", "asks") and len(pair.path) == 2
    if pair.path[-1] not in WRONG or of_ours or pair.path == ("music",):
        return None
    value = chance.choice(WRONG[str(pair.path[-1])])
    return Mutation(_put(text, pair.value, value), _line(pair.key), False, f"{pair.path} is {value}")


def _twice(text: str, pair: _Pair, _: random.Random) -> Mutation | None:
    lines = text.splitlines(keepends=True)
    whole = lines[_line(pair.key) - 1]
    alone = whole.lstrip().startswith(f"{pair.key.value}:") and pair.value.end_mark.line == pair.key.start_mark.line
    if not alone:
        return None
    lines.insert(_line(pair.key), whole)
    return Mutation("".join(lines), _line(pair.key) + 1, False, f"{pair.path} stands twice")


def _unknown_words(text: str, pair: _Pair, chance: random.Random) -> Mutation | None:
    if pair.path[-1] != "lines" or not isinstance(pair.value, yaml.SequenceNode):
        return None
    line = chance.choice(pair.value.value)
    words = chance.choice(("{{ nobody }}", "{{ department.name }}", "{% if department %}", "{{ department"))
    return Mutation(_put(text, line, f'"{words}"'), _line(line), False, f"{pair.path} says {words}")


def _unfit(text: str, pair: _Pair, chance: random.Random) -> Mutation | None:
    if not isinstance(pair.value, yaml.ScalarNode) or pair.value.style in (">", "|"):
        return None
    value = chance.choice(UNFIT)
    return Mutation(_put(text, pair.value, value), _line(pair.key), False, f"{pair.path} is {value}")


def _other_words(text: str, pair: _Pair, chance: random.Random) -> Mutation | None:
    if pair.path[-1] not in FREE or not isinstance(pair.value, yaml.ScalarNode):
        return None
    words = chance.choice(("Other words", '"Other: words"', "'“Other” words’'", "Ünlike wörds", "'2027'"))
    return Mutation(_put(text, pair.value, words), _line(pair.key), True, f"{pair.path} says {words}")


def _remark(text: str, pair: _Pair, _: random.Random) -> Mutation | None:
    lines = text.splitlines(keepends=True)
    lines.insert(_line(pair.key) - 1, "# a remark\n\n")
    if not lines[_line(pair.key)].lstrip(" -").startswith(pair.key.value):
        return None
    return Mutation("".join(lines), _line(pair.key), True, f"a remark before {pair.path}")
