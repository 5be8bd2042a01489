"""Any request to any operation: the real application over real parts answers as its OpenAPI says, and never with 5xx.

Each operation is asked honestly, which is answered well, and what schemathesis makes of the document, right and wrong.
They name things that are there; under soak as many do not. What a request has changed is undone before the next one.
"""

import contextlib
import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
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
from api.limits import Limits
from kit.embedded import Embedded
from kit.settings import Settings

from ..postgres import fresh_database
from ..summaries import keep_on
from .conftest import TOKEN
from .furnished import Furnished

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
EXAMPLES = 100 if SOAK else 1
SEED = int(os.environ.get("PROMISEREEL_SEED", "6"))
ENDLESS = {"followJob"}
"""Streams go on as long as their job; `test_following.py` tries them."""
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"] if SOAK else ["postgresql"])
def there(
    request: pytest.FixtureRequest, embedded: Embedded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Furnished]:
    """On PostgreSQL, which refuses more than SQLite: characters, and numbers without end."""
    known = Settings(data=tmp_path_factory.mktemp("requests"), admin_token=TOKEN)
    known = known.with_parts(embedded.s3, embedded.broker_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.outbound.PublicOnly, "check", lambda *_: None)
        if request.param == "sqlite":
            yield Furnished(known, embedded.s3)
        else:
            with fresh_database(request.getfixturevalue("postgresql"), "requests") as url:
                address = url.render_as_string(hide_password=False)
                yield Furnished(known.model_copy(update={"database_url": address}), embedded.s3)


@dataclass
class Asking:
    """Requests to one operation after the other, and what came of them."""

    there: Furnished
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    """Operations that an honest request was answered well by."""
    wrong: dict[str, str] = field(default_factory=dict)

    def ask(self, name: str, case: schemathesis.Case) -> int:
        """One request; raises when its answer is not as the document says."""
        self.there.app.state.limits = Limits(None)
        self.asked[name] += 1
        answer = case.call_and_validate(headers=self.there.headers, checks=CHECKS)
        self.answered[answer.status_code] += 1
        if answer.status_code < 400 and case.method.upper() != "GET":
            self.there.back()
        return answer.status_code

    def honestly(self, name: str, operation: Any) -> None:
        """What a program would ask."""
        body, media_type = self.there.body(name)
        more = {"body": body, "media_type": media_type} if media_type else {}
        case = operation.Case(path_parameters=self._path(name, operation), query=self._query(operation), **more)
        with self._told(name):
            if self.ask(name, case) < 400:
                self.done.add(name)

    def anyhow(self, name: str, operation: Any, mode: GenerationMode, *, here: bool) -> None:
        """What schemathesis makes of the document; `here` of things that are there."""
        given_ids = {"path_parameters": self._path(name, operation), "query": self._query(operation)} if here else {}
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
            if here and mode.is_positive and isinstance(case.body, dict) and "project" in case.body:
                case.body["project"] = self.there.ids["project_id"]
            self.ask(name, case)

        # Unsatisfiable: nothing that can be sent there is wrong, or none of it with these ids.
        with self._told(name), contextlib.suppress(Unsatisfiable):
            ask()

    def _path(self, name: str, operation: Any) -> dict[str, str]:
        return self.there.named(name, {one.name for one in operation.path_parameters})

    def _query(self, operation: Any) -> dict[str, str]:
        return {"agency": self.there.ids["agency_id"]} if any(one.name == "agency" for one in operation.query) else {}

    @contextlib.contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """What is wrong with an operation is kept, to be told with the others."""
        try:
            yield
        except (Exception, BaseExceptionGroup) as error:
            told = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
            self.wrong.setdefault(f"{name} ({type(told).__name__})", str(error))


def test_every_answer_is_as_the_document_says(there: Furnished, caplog: pytest.LogCaptureFixture) -> None:
    own = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_asgi("/openapi.json", there.app, config=own)
    caplog.set_level(logging.WARNING, "api.watching")
    asking = Asking(there)
    began = time.monotonic()
    for result in schema.get_all_operations():
        operation = result.ok()
        name = str(operation.definition.raw["operationId"])
        if name in ENDLESS:
            continue
        asking.honestly(name, operation)
        for mode in GenerationMode:
            for here in (True, False) if SOAK else (True,):
                asking.anyhow(name, operation, mode, here=here)
    told = {
        "operations": len(asking.asked),
        "done": len(asking.done),
        "requests": asking.asked.total(),
        "errors": len(asking.wrong),
        "answers": {str(status): count for status, count in sorted(asking.answered.items())},
        "seconds": round(time.monotonic() - began, 1),
    }
    database = str(sa.make_url(there.settings.database_url).get_backend_name())
    keep_on("requests", database, told, sums=("requests", "errors", "answers"), seed=SEED)
    assert not asking.wrong, "\n\n".join(f"== {name}: {words[:1500]}" for name, words in asking.wrong.items())
    assert set(asking.asked) - asking.done == set(), "nothing was done there"
    assert asking.answered[401] == 0
