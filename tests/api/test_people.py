"""How people come in and go: invitations, passwords, sessions, keys, applications, limits, and the audit trail."""

import re

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.limits import APPLY, SIGN_IN_PERSON, Limits
from api.security import COOKIE
from kit.database import immediate
from pipeline.entering import INVITATION_S, RESET_S, SESSION_S
from pipeline.people import Role
from pipeline.tables import api_keys, audit, one_time_links, people, sessions

PASSWORD = "correct horse battery staple"
OTHER = "another one that nobody guesses"
CHIEF = "chief@anytown.example"


@pytest.fixture(autouse=True)
def _cheap_passwords(cheap_passwords) -> None:
    """Nothing here is about how costly a digest is."""


@pytest.fixture
def browser(door) -> TestClient:
    """A browser that nobody is signed in with."""
    door.anonymous.headers.update({"Accept": "text/html", "Origin": "http://testserver"})
    return door.anonymous


@pytest.fixture
def later(door, monkeypatch):
    """Moves the clock of all use-cases on."""
    service = door.service

    def move(seconds: float) -> None:
        was = service._clock
        for part in (service, service.entering, service.accounts):
            monkeypatch.setattr(part, "_clock", lambda: was() + seconds)

    return move


def code_in(letter) -> str:
    return re.search(r"http://testserver/password\?code=(\S+)", letter.text)[1]


def invite(door, role: str = "editor", agency: str | None = None, email: str = CHIEF) -> str:
    body = {"email": email, "role": role, "agency": agency}
    answer = door.client.post("/v1/people", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def come_in(door, browser: TestClient, **invited) -> str:
    """Invite somebody, who chooses a password and is signed in then; the id."""
    person = invite(door, **invited)
    answer = browser.post("/password", data={"code": code_in(door.letters[-1]), "password": PASSWORD})
    assert answer.headers["location"] == "/"
    return person


def sign_in(browser: TestClient, password: str = PASSWORD, email: str = CHIEF):
    return browser.post("/sign-in", data={"email": email, "password": password})


def me(client: TestClient) -> int:
    return client.get("/v1/me").status_code


def test_a_department_joins_and_its_contact_makes_a_film_of_his_own_agency_alone(door, browser):
    asked = {"name": "Anytown Police Department", "contact": "Chief One", "email": "Chief@Anytown.example "}
    thanks = browser.post("/join", data=asked).text
    assert "We answer by mail" in thanks
    assert "opening.js" not in thanks, "there is no card any more to draw"
    assert door.letters == []
    [waiting] = door.client.get("/v1/applications", params={"state": "waiting"}).json()["items"]
    assert (waiting["name"], waiting["email"]) == ("Anytown Police Department", CHIEF)
    admitted = door.client.post(f"/v1/applications/{waiting['id']}/admit").json()
    assert admitted["state"] == "admitted"
    assert door.client.post(f"/v1/applications/{waiting['id']}/decline").status_code == 409
    [letter] = door.letters
    assert letter.to == CHIEF
    code = code_in(letter)
    assert f"For {CHIEF}" in browser.get("/password", params={"code": code}).text
    assert browser.post("/password", data={"code": code, "password": "short"}).status_code == 422
    assert browser.post("/password", data={"code": code, "password": PASSWORD}).headers["location"] == "/"
    assert browser.post("/password", data={"code": code, "password": OTHER}).status_code == 404, "it works once"
    known = browser.get("/v1/me").json()
    assert (known["role"], known["agency"]) == ("member", admitted["agency"])
    other = door.agency("Elsewhere Police Department")
    assert [one["id"] for one in browser.get("/v1/agencies").json()["items"]] == [admitted["agency"]]
    home = browser.get("/").text
    assert "Anytown" in home
    assert "Elsewhere" not in home
    assert "Sign on an agency" not in home
    assert "Begin your documentary" in home
    begun = browser.post(f"/agencies/{admitted['agency']}/projects").headers["location"]
    assert "Send us your footage" in browser.get(begun).text
    assert "Begin your documentary" not in browser.get("/").text
    project = browser.post("/v1/projects", json={}).json()
    assert project["agency"] == admitted["agency"], "a member's own agency need not be named"
    elsewhere = browser.post("/v1/projects", params={"agency": other}, json={})
    assert elsewhere.status_code == 404


def test_a_declined_department_hears_of_it(door, browser):
    asked = {"name": "Anytown Police Department", "contact": "Chief One", "email": CHIEF}
    made = browser.post("/v1/applications", json=asked, headers={"Idempotency-Key": "once-and-only-once"}).json()
    again = browser.post("/v1/applications", json=asked, headers={"Idempotency-Key": "once-and-only-once"}).json()
    assert again == made
    door.client.post(f"/v1/applications/{made['id']}/decline")
    assert "could not admit Anytown Police Department" in door.letters[-1].text
    assert door.client.get("/v1/agencies").json()["items"] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "Anytown 🚓", "contact": "One", "email": CHIEF},
        {"name": "Anytown", "contact": "One\x00", "email": CHIEF},
        {"name": "Anytown", "contact": "One", "email": "nobody"},
        {"name": "Anytown", "contact": "One", "email": "a@b.example\r\nBcc: all@b.example"},
        {"name": "Anytown", "contact": "One", "email": "a@b.example, c@d.example"},
    ],
)
def test_what_cannot_be_is_refused_at_the_door(door, browser, asked):
    assert door.anonymous.post("/v1/applications", json=asked).status_code == 422
    page = browser.post("/join", data=asked)
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_the_house_asks_for_an_agency_to_be_named(door):
    answer = door.client.get("/v1/projects")
    assert answer.status_code == 422
    assert "?agency=" in answer.json()["detail"]


