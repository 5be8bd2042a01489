"""The pages in a real browser against a real store: footage goes from the page straight into storage."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from agencies.agency import Agency
from api.app import create_app
from api.running import free_port
from editing.captions import SpokenWord, cues_for
from editing.documentary import RenderContext
from editing.timeline import Timeline
from ingest.clip import Clip, Kind, Verdict
from kit.database import open_engine
from kit.embedded import Embedded
from kit.s3 import S3Storage
from kit.settings import Settings
from kit.timing import nearest_frame
from pipeline.jobs import Outcome, Packed, PackedFile, Planned, SegmentNote, Step, StepKind
from pipeline.ledger import Ledger
from pipeline.service import Service
from pipeline.tables import create_tables
from pipeline.tasks import StoredContext
from tests.editing.clips import anytown

pytestmark = pytest.mark.browser

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.500\nWe, the members,\n\n00:01.600 --> 00:03.000\nmake this promise.\n"
PACKAGE = {"documentary.mp4": b"open", "documentary-clean.mp4": b"clean", "captions.vtt": CAPTIONS.encode()}
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 1440)
expect.set_options(timeout=30_000)  # machines that test may be busy

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


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

    def _outcome(self, step: Step) -> Outcome:
        if step.kind is StepKind.INSPECT:
            clip = Clip(file="x", digest="0", size=1, kind=Kind.VIDEO, verdict=Verdict.ACCEPTED, duration_s=12)
            return Outcome(clip=self.clip or clip)
        if step.kind is StepKind.PLAN:
            segments = tuple(SegmentNote(keys=(f"segments/{n}.mp4",), frames=360) for n in range(10))
            return Outcome(planned=Planned(context_key=self.plan, frames=3600, segments=segments, sound_key="s"))
        if step.kind is StepKind.PACKAGE:
            return Outcome(packed=Packed(review="finished", files=tuple(map(self._file, PACKAGE))))
        return Outcome()

    def _file(self, name: str) -> PackedFile:
        self.store.put_bytes(f"packages/{name}", PACKAGE[name])
        kind = "text/vtt" if name.endswith(".vtt") else "video/mp4"
        return PackedFile(name=name, key=f"packages/{name}", size=len(PACKAGE[name]), sha256="0" * 64, media_type=kind)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: `apt-get install chromium` lets the pages be tried in a browser")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
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
        app = create_app(settings, Service(engine, store, lambda _ids: None))
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield Site(settings.public_origin, "a-token-for-tests", store, Ledger(engine))
        server.should_exit = True
        thread.join()
        engine.dispose()


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone, signed in; what it complains of fails the test."""
    visit = browser.new_context(viewport={"width": 320, "height": 640})
    page = visit.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.goto(site.address)
    page.get_by_label("Sign-in code or admin token").fill(site.token)
    page.get_by_role("button", name="Sign in").click()
    yield page
    visit.close()
    assert complaints == []


def test_a_whole_visit_on_a_phone(site: Site, page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Anytown Police Department")
    page.get_by_role("button", name="Sign on").click()
    footage = page.url
    big = bytes(range(256)) * (36 << 10)  # 9 MiB: two parts
    for name, data in (("leader talk ñ.mp4", big), ("leader talk ñ.srt", b"1\n"), ("street.mp4", b"street")):
        (tmp_path / name).write_bytes(data)
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(sorted(tmp_path.iterdir()))
    leader = page.locator("#chosen > li").filter(has_text="leader talk ñ.mp4")
    expect(leader.get_by_label("What is it?")).to_have_value("leader")
    expect(leader).to_contain_text("We will use leader talk ñ.srt.")
    leader.get_by_label("Who is speaking?").fill("Speaker Øne")
    assert fits(page)
    assert clean(page) == []
    page.get_by_role("button", name="Send 2 files").click()
    expect(page.locator("#clips > ul > li")).to_have_count(2, timeout=90_000)
    site.work(footage)
    expect(page.get_by_text("Good", exact=True)).to_have_count(2, timeout=60_000)
    held = [site.store.get_bytes(key) for key in site.store.list("uploads/")]
    assert sorted(held) == sorted([big, b"1\n", b"street"])
    assert clean(page) == []
    page.get_by_role("button", name="Make the film").click()
    expect(page.locator("#progress")).to_be_visible()
    assert clean(page) == []
    site.work(footage)
    expect(page.get_by_role("heading", name="Your film is ready to review")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="make this promise.")).to_be_visible()
    page.get_by_label("Comment at 0:00").focus()
    page.keyboard.type("The badge is the old one.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Resolve")).to_be_visible()
    expect(page.get_by_role("form", name="Or ask for changes")).to_contain_text("The badge is the old one.")
    assert fits(page)
    assert clean(page) == []
    page.locator("#film").focus()
    for shown in ("Captions: off", "Captions: on"):
        page.keyboard.press("c")
        expect(page.get_by_role("button", name=shown)).to_be_visible()
    page.get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Accept the captions").press("Enter")
    page.get_by_role("button", name="Approve the film").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the film").click()
    assert download.value.path().read_bytes() == b"open"
    assert download.value.suggested_filename == "documentary.mp4"
    page.reload()
    assert fits(page)
    assert clean(page) == []
    page.get_by_role("button", name="Make a link").press("Enter")
    address = f"{site.address}/s/{page.locator('.secret').inner_text().rsplit('/', 1)[1]}"
    for shown in ("", address):
        if shown:
            page.goto(shown)
            expect(page.get_by_role("link", name="Download the film")).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert fits(page)
            assert clean(page) == []


