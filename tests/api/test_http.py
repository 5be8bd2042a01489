"""What holds for every request: sign-in, problems, limits, headers, health and the OpenAPI document."""

import json

import pytest
from fastapi.testclient import TestClient

from api.middleware import BODY_LIMIT
from api.problems import MEDIA_TYPE, Problem
from api.security import COOKIE
from kit.logs import setup_logging
from pipeline.service import Service


def test_a_request_without_the_token_is_refused_as_a_problem(door):
    answer = door.anonymous.get("/v1/agencies")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Sign in first")
    wrong = door.anonymous.get("/v1/agencies", headers={"Authorization": "Bearer wrong"})
    assert wrong.status_code == 401


def test_the_token_lets_in(door):
    assert door.client.get("/v1/agencies").json() == {"items": [], "next": None}


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/agencies/000000000000000000000000"])
def test_what_is_not_there_is_a_problem(door, path):
    answer = door.client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["instance"] == path


def test_a_body_that_does_not_fit_names_the_field(door):
    answer = door.client.post("/v1/agencies", json={"name": 7, "colour": "red"})
    assert answer.status_code == 422
    problem = answer.json()
    assert {row["field"] for row in problem["errors"]} == {"body.name", "body.colour"}
    assert problem["detail"].startswith("Please mend body.")


def test_a_name_that_cannot_stand_on_a_card_is_refused_in_plain_words(door):
    answer = door.client.post("/v1/agencies", json={"name": "x" * 121})
    assert answer.status_code == 422
    assert "1 to 120 characters" in answer.json()["detail"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_a_mebibyte_is_refused(door, chunked):
    body = json.dumps({"name": "x" * (1 << 20)}).encode()
    content = (body[n : n + 65536] for n in range(0, len(body), 65536)) if chunked else body
    answer = door.client.post("/v1/agencies", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "1 MiB" in answer.json()["detail"]


def test_every_answer_is_guarded(door):
    for path in ("/sign-in", "/v1/agencies", "/static/icon.svg", "/nothing"):
        headers = door.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "connect-src 'self' https://store.test" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_health(door):
    assert door.anonymous.get("/livez").status_code == 200
    assert door.anonymous.get("/readyz").json() == {"status": "ready"}


def test_openapi_is_served_with_stable_ids_and_problem_answers(door):
    document = door.anonymous.get("/openapi.json").json()
    operations = [each for path in document["paths"].values() for each in path.values()]
    ids = [each["operationId"] for each in operations]
    assert len(ids) == len(set(ids))
    assert {"createAgency", "createUpload", "signParts", "submitJob", "followJob", "approveJob", "linkDelivery"} <= set(
        ids
    )
    assert all(each.get("summary") for each in operations)
    assert "HTTPValidationError" not in json.dumps(document)
    assert "errors" in document["components"]["schemas"]["Problem"]["properties"]


def test_every_operation_tells_of_bodies_that_are_too_large_and_of_our_own_faults(door, monkeypatch):
    document = door.app.openapi()
    without = [
        each["operationId"]
        for path, methods in document["paths"].items()
        for each in methods.values()
        if path.startswith("/v1/") and not {"413", "500"} <= set(each["responses"])
    ]
    assert without == []
    monkeypatch.setattr(Service, "list_agencies", lambda _: 1 // 0)
    client = TestClient(door.app, raise_server_exceptions=False, headers=door.client.headers)
    large = client.post("/v1/agencies", content=bytes(BODY_LIMIT + 1), headers={"Content-Type": "application/json"})
    for answer, status in ((large, 413), (client.get("/v1/agencies"), 500)):
        assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
        shown = document["components"]["responses"][f"Problem{status}"]["content"][MEDIA_TYPE]["example"]
        assert Problem.model_validate(answer.json()) == Problem.model_validate(shown)


def test_a_fault_of_ours_is_answered_and_logged_like_any_request(door, monkeypatch, capsys):
    monkeypatch.setattr(Service, "list_agencies", lambda _: 1 // 0)
    client = TestClient(door.app, raise_server_exceptions=False, headers=door.client.headers)
    setup_logging(as_json=True)
    answer = client.get("/v1/agencies")
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert answer.headers["content-security-policy"] == door.client.get("/livez").headers["content-security-policy"]
    (fault,) = [line for line in told if "trace" in line]
    assert (fault["message"], fault["request"]) == ("GET /v1/agencies failed", answer.headers["x-request-id"])
    assert "ZeroDivisionError" in fault["trace"]


def test_a_one_time_link_signs_in_once(door):
    code = door.client.app.state.gate.new_link_code()
    page = door.anonymous.get("/sign-in", params={"code": code})
    assert page.status_code == 200
    first = door.anonymous.post("/sign-in", data={"code": code, "next": "//evil.test"})
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert door.anonymous.get("/v1/agencies").status_code == 200
    door.anonymous.cookies.clear()
    assert door.anonymous.post("/sign-in", data={"code": code}).status_code == 401


def test_a_made_up_session_does_not_let_in(door):
    for value in ("", "9999999999.x.y", "9999999999.nonce." + "0" * 64):
        door.anonymous.cookies.set(COOKIE, value)
        assert door.anonymous.get("/v1/agencies").status_code == 401


def test_a_session_does_not_change_things_for_another_site(door):
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    elsewhere = door.anonymous.post("/v1/agencies", json={"name": "A"}, headers={"Origin": "https://evil.test"})
    assert elsewhere.status_code == 403
    own = door.anonymous.post("/v1/agencies", json={"name": "A"}, headers={"Origin": "http://testserver"})
    assert own.status_code == 201