def test_a_password_lets_in_and_a_wrong_one_tells_nothing(door, browser):
    come_in(door, browser)
    browser.cookies.clear()
    wrong = [sign_in(browser, OTHER), sign_in(browser, email="nobody@anytown.example"), sign_in(browser, "")]
    assert {answer.status_code for answer in wrong} == {401}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in wrong}) == 1
    right = sign_in(browser, email=" CHIEF@anytown.example")
    assert right.status_code == 303
    flags = right.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert me(browser) == 200


def test_a_session_is_new_at_every_sign_in_and_ends_on_the_server(door, browser):
    come_in(door, browser)
    browser.cookies.clear()
    planted = sign_in(browser).cookies[COOKIE]
    seen = [planted]
    for _ in range(2):
        browser.cookies.clear()
        browser.cookies.set(COOKIE, seen[-1])
        seen.append(sign_in(browser).cookies[COOKIE])
    assert len(set(seen)) == 3
    for cookie, status in zip(seen, (401, 401, 200), strict=True):
        browser.cookies.clear()
        browser.cookies.set(COOKIE, cookie)
        assert me(browser) == status, "signing in anew ends the session before"
    browser.post("/sign-out")
    browser.cookies.clear()
    browser.cookies.set(COOKIE, seen[-1])
    assert me(browser) == 401


def test_a_session_runs_out(door, browser, later):
    come_in(door, browser)
    assert me(browser) == 200
    stale = browser.cookies[COOKIE]
    later(SESSION_S + 1)
    assert door.service.entering.who_has_session(stale, "") is None


def test_another_password_ends_every_other_session(door, browser):
    come_in(door, browser)
    elsewhere = browser.cookies[COOKIE]
    sign_in(browser)
    here = browser.cookies[COOKIE]
    assert browser.post("/account/password", data={"present": OTHER, "password": OTHER}).status_code == 422
    changed = browser.post("/account/password", data={"present": PASSWORD, "password": OTHER})
    assert changed.headers["location"] == "/account"
    assert me(browser) == 200
    for cookie in (elsewhere, here):
        browser.cookies.clear()
        browser.cookies.set(COOKIE, cookie)
        assert me(browser) == 401
    assert sign_in(browser).status_code == 401
    assert sign_in(browser, OTHER).status_code == 303


def test_another_role_ends_the_sessions_and_holds_for_keys_at_once(door, browser):
    person = come_in(door, browser)
    key = browser.post("/v1/keys", json={"name": "a program"}).json()["secret"]
    program = {"Authorization": f"Bearer {key}"}
    agency = door.agency()
    assert door.anonymous.get("/v1/agencies", headers=program).json()["items"]
    other = door.agency("Elsewhere Police Department")
    body = {"role": "member", "agency": other}
    assert door.client.put(f"/v1/people/{person}", json=body).json()["role"] == "member"
    assert me(browser) == 401
    browser.cookies.clear()
    assert browser.get(f"/v1/agencies/{agency}", headers=program).status_code == 404
    door.client.put(f"/v1/people/{person}", json=body | {"active": False})
    assert browser.get("/v1/me", headers=program).status_code == 401
    door.client.put(f"/v1/people/{person}", json=body)
    assert browser.get("/v1/me", headers=program).status_code == 401, "a key that was revoked stays so"


