"""The service with a real store, and a browser that visits it, started once for each module of tests."""

import io
import shutil
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import uvicorn
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect, sync_playwright

from api.app import create_app
from api.running import free_port
from ingest.clip import Clip, Kind, Verdict
from kit.database import open_engine
from kit.embedded import Embedded
from kit.s3 import S3Storage
from kit.settings import Settings
from pipeline.jobs import Outcome, Packed, PackedFile, Planned, SegmentNote, Step, StepKind
from pipeline.ledger import Ledger
from pipeline.service import Service
from pipeline.tables import create_tables

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.500\nWe, the members,\n\n00:01.600 --> 00:03.000\nmake this promise.\n"
ARCHIVE = "all-files.zip"
PACKAGE = {"documentary.mp4": b"open", "documentary-clean.mp4": b"clean", "captions.vtt": CAPTIONS.encode()}
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
expect.set_options(timeout=30_000)  # machines that test may be busy

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Site:
    """The service with its real store and database, and this test in place of the workers."""

    address: str
    token: str
    store: S3Storage
    ledger: Ledger
    plan: str = "c"
    """Where the render context of the next films is."""
    clip: Clip | None = None
    """What the next files are found to be."""

    def work(self, url: str) -> None:
        """Do every step of the project whose page this is."""
        while step := self.ledger.claim_next("test", url.rsplit("/", 1)[1]):
            self.ledger.finish(step, self._outcome(step))

    def step(self, url: str) -> None:
        """Do one of them."""
        step = self.ledger.claim_next("test", url.rsplit("/", 1)[1])
        assert step
        self.ledger.finish(step, self._outcome(step))

    def _outcome(self, step: Step) -> Outcome:
        if step.kind is StepKind.INSPECT:
            clip = Clip(file="x", digest="0", size=1, kind=Kind.VIDEO, verdict=Verdict.ACCEPTED, duration_s=12)
            return Outcome(clip=self.clip or clip)
        if step.kind is StepKind.PLAN:
            segments = tuple(SegmentNote(keys=(f"segments/{n}.mp4",), frames=360) for n in range(10))
            return Outcome(planned=Planned(context_key=self.plan, frames=3600, segments=segments, sound_key="s"))
        if step.kind is StepKind.PACKAGE:
            return Outcome(packed=Packed(review="finished", files=tuple(self._file(*one) for one in PACKAGE.items())))
        if step.kind is StepKind.ARCHIVE:
            return Outcome(archived=self._file(ARCHIVE, b"".join(PACKAGE.values())))
        return Outcome()

    def _file(self, name: str, data: bytes) -> PackedFile:
        kind = {".vtt": "text/vtt", ".zip": "application/zip"}.get(Path(name).suffix, "video/mp4")
        self.store.put_bytes(f"packages/{name}", data, content_type=kind)
        return PackedFile(name=name, key=f"packages/{name}", size=len(data), sha256="0" * 64, media_type=kind)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: `apt-get install chromium` lets the pages be tried in a browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service, started once for all visits."""
    port = free_port("127.0.0.1")
    data = tmp_path_factory.mktemp("site")
    plain = Settings(data=data, port=port, admin_token="a-token-for-tests")
    with Embedded(data, origin=plain.public_origin) as parts:
        settings = plain.with_parts(parts.s3, parts.broker_url)
        engine = open_engine(settings.database_url)
        create_tables(engine)
        store = S3Storage(parts.s3)
        app = create_app(settings, Service(engine, store, lambda _ids: None, origin=settings.public_origin))
        with answering(app, port):
            yield Site(settings.public_origin, "a-token-for-tests", store, Ledger(engine))
        engine.dispose()


@contextmanager
def answering(app: FastAPI, port: int, lifespan: Literal["auto", "off"] = "auto") -> Iterator[None]:
    """An app that browsers reach at a port of this machine."""
    config = uvicorn.Config(app, port=port, log_level="warning", lifespan=lifespan, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server ended before it answered: is its port taken?"
        time.sleep(0.05)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone, signed in."""
    with visit(browser, site.address, site.token, (320, 640)) as page:
        yield page


