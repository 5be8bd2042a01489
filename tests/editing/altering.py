"""Every field of a value changed in turn, each time to another value that it may hold."""

import types
from collections.abc import Iterator
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from kit.values import Value

NAMED: dict[str, Any] = {
    **{"rotation": 90, "interlaced": "tff", "transfer": "hlg", "matrix": "bt601", "speech_channel": "left"},
    **{
        "ground": "#223311",
        "accent": "#11AA33",
        "pixel_format": "yuv422p",
        "digest": "f" * 64,
        "seal_digest": "e" * 64,
    },
    **{"when": "slot photos is filled"},
    **{"id": "other", "slot": "other", "music": None, "music_db": -30.0, "loudness_lufs": -24.0, "centre": (0.3, 0.6)},
}
"""Other values of fields whose type does not say what they may hold."""

Change = tuple[str, Any]
"""The path of a field, and the whole value with that field changed."""


def alterations(value: Value, path: str = "") -> Iterator[Change]:
    """Each field of a value and of the values inside it, changed by itself; the change is one that validates."""
    for name, field in type(value).model_fields.items():
        here, held = f"{path}.{name}".lstrip("."), getattr(value, name)
        for inner, other in _others(name, held, field.annotation, here):
            yield inner, type(value).model_validate(value.model_copy(update={name: other}).model_dump(by_alias=True))


def _others(name: str, held: Any, kind: Any, path: str) -> Iterator[Change]:
    if isinstance(held, Value):
        yield from alterations(held, path)
    elif isinstance(held, tuple) and held and isinstance(held[0], Value):
        for number, item in enumerate(held):
            for inner, other in alterations(item, f"{path}[{number}]"):
                yield inner, (*held[:number], other, *held[number + 1 :])
    elif name in NAMED and NAMED[name] != held and not (NAMED[name] is None and _choices(kind)):
        yield (
            path,
            NAMED[name] if not isinstance(held, tuple) or not isinstance(held[0], tuple) else (held[0], NAMED[name]),
        )
    else:
        other = _other(held, kind)
        if other is not None:
            yield path, other


def _other(held: Any, kind: Any) -> Any:
    """Another value of a plain field; None when its type holds but one, or when it is empty."""
    choices = _choices(kind)
    if choices:
        return next((choice for choice in choices if choice != held), None)
    match held:
        case bool():
            return not held
        case Enum():
            return next((member for member in type(held) if member is not held), None)
        case int() | Fraction():
            return held + 1
        case float():
            return held + 0.125
        case str():
            return held + "x"
        case tuple():
            return (*held[:-1], _other(held[-1], None)) if held else None
        case dict():
            return {key: _other(item, None) for key, item in held.items()} or None
    return _filled(kind)


def _filled(kind: Any) -> Any:
    """A value for a field that holds None."""
    plain = {str: "new", float: 1.0, int: 1}
    return next((plain[one] for one in get_args(kind) if one in plain), None)


def _choices(kind: Any) -> tuple[Any, ...]:
    if get_origin(kind) is Annotated:
        return _choices(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(choice for one in get_args(kind) for choice in _choices(one))
    return get_args(kind) if get_origin(kind) is Literal else ()
