"""What pages cost whoever opens them: seconds to their first view, and how fast the page sends beside boto3.

Files are sent within this machine, where browser, store and API share its cores, and over a wire of 100 Mbit/s.
`--runs N` for more than five views of each page and three files each way; a calm machine tells more than many runs.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.app import create_app
from api.running import free_port
from kit.database import open_engine
from kit.embedded import Embedded
from kit.s3 import S3Settings, S3Storage
from kit.settings import Settings
from pipeline.service import Service
from pipeline.tables import create_tables
from tests.api.conftest import TOKEN, opened, settings_in
from tests.api.edited import Film
from tests.api.visiting import CHROMIUM, answering, visit
from tests.faults.bad_wire import BadWire

SLOWER = 4
"""How much slower the browser's processor is made for first views."""
DESK = (1280, 860)
FILE_MIB = 200
WIRE = 100_000_000 // 8
"""Bytes a second of an office that is well off."""
WIRE_MIB = 64
PAGES = {
    "join": "/join",
    "home": "/",
    "footage": "/agencies/{agency}/projects/{project}",
    "board": "/board",
    "review": "/agencies/{agency}/jobs/{job}",
    "captions": "/agencies/{agency}/jobs/{job}/captions",
    "cut": "/agencies/{agency}/jobs/{job}/cut",
    "storyboard": "/storyboards/promise/edit",
    "audit trail": "/audit",
}
SEEN = """() => new Promise((told) => {
  new PerformanceObserver((list) => setTimeout(() => told({
    first: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    largest: list.getEntries().at(-1).startTime,
  }))).observe({ type: "largest-contentful-paint", buffered: true });
})"""
SETTLED_MS = 500
"""After which no larger picture is waited for."""


def views(browser: Browser, folder: Path, runs: int) -> dict[str, dict[str, float]]:
    """Milliseconds to the first and the largest picture of each page, with nothing of it in the browser's cache."""
    port = free_port("127.0.0.1")
    settings = settings_in(folder).model_copy(update={"public_origin": f"http://127.0.0.1:{port}"})
    with opened(settings) as door, answering(door.app, port, lifespan="off"):
        film = Film(door, folder)
        named = {"agency": film.agency, "project": film.project, "job": film.job}
        with visit(browser, settings.public_origin, TOKEN, DESK) as page:
            kept = page.context.storage_state()
        found: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
        for _ in range(runs):
            for name, path in PAGES.items():
                found[name].append(_view(browser, settings.public_origin + path.format(**named), kept))
    return {name: {key: statistics.median(one[key] for one in seen) for key in seen[0]} for name, seen in found.items()}


def _view(browser: Browser, address: str, kept: Any) -> dict[str, float]:
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, storage_state=kept)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address)
    page.wait_for_timeout(SETTLED_MS)
    seen: dict[str, float] = page.evaluate(SEEN)
    context.close()
    return seen


@contextmanager
def store_and_page(browser: Browser, folder: Path, rate: int) -> Iterator[tuple[Page, S3Settings]]:
    """The page on which footage is sent, and the store it is sent to, by a wire of so many bytes a second if not 0."""
    port = free_port("127.0.0.1")
    plain = Settings(data=folder, port=port, admin_token=TOKEN)
    with (
        Embedded(folder, origin=plain.public_origin) as parts,
        BadWire(urlsplit(str(parts.s3.endpoint)).port or 0, seed=1) as wire,
    ):
        wire.rate = rate
        s3 = parts.s3.model_copy(update={"public_endpoint": wire.address if rate else None})
        settings = plain.with_parts(s3, parts.broker_url)
        engine = open_engine(settings.database_url)
        create_tables(engine)
        app = create_app(settings, Service(engine, S3Storage(s3), lambda _: None))
        with answering(app, port), visit(browser, settings.public_origin, TOKEN, DESK) as page:
            page.get_by_role("link", name="Sign on an agency").click()
            page.get_by_label("Department name").fill("Anytown Police Department")
            page.get_by_role("button", name="Sign on").click()
            yield page, s3
        engine.dispose()


def sending(browser: Browser, folder: Path, runs: int, mib: int, rate: int = 0) -> dict[str, Any]:
    """Seconds of each file by the page and by boto3, in turn, the first of each thrown away; and how they compare."""
    found: dict[str, list[float]] = {"page": [], "boto3": []}
    with store_and_page(browser, folder / "data", rate) as (page, s3):
        client = boto3.client(
            "s3",
            endpoint_url=s3.public_endpoint or s3.endpoint,
            region_name=s3.region,
            aws_access_key_id=s3.access_key,
            aws_secret_access_key=s3.secret_key,
        )
        for run in range(runs + 1):
            file = folder / f"clip-{run}.mp4"
            with file.open("wb") as filled:
                for _ in range(mib):
                    filled.write(os.urandom(1 << 20))
            by_page = _by_page(page, file, run)
            began = time.monotonic()
            client.upload_file(str(file), s3.bucket, f"bench/{file.name}")
            if run:
                found["boto3"].append(time.monotonic() - began)
                found["page"].append(by_page)
            file.unlink()
    rates = {way: mib * 1.048576 / statistics.median(took) for way, took in found.items()}
    return {"s": found, "MB/s": rates, "page / boto3": rates["page"] / rates["boto3"]}


def _by_page(page: Page, file: Path, arrived: int) -> float:
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(file)
    began = time.monotonic()
    with page.expect_response(lambda answer: "/complete" in answer.url, timeout=600_000):
        page.get_by_role("button", name="Send this file").press("Enter")
    took = time.monotonic() - began
    expect(page.locator("#clips > ul > li")).to_have_count(arrived + 1)
    return took


def main() -> None:
    """Prints one object."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=0)
    runs = asked.parse_args().runs
    with tempfile.TemporaryDirectory() as held, sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        folder = Path(held)
        for name in ("views", "within", "wire"):
            (folder / name).mkdir()
        told = {
            "first view, ms": views(browser, folder / "views", runs or 5),
            "sending within the machine": sending(browser, folder / "within", runs or 3, FILE_MIB),
            "sending over 100 Mbit/s": sending(browser, folder / "wire", runs or 3, WIRE_MIB, WIRE),
        }
        browser.close()
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