@contextmanager
def visit(browser: Browser, address: str, token: str, size: tuple[int, int], **likes: Any) -> Iterator[Page]:
    """Somebody signed in, before a screen of this width and height; what the page complains of fails the test.

    `likes` is what else the browser is told of its owner, as Playwright names it.
    """
    with looked_at(browser, size, **likes) as page:
        page.goto(address)
        page.get_by_label("Sign-in code or admin token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
        yield page


@contextmanager
def looked_at(browser: Browser, size: tuple[int, int], **likes: Any) -> Iterator[Page]:
    """An empty page before a screen of this width and height; what it complains of fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **likes)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield page
    context.close()
    assert not complaints, complaints


def begin(page: Page, address: str, agency: str) -> str:
    """Sign an agency on and open the page where its footage is sent; returns its address."""
    signed = page.request.post(f"{address}/agencies", form={"name": agency}, headers={"Origin": address})
    page.goto(signed.url)
    return signed.url


def send(page: Page, file: Path) -> None:
    """Send one file from that page, and wait for it to arrive."""
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(file)
    page.get_by_role("button", name="Send this file").click()
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)


CARRIED = """(files) => {
  const carried = new DataTransfer();
  for (const [name, type, held] of files) {
    carried.items.add(new File([Uint8Array.from(atob(held), (one) => one.charCodeAt(0))], name, { type }));
  }
  return carried;
}"""


def drop(target: Locator, *files: tuple[str, str, bytes]) -> None:
    """Drag files over a place of the page and let go: each is a name, a type, and what it holds."""
    page = target.page
    held = [[name, kind, b64encode(data).decode()] for name, kind, data in files]
    carried = page.evaluate_handle(CARRIED, held)
    target.dispatch_event("dragover", {"dataTransfer": carried})
    expect(page.locator("body.dropping")).to_have_count(1)
    target.dispatch_event("drop", {"dataTransfer": carried})
    expect(page.locator("body.dropping")).to_have_count(0)


def line_of(page: Page) -> CDPSession:
    """The line of a page to the world, for `let_through`."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    return line


def let_through(line: CDPSession, rate: int | None) -> None:
    """Let so many bytes a second up; 0 takes the line away, None leaves it as it is."""
    slow = {"latency": 0, "uploadThroughput": -1, "downloadThroughput": -1}
    if rate is not None:
        slow = {"latency": 150, "uploadThroughput": rate, "downloadThroughput": 4 * rate}
    line.send("Network.emulateNetworkConditions", {"offline": rate == 0, **slow})


def seal() -> bytes:
    """A department's seal, as a PNG."""
    drawn = io.BytesIO()
    Image.radial_gradient("L").resize((640, 640)).save(drawn, "PNG")
    return drawn.getvalue()


def clean(page: Page) -> list[str]:
    """What axe finds on this page as it stands: rules of WCAG 2.1 A and AA, and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then((told) => told.violations)")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


def fits(page: Page) -> bool:
    """Whether nothing reaches over the edge of the page."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


CUT = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one);
  const own = [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim());
  const meant = one.closest(".visually-hidden, .usa-skipnav, svg, .reel") || style.textOverflow === "ellipsis";
  if (!own || meant) return false;
  const box = one.getBoundingClientRect();
  const hides = ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
  return box.width > 0 && (hides || box.right > innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""


def cut(page: Page) -> list[str]:
    """Elements whose words do not all show; the timeline of a film is one to scroll in."""
    found: list[str] = page.evaluate(CUT)
    return found


def moves(page: Page) -> list[str]:
    """Elements that would move or fade by themselves."""
    asked = "['transitionDuration', 'animationDuration'].some((how) => parseFloat(getComputedStyle(one)[how]) > 0)"
    found: list[str] = page.evaluate(
        f"[...document.querySelectorAll('*')].filter((one) => {asked}).map((one) => one.outerHTML.slice(0, 120))"
    )
    return found
