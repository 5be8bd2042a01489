"""Storyboards over HTTP: versions with author and note, problems with their place, and jobs that keep to theirs."""

import pytest

OWN = """\
schema: 1
id: short
title: Short
slots: [{id: leader, title: Leader, takes: interview}]
beats:
  - {beat: interview, slot: leader, max_s: 25}
  - {beat: card, kind: promise}
  - {beat: card, kind: end}
"""


def save(door, text=OWN, based_on=None, storyboard="short", note="A first cut."):
    body = {"text": text, "author": "Editor One", "note": note, "based_on": based_on}
    return door.client.post(f"/v1/storyboards/{storyboard}/versions", json=body)


def test_from_a_first_version_to_what_changed(door):
    assert save(door).status_code == 201
    second = save(door, OWN.replace("25", "20"), 1, note="Shorter.")
    assert second.json() | {"created": ""} == {
        "storyboard": "short",
        "number": 2,
        "title": "Short",
        "author": "Editor One",
        "note": "Shorter.",
        "shipped": False,
        "created": "",
    }
    listed = {one["storyboard"]: one for one in door.client.get("/v1/storyboards").json()["items"]}
    assert listed["short"]["number"] == 2
    assert listed["promise"]["shipped"]
    held = door.client.get("/v1/storyboards/short/versions", params={"limit": 1}).json()
    assert [one["number"] for one in held["items"]] == [2]
    held = door.client.get("/v1/storyboards/short/versions", params={"cursor": held["next"]}).json()
    assert [one["number"] for one in held["items"]] == [1]
    assert door.client.get("/v1/storyboards/short/versions/1").json()["text"] == OWN
    file = door.client.get("/v1/storyboards/short/versions/1/yaml")
    assert file.text == OWN
    assert file.headers["content-type"].startswith("application/yaml")
    assert "short-1.yaml" in file.headers["content-disposition"]
    diff = door.client.get("/v1/storyboards/short/diff").json()
    assert diff["changes"] == [{"about": "interview leader", "words": "max 25 s → 20 s"}]
    back = door.client.get("/v1/storyboards/short/diff", params={"old": 2, "new": 1}).json()
    assert back["changes"] == [{"about": "interview leader", "words": "max 20 s → 25 s"}]


def test_problems_come_all_at_once_with_their_places(door):
    broken = OWN.replace("max_s", "max_seconds").replace("takes: interview", "takes: interview, required: maybe")
    answer = save(door, broken)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["detail"].startswith("2 problems, the first: ")
    places = [(one["line"], one["column"], one["field"]) for one in told["errors"]]
    assert places == [(4, 55, "slots[0].required"), (6, 37, "beats[0].max_seconds")]
    assert "did you mean max_s" in told["errors"][1]["message"]
    checked = door.client.post("/v1/storyboards/check", json={"text": broken, "storyboard": "short"})
    assert checked.status_code == 200
    assert (checked.json()["good"], checked.json()["problems"]) == (False, told["errors"])


def test_a_good_text_is_checked_without_being_saved(door):
    answer = door.client.post("/v1/storyboards/check", json={"text": OWN}).json()
    assert (answer["good"], answer["title"], answer["beats"], answer["slots"]) == (True, "Short", 3, 1)
    assert door.client.get("/v1/storyboards/short/versions").status_code == 404


def test_a_version_that_somebody_overtook_is_a_conflict(door):
    save(door)
    save(door, OWN.replace("25", "20"), 1)
    answer = save(door, OWN.replace("25", "30"), 1)
    assert answer.status_code == 409
    assert "saved by Editor One meanwhile" in answer.json()["detail"]


def test_storyboards_are_for_those_who_signed_in(door):
    asked = [
        door.anonymous.get("/v1/storyboards"),
        door.anonymous.get("/v1/storyboards/promise/versions"),
        door.anonymous.get("/v1/storyboards/promise/versions/1"),
        door.anonymous.get("/v1/storyboards/promise/versions/1/yaml"),
        door.anonymous.get("/v1/storyboards/promise/diff"),
        door.anonymous.post("/v1/storyboards/check", json={"text": OWN}),
        door.anonymous.post("/v1/storyboards/short/versions", json={"text": OWN, "author": "E", "note": "N"}),
    ]
    assert [answer.status_code for answer in asked] == [401] * len(asked)


@pytest.mark.parametrize("name", ["Short", "../etc", "a" * 65, "short%00"])
def test_only_ids_are_asked_for(door, name):
    assert door.client.get(f"/v1/storyboards/{name}/versions").status_code in (404, 422)
    assert save(door, storyboard=name).status_code in (404, 405, 422)


def test_a_job_keeps_to_the_version_it_was_made_by(door):
    agency = door.agency()
    project = door.project(agency)
    door.send(agency, project)
    query = {"agency": agency}
    save(door)

    def ask(**more):
        return door.client.post("/v1/jobs", params=query, json={"project": project, "storyboard": "short", **more})

    first = ask().json()
    assert first["storyboard_version"] == 1
    save(door, OWN.replace("25", "20"), 1)
    assert ask().json()["storyboard_version"] == 2
    assert ask(storyboard_version=1).json()["storyboard_version"] == 1
    kept = door.client.get(f"/v1/jobs/{first['id']}", params=query).json()
    assert kept["storyboard_version"] == 1
    answer = ask(storyboard_version=9)
    assert answer.status_code == 422
    assert "has no version 9" in answer.json()["detail"]