def test_roles_and_agencies_go_together(door):
    agency = door.agency()
    for role, where in (("member", None), ("editor", agency), ("administrator", agency)):
        answer = door.client.post("/v1/people", json={"email": CHIEF, "role": role, "agency": where})
        assert answer.status_code == 422
    person = invite(door, "member", agency)
    assert door.client.post("/v1/people", json={"email": CHIEF, "role": "editor"}).status_code == 409
    nowhere = {"role": "member", "agency": ""}
    assert door.client.put(f"/v1/people/{person}", json=nowhere).status_code == 404
    assert door.client.post("/v1/people", json=nowhere | {"email": "b@anytown.example"}).status_code == 404


def test_an_administrator_does_not_lock_himself_out(door, browser):
    person = come_in(door, browser, role="administrator")
    for body in ({"role": "editor"}, {"role": "administrator", "active": False}):
        assert browser.put(f"/v1/people/{person}", json=body).status_code == 422


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once_and_not_for_long(door, browser, later):
    come_in(door, browser)
    browser.cookies.clear()
    sent = len(door.letters)
    known, unknown = (browser.post("/forgotten", data={"email": email}) for email in (CHIEF, "nobody@anytown.example"))
    assert known.text == unknown.text
    assert len(door.letters) == sent + 1
    first = code_in(door.letters[-1])
    browser.post("/forgotten", data={"email": CHIEF})
    second = code_in(door.letters[-1])
    assert browser.get("/password", params={"code": first}).status_code == 404, "a new link replaces the one before"
    assert browser.get("/password", params={"code": second}).status_code == 200
    assert browser.post("/password", data={"code": second, "password": OTHER}).status_code == 303
    assert browser.post("/password", data={"code": second, "password": PASSWORD}).status_code == 404
    assert sign_in(browser, OTHER).status_code == 303
    browser.post("/forgotten", data={"email": CHIEF})
    third = code_in(door.letters[-1])
    later(RESET_S + 1)
    assert door.service.entering.who_has_link(third) is None


def test_an_invitation_runs_out_and_is_sent_again(door, later):
    person = invite(door)
    first = code_in(door.letters[-1])
    assert door.service.entering.who_has_link(first)
    assert door.client.post(f"/v1/people/{person}/invitation").status_code == 200
    assert door.service.entering.who_has_link(first) is None
    second = code_in(door.letters[-1])
    later(INVITATION_S + 1)
    assert door.service.entering.who_has_link(second) is None


@pytest.mark.parametrize("password", ["too short", "aaaaaaaaaaaaaaaa", CHIEF, "x" * 201])
def test_a_poor_password_is_refused_and_the_link_stays_good(door, browser, password):
    invite(door)
    code = code_in(door.letters[-1])
    assert browser.post("/password", data={"code": code, "password": password}).status_code == 422
    assert browser.post("/password", data={"code": code, "password": PASSWORD}).status_code == 303


