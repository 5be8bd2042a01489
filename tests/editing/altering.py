"""Every field of a value changed in turn, each time to other values that it may hold.

Nothing here names a field: what a field may be is read off its type, so a new one is altered as soon as it is there.
"""

import types
from collections.abc import Callable, Iterator
from enum import Enum
from fractions import Fraction
from itertools import chain
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError

from kit.values import Value

V = TypeVar("V", bound=Value)
Way = tuple[str, str, Iterator[Any]]
"""What is altered (its path and its class and field), and values to have in its place: the first that holds is it."""

PLAIN: dict[Any, Any] = {str: "new", float: 1.0, int: 1, bool: True}
WORDS = ("#223311", "#11AA33", "slot photos is filled", "tff", "hlg", "bt601", "left")
"""Words that fields may hold whose type does not say so."""


class Change(NamedTuple):
    """A whole value with one field of it changed."""

    path: str
    field: str
    """Class and name of the field."""
    value: Any


def fields_of(*models: type[Value]) -> frozenset[str]:
    """Class and name of every field of models and of the models inside them; one that holds a model is its fields."""
    seen: dict[type[Value], None] = {}
    waiting = [*models]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen[one] = None
            waiting += [inner for field in one.model_fields.values() for inner in _models(field.annotation)]
    return frozenset(
        f"{one.__name__}.{name}"
        for one in seen
        for name, field in one.model_fields.items()
        if not all(isinstance(kind, type) and issubclass(kind, Value) for kind in _kinds(field.annotation))
    )


def alterations(value: V, accepted: Callable[[V], bool] = lambda _: True) -> Iterator[Change]:
    """Each field of a value and of the values inside it, changed by itself to something that validates and is accepted.

    A list loses its last item, all of them, and has one more; what may be left out is left out; every word that can be
    chosen is chosen.
    """
    known = tuple(dict.fromkeys((*_strings(value.model_dump()), *WORDS)))
    for path, field, candidates in _of_value(value, "", known):
        for candidate in candidates:
            try:
                other = type(value).model_validate(candidate.model_dump(by_alias=True))
            except ValidationError:
                continue
            if other != value and accepted(other):
                yield Change(path, field, other)
                break


def _of_value(held: Value, path: str, known: tuple[str, ...]) -> Iterator[Way]:
    for name, field in type(held).model_fields.items():
        here, about = f"{path}.{name}".lstrip("."), f"{type(held).__name__}.{name}"
        for inner, altered, candidates in _ways(getattr(held, name), _kinds(field.annotation), here, about, known):
            yield inner, altered, (held.model_copy(update={name: other}) for other in candidates)


def _ways(held: Any, kinds: tuple[Any, ...], path: str, about: str, known: tuple[str, ...]) -> Iterator[Way]:
    """The ways to alter what one field holds, which may be of any of these kinds."""
    for choice in (choice for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind)):
        if choice != held:
            yield f"{path}={choice}", about, iter([choice])
    if held is None:
        yield path, about, chain.from_iterable(_built(kind, known) for kind in kinds)
        return
    if types.NoneType in kinds:
        yield f"{path}=None", about, iter([None])
    if isinstance(held, Value):
        yield from _of_value(held, path, known)
    elif isinstance(held, tuple):
        yield from _of_tuple(held, kinds, path, about, known)
    elif isinstance(held, dict):
        yield from _of_dict(held, kinds, path, about, known)
    elif not any(get_origin(kind) is Literal and held in get_args(kind) for kind in kinds):
        yield path, about, _others(held, known)


def _of_tuple(held: Any, kinds: tuple[Any, ...], path: str, about: str, known: tuple[str, ...]) -> Iterator[Way]:
    given = next(get_args(kind) for kind in kinds if get_origin(kind) is tuple)
    open_ended = given[-1] is Ellipsis
    for number, item in enumerate(held):
        inside = _kinds(given[0] if open_ended else given[number])
        for inner, altered, candidates in _ways(item, inside, f"{path}[{number}]", about, known):
            yield inner, altered, ((*held[:number], other, *held[number + 1 :]) for other in candidates)
    if not open_ended:
        return
    if held:
        yield f"{path}.less", about, iter([held[:-1]])
        yield f"{path}.none", about, iter([()])
    inside = _kinds(given[0])
    more = (other for _, _, others in _ways(held[-1], inside, "", "", known) for other in others) if held else iter(())
    made = chain.from_iterable(_built(kind, known) for kind in inside)
    yield f"{path}.more", about, ((*held, other) for other in chain(more, made))


def _of_dict(held: Any, kinds: tuple[Any, ...], path: str, about: str, known: tuple[str, ...]) -> Iterator[Way]:
    _, item = next(get_args(kind) for kind in kinds if get_origin(kind) is dict)
    inside = _kinds(item)
    for key, one in held.items():
        for inner, altered, candidates in _ways(one, inside, f"{path}.{key}", about, known):
            yield inner, altered, (held | {key: other} for other in candidates)
        yield f"{path}.{key} gone", about, iter([{other: held[other] for other in held if other != key}])
    yield f"{path}.more", about, (held | {"one_more": made} for kind in inside for made in _built(kind, known))


def _others(held: Any, known: tuple[str, ...]) -> Iterator[Any]:
    """Other values of a plain field, likely ones first."""
    match held:
        case bool():
            yield not held
        case Enum():
            yield from (member for member in type(held) if member is not held)
        case str():
            yield from (f"{held}x", *(word for word in known if word != held), held[:-1])
        case int() | Fraction():
            yield from (held + 1, held - 1, held + 90)
        case float():
            yield from (held + 0.125, held - 0.125, held + 4, held - 4)


def _built(kind: Any, known: tuple[str, ...]) -> Iterator[Any]:
    """Values of a kind for a place that has none."""
    if isinstance(kind, type) and issubclass(kind, Value):
        needed = {name: field for name, field in kind.model_fields.items() if field.is_required()}
        for word in ("new", *known):
            yield kind.model_construct(**{name: _first(field.annotation, word) for name, field in needed.items()})
    elif kind is str:
        yield from ("new", *known)
    elif kind in PLAIN:
        yield PLAIN[kind]


def _first(annotation: Any, word: str) -> Any:
    kind = next(iter(_kinds(annotation)))
    return word if kind is str else get_args(kind)[0] if get_origin(kind) is Literal else PLAIN.get(kind)


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The plain types that an annotation allows, None among them."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(kind for one in get_args(annotation) for kind in _kinds(one))
    return (annotation,)


def _models(annotation: Any) -> Iterator[type[Value]]:
    for kind in _kinds(annotation):
        if isinstance(kind, type) and issubclass(kind, Value):
            yield kind
        elif get_origin(kind) in (tuple, dict):
            for inner in get_args(kind):
                yield from _models(inner) if inner is not Ellipsis else ()


def _strings(held: Any) -> Iterator[str]:
    """Every word in a dumped value: what one field holds another may hold too."""
    match held:
        case str():
            yield held
        case dict():
            yield from chain.from_iterable(map(_strings, held.values()))
        case list() | tuple():
            yield from chain.from_iterable(map(_strings, held))