def test_a_broken_line_is_waited_out(site: Site, page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Faraway Police Department")
    page.get_by_role("button", name="Sign on").click()
    (tmp_path / "walk.mp4").write_bytes(b"walk" * 1000)
    failures = iter(range(2))
    page.route(
        "**/uploads/*partNumber*",
        lambda route: route.abort() if next(failures, None) is not None else route.continue_(),
    )
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(tmp_path / "walk.mp4")
    page.get_by_role("button", name="Send this file").click()
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)


def test_files_chosen_before_the_script_arrived_are_taken(site: Site, page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Slow Line Police Department")
    held: list[Route] = []

    def hold(script: Route) -> None:
        held.append(script)

    page.route("**/static/built/assets/footage-*.js", hold)
    page.get_by_role("button", name="Sign on").click(no_wait_after=True)
    (tmp_path / "walk.mp4").write_bytes(b"walk" * 1000)
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(tmp_path / "walk.mp4")
    expect(page.get_by_role("button", name="Send this file")).to_be_hidden()
    held[0].continue_()
    page.get_by_role("button", name="Send this file").click()
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(site: Site, page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Sleepy Hollow Police Department")
    page.get_by_role("button", name="Sign on").click()
    (tmp_path / "walk.mp4").write_bytes(bytes(range(256)) * (40 << 10))  # 10 MiB: two parts
    sent: list[str] = []

    def drop_the_second(part: Route) -> None:
        sent.append(part.request.url)
        if "partNumber=2&" in part.request.url:
            part.abort()
        else:
            part.continue_()

    page.route("**/uploads/*partNumber*", drop_the_second)
    picker = page.get_by_label("Videos, photos, sound, and transcripts")
    picker.set_input_files(tmp_path / "walk.mp4")
    with page.expect_response(lambda one: one.request.method == "PUT" and "partNumber=1&" in one.url):
        page.get_by_role("button", name="Send this file").press("Enter")
    expect(page.get_by_text("what was sent is safe")).to_be_visible()
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_text("Paused; 80 % is safe.")).to_be_visible()
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    expect(page.get_by_text("Choose the same file: 80 % is safe.")).to_be_visible()
    assert clean(page) == []
    sent.clear()
    page.unroute_all()
    page.on("request", lambda one: sent.append(one.url) if "partNumber=" in one.url else None)
    picker.set_input_files(tmp_path / "walk.mp4")
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)
    assert [url.split("partNumber=")[1][:1] for url in sent] == ["2"]
    expect(page.get_by_text("Choose the same file")).to_be_hidden()


def test_an_editor_changes_a_storyboard_by_keyboard(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/storyboards/promise/edit")
    beats = page.locator(".beat")
    expect(beats.first).to_contain_text("Opening card", timeout=60_000)
    expect(beats.first.get_by_role("img")).to_be_visible(timeout=60_000)
    assert fits(page)
    down = beats.nth(1).get_by_role("button", name="Down")
    down.focus()
    page.keyboard.press("Enter")
    expect(beats.nth(2)).to_contain_text("Scenes")
    expect(beats.nth(2).get_by_role("button", name="Down")).to_be_focused()
    expect(page.locator(".changes")).to_contain_text("moved")
    page.get_by_role("textbox", name="The storyboard's text").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("colour: red")
    problem = page.locator(".problems").get_by_role("button")
    expect(problem).to_contain_text("colour: there is no such field")
    expect(page.get_by_role("button", name="Save this version")).to_be_disabled()
    assert clean(page) == []
    page.get_by_role("textbox", name="The storyboard's text").focus()
    page.keyboard.press("Control+z")
    expect(problem).to_have_count(0)
    page.get_by_label("What you changed, and why").fill("Scenes later.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Save as version 3")).to_be_visible()


