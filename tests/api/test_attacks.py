"""Attacks that are tried: on sessions, redirects, headers, pages and bodies, from other sites and by strangers."""

import gzip
import itertools
import json
import re
from collections.abc import Iterator
from email.parser import BytesParser
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from limits import RateLimitItem

import kit.outbound
import pipeline.seals
from api.limits import COMMENTS, DOWNLOADS, SIGN_PARTS, SKETCHES
from api.middleware import BODY_LIMIT
from api.security import COOKIE
from kit.mail import Letter, SmtpSettings, deliver

from .conftest import opened, settings_in
from .requests import BODIES, FORMS, PARAMETERS
from .test_access import ask, operations, pages
from .world import UNKNOWN, World

TAG = "x-planted"
PLANTED = f"'\"><{TAG} onload=1>{{{{7*7}}}}"
"""Closes what it may stand in and opens an element of its own."""
ALIASES = "b0: &b0 [x, x]\n" + "".join(f"b{n}: &b{n} [*b{n - 1}, *b{n - 1}]\n" for n in range(1, 99))
SEAL_PATHS = (("post", "/agencies"), ("post", "/agencies/a/projects/b/seal"), ("put", "/v1/agencies/a/seal"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Iterator[World]:
    """Two agencies; what a seal holds or where a webhook leads is of no interest here."""
    with pytest.MonkeyPatch.context() as patch, opened(settings_in(tmp_path_factory.mktemp("attacks"))) as door:
        patch.setattr(pipeline.seals, "_check", lambda path: None)
        patch.setattr(kit.outbound.PublicOnly, "check", lambda *_: None)
        yield World(door)


# Large bodies of strangers


@pytest.mark.parametrize(("method", "path"), SEAL_PATHS)
@pytest.mark.parametrize(
    ("told", "brings"),
    [(True, {}), (False, {"Authorization": "Bearer pr_no_such_key"}), (True, {"Cookie": f"{COOKIE}=made-up"})],
)
def test_a_strangers_large_request_is_not_read(world: World, method: str, path: str, told: bool, brings: Any) -> None:
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for _ in range(5):
            read += 1 << 18
            yield bytes(1 << 18)

    world.back()
    world.door.anonymous.cookies.clear()
    kind = {"Content-Type": "image/png" if method == "put" else "multipart/form-data; boundary=x"}
    length = {"Content-Length": str(20 << 20)} if told else {}
    answer = world.door.anonymous.request(method, path, content=pieces(), headers=kind | length | brings)
    assert answer.status_code == 413
    assert answer.json()["detail"].startswith("Sign in first")
    assert answer.headers["connection"] == "close"
    assert told or read >= BODY_LIMIT


def test_whoever_may_come_in_may_send_a_seal(world: World) -> None:
    agency = world.ids[0]["agency_id"]
    for headers in (world.who["member"].headers, {"Cookie": f"{COOKIE}={world.who['member'].session}"}):
        world.back()
        world.door.anonymous.cookies.clear()
        sent = {"content": bytes(2 << 20), "headers": {"Content-Type": "image/png", **headers}}
        assert world.door.anonymous.put(f"/v1/agencies/{agency}/seal", **sent).status_code == 200


# Bombs


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"[" * 500_000, "application/json"),
        (b'{"a":' * 150_000 + b"1" + b"}" * 150_000, "application/json"),
        (b'{"text": ' + b"9" * 900_000 + b"}", "application/json"),
        (gzip.compress(json.dumps({"text": "a" * (8 << 20)}).encode()), "application/json"),
        (b"--x\r\n" + b"a: b\r\n" * 150_000, "multipart/form-data; boundary=x"),
        (json.dumps({"text": ALIASES}).encode(), "application/json"),
        (b"PK\x03\x04" + bytes(1000), "application/zip"),
    ],
    ids=["deep lists", "deep objects", "a long number", "packed", "endless fields", "YAML aliases", "a zip"],
)
def test_a_bomb_is_refused(world: World, content: bytes, kind: str) -> None:
    headers = {"Content-Type": kind} | ({"Content-Encoding": "gzip"} if content[:2] == b"\x1f\x8b" else {})
    answer = world.door.client.post("/v1/storyboards/check", content=content, headers=headers)
    if answer.status_code == 200:  # the storyboard itself is the bomb
        assert answer.json()["good"] is False
    else:
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"


# Sessions and other sites


