"""Examples in the OpenAPI document: of every body, answer and problem, and all as they really go over the wire."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import jsonschema_rs
import pytest
import yaml
from fastapi.routing import APIRoute, iter_route_contexts

from api.caption_schemas import CaptionLimits
from api.examples import EXAMPLES
from pipeline.packages import LINK_S
from pipeline.projects import JobEvent
from storyboards.parse import parse

from .conftest import Door

JSON = "application/json"
IDS = {"agency", "project", "job", "person", "object"}
DIGESTS = {"clip", "sha256", "seal"}


@pytest.fixture
def operations(door: Door) -> dict[str, dict[str, Any]]:
    """Every operation of the document by its id."""
    methods = [one for path in door.app.openapi()["paths"].values() for one in path.values()]
    return {one["operationId"]: one for one in methods}


@pytest.fixture
def routes(door: Door) -> dict[str, APIRoute]:
    """Every route by the id of its operation."""
    originals = [one.original_route for one in iter_route_contexts(door.app.routes)]
    return {str(one.operation_id): one for one in originals if isinstance(one, APIRoute)}


def good(operation: dict[str, Any]) -> dict[str, Any]:
    """What an operation answers when all goes well, which stands first."""
    answer: dict[str, Any] = next(iter(operation["responses"].values()))
    return answer


def answers(operations: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The example of every answer in JSON."""
    contents = {name: good(one).get("content", {}) for name, one in operations.items()}
    return {name: content[JSON]["example"] for name, content in contents.items() if JSON in content}


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(value, list):
        for item in value:
            yield from objects(item)
    elif isinstance(value, dict):
        yield value
        yield from objects(list(value.values()))


def test_every_body_has_an_example_that_its_operation_takes(operations, routes) -> None:
    known = yaml.safe_load(EXAMPLES.read_text("utf-8"))
    assert {*known["bodies"], *known["answers"]} <= set(operations), "nothing is told of operations that are gone"
    bodies = {name: one.get("requestBody", {}).get("content", {}).get(JSON) for name, one in operations.items()}
    for name, body in bodies.items():
        if body is not None:
            _, wrong = routes[name].body_field.validate(body["example"], {}, loc=("body",))
            assert not wrong, name
    assert routes["makeKey"].body_field.validate({"name": ""}, {}, loc=("body",))[1]


def test_every_answer_has_an_example_as_its_operation_writes_it(door, operations, routes) -> None:
    shown = answers(operations)
    assert len(shown) > 70
    components = door.app.openapi()["components"]
    for name, example in shown.items():
        schema = {**good(operations[name])["content"][JSON]["schema"], "components": components}
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(example)
        field = routes[name].response_field
        value, wrong = field.validate(example)
        assert not wrong, name
        assert field.serialize(value) == example, f"{name} leaves nothing out and makes nothing up"


def test_ids_digests_and_times_belong_together(operations) -> None:
    stamped = 0
    for name, example in answers(operations).items():
        for each in objects(example):
            for key, value in each.items():
                # A slot is known by a word of its storyboard.
                if key in IDS or (key == "id" and isinstance(value, str) and "takes" not in each):
                    assert value is None or re.fullmatch("[0-9a-f]{24}", value), f"{name} {key}"
                if key in DIGESTS and value not in (None, ""):
                    assert re.fullmatch("[0-9a-f]{64}", value), f"{name} {key}"
                assert value != "string"
            if "id" in each and (made := each.get("created")):
                stamped += 1
                assert int(each["id"][:12], 16) // 1000 == datetime.fromisoformat(made).timestamp(), name
    assert stamped > 30


def test_what_the_code_knows_stands_in_them(operations) -> None:
    shown = answers(operations)
    assert shown["listCaptions"]["limits"] == CaptionLimits().model_dump()
    assert {shown[name]["expires_s"] for name in ("getReview", "linkDelivery", "linkArchive")} == {LINK_S}


def test_answers_in_words_have_examples_and_files_are_described(door, operations) -> None:
    others = [one for name, one in operations.items() if name not in answers(operations)]
    told = [one for one in others if "204" not in list(one["responses"])[:1]]
    assert all(good(one)["description"] != "Successful Response" for one in told)
    contents = [(one["operationId"], each) for one in told for each in good(one).get("content", {}).values()]
    texts = {name: content["example"] for name, content in contents if "example" in content}
    assert set(texts) == {"followJob", "getVersionYaml", "readMetrics"}
    assert parse(texts["getVersionYaml"], "promise.yaml").id == "promise"
    for event in texts["followJob"].strip().split("\n\n"):
        told = dict(line.split(": ", 1) for line in event.splitlines())
        JobEvent(id=int(told["id"]), kind=told["event"], data=json.loads(told["data"]), at=0.0)
    figures = {line.rpartition(" ")[0] for line in door.client.get("/metrics").text.splitlines()}
    assert {line.rpartition(" ")[0] for line in texts["readMetrics"].splitlines()} <= figures


def test_problems_are_as_they_are_answered(door) -> None:
    answers = door.app.openapi()["components"]["responses"].values()
    examples = [answer["content"]["application/problem+json"]["example"] for answer in answers]
    shown = {example["status"]: example for example in examples}
    agency, job = door.in_review()
    asked = (
        door.client.get("/v1/agencies", params={"cursor": "x"}),
        door.anonymous.get("/v1/agencies"),
        door.client.get(f"/v1/jobs/{'0' * 24}", params={"agency": agency}),
        door.client.post(f"/v1/jobs/{job}/approve", params={"agency": agency}),
        door.client.post("/v1/agencies", json={"name": ""}),
    )
    for answer in asked:
        told, example = answer.json(), shown[answer.status_code]
        assert told == example | {"instance": told["instance"]}
    assert {answer.status_code for answer in asked} == {400, 401, 404, 409, 422}
    assert set(shown) == {400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503}