@pytest.fixture
def captioned(site: Site, monkeypatch: pytest.MonkeyPatch) -> Clip:
    """The clip that the next films show, captioned word by word."""
    clip = next(one for one in anytown() if one.file == "leader.mp4")
    agency = Agency(name="Anytown Police Department")
    words = [word for sentence in clip.sentences for word in sentence.words]
    spoken = [
        SpokenWord(
            text=word.text,
            said=word.text,
            start=nearest_frame(word.start_s),
            end=nearest_frame(word.end_s),
            source=(nearest_frame(word.start_s), nearest_frame(word.end_s)),
            voice="one",
            speaker=clip.speaker_name,
            file=clip.file,
        )
        for word in words
    ]
    cues = cues_for(spoken, 3600)
    timeline = Timeline(storyboard="promise", frames=3600, shots=(), cues=cues, lower_thirds=())
    context = RenderContext(timeline=timeline, clips=(clip,), agency=agency)
    stored = StoredContext(context=context, keys={}, digests={clip.file: clip.digest})
    site.store.put_bytes("plans/captioned.json", stored.model_dump_json().encode())
    monkeypatch.setattr(site, "plan", "plans/captioned.json")
    monkeypatch.setattr(site, "clip", clip)
    return clip


def test_captions_are_corrected_at_the_desk_by_keys(site: Site, page: Page, captioned: Clip, tmp_path: Path) -> None:
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Wordy Police Department")
    page.get_by_role("button", name="Sign on").click()
    footage = page.url
    (tmp_path / captioned.file).write_bytes(b"leader")
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(tmp_path / captioned.file)
    page.get_by_role("button", name="Send this file").click()
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)
    site.work(footage)
    page.reload()
    page.get_by_role("button", name="Make the film").click()
    site.work(footage)
    expect(page.get_by_role("link", name="All captions at a desk")).to_be_visible(timeout=60_000)
    here = page.url
    page.get_by_role("link", name="All captions at a desk").click()
    first, second = (page.get_by_role("textbox", name=f"Caption {n}", exact=True) for n in (1, 2))
    expect(page.get_by_text("None is over a limit")).to_be_visible(timeout=60_000)
    assert fits(page)
    before = first.input_value()
    first.focus()
    page.keyboard.press("Enter")
    expect(second).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("End")
    page.keyboard.type(" and so much more than anybody could ever read in the time that is left for it")
    expect(page.locator("#figures-1")).to_contain_text("characters a second are more than 16.9")
    expect(page.locator("#figures-1")).to_contain_text("does not fit 2 lines of 42 characters")
    expect(page.locator("#announce")).to_contain_text("Over a limit")
    expect(page.get_by_role("status").filter(has_text="1 caption changed")).to_contain_text("of the film’s 10")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+PageDown")
    expect(first).to_be_focused()
    assert clean(page) == []
    first.fill(before.replace(before.split()[0], "Yes,", 1))
    second.fill(f"{second.input_value()} indeed")
    headers = {"Origin": site.address}
    agency, project = footage.split("/")[-3], footage.split("/")[-1]
    others = {"edits": {"music_db": -24}, "author": "Editor One", "note": "Quieter.", "based_on": 0}
    saved = page.request.post(
        f"{site.address}/v1/projects/{project}/edits?agency={agency}", data=others, headers=headers
    )
    assert saved.status == 201, saved.text()
    page.get_by_role("button", name="Save and make the film again").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("saved by Editor One meanwhile")
    expect(page.get_by_text("the music: at -24 dB")).to_be_visible()
    expect(second).to_have_value(re.compile("indeed$"))
    assert clean(page) == []
    page.get_by_role("button", name="Put mine on top of it").press("Enter")
    expect(second).to_have_value(re.compile("indeed$"))
    page.get_by_role("button", name="Save and make the film again").press("Enter")
    page.wait_for_url(here)
    told = page.request.get(f"{site.address}/v1/projects/{project}/edits?agency={agency}").json()
    assert (told["number"], len(told["edits"]["captions"]), told["edits"]["music_db"]) == (2, 2, -24)


def test_the_board_is_gone_through_by_keys(site: Site, page: Page) -> None:
    for name in ("One Police Department", "Another Police Department"):
        page.request.post(f"{site.address}/agencies", form={"name": name}, headers={"Origin": site.address})
    page.goto(f"{site.address}/board")
    lines = page.locator("[data-line]")
    lines.first.focus()
    page.keyboard.press("j")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("Home")
    expect(lines.first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("State")).to_be_focused()
    assert fits(page)
    assert clean(page) == []


def clean(page: Page) -> list[str]:
    """What axe finds on this page as it stands: rules of WCAG 2.1 A and AA, and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then((told) => told.violations)")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


def fits(page: Page) -> bool:
    """Whether nothing reaches over the edge of the page."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
