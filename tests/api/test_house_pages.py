"""What administrators look after on pages: the audit trail with its filters, and an agency's webhooks."""

import re
from typing import get_args

import pytest

import kit.outbound
from api.pages.trail import KINDS, LINES_A_PAGE
from api.security import COOKIE
from pipeline.people import About


@pytest.fixture
def visitor(door, monkeypatch):
    """A signed-in browser; where a webhook leads is of no interest here."""
    monkeypatch.setattr(kit.outbound.PublicOnly, "check", lambda *_: None)
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    door.anonymous.headers.update({"Accept": "text/html", "Origin": "http://testserver"})
    return door.anonymous


def lines(page: str) -> list[str]:
    """What each line of the trail tells of, in order."""
    return re.findall(r"<strong>(.+?)</strong>", page)


def test_the_trail_can_be_narrowed_to_an_agency_a_thing_and_a_person(door, visitor):
    agency, other = door.agency(), door.agency("Elsewhere Police Department")
    project = door.project(agency)
    assert set(get_args(About)) == set(KINDS)
    page = visitor.get("/audit").text
    assert lines(page)[:3] == ["Create project", "Create agency", "Create agency"]
    assert f'href="/agencies/{agency}/projects/{project}"' in page
    assert lines(visitor.get("/audit", params={"agency": other}).text) == ["Create agency"]
    assert lines(visitor.get("/audit", params={"about": "project"}).text) == ["Create project"]
    assert lines(visitor.get("/audit", params={"who": "admin token", "about": "agency"}).text) == ["Create agency"] * 2
    assert "Nothing is here" in visitor.get("/audit", params={"who": "nobody@here.example"}).text
    assert visitor.get("/audit", params={"about": "weather"}).status_code == 422
    asked = {"about": "project", "who": "admin token"}
    assert [one["action"] for one in door.client.get("/v1/audit", params=asked).json()["items"]] == ["create project"]


def test_a_long_trail_comes_in_pages_that_keep_the_filters(door, visitor):
    agency = door.agency()
    for _ in range(LINES_A_PAGE + 1):
        door.project(agency)
    page = visitor.get("/audit", params={"about": "project"}).text
    [further] = re.findall(r'rel="next" href="(.+?)"', page)
    assert len(lines(page)) == LINES_A_PAGE
    last = visitor.get(further.replace("&amp;", "&")).text
    assert lines(last) == ["Create project"]
    assert "Newest lines" in last


def test_a_webhook_is_added_tried_and_removed(door, visitor):
    agency = door.agency()
    here = f"/agencies/{agency}/webhooks"
    refused = visitor.post(here, data={"url": "http://department.example/"})
    assert refused.status_code == 422
    assert 'value="http://department.example/"' in refused.text
    made = visitor.post(here, data={"url": "https://department.example/told"}).text
    [hook] = door.service.webhooks.of_agency(agency)
    assert hook.secret in made
    assert "Nothing was told yet." in made
    assert hook.secret not in visitor.get(here).text
    assert visitor.post(f"{here}/{hook.id}/trial").headers["location"] == here
    assert "webhook.trial" in visitor.get(here).text
    again = visitor.post(f"{here}/{hook.id}/trial")
    assert (again.status_code, "being tried already" in again.text) == (409, True)
    told = door.client.get(f"/v1/webhooks/{hook.id}/posts", params={"agency": agency}).json()["items"]
    assert [(one["type"], one["state"], one["attempts"]) for one in told] == [("webhook.trial", "waiting", 0)]
    assert visitor.post(f"{here}/{hook.id}/remove").headers["location"] == here
    assert door.service.webhooks.of_agency(agency) == []
