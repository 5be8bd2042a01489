"""Following jobs by server-sent events: replay, the end, signs of life, and many who wait."""

import asyncio
import threading
import time
from collections import Counter

import pytest

from api.following import Following
from pipeline.entering import actor_of
from pipeline.jobs import JobState
from pipeline.people import Actor, Role
from pipeline.projects import JobEvent

from .test_routes import events, under_way


class Told:
    """A service that knows one job's events and counts how often it is asked."""

    def __init__(self) -> None:
        self.rows: list[JobEvent] = []
        self.state = JobState.RENDERING
        self.asked: Counter[str] = Counter()

    def say(self, kind: str = "progress") -> None:
        self.rows.append(JobEvent(id=len(self.rows) + 1, kind=kind, data={}, at=0.0))

    def job_state(self, job_id: str) -> JobState:
        self.asked["state"] += 1
        return self.state

    def events(self, job_id: str, after: int, *, limit: int) -> list[JobEvent]:
        self.asked["events"] += 1
        return [row for row in self.rows if row.id > after][:limit]

    def newest_events(self, job_ids: list[str]) -> dict[str, int]:
        self.asked["newest"] += 1
        return dict.fromkeys(job_ids, len(self.rows))


def test_many_idle_followers_cost_one_question_a_look_and_hear_all_the_same() -> None:
    service = Told()

    async def hear(following: Following, heard: list[int]) -> None:
        async for event in following.events("j", 0):
            heard.append(event.id)

    async def run() -> tuple[list[list[int]], int]:
        following = Following(service, every_s=0.01)  # type: ignore[arg-type]
        service.say()
        heard: list[list[int]] = [[] for _ in range(200)]
        tasks = [asyncio.create_task(hear(following, one)) for one in heard]
        # Each has heard the first event and found nothing after it.
        while any(len(one) < 1 for one in heard) or service.asked["events"] < 400:
            await asyncio.sleep(0.01)
        service.asked.clear()
        while service.asked["newest"] < 20:
            await asyncio.sleep(0.01)
        idle = dict(service.asked)
        assert set(idle) == {"newest"}
        service.say()
        service.say("state")
        service.state = JobState.IN_REVIEW
        await asyncio.gather(*tasks)
        return heard, len(following)

    heard, left = asyncio.run(run())
    assert heard == [[1, 2, 3]] * 200
    assert left == 0


def test_a_follower_who_leaves_is_forgotten_and_an_outage_ends_nobody(caplog: pytest.LogCaptureFixture) -> None:
    service = Told()

    async def run() -> tuple[int, int, list[int]]:
        following = Following(service, every_s=0.01)  # type: ignore[arg-type]
        stream = following.events("j", 0)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.05)
        there = len(following)
        answers = service.newest_events
        service.newest_events = lambda ids: 1 // 0  # type: ignore[method-assign, assignment, return-value]
        await asyncio.sleep(0.05)
        service.newest_events = answers  # type: ignore[method-assign]
        service.say()
        heard = [(await waiting).id]
        await stream.aclose()  # type: ignore[attr-defined]
        return there, len(following), heard

    assert asyncio.run(run()) == (1, 0, [1])


def test_a_follower_hears_what_happens_with_signs_of_life_between(door, monkeypatch):
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    agency, project, job = under_way(door)
    query = {"agency": agency}

    def later() -> None:
        time.sleep(0.5)
        door.work(project)

    worker = threading.Thread(target=later)
    worker.start()
    text = door.client.get(f"/v1/jobs/{job}/events", params=query).text
    worker.join()
    assert text.count(": ping") >= 2
    states = [data["state"] for kind, _, data in events(text) if kind == "state"]
    assert states == ["created", "queued", "planning", "rendering", "assembling", "packaging", "in_review"]
    shares = [data["progress"] for kind, _, data in events(text) if kind == "progress"]
    assert shares == sorted(shares)


def test_whoever_has_heard_all_of_a_job_at_rest_is_told_not_to_come_back(door):
    agency, job = door.in_review()
    query = {"agency": agency}
    here = f"/v1/jobs/{job}/events"
    last = events(door.client.get(here, params=query).text)[-1][1]
    assert door.client.get(here, params=query, headers={"Last-Event-ID": last}).status_code == 204
    assert door.client.get(here, params=query, headers={"Last-Event-ID": "x"}).status_code == 200


def a_member(door, agency: str) -> tuple[str, dict[str, str], Actor]:
    """Somebody of an agency: the id of a key, what is sent with it, and on whose behalf it acts."""
    person = door.service.accounts.invite(f"{len(door.letters)}@anytown.example", Role.MEMBER, agency)
    actor = actor_of(person)
    key, secret = door.service.acting_as(actor).entering.make_key("a test")
    return key.id, {"Authorization": f"Bearer {secret}"}, actor


def follow(door, job: str, headers: dict[str, str], heard: list) -> threading.Thread:
    """Follow a job from a thread; what came is heard at the end."""
    before = len(door.app.state.following)
    thread = threading.Thread(
        target=lambda: heard.append(door.anonymous.get(f"/v1/jobs/{job}/events", headers=headers))
    )
    thread.start()
    while len(door.app.state.following) == before:
        time.sleep(0.01)
    return thread


def test_whose_key_is_revoked_hears_no_more(door, monkeypatch):
    monkeypatch.setattr("api.routes.jobs.LOOK_AGAIN_S", 0.0)
    agency, project, job = under_way(door)
    revoked, stays = a_member(door, agency), a_member(door, agency)
    first: list = []
    second: list = []
    threads = [follow(door, job, revoked[1], first), follow(door, job, stays[1], second)]
    door.service.acting_as(revoked[2]).entering.revoke_key(revoked[0])
    door.work(project)
    for thread in threads:
        thread.join()
    said = [{data["state"] for kind, _, data in events(one.text) if kind == "state"} for one in (*first, *second)]
    assert said[0] <= {"created", "queued"}
    assert "in_review" in said[1]


def test_nobody_keeps_more_streams_open_than_one_may(door, monkeypatch):
    monkeypatch.setattr("api.following.MOST_STREAMS", 1)
    agency, project, job = under_way(door)
    (_, one, _), (_, other, _) = a_member(door, agency), a_member(door, agency)
    heard: list = []
    threads = [follow(door, job, one, heard), follow(door, job, other, heard)]
    refused: list = []
    third = threading.Thread(target=lambda: refused.append(door.anonymous.get(f"/v1/jobs/{job}/events", headers=one)))
    third.start()
    third.join(20)
    door.work(project)
    for thread in (*threads, third):
        thread.join()
    assert (refused[0].status_code, refused[0].headers.get("retry-after")) == (429, "30")
    assert [one.status_code for one in heard] == [200, 200]
    assert door.anonymous.get(f"/v1/jobs/{job}/events", headers=one).status_code == 200


def test_waiting_holds_no_connection_of_the_database(door):
    agency, project, job = under_way(door)
    pool = door.ledger.engine.pool
    held: list[int] = []

    def later() -> None:
        for _ in range(20):
            time.sleep(0.03)
            held.append(door.service._engine.pool.checkedout())
        door.work(project)

    worker = threading.Thread(target=later)
    worker.start()
    door.client.get(f"/v1/jobs/{job}/events", params={"agency": agency})
    worker.join()
    assert pool.checkedout() == 0
    assert held.count(0) > len(held) / 2
