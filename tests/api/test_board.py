"""The board over the real use-cases: what it tells to whom, in which order, and how it is narrowed."""

import re

import pytest

from api.board_words import span, standing
from api.security import COOKIE
from pipeline.board import Line
from pipeline.entering import actor_of
from pipeline.jobs import Blame, JobState
from pipeline.people import Role

DAY = 86400.0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        *((-5, "a minute"), (0, "a minute"), (89, "a minute"), (90, "2 minutes"), (5399, "90 minutes")),
        *((5400, "2 hours"), (1.4 * DAY, "34 hours"), (2 * DAY, "2 days"), (13.4 * DAY, "13 days")),
        *((14 * DAY, "2 weeks"), (60 * DAY, "9 weeks"), (400 * DAY, "13 months")),
    ],
)
def test_times_are_told_as_people_say_them(seconds, told):
    assert span(seconds) == told


def line(state=None, **facts) -> Line:
    known = {"id": "1", "agency_id": "a", "agency": "Anytown", "project_id": "p", "project": "Ours"}
    return Line.model_validate({**known, "created_at": 0.0, "since": 0.0, "state": state, **facts})


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (line(), "Waiting 2 days for the agency’s footage"),
        (line(clips=5, clips_open=3), "Being looked at: 3 of 5 files"),
        (line(clips=5), "Waiting 2 days for the agency to ask for the film"),
        (line(JobState.RENDERING, progress=0.439), "Being made, 43 % done"),
        (line(JobState.IN_REVIEW, review="finished"), "Waiting 2 days for the agency’s review"),
        (
            line(JobState.IN_REVIEW, review="finished", captions_accepted=True),
            "Waiting 2 days for the agency’s approval",
        ),
        (line(JobState.IN_REVIEW, review="draft"), "Waiting 2 days for the agency to send what is missing"),
        (line(JobState.IN_REVIEW, preview=True), "Waiting 2 days for the agency to watch the preview"),
        (line(JobState.IN_REVIEW, superseded=True), "Made again since"),
        (line(JobState.APPROVED), "Waiting 2 days for the agency to download the film"),
        (line(JobState.DELIVERED), "Delivered 2 days ago"),
        (line(JobState.CANCELLED), "Stopped 2 days ago"),
        (line(JobState.FAILED, blame=Blame.INPUT), "Waiting 2 days for the agency to mend the footage"),
        (line(JobState.FAILED, blame=Blame.OUTAGE), "Waiting 2 days for the house to look into it"),
    ],
)
def test_what_waits_for_whom_is_told_in_words(told, words):
    assert standing(told, 2 * DAY, own=False) == words
    own = words.replace("the agency’s", "your").replace("the agency", "you")
    assert standing(told, 2 * DAY, own=True) == own


@pytest.fixture
def busy(door):
    """Three agencies: one film in review, one that failed, and nothing sent yet."""
    agency, job = door.in_review()
    broken = door.agency("Broken Police Department")
    project = door.project(broken)
    door.send(broken, project)
    door.client.post("/v1/jobs", params={"agency": broken}, json={"project": project})
    door.fail_next(project, skip=1)
    idle = door.agency("Idle Police Department")
    return {"agency": agency, "job": job, "broken": broken, "idle": idle, "bare": door.project(idle)}


def told(door, **query):
    """The ids and standings that the board tells the house."""
    answer = door.client.get("/v1/board", params=query).json()
    return [
        (one["agency_name"].split()[0], re.sub(r"(?<=Waiting ).+(?= for)", "…", one["standing"]))
        for one in answer["items"]
    ]


def test_the_house_sees_what_it_must_act_on_first(door, busy):
    assert told(door) == [
        ("Broken", "Waiting … for the house to look into it"),
        ("Anytown", "Waiting … for the agency’s review"),
        ("Idle", "Waiting … for the agency’s footage"),
    ]
    assert [who for who, _ in told(door, waits="me")] == ["Broken"]
    assert [who for who, _ in told(door, stage="review")] == ["Anytown"]
    assert [who for who, _ in told(door, agency=busy["idle"])] == ["Idle"]
    assert door.client.get("/v1/board", params={"stage": "nowhere"}).status_code == 422


