"""The storyboard language as JSON Schema, for editors' YAML plugins to complete, explain and check."""

from typing import Any

from storyboards.conditions import PATTERN
from storyboards.storyboard import SCHEMA, Storyboard


def json_schema() -> dict[str, Any]:
    """The schema of a storyboard file (draft 2020-12)."""
    schema = _plain(Storyboard.model_json_schema(by_alias=True))
    for definition in schema["$defs"].values():
        if "when" in definition.get("properties", {}):
            definition["properties"]["when"]["pattern"] = PATTERN
        if "beat" in definition.get("properties", {}):
            # The library fills in the kind of a beat by itself; in a file it must be said.
            definition["required"] = ["beat", *definition.get("required", [])]
    # A default of parts hides the words beside it.
    schema["properties"]["music"]["description"] = " ".join(str(Storyboard.model_fields["music"].description).split())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Promise Reel storyboard, schema {SCHEMA}",
        **schema,
    }


def _plain(node: Any) -> Any:
    """The schema without what only programs read: titles made of field names, and mappings for one tool."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if (key == "title" and isinstance(value, str)) or (key == "discriminator" and "propertyName" in value):
            continue
        if key == "description" and isinstance(value, str):
            kept[key] = " ".join(value.split())
        elif key == "properties":
            kept[key] = {name: _plain(one) for name, one in value.items()}
        else:
            kept[key] = _plain(value)
    nullable = kept.get("anyOf", [])
    if len(nullable) == 2 and {"type": "null"} in nullable:
        kept |= next(one for one in nullable if one != {"type": "null"})
        del kept["anyOf"]
        if kept.get("default", 0) is None:
            del kept["default"]
    return kept