def test_a_planted_session_is_nobodys_after_signing_in(world: World) -> None:
    """Whoever plants his own session in a browser does not share the next one."""
    world.back()
    browser, gate = world.door.anonymous, world.door.app.state.gate
    for planted in ("made-up-by-somebody", world.who["member"].session):
        browser.cookies.clear()
        browser.cookies.set(COOKIE, planted)
        answer = browser.post("/sign-in", data={"code": gate.new_link_code()}, headers={"Origin": "http://testserver"})
        given = re.search(rf"{COOKIE}=([^;]+)", answer.headers["set-cookie"])
        assert given
        assert given[1] != planted
        assert gate.visitor_of(planted) is None
        assert gate.visitor_of(given[1])


def test_nothing_is_changed_for_another_site(world: World) -> None:
    """Every operation and every form, asked with a session by another site's page."""
    everything = operations(world.door) | pages(world.door)
    world.back()
    before = world.door.service.trail(limit=1)[0].id
    elsewhere = itertools.cycle(
        (
            {"Origin": "https://evil.test"},
            {"Origin": "null"},
            {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        )
    )
    browser = world.door.anonymous
    for name, (method, path, _) in everything.items():
        if method == "get" or name == "apply":  # anybody may apply, from anywhere
            continue
        sent = next(elsewhere)
        browser.cookies.clear()
        browser.cookies.set(COOKIE, world.who["administrator"].session)
        ids = PARAMETERS.get(name, {}) | world.named("administrator", "own")
        asked = {"data": FORMS.get(name, {})} if " " in name else BODIES.get(name, lambda _: {})(ids)
        asked["headers"] = asked.get("headers", {}) | sent
        assert browser.request(method, path.format(**ids), **asked).status_code == 403, f"{name} with {sent}"
    assert world.door.service.trail(limit=1)[0].id == before


# Redirects and headers


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "testserver.evil.test", "127.0.0.1@evil.test"])
def test_no_redirect_leads_to_a_host_that_was_made_up(world: World, host: str) -> None:
    browser = world.door.anonymous
    for session in ("", world.who["administrator"].session):
        for path in ("/", "/people/", "/sign-in/", "//evil.test/", "//evil.test/%2e%2e", "/v1/agencies/", "/static/"):
            browser.cookies.clear()
            browser.cookies.set(COOKIE, session)
            answer = browser.get(f"http://testserver{path}", headers={"Host": host, "Accept": "text/html"})
            location = answer.headers.get("location", "")
            assert not location or re.fullmatch(r"/[^/\\].*|/", location), f"{path} leads to {location}"


@pytest.mark.parametrize("breaks", ["\r\nX-Planted: 1", "\nX-Planted: 1", "\rX-Planted: 1", "\x00", "\u2028X"])
def test_no_header_is_written_by_what_people_type(world: World, breaks: str) -> None:
    world.back()
    door, ids = world.door, world.ids[0]
    email, query = f"chief@third.example{breaks}", {"agency": ids["agency_id"]}
    refused = [
        door.client.post("/v1/people", json={"email": email, "role": "editor"}),
        door.client.post("/v1/applications", json={"name": "Third PD", "contact": "One", "email": email}),
        door.client.post("/v1/applications", json={"name": f"PD{breaks}", "contact": "One", "email": "a@b.example"}),
        door.client.post(
            "/v1/uploads", params=query, json={"project": ids["project_id"], "name": f"a{breaks}", "size": 4}
        ),
        door.client.post(
            "/v1/uploads",
            params=query,
            json={"project": ids["project_id"], "name": "a.mp4", "size": 4, "type": f"video/mp4{breaks}"},
        ),
    ]
    # A name's white space is tidied to single spaces; all else that breaks lines is refused.
    tidied = refused[2].status_code == 201 and "\n" not in refused[2].json()["name"]
    assert [one.status_code for one in refused[:2] + refused[3:]] == [422] * 4
    assert tidied or refused[2].status_code == 422
    code = door.app.state.gate.new_link_code()
    door.anonymous.cookies.clear()
    led = door.anonymous.post("/sign-in", data={"code": code, "next": f"/a{breaks}"})
    named = door.anonymous.get("/livez", headers={"X-Request-ID": f"a-plain-id{breaks}".encode()})
    for answer in (*refused, led, named):
        assert "x-planted" not in answer.headers
        assert not any("\r" in value or "\n" in value for value in answer.headers.values())


