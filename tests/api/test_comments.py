"""Comments pinned to times of a film: by whom, on which version, and what becomes of them."""

import pytest

from api.security import COOKIE
from pipeline.comments import LONGEST_COMMENT
from pipeline.entering import actor_of
from pipeline.people import Role

from .conftest import Door


@pytest.fixture
def reviewed(door: Door) -> tuple[Door, dict[str, str], str]:
    """A film in review, and where its comments are."""
    agency, job = door.in_review()
    return door, {"agency": agency}, f"/v1/jobs/{job}/comments"


def say(door: Door, query: dict[str, str], path: str, at_s: float, text: str) -> dict[str, object]:
    answer = door.client.post(path, params=query, json={"at_s": at_s, "text": text})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def listed(door: Door, query: dict[str, str], path: str, **more: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = door.client.get(path, params=query | more).json()["items"]
    return items


def test_comments_stand_in_the_order_of_the_film(reviewed: tuple[Door, dict[str, str], str]) -> None:
    door, query, path = reviewed
    for at, text in ((90.0, "Too dark."), (12.48, "Her name\n  is misspelt. "), (12.48, "Louder.")):
        say(door, query, path, at, text)
    found = listed(door, query, path)
    assert [(one["at_s"], one["text"]) for one in found] == [
        (12.48, "Her name\nis misspelt."),
        (12.48, "Louder."),
        (90.0, "Too dark."),
    ]
    assert {(one["round"], one["state"], one["carried"], one["mine"], one["author"]) for one in found} == {
        (1, "open", False, True, "admin token")
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"at_s": 120.0, "text": "The end."}, 201),
        ({"at_s": 120.1, "text": "Beyond it."}, 422),
        ({"at_s": -0.1, "text": "Before it."}, 422),
        ({"at_s": 1, "text": " \n "}, 422),
        ({"at_s": 1, "text": "x" * (LONGEST_COMMENT + 1)}, 422),
        ({"at_s": 1, "text": "bell \x07"}, 422),
        ({"at_s": 1, "text": "Seen last week.", "round": 2}, 409),
        ({"at_s": 1, "text": "Seen now.", "round": 1}, 201),
    ],
)
def test_a_comment_needs_words_and_a_time_of_the_film_that_was_watched(
    reviewed: tuple[Door, dict[str, str], str], body: dict[str, object], status: int
) -> None:
    door, query, path = reviewed
    assert door.client.post(path, params=query, json=body).status_code == status


def test_there_is_nothing_to_say_of_a_film_that_is_not_made(door: Door) -> None:
    agency = door.agency()
    project = door.project(agency)
    door.send(agency, project)
    query = {"agency": agency}
    job = door.client.post("/v1/jobs", params=query, json={"project": project}).json()["id"]
    body = {"at_s": 1, "text": "Already?"}
    assert door.client.post(f"/v1/jobs/{job}/comments", params=query, json=body).status_code == 409


def test_open_comments_are_carried_along_when_changes_are_asked_for(
    reviewed: tuple[Door, dict[str, str], str],
) -> None:
    door, query, path = reviewed
    kept, settled = (say(door, query, path, at, "Shorter.") for at in (5.0, 9.0))
    assert door.client.post(f"/v1/comments/{settled['id']}/resolve", params=query).json()["state"] == "resolved"
    assert door.client.post(path.replace("comments", "changes"), params=query).status_code == 200
    assert door.service.trail(limit=1)[0].details == {"comments": 1}
    door.work(door.service.job_view(path.split("/")[3]).job.project_id)
    new = say(door, query, path, 1.0, "Better.")
    found = [(one["id"], one["round"], one["carried"]) for one in listed(door, query, path)]
    assert found == [(new["id"], 2, False), (kept["id"], 1, True), (settled["id"], 1, False)]
    assert [one["id"] for one in listed(door, query, path, state="open")] == [new["id"], kept["id"]]
    assert [one["id"] for one in listed(door, query, path, state="resolved")] == [settled["id"]]