def test_a_films_wait_begins_anew_with_each_step_of_its_review(door, busy):
    ask = {"agency": busy["agency"]}
    before = door.client.get("/v1/board", params=ask).json()["items"][0]["since"]
    door.client.post(f"/v1/jobs/{busy['job']}/captions", params=ask)
    [after] = door.client.get("/v1/board", params=ask).json()["items"]
    assert after["since"] > before
    assert after["standing"].endswith("for the agency’s approval")
    door.client.post(f"/v1/jobs/{busy['job']}/approve", params=ask)
    assert told(door, **ask)[0][1] == "Waiting … for the agency to download the film"
    door.client.post(f"/v1/jobs/{busy['job']}/deliveries/links", params=ask)
    assert told(door, **ask)[0][1].startswith("Delivered ")


def test_a_film_that_was_asked_for_again_waits_for_nobody(door, busy):
    ask = {"agency": busy["agency"]}
    project = door.client.get(f"/v1/jobs/{busy['job']}", params=ask).json()["project"]
    door.client.post("/v1/jobs", params=ask, json={"project": project})
    assert told(door, **ask) == [("Anytown", "Being made, 4 % done"), ("Anytown", "Made again since")]


def test_a_preview_that_is_tried_replaces_no_film_and_a_film_the_preview(door, busy):
    ask = {"agency": busy["agency"]}
    project = door.client.get(f"/v1/jobs/{busy['job']}", params=ask).json()["project"]
    wish = {"project": project, "preview": True}
    door.client.post("/v1/jobs", params=ask, json=wish)
    assert told(door, **ask) == [
        ("Anytown", "Waiting … for the agency’s review"),
        ("Anytown", "Being made, 4 % done"),
    ]
    door.work(project)
    door.client.post("/v1/jobs", params=ask, json=wish)
    assert [words for _, words in told(door, **ask)].count("Made again since") == 1
    door.client.post("/v1/jobs", params=ask, json={"project": project})
    assert [words for _, words in told(door, **ask)].count("Made again since") == 2


def test_pages_of_the_list_follow_each_other(door, busy):
    one, seen = door.client.get("/v1/board", params={"limit": 1}).json(), []
    while one["items"]:
        seen.append(one["items"][0]["id"])
        one = (
            door.client.get("/v1/board", params={"limit": 1, "cursor": one["next"]}).json()
            if one["next"]
            else {"items": []}
        )
    assert len(seen) == len(set(seen)) == 3


def test_a_member_sees_its_own_agency_alone_and_is_spoken_to(door, busy):
    person = door.service.accounts.invite("chief@anytown.example", Role.MEMBER, busy["agency"])
    _, key = door.service.acting_as(actor_of(person)).entering.make_key("a test")
    ask = {"headers": {"Authorization": f"Bearer {key}"}}
    [mine] = door.anonymous.get("/v1/board", **ask).json()["items"]
    assert mine["standing"].endswith("for your review")
    assert mine["job"] == busy["job"]
    assert door.anonymous.get("/v1/board", params={"agency": busy["idle"]}, **ask).status_code == 404


def test_the_page_reads_without_script(door, busy):
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    page = door.anonymous.get("/board").text
    assert page.index("Broken Police") < page.index("for the agency’s review") < page.index(f"/projects/{busy['bare']}")
    film = f"/agencies/{busy['agency']}/jobs/{busy['job']}"
    assert f'href="{film}"' in page
    assert re.findall(r'href="([^"]+)" data-key="(\w)"', page) == [(f"{film}/cut", "c"), (f"{film}/captions", "t")]
    [poster] = {one for one in re.findall(r'src="(/v1/clips/[^"]+)"', page) if busy["agency"] in one}
    assert door.anonymous.get(poster.replace("&amp;", "&")).headers["location"].startswith("https://store.test/")
    assert re.search(
        r'aria-current="page">Waiting for you <span class="count">1<', door.anonymous.get("/board?waits=me").text
    )
    assert "Nothing is here" in door.anonymous.get("/board?stage=delivered&agency=&waits=").text


def test_many_lines_are_told_in_pages(door):
    for n in range(26):
        door.project(door.agency(f"Agency {n:02}"))
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    first = door.anonymous.get("/board?stage=footage").text
    assert "Page 1 of 2, 26 lines" in first
    [following] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = door.anonymous.get(following.replace("&amp;", "&")).text
    lines = re.findall(r'data-line="(\w+)"', first) + re.findall(r'data-line="(\w+)"', second)
    assert len(lines) == len(set(lines)) == 26
    assert "Page 2 of 2" in door.anonymous.get("/board?page=9").text
