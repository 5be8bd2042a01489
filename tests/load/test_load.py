"""Many agencies at once against the whole service: nothing fails, no secret is logged, and figures are kept.

In the long run the workers make a film meanwhile.
"""

import asyncio
import os
from pathlib import Path

import httpx
import pytest

from api.running import Running, free_port, running
from api.security import COOKIE
from kit.settings import load_settings

from ..needles import leaks, needles_of
from ..summaries import begin, keep
from .answers import served
from .many_agencies import Load, percentile, press
from .members import sign_on
from .one_film import OneFilm

pytestmark = pytest.mark.river

AGENCIES = int(os.environ.get("PROMISEREEL_LOAD_AGENCIES", "0"))
SHORT = Load(agencies=6, files=2, size=1 << 14, seconds=1, pause_s=0.3)


def visit(service: Running) -> dict[str, str]:
    """Come in by the link, fail to come in by other ways, and tell all that must not be logged."""
    told = {"password": "correct-horse-battery-9", "key": "pr_no-such-key-of-anybody"}
    told["code"] = service.link.partition("code=")[2]
    with httpx.Client(base_url=service.address, trust_env=False) as browser:
        browser.get("/sign-in", params={"code": told["code"]})
        browser.get("/v1/me", headers={"Authorization": f"Bearer {told['key']}"})
        browser.post("/sign-in", data={"email": "nobody@anytown.example", "password": told["password"]})
        assert browser.post("/sign-in", data={"code": told["code"]}).status_code == 303
        told["session"] = browser.cookies[COOKIE]
        assert browser.get("/v1/me").is_success
    return told


def test_nothing_fails_when_many_come_at_once(tmp_path: Path) -> None:
    if AGENCIES:
        begin("load")
    load = Load(agencies=AGENCIES, files=5, size=1 << 18, seconds=120, pause_s=2) if AGENCIES else SHORT
    port = free_port("127.0.0.1")
    origin = f"http://127.0.0.1:{port}"
    settings = load_settings(data=tmp_path, host="127.0.0.1", port=port, public_origin=origin, workers=2)
    with running(settings, lambda _: None) as service:
        keys = sign_on(settings.database_url, load.agencies)
        film = OneFilm(service, tmp_path / "footage") if AGENCIES else None
        told = asyncio.run(press(service, load, keys)).summary(load)
        if film:
            told["film"] = film.end()
        needles = needles_of(settings) | visit(service)
    told["api_p99_ms"] = {name: percentile(took, 0.99) for name, took in served(tmp_path / "logs" / "api.log").items()}
    logs = {path.name: path.read_text("utf-8", "replace") for path in (tmp_path / "logs").glob("*.log")}
    assert {"api.log", "worker.log", "valkey.log", "seaweedfs.log"} <= set(logs)
    assert "POST /sign-in 401" in logs["api.log"]
    assert leaks(logs, needles) == [], "secrets stand in logs"
    if AGENCIES:
        keep("load", told)
    assert told["errors"] == {}
    assert told["uploads"] == load.agencies * load.files
    assert set(told["p99_ms"]) == {"begin", "announce", "sign", "part", "complete", "poll"}
    if film:
        assert told["film"]["state"] == "in_review"
        # Not in the normal run, whose seconds are those in which the API still loads its own code.
        memory = told["api_memory_mib"]
        assert memory["last_quarter_mean"] <= 1.1 * memory["third_quarter_mean"], "the API's memory grows and grows"
