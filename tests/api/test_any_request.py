"""Any request to any operation: the real application over real parts answers as its OpenAPI says, and never with 5xx.

schemathesis makes the requests, right ones and wrong ones. They name things that are there; under soak as many do not.
"""

import logging
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import kit.outbound
from api.app import create_app
from api.limits import Limits
from api.opening import open_service
from kit.embedded import Embedded
from kit.settings import Settings

from ..postgres import fresh_database
from ..summaries import keep_on

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
EXAMPLES = 100 if SOAK else 1
SEED = int(os.environ.get("PROMISEREEL_SEED", "6"))
TOKEN = secrets.token_urlsafe(24)
ENDLESS = {"followJob"}
"""Streams go on as long as their job; `test_following.py` tries them."""
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass
class There:
    """The application, and the ids of what is there."""

    app: FastAPI
    ids: dict[str, str]
    database: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"] if SOAK else ["postgresql"])
def there(
    request: pytest.FixtureRequest, embedded: Embedded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[There]:
    """On PostgreSQL, which refuses more than SQLite: characters, and numbers without end."""
    data = tmp_path_factory.mktemp("requests")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.outbound.PublicOnly, "check", lambda *_: None)
        if request.param == "sqlite":
            yield opened(Settings(data=data, admin_token=TOKEN), embedded)
        else:
            with fresh_database(request.getfixturevalue("postgresql"), "requests") as url:
                address = url.render_as_string(hide_password=False)
                yield opened(Settings(data=data, admin_token=TOKEN, database_url=address), embedded)


def opened(known: Settings, embedded: Embedded) -> There:
    known = known.with_parts(embedded.s3, embedded.broker_url)
    service = open_service(known)
    app = create_app(known, service)
    app.state.limits = Limits(None)
    client = TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"})

    def made(path: str, **body: Any) -> str:
        answer = client.post(path, json=body, params={"agency": agency} if agency else {})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    agency = ""
    agency = made("/v1/agencies", name="Anytown Police Department")
    ids = {"agency_id": agency, "project_id": made("/v1/projects")}
    ids["upload_id"] = made("/v1/uploads", project=ids["project_id"], name="leader.mp4", size=4)
    links = client.post(f"/v1/uploads/{ids['upload_id']}/parts", params={"agency": agency}, json=[{"n": 1}])
    assert links.status_code == 200
    ids["webhook_id"] = made("/v1/webhooks", url="https://department.example/told")
    ids["person_id"] = made("/v1/people", email="member@anytown.example", role="member", agency=agency)
    ids["application_id"] = made("/v1/applications", name="Third PD", contact="One", email="chief@third.example")
    ids |= {"storyboard": "promise", "number": "1", "name": "poster.jpg"}
    return There(app, ids, known.database_url.partition(":")[0].partition("+")[0])


def test_every_answer_is_as_the_document_says(there: There) -> None:
    own = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_asgi("/openapi.json", there.app, config=own)
    logging.getLogger("api.watching").setLevel(logging.WARNING)
    asked: dict[str, int] = {}
    answered: Counter[int] = Counter()
    wrong: dict[str, str] = {}
    began = time.monotonic()
    for result in schema.get_all_operations():
        operation = result.ok()
        name = str(operation.definition.raw["operationId"])
        if name in ENDLESS:
            continue
        named = {one.name for one in operation.path_parameters}
        known = {key: value for key, value in there.ids.items() if key in named}
        theirs = {"agency": there.ids["agency_id"]} if any(one.name == "agency" for one in operation.query) else {}
        for mode in GenerationMode:
            for here in (True, False) if SOAK else (True,):
                given_ids: dict[str, Any] = {"path_parameters": known, "query": theirs} if here else {}
                strategy = operation.as_strategy(generation_mode=mode, **{k: v for k, v in given_ids.items() if v})

                @seed(SEED)
                @settings(
                    max_examples=EXAMPLES,
                    deadline=None,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=strategy)
                def ask(case: schemathesis.Case) -> None:
                    there.app.state.limits = Limits(None)
                    asked[name] = asked.get(name, 0) + 1  # noqa: B023  called before the loop goes on
                    answer = case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"}, checks=CHECKS)
                    answered[answer.status_code] += 1

                try:
                    ask()
                except Unsatisfiable:
                    pass  # nothing that can be sent there is wrong, or none of it with these ids
                except (Exception, BaseExceptionGroup) as error:  # told all at once
                    told = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
                    wrong.setdefault(f"{name} ({type(told).__name__})", str(error))
    told = {
        "operations": len(asked),
        "requests": sum(asked.values()),
        "errors": len(wrong),
        "answers": {str(status): count for status, count in sorted(answered.items())},
        "seconds": round(time.monotonic() - began, 1),
    }
    keep_on("requests", there.database, told, sums=("requests", "errors", "answers"), seed=SEED)
    assert not wrong, "\n\n".join(f"== {name}: {words[:1500]}" for name, words in wrong.items())
    assert min(asked.values()) >= 1
    assert answered[200] + answered[201] > len(asked) / 3, f"hardly anything was done: {answered}"
    assert answered[401] == 0