def test_changes_are_asked_for_on_the_page_with_the_open_comments_and_a_sentence(
    reviewed: tuple[Door, dict[str, str], str],
) -> None:
    door, query, path = reviewed
    job = path.split("/")[3]
    visitor = door.anonymous
    visitor.cookies.set(COOKIE, door.app.state.gate.new_session())
    visitor.headers.update({"Accept": "text/html", "Origin": "http://testserver"})
    here = f"/agencies/{query['agency']}/jobs/{job}"
    nothing = visitor.post(f"{here}/changes", data={"round": "1", "said": "  "})
    assert nothing.status_code == 422
    assert "Say in a sentence" in nothing.text
    say(door, query, path, 61.0, "The <badge> is the old one.")
    form = visitor.get(here).text.split('action="' + here + '/changes"')[1].split("</form>")[0]
    assert "<li>1:01 The &lt;badge&gt; is the old one.</li>" in form
    late = visitor.post(f"{here}/changes", data={"round": "9", "said": "Too <late>."})
    assert late.status_code == 409
    assert "Too &lt;late&gt;.</textarea>" in late.text, "what was typed is not lost"
    asked = visitor.post(f"{here}/changes", data={"round": "1", "said": "Less music, please."})
    assert (asked.status_code, asked.headers["location"]) == (303, here)
    assert door.client.get(f"/v1/jobs/{job}", params=query).json()["state"] == "planning"
    assert visitor.post(f"{here}/changes", data={"round": "1", "said": "Twice."}).status_code == 409
    told = [(one["at_s"], one["text"]) for one in listed(door, query, path)]
    assert told == [(0.0, "Less music, please."), (61.0, "The <badge> is the old one.")]


def test_a_comment_is_resolved_and_reopened_by_anybody_and_says_by_whom(
    reviewed: tuple[Door, dict[str, str], str],
) -> None:
    door, query, path = reviewed
    comment = f"/v1/comments/{say(door, query, path, 5.0, 'Shorter.')['id']}"
    first = door.client.post(f"{comment}/resolve", params=query).json()
    assert first["resolved_by"] == "admin token"
    assert door.client.post(f"{comment}/resolve", params=query).json() == first
    again = door.client.post(f"{comment}/reopen", params=query).json()
    assert (again["state"], again["resolved"], again["resolved_by"]) == ("open", None, None)


def test_only_its_author_deletes_a_comment(reviewed: tuple[Door, dict[str, str], str]) -> None:
    door, query, path = reviewed
    people = [door.service.accounts.invite(f"{name}@house.example", Role.EDITOR) for name in ("one", "two")]
    services = [door.service.acting_as(actor_of(person)) for person in people]
    keys = [{"Authorization": f"Bearer {one.entering.make_key('a test')[1]}"} for one in services]
    body = {"at_s": 5.0, "text": "Shorter."}
    made = door.anonymous.post(path, params=query, json=body, headers=keys[0]).json()
    seen = [door.anonymous.get(path, params=query, headers=key).json()["items"][0]["mine"] for key in keys]
    assert seen == [True, False]
    delete = [
        door.anonymous.delete(f"/v1/comments/{made['id']}", params=query, headers=key).status_code
        for key in (keys[1], keys[0], keys[0])
    ]
    assert delete == [403, 204, 404]
    assert listed(door, query, path) == []


def test_a_projects_comments_tell_of_its_newest_film_first(reviewed: tuple[Door, dict[str, str], str]) -> None:
    door, query, path = reviewed
    job = path.split("/")[3]
    project = door.service.job_view(job).job.project_id
    say(door, query, path, 5.0, "Of the first.")
    newer = door.client.post("/v1/jobs", params=query, json={"project": project}).json()["id"]
    door.work(project)
    say(door, query, f"/v1/jobs/{newer}/comments", 7.0, "Of the second.")
    of_both = listed(door, query, f"/v1/projects/{project}/comments")
    assert [(one["job"], one["text"]) for one in of_both] == [(newer, "Of the second."), (job, "Of the first.")]


def test_the_same_key_says_it_once(reviewed: tuple[Door, dict[str, str], str]) -> None:
    door, query, path = reviewed
    made = {
        door.client.post(
            path, params=query, json={"at_s": 1, "text": "Once."}, headers={"Idempotency-Key": "once-only"}
        ).json()["id"]
        for _ in range(2)
    }
    assert len(made) == 1
    assert len(listed(door, query, path)) == 1
