"""Examples of what operations are sent and answer, put into the OpenAPI document out of `examples.yaml`."""

from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).with_suffix(".yaml")


def show_examples(document: dict[str, Any]) -> None:
    """Put them beside the bodies, the good answers and the problems of an OpenAPI document."""
    known = yaml.safe_load(EXAMPLES.read_text("utf-8"))
    for status, told in known["problems"].items():
        refused = document["components"]["responses"][f"Problem{status}"]
        _show(refused, {"type": "about:blank", "title": refused["description"], "status": status, **told})
    for methods in document["paths"].values():
        for operation in methods.values():
            name = operation["operationId"]
            _show(operation.get("requestBody", {}), known["bodies"].get(name))
            _show(next(iter(operation["responses"].values())), known["answers"].get(name))


def _show(place: dict[str, Any], example: Any) -> None:
    for content in place.get("content", {}).values() if example is not None else ():
        content["example"] = example
