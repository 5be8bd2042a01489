"""The tenant matrix: every operation of the OpenAPI and every page, for every role, on own and others' things.

The answers stand in `access.txt`. What is new fails until somebody has written down who may do it.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

import kit.outbound
import pipeline.cuts
import pipeline.seals
from kit.errors import Conflict
from pipeline.jobs import Job
from pipeline.tasks import StoredContext

from ..summaries import keep
from .conftest import Door, opened, settings_in
from .requests import BODIES, BY_ANYBODY, FORMS, LEAVE_NO_LINE, PARAMETERS
from .world import World

ROLES = ("anonymous", "member", "editor", "administrator")
TARGETS = ("own", "other", "unknown", "crossed", "absent")
ALIKE = (("other", "unknown"), ("crossed", "absent"))
"""To a member what is another's must look as what is not there."""
TABLE = Path(__file__).with_name("access.txt")


def rows() -> dict[str, list[str]]:
    """What is written down: for each operation twenty answers, five for each role; `-` where no target is named."""
    found = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, answers = line.split("|", 1)
            found[name.strip()] = answers.replace("|", " ").split()
    return found


def unplanned(_cuts: pipeline.cuts.Cuts, _job: Job) -> StoredContext:
    """Nothing was rendered for these films."""
    raise Conflict("This film is not planned yet.")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Iterator[World]:
    """Both agencies; what a seal or a plan holds, or where a webhook leads, is of no interest here."""
    with pytest.MonkeyPatch.context() as patch, opened(settings_in(tmp_path_factory.mktemp("world"))) as door:
        patch.setattr(pipeline.seals, "_check", lambda path: None)
        patch.setattr(kit.outbound.PublicOnly, "check", lambda *_: None)
        patch.setattr(pipeline.cuts.Cuts, "_stored", unplanned)
        yield World(door)


def operations(door: Door) -> dict[str, tuple[str, str, list[str]]]:
    """Method, path and the names of query parameters of every operation that the OpenAPI tells of."""
    document = door.app.openapi()
    return {
        each["operationId"]: (method, path, [one["name"] for one in each.get("parameters", ()) if one["in"] == "query"])
        for path, methods in document["paths"].items()
        for method, each in methods.items()
    }


def pages(door: Door) -> dict[str, tuple[str, str, list[str]]]:
    """The same of every page, named by method and path."""
    contexts = iter_route_contexts(door.app.routes)
    shown = [one for one in contexts if isinstance(one.original_route, APIRoute) and not one.include_in_schema]
    return {f"{method} {one.path}": (method.lower(), str(one.path), []) for one in shown for method in one.methods}


def answers(world: World, name: str, method: str, path: str, query: list[str]) -> dict[tuple[str, str], Any]:
    """What every role is answered for every target."""
    found = {}
    names_something = bool({"agency"} & set(query) or re.search(r"{\w+_id}", path))
    for role in ROLES:
        for target in TARGETS if names_something else TARGETS[:1]:
            world.back()
            found[role, target] = ask(world, role, target, name, method, path, query)
    return found


def ask(
    world: World, role: str, target: str, name: str, method: str, path: str, query: list[str], *, word: str = ""
) -> Any:
    """One question; `word` stands in the query in place of the agency, or where none is asked for."""
    who, ids = world.who[role], world.named(role, target)
    client = world.door.anonymous
    client.cookies.clear()
    for cookie, value in who.cookies.items() if " " in name else ():
        client.cookies.set(cookie, value)
    headers, asked = {"Last-Event-ID": "999999", "Origin": "http://testserver"}, {}
    if " " in name:
        asked["headers"] = headers | {"Accept": "text/html"}
        if method == "post":
            asked["data"] = {key: value.format(**ids) for key, value in FORMS.get(name, {}).items()}
    else:
        asked |= BODIES.get(name, lambda _: {})(ids)
        asked["headers"] = headers | who.headers | asked.get("headers", {})
    asked["params"] = {"agency": word or ids["agency_id"]} if word or "agency" in query else {}
    return client.request(method, path.format(**(PARAMETERS.get(name, {}) | ids)), **asked)


def word_for(answer: Any) -> str:
    """The status, or `in` where one is led to the sign-in page."""
    if answer.headers.get("location", "").startswith("/sign-in?next="):
        return "in"
    return str(answer.status_code)


def said(answer: Any) -> tuple[int, str]:
    """What an answer tells, apart from the ids that were asked for."""
    return answer.status_code, re.sub(r"[0-9a-f]{24}", "", answer.text)


def test_everything_has_its_row(world: World) -> None:
    assert set(rows()) == set(operations(world.door)) | set(pages(world.door))


@pytest.fixture(scope="module")
def asked(world: World) -> Iterator[dict[str, tuple[int, int]]]:
    """How many questions of each row were asked, and how many answered otherwise; written down when all were."""
    rounds: dict[str, tuple[int, int]] = {}
    yield rounds
    if set(rounds) == set(rows()):
        sizes = {"operations": len(operations(world.door)), "pages": len(pages(world.door)), "roles": len(ROLES)}
        requests, errors = (sum(counts) for counts in zip(*rounds.values(), strict=True))
        keep("access", {**sizes, "targets": len(TARGETS), "requests": requests, "errors": errors})


@pytest.mark.parametrize("name", rows())
def test_everybody_is_answered_as_it_is_written(world: World, asked: dict[str, tuple[int, int]], name: str) -> None:
    found = answers(world, name, *(operations(world.door) | pages(world.door))[name])
    line = [word_for(found[one]) if one in found else "-" for one in product(ROLES, TARGETS)]
    asked[name] = (len(found), sum(said != written for said, written in zip(line, rows()[name], strict=True)))
    assert line == rows()[name]
    for anothers, nobodys in ALIKE if ("member", "other") in found else ():
        if found["member", anothers].status_code == 404:
            assert said(found["member", anothers]) == said(found["member", nobodys])


@pytest.mark.parametrize("name", rows())
def test_what_changes_something_leaves_a_line_in_the_audit_trail(world: World, name: str) -> None:
    method, path, query = (operations(world.door) | pages(world.door))[name]
    world.back()
    before = world.door.service.trail(limit=1)[0].id
    answer = ask(world, "administrator", "own", name, method, path, query)
    made = [line for line in world.door.service.trail() if line.id > before]
    changes = method != "get" and answer.status_code < 400 and name not in LEAVE_NO_LINE
    assert bool(made) == changes
    who = world.who["administrator"].actor
    assert who
    assert all(line.person_id == who.person_id for line in made if name not in BY_ANYBODY)
