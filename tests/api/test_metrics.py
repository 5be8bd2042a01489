"""Health, figures and the names on log lines."""

import asyncio
import json
import logging
import re
import threading
import time

import pytest

from api.readiness import REMEMBERED_S, Readiness
from kit.database import immediate
from kit.errors import Outage
from kit.logs import bound, setup_logging
from pipeline.jobs import Blame, JobState, StepKind

from .test_routes import under_way

LINE = re.compile(r'promisereel_[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+]+')


def figures(door) -> dict[str, float]:
    answer = door.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in told)
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in told)}


def test_figures_tell_of_queue_steps_and_failures(door):
    empty = figures(door)
    assert {f'promisereel_queue_age_seconds{{kind="{kind}"}}' for kind in StepKind} <= set(empty)
    assert {f'promisereel_jobs{{state="{state}"}}' for state in JobState} <= set(empty)
    assert all(f'promisereel_steps_failed{{kind="plan",blame="{blame}"}}' in empty for blame in Blame)
    _, project, _ = under_way(door)
    waiting = figures(door)
    assert waiting['promisereel_steps{kind="inspect",state="ready"}'] == 1
    assert waiting['promisereel_queue_age_seconds{kind="inspect"}'] >= 0
    assert waiting['promisereel_jobs{state="queued"}'] == 1
    door.fail_next(project, skip=1)
    after = figures(door)
    assert after['promisereel_step_seconds_count{kind="inspect"}'] == 1
    assert after['promisereel_step_seconds_bucket{kind="inspect",le="+Inf"}'] == 1
    assert after['promisereel_steps_failed{kind="plan",blame="bug"}'] == 1
    assert after['promisereel_jobs{state="failed"}'] == 1
    assert after['promisereel_http_requests_total{method="POST",status="201"}'] >= 3
    assert after["promisereel_disk_free_bytes"] > 0


def test_what_is_told_as_a_counter_never_falls(door):
    """Through a failure that is tried again, a step that is given back, and a zip that is made anew."""
    seen: dict[str, float] = {}

    def look() -> None:
        text = door.client.get("/metrics").text
        growing = set(re.findall(r"# TYPE (\w+) (?:counter|histogram)", text))
        lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
        now = {name: float(value) for name, _, value in lines}
        for name, value in now.items():
            family = re.sub(r"_(bucket|sum|count)$", "", name.partition("{")[0])
            if {family, name.partition("{")[0]} & growing:
                assert value >= seen.get(name, 0.0), f"{name} fell"
                seen[name] = value

    agency, project, job = under_way(door)
    here, query = f"/v1/jobs/{job}", {"params": {"agency": agency}}
    door.fail_next(project, skip=3)
    look()
    assert door.client.post(f"{here}/retry", **query).status_code == 200
    look()
    held = door.ledger.claim_next("test", project)
    door.ledger.release(held)
    look()
    door.work(project)
    for decision in ("captions", "approve"):
        assert door.client.post(f"{here}/{decision}", **query).status_code == 200
    door.work(project)
    look()
    door.client.post(f"{here}/deliveries/archive", **query)
    look()
    door.work(project)
    look()
    assert seen['promisereel_step_further_attempts_total{kind="segment"}'] >= 1


def test_figures_are_for_those_who_may_know(door):
    assert door.anonymous.get("/metrics").status_code == 401


def test_alive_and_ready_are_two_things(door, monkeypatch):
    assert door.anonymous.get("/livez").json() == {"status": "alive"}
    assert door.anonymous.get("/readyz").json() == {"status": "ready"}
    door.app.state.readiness = Readiness(door.service.check)

    def away() -> None:
        raise Outage("The store is away.")

    monkeypatch.setattr(door.store, "check", away)
    assert door.anonymous.get("/livez").status_code == 200
    refused = door.anonymous.get("/readyz")
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "5"


def test_many_who_ask_whether_all_is_ready_cost_one_look(door, monkeypatch):
    now, puts = [0.0], []
    put = door.store.put_bytes

    def counted(key: str, data: bytes) -> None:
        puts.append(key)
        put(key, data)

    monkeypatch.setattr(door.store, "put_bytes", counted)
    door.app.state.readiness = Readiness(door.service.check, clock=lambda: now[0])
    # Nobody who writes is waited for, either.
    with immediate(door.ledger.engine):
        assert {door.anonymous.get("/readyz").status_code for _ in range(50)} == {200}
    assert len(puts) == 1
    now[0] += REMEMBERED_S
    door.anonymous.get("/readyz")
    assert len(puts) == 2


def test_who_asks_while_another_looks_hears_what_he_finds():
    looks = []

    def look() -> None:
        looks.append(threading.get_ident())
        time.sleep(0.1)
        raise Outage("The store is away.")

    async def run() -> list[str]:
        readiness = Readiness(look, clock=lambda: 0.0)
        found = await asyncio.gather(*(readiness.check() for _ in range(50)), return_exceptions=True)
        return [str(one) for one in found]

    assert asyncio.run(run()) == ["The store is away."] * 50
    assert len(looks) == 1


def test_every_answer_names_its_request(door, caplog):
    caplog.set_level(logging.INFO)
    given = door.anonymous.get("/livez", headers={"X-Request-ID": "from-outside-1"})
    assert given.headers["x-request-id"] == "from-outside-1"
    hostile = door.anonymous.get("/sign-in?code=secret", headers={"X-Request-ID": 'a"b {} injected'})
    assert re.fullmatch("[0-9a-f]{16}", hostile.headers["x-request-id"])
    lines = [record.getMessage() for record in caplog.records if record.name == "api.watching"]
    assert [line.partition(" in ")[0] for line in lines] == ["GET /sign-in 200"]


def test_lines_of_a_request_carry_its_id(door, capsys):
    setup_logging(as_json=True)
    answer = door.client.get("/v1/me")
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert line["message"].startswith("GET /v1/me 200 in ")
    assert line["request"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("as_json", [True, False])
def test_lines_say_what_they_belong_to(capsys, as_json):
    setup_logging(as_json=as_json)
    try:
        with bound(job="j1", step=None), bound(request="r1"):
            logging.getLogger("ours").warning("a “line”")
        logging.getLogger("ours").warning("another")
    finally:
        logging.basicConfig(force=True)
    first, second = capsys.readouterr().err.splitlines()
    if as_json:
        told = json.loads(first)
        assert (told["message"], told["job"], told["request"], "step" in told) == ("a “line”", "j1", "r1", False)
        assert "job" not in json.loads(second)
    else:
        assert first.endswith("WARNING ours: a “line” [job=j1 request=r1]")
        assert second.endswith("ours: another")
