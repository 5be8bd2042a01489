"""The parts of JSON Schema that the storyboard's uses, so that it can be held against files without another package."""

import re
from collections.abc import Iterator
from typing import Any

KNOWN = {
    *("$schema", "$defs", "$ref", "title", "description", "default", "examples", "type", "enum", "const", "pattern"),
    *(
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "items",
        "oneOf",
        "minimum",
        "maximum",
    ),
    *("exclusiveMinimum", "minLength", "maxLength", "minItems", "maxItems", "maxProperties"),
}
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str = "") -> Iterator[str]:
    """Paths at which a value breaks a schema. Raises ValueError for a keyword that is not known here."""
    if strange := schema.keys() - KNOWN:
        raise ValueError(f"{path}: {strange}")
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, path)
    if "oneOf" in schema and sum(not [*faults(value, one, root, path)] for one in schema["oneOf"]) != 1:
        yield f"{path}: oneOf"
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{path}: type"
        return
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        yield f"{path}: value"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: pattern"
    if isinstance(value, int | float):
        low, over, high = (schema.get(key) for key in ("minimum", "exclusiveMinimum", "maximum"))
        if (low is not None and value < low) or (over is not None and value <= over):
            yield f"{path}: too small"
        if high is not None and value > high:
            yield f"{path}: too large"
    yield from _size(value, schema, path)
    yield from _inside(value, schema, root, path)


def _size(value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    least = schema.get("minLength", schema.get("minItems", 0))
    most = schema.get("maxLength", schema.get("maxItems", schema.get("maxProperties")))
    if isinstance(value, str | list | dict) and (len(value) < least or (most is not None and len(value) > most)):
        yield f"{path}: length"


def _inside(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, list) and "items" in schema:
        for n, one in enumerate(value):
            yield from faults(one, schema["items"], root, f"{path}[{n}]")
    if not isinstance(value, dict):
        return
    yield from (f"{path}.{name}: missing" for name in schema.get("required", ()) if name not in value)
    fields, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, one in value.items():
        yield from faults(name, schema.get("propertyNames", {}), root, f"{path}.{name}")
        if name in fields:
            yield from faults(one, fields[name], root, f"{path}.{name}")
        elif matching := [kind for form, kind in schema.get("patternProperties", {}).items() if re.search(form, name)]:
            yield from faults(one, matching[0], root, f"{path}.{name}")
        elif isinstance(others, dict):
            yield from faults(one, others, root, f"{path}.{name}")
        elif not others:
            yield f"{path}.{name}: unknown"