def test_no_letter_gets_another_header(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    class Server:
        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def send_message(self, message: Any) -> None:
            sent.append(message.as_bytes())

    monkeypatch.setattr("smtplib.SMTP", lambda *_, **__: Server())
    smtp = SmtpSettings(host="127.0.0.1", port=1, security="none", sender="a@b.example")
    for to, subject in (("a@b.example\r\nBcc: all@evil.test", "Yes"), ("a@b.example", "Yes\nBcc: all@evil.test")):
        with pytest.raises(ValueError, match=r"[Hh]eader|linefeed|carriage"):
            deliver(smtp, Letter(to=to, subject=subject, text="x"))
    deliver(smtp, Letter(to="a@b.example", subject="Yes", text="x\r\n\r\nBcc: all@evil.test"))
    assert [BytesParser().parsebytes(one)["Bcc"] for one in sent] == [None]


# What people type, on the pages


class Elements(HTMLParser):
    """The names of a page's elements, and what runs in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.running: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.running += [
            name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")
        ]


def bodies_with_a_field_planted(schema: dict[str, Any], honest: Any, known: dict[str, Any]) -> Iterator[Any]:
    """An honest body again and again, each time with another of its text fields planted."""
    schema = known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    for other in schema.get("anyOf", ()):
        yield from bodies_with_a_field_planted(other, honest, known)
    if schema.get("type") == "string" and "enum" not in schema and "const" not in schema:
        yield PLANTED
    elif schema.get("type") == "array":
        old = honest[0] if isinstance(honest, list) and honest else {}
        for inner in bodies_with_a_field_planted(schema["items"], old, known):
            yield [inner]
    elif schema.get("type") == "object":
        kept = honest if isinstance(honest, dict) else {}
        for name, field in schema.get("properties", {}).items():
            for inner in bodies_with_a_field_planted(field, kept.get(name), known):
                yield {**kept, name: inner}
        if isinstance(schema.get("additionalProperties"), dict):
            for inner in bodies_with_a_field_planted(schema["additionalProperties"], None, known):
                yield {**kept, "department": inner, PLANTED: inner}


def plant_everywhere(world: World) -> dict[str, int]:
    """Send every text field of every operation and form with what is planted; how many each were taken."""
    door, ids = world.door, world.named("administrator", "own")
    document = door.app.openapi()
    taken: dict[str, int] = {}
    for name, (method, path, query) in operations(door).items():
        told = document["paths"][path][method].get("requestBody", {}).get("content", {}).get("application/json")
        honest = BODIES.get(name, lambda _: {})(ids).get("json", {})
        known = document["components"]["schemas"]
        for body in bodies_with_a_field_planted(told["schema"], honest, known) if told else ():
            params = {"agency": ids["agency_id"]} if "agency" in query else {}
            address, headers = path.format(**(PARAMETERS.get(name, {}) | ids)), world.who["administrator"].headers
            answer = door.client.request(method, address, params=params, json=body, headers=headers)
            assert answer.status_code < 500, f"{name}: {body}"
            taken[name] = taken.get(name, 0) + answer.is_success
    for name, fields in FORMS.items():
        method, path, _ = pages(door)[name]
        for field in fields:
            door.anonymous.cookies.clear()
            door.anonymous.cookies.set(COOKIE, world.who["administrator"].session)
            form = {key: value.format(**ids) for key, value in fields.items()} | {field: PLANTED}
            shown = door.anonymous.request(
                method,
                path.format(**(PARAMETERS.get(name, {}) | ids)),
                data=form,
                headers={"Accept": "text/html", "Origin": "http://testserver"},
            )
            assert shown.status_code < 500, f"{name} {field}"
            assert_clean(f"{name} {field}", shown.text)
    return taken


def assert_clean(what: str, page: str) -> None:
    found = Elements(page)
    assert TAG not in found.names, f"{what} shows what was typed as an element"
    assert found.running == [], f"{what} runs {found.running}"
    assert "49" not in page or "7*7" in page or TAG not in page, f"{what} calculates what was typed"


def test_what_people_type_is_never_markup(world: World) -> None:
    world.back()
    taken = plant_everywhere(world)
    assert {"createAgency", "createProject", "createUpload", "describeClip", "saveEdits", "makeKey", "apply"} <= {
        name for name, count in taken.items() if count
    }
    seen = 0
    for role in ("member", "administrator"):
        for agency in [world.ids[0]["agency_id"], *(one.id for one in world.door.service.list_agencies())]:
            for name, (method, path, _) in pages(world.door).items():
                ids = world.named(role, "own") | {"agency_id": agency}
                world.door.anonymous.cookies.clear()
                world.door.anonymous.cookies.set(COOKIE, world.who[role].session)
                address = path.format(**({"key_id": UNKNOWN} | ids | PARAMETERS.get(name, {})))
                if method == "get":
                    page = world.door.anonymous.get(address, headers={"Accept": "text/html"})
                    assert page.status_code < 500
                    assert_clean(name, page.text)
                    seen += TAG in page.text
    assert seen > 5, "what was planted is shown, as text"


def words_of(dependant: Dependant) -> set[str]:
    """The names of the query words that a route or what it depends on reads."""
    return {one.alias for one in dependant.query_params}.union(*map(words_of, dependant.dependencies))


def test_what_stands_in_the_query_of_a_page_is_never_markup(world: World) -> None:
    world.back()
    world.door.anonymous.cookies.clear()
    routes = [(one.path, one.original_route) for one in iter_route_contexts(world.door.app.routes)]
    gets = [(path, one) for path, one in routes if isinstance(one, APIRoute) and "GET" in one.methods]
    read = {f"GET {path}": words_of(one.dependant) for path, one in gets}
    assert {"next", "code"} <= read["GET /sign-in"]
    shown = []
    for name, (method, path, _) in pages(world.door).items():
        # One that nobody reads stands for all such.
        for word in (*sorted(read.get(name, ())), "nobodys-word") if method == "get" else ():
            address = path.format(**({"key_id": UNKNOWN} | world.named("member", "own") | PARAMETERS.get(name, {})))
            session = "" if path.startswith(("/sign-in", "/password")) else world.who["administrator"].session
            headers = {"Accept": "text/html", "Cookie": f"{COOKIE}={session}"}
            answer = world.door.anonymous.get(address, params={word: PLANTED}, headers=headers)
            assert answer.status_code < 500, f"{name} {word}"
            assert_clean(f"{name} {word}", answer.text)
            shown.append(TAG in answer.text)
    assert len(shown) > 30
    assert any(shown), "some page shows what stands there, as text"


# Without measure


@pytest.mark.parametrize(
    ("name", "role", "item"),
    [
        ("signParts", "member", SIGN_PARTS),
        ("getReview", "member", DOWNLOADS),
        ("linkDelivery", "member", DOWNLOADS),
        ("linkArchive", "member", DOWNLOADS),
        ("GET /agencies/{agency_id}/jobs/{job_id}/files/{name}", "member", DOWNLOADS),
        ("addComment", "member", COMMENTS),
        ("tryCut", "editor", SKETCHES),
        ("drawCard", "editor", SKETCHES),
        ("sketchStoryboard", "editor", SKETCHES),
        ("drawSketch", "editor", SKETCHES),
    ],
)
def test_who_asks_without_measure_has_to_wait_and_nobody_else(
    world: World, name: str, role: str, item: RateLimitItem
) -> None:
    world.back()
    who = world.who[role].actor
    assert who
    place = (operations(world.door) | pages(world.door))[name]
    of_an_agency = "agency" in place[2] or "{agency_id}" in place[1]
    for _ in range(item.amount - 1):
        world.door.app.state.limits.spend(item, str(who.person_id), world.ids[0]["agency_id"] if of_an_agency else "")
    last, over, anothers = (ask(world, one, "own", name, *place) for one in (role, role, "administrator"))
    assert last.status_code != 429
    assert over.status_code == 429
    assert 0 < int(over.headers["retry-after"]) <= item.get_expiry()
    assert anothers.status_code != 429


@pytest.mark.parametrize(
    ("name", "role", "item"),
    [
        ("GET /agencies/{agency_id}/jobs/{job_id}/files/{name}", "member", DOWNLOADS),
        ("sketchStoryboard", "editor", SKETCHES),
        ("drawSketch", "editor", SKETCHES),
    ],
)
def test_a_word_in_the_query_begins_no_new_count(world: World, name: str, role: str, item: RateLimitItem) -> None:
    world.back()
    who = world.who[role].actor
    assert who
    place = (operations(world.door) | pages(world.door))[name]
    agency = world.ids[0]["agency_id"] if "{agency_id}" in place[1] else ""
    for _ in range(item.amount):
        world.door.app.state.limits.spend(item, str(who.person_id), agency)
    answers = [ask(world, role, "own", name, *place, word=word).status_code for word in ("", "a", "b", UNKNOWN)]
    assert answers == [429] * 4