def test_a_key_is_shown_once_and_lets_a_program_in_until_it_is_revoked(door, browser):
    come_in(door, browser)
    page = browser.post("/account/keys", data={"name": "the uploader"}).text
    secret = re.search(r'class="secret">(\S+)<', page)[1]
    assert secret not in browser.get("/account").text
    program = TestClient(door.anonymous.app, headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/v1/me").json()["name"] == CHIEF
    [key] = program.get("/v1/keys").json()["items"]
    assert key["name"] == "the uploader"
    assert browser.post(f"/account/keys/{key['id']}/revoke").status_code == 303
    assert me(program) == 401
    assert door.client.post("/v1/keys", json={"name": "mine"}).status_code == 409, "the admin token is nobody's"


def test_only_digests_are_kept(door, browser):
    come_in(door, browser)
    cookie = browser.cookies[COOKIE]
    key = browser.post("/v1/keys", json={"name": "a program"}).json()["secret"]
    browser.post("/forgotten", data={"email": CHIEF})
    code = code_in(door.letters[-1])
    with door.ledger.engine.connect() as connection:
        held = "".join(
            str(connection.execute(sa.select(table)).all())
            for table in (people, sessions, one_time_links, api_keys, audit)
        )
    assert "$argon2id$" in held
    for secret in (cookie, key, code, PASSWORD):
        assert secret not in held


def test_forms_from_elsewhere_change_nothing(door, browser):
    come_in(door, browser)
    for headers in ({"Origin": "https://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in ("/sign-in", "/sign-out", "/forgotten", "/password", "/join", "/account/keys", "/people"):
            assert browser.post(path, data={"name": "x"}, headers=headers).status_code == 403
    assert me(browser) == 200


@pytest.mark.parametrize("next", ["//evil.test", "/\\evil.test", "https://evil.test", "/\t/evil.test", "\\\\evil.test"])
def test_signing_in_leads_nowhere_else(door, browser, next):
    code = door.client.app.state.gate.new_link_code()
    answer = browser.post("/sign-in", data={"code": code, "next": next})
    assert re.fullmatch(r"/([^/\\\s].*)?", answer.headers["location"])


def test_too_many_tries_have_to_wait(door, browser):
    come_in(door, browser)
    browser.cookies.clear()
    for _ in range(SIGN_IN_PERSON.amount):
        assert sign_in(browser, "").status_code == 401
    for answer in (sign_in(browser), sign_in(browser, email=CHIEF.upper())):
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= SIGN_IN_PERSON.get_expiry()
    assert sign_in(browser, email="editor@house.example").status_code == 401, "others are not shut out"
    body = {"name": "Anytown", "contact": "One", "email": CHIEF}
    tries = [door.anonymous.post("/v1/applications", json=body) for _ in range(APPLY.amount + 1)]
    assert [answer.status_code for answer in tries] == [201] * APPLY.amount + [429]
    problem = tries[-1].json()
    assert (problem["status"], problem["title"]) == (429, "Too Many Requests")


def test_without_the_broker_each_machine_counts_for_itself(monkeypatch):
    limits = Limits("redis://127.0.0.1:1/0")
    for _ in range(APPLY.amount):
        limits.spend(APPLY, "somewhere")
    with pytest.raises(Exception, match="too often"):
        limits.spend(APPLY, "somewhere")


def test_limits_are_counted_in_the_broker(embedded):
    one, other = Limits(embedded.broker_url), Limits(embedded.broker_url)
    for limits in (one, other) * (APPLY.amount // 2):
        limits.spend(APPLY, "here and there")
    for limits in (one, other):
        with pytest.raises(Exception, match="too often"):
            limits.spend(APPLY, "here and there")


def test_the_audit_trail_tells_who_did_what_and_cannot_be_changed(door, browser):
    come_in(door, browser, role="administrator")
    agency = browser.post("/v1/agencies", json={"name": "Anytown PD"}).json()["id"]
    line = browser.get("/v1/audit").json()["items"][0]
    assert (line["actor"], line["action"], line["object"], line["agency"]) == (CHIEF, "create agency", agency, agency)
    first = browser.get("/v1/audit", params={"limit": 1}).json()
    rest = browser.get("/v1/audit", params={"before": first["next"]}).json()["items"]
    assert [one["action"] for one in rest] == ["choose password", "invite"]
    assert [one["actor"] for one in rest] == [CHIEF, "admin token"]
    for statement in (sa.delete(audit), sa.update(audit).values(actor="nobody")):
        with pytest.raises(sa.exc.DBAPIError, match="the audit trail is kept"), immediate(door.ledger.engine) as one:
            one.execute(statement)


def test_what_fails_leaves_no_line(door):
    agency = door.agency()
    before = door.service.trail(limit=1)[0].id
    assert door.client.post("/v1/projects", params={"agency": agency}, json={"title": " "}).status_code == 422
    assert door.client.post("/v1/people", json={"email": "x", "role": "editor"}).status_code == 422
    assert door.service.trail(limit=1)[0].id == before


def test_the_admin_tokens_sessions_end_with_it(door):
    gate = door.client.app.state.gate
    cookie = gate.new_session()
    assert gate.visitor_of(cookie).role is Role.ADMINISTRATOR
    assert door.service.entering.who_has_session(cookie, "the digest of another token") is None
