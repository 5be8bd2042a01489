"""Every POST that creates takes an Idempotency-Key: asked twice, it makes one thing."""

from collections.abc import Iterator
from typing import Any

import pytest

import kit.outbound
import pipeline.seals
from pipeline.idempotency import SHOWN_ONCE

from .conftest import opened, settings_in
from .edited import Film
from .requests import BODIES, PARAMETERS
from .test_access import operations
from .world import World

KEY = "once-and-only-once"
OF_A_PLANNED_FILM = {"correctCaptions", "makeCaptions"}
"""Tried below, on a film that is really planned."""

SHOW_A_SECRET = {"makeKey", "shareFilm"}
"""Only a digest of it is kept, so it cannot be told again."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Iterator[World]:
    """Two agencies; what a seal holds or where a webhook leads is of no interest here."""
    with pytest.MonkeyPatch.context() as patch, opened(settings_in(tmp_path_factory.mktemp("once"))) as door:
        patch.setattr(pipeline.seals, "_check", lambda path: None)
        patch.setattr(kit.outbound.PublicOnly, "check", lambda *_: None)
        yield World(door)


def creating(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The operations that answer 201."""
    posts = [methods["post"] for methods in document["paths"].values() if "post" in methods]
    return {each["operationId"]: each for each in posts if "201" in each["responses"]}


def asked(world: World, name: str, **more: str) -> Any:
    """An honest request by the administrator, with the key."""
    ids = world.named("administrator", "own")
    # The approved film, which alone can be shared.
    ids |= {"job_id": world.shared[ids["agency_id"]]} if name == "shareFilm" else {}
    method, path, query = operations(world.door)[name]
    sent = BODIES.get(name, lambda _: {})(ids)
    sent["params"] = {"agency": ids["agency_id"]} if "agency" in query else {}
    sent["headers"] = {"Idempotency-Key": KEY} | world.who["administrator"].headers | more
    return world.door.client.request(method, path.format(**(PARAMETERS.get(name, {}) | ids)), **sent)


def test_every_operation_that_creates_makes_one_thing_of_one_key(world: World) -> None:
    made = creating(world.door.app.openapi())
    assert {"createAgency", "addWebhook", "makeKey", "shareFilm", "tryWebhook", "addComment"} <= set(made)
    for name in sorted(set(made) - OF_A_PLANNED_FILM):
        world.back()
        first = asked(world, name)
        assert first.status_code == 201, f"{name}: {first.text}"
        before = world.door.service.trail(limit=1)[0].id
        again = asked(world, name)
        if name in SHOW_A_SECRET:
            assert (again.status_code, again.json()["detail"]) == (409, SHOWN_ONCE), name
        else:
            assert (again.status_code, again.json()) == (201, first.json()), name
        assert world.door.service.trail(limit=1)[0].id == before, f"{name} made another"


def test_a_key_is_told_for_everything_that_creates(world: World) -> None:
    document = world.door.app.openapi()
    makers = creating(document) | {"makeCut": document["paths"]["/v1/jobs/{job_id}/cut/film"]["post"]}
    without = [
        name
        for name, each in makers.items()
        if "Idempotency-Key" not in {one["name"] for one in each.get("parameters", ())}
    ]
    assert without == []


@pytest.mark.parametrize("name", ["addWebhook", "tryWebhook", "makeKey", "shareFilm"])
def test_a_key_is_good_for_one_request_alone(world: World, name: str) -> None:
    world.back()
    assert asked(world, "createProject").status_code == 201
    if name == "makeKey":  # a person's own keys are counted apart from an agency's
        assert asked(world, name).status_code == 201
        return
    other = asked(world, name)
    assert (other.status_code, "used for another request" in other.json()["detail"]) == (409, True)


def test_captions_are_saved_once_for_one_key(door: Any, tmp_path: Any) -> None:
    film = Film(door, tmp_path)
    path = f"/v1/jobs/{film.job}/captions"
    one = next(one for one in film.get(path).json()["captions"] if len(one["spoken"]) >= 4)
    reader = {"round": 1, "author": "Editor One", "note": "Mended."}
    words = one["spoken"]
    wish = {"clip": one["clip"], "start": words[0]["start"], "end": words[-1]["end"], "shape": "made"}
    sent = (
        ("corrections", {"captions": [{"number": one["number"], "words": "Quite other words."}], "based_on": 0}),
        ("made", {"captions": [{**wish, "words": "And yet other words."}], "based_on": 1}),
    )
    for number, (what, body) in enumerate(sent, start=1):
        key = {"Idempotency-Key": f"{KEY}-{what}"}
        first, again = (film.post(f"{path}/{what}", {**reader, **body}, **key) for _ in range(2))
        assert first.status_code == 201, first.text
        assert (again.status_code, again.json()) == (201, first.json())
        assert film.get(f"/v1/projects/{film.project}/edits").json()["number"] == number
        other = film.post(f"{path}/{what}", {**reader, **body, "note": "Otherwise."}, **key)
        assert other.status_code == 409


def test_a_film_is_made_once_for_one_key(door: Any, tmp_path: Any) -> None:
    film = Film(door, tmp_path)
    path, preview, whole = f"/v1/jobs/{film.job}/cut/film", {"preview": True}, {"edits_version": 0}
    for number, body in enumerate((preview, whole)):
        key = {"Idempotency-Key": f"{KEY}-{number}"}
        first = film.post(path, body, **key).json()
        assert film.post(path, body, **key).json()["id"] == first["id"], "though it is being made"
        film.work()
        again = film.post(path, body, **key).json()
        assert (again["id"], again["round"], again["state"]) == (first["id"], first["round"], "in_review")
    assert len(film.get(f"/v1/projects/{film.project}/jobs").json()["items"]) == 2
