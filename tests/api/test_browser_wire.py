"""Footage over a wire that slows, goes away and comes back, and a page that is left in the middle: nothing is lost."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.running import free_port
from kit.database import open_engine
from kit.embedded import Embedded
from kit.s3 import S3Storage
from kit.settings import Settings
from pipeline.service import Service
from pipeline.tables import create_tables
from tests.faults.bad_wire import BadWire

from .visiting import answering, clean, visit

pytestmark = pytest.mark.browser

TOKEN = "a-token-for-tests"
SLOW = 4_000_000
"""Bytes a second: one part takes two of them."""


@pytest.fixture(scope="module")
def wired(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, S3Storage, BadWire]]:
    """The service, whose store browsers reach through a wire of ours alone."""
    data, port = tmp_path_factory.mktemp("wired"), free_port("127.0.0.1")
    plain = Settings(data=data, port=port, admin_token=TOKEN)
    with (
        Embedded(data, origin=plain.public_origin) as parts,
        BadWire(urlsplit(str(parts.s3.endpoint)).port or 0, seed=1) as wire,
    ):
        s3 = parts.s3.model_copy(update={"public_endpoint": wire.address})
        settings = plain.with_parts(s3, parts.broker_url)
        engine = open_engine(settings.database_url)
        create_tables(engine)
        store = S3Storage(s3)
        with answering(create_app(settings, Service(engine, store, lambda _ids: None)), port):
            yield settings, store, wire
        engine.dispose()


@pytest.fixture
def page(wired: tuple[Settings, S3Storage, BadWire], browser: Browser) -> Iterator[Page]:
    """A laptop, signed in."""
    with visit(browser, wired[0].public_origin, TOKEN, (768, 900)) as page:
        yield page


def share(told: str) -> int:
    """The per cent that are said to be safe."""
    return int(told.split(" %", maxsplit=1)[0].rsplit(" ", 1)[1])


def test_a_file_outlives_a_wire_that_slows_and_drops_and_a_page_that_is_left(
    wired: tuple[Settings, S3Storage, BadWire], page: Page, tmp_path: Path
) -> None:
    _, store, wire = wired
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Ridge Police Department")
    page.get_by_role("button", name="Sign on").click()
    data = bytes(range(251)) * 150_000  # 38 MB: five parts
    (tmp_path / "walk.mp4").write_bytes(data)
    wire.rate = SLOW
    picker = page.get_by_label("Videos, photos, sound, and transcripts")
    picker.set_input_files(tmp_path / "walk.mp4")
    page.get_by_role("button", name="Send this file").press("Enter")
    told = page.locator("#chosen > li .told")
    expect(told).to_contain_text(re.compile(r"\d MB a second · less than a minute left"))
    with page.expect_response(lambda one: one.request.method == "PUT" and "partNumber=" in one.url, timeout=60_000):
        pass
    wire.away = True
    expect(told).to_contain_text("what was sent is safe")
    assert clean(page) == []
    page.get_by_role("button", name="Pause").press("Enter")
    expect(told).to_have_text(re.compile(r"Paused; [1-9]\d % is safe\."))
    promised = share(told.inner_text())
    wire.away = False
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    again = page.get_by_text("Choose the same file:")
    expect(again).to_be_visible()
    # a part may have arrived whose answer was lost
    assert promised <= share(again.inner_text()) < 100
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "PUT" and "partNumber=" in one.url else None)
    picker.set_input_files(tmp_path / "walk.mp4")
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)
    assert data in [store.get_bytes(key) for key in store.list("uploads/")]
    assert 1 <= len({url.split("partNumber=")[1] for url in sent}) < 5
