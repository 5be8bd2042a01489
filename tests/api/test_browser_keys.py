"""Every task of agencies and editors without a mouse, against the running service."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.running import free_port
from ingest.clip import Clip
from kit.process import run_ffmpeg

from .conftest import TOKEN, opened, settings_in
from .edited import Film
from .keys import Keys
from .visiting import ARCHIVE, PACKAGE, Site, answering, begin, clean, let_through, line_of, seal, send, visit

pytestmark = pytest.mark.browser

AT_ONCE = """async (film, keys) => {
  const from = film.currentTime;
  for (const key of keys) film.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  await new Promise((done) => setTimeout(done, 100));
  return film.currentTime - from;
}"""
"""Keys that are pressed before the film has come to where the first of them leads; how far they lead in seconds."""
SLOW = 600_000
"""Bytes a second that go up."""


def test_an_agency_goes_the_whole_way(site: Site, page: Page, captioned: Clip, tmp_path: Path) -> None:
    keys = Keys(page)
    (tmp_path / "seal.png").write_bytes(seal())
    keys.push("Sign on an agency", "link")
    keys.write("Department name", "Keyboard Police Department")
    keys.hand("Department seal (optional)", [tmp_path / "seal.png"])
    keys.push("Sign on")
    page.wait_for_url("**/projects/*")
    footage = page.url
    (tmp_path / captioned.file).write_bytes(bytes(range(251)) * 12_000)
    line = line_of(page)
    let_through(line, SLOW)

    keys.hand("Videos, photos, sound, and transcripts", [tmp_path / captioned.file])
    keys.to("combobox", "What is it?")
    expect(page.get_by_label("What is it?")).to_have_value("leader")
    keys.write("Who is speaking?", "Speaker One")
    keys.reach(page.locator("summary", has_text="Add a transcript"))
    keys.press("Enter")
    keys.write("Type or paste what is said", "We promise.")
    keys.push("Send this file")
    keys.push(re.compile("^Pause"))
    expect(page.locator("#chosen .told")).to_contain_text("is safe")
    keys.push(re.compile("^Go on"))
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)
    let_through(line, None)
    site.work(footage)
    page.reload()
    keys.reach(page.locator("summary", has_text="What it is, who speaks, and the words"))
    keys.press("Enter")
    keys.write("Their role", "Chief of Police")
    keys.push("Save")
    expect(page.locator("#announce")).to_contain_text("Saved")
    keys.push("Make the film")
    expect(page.locator("#progress")).to_be_visible()
    site.work(footage)

    expect(page.get_by_role("heading", name="Your film is ready to review")).to_be_visible()
    film = page.url
    keys.reach(page.locator("#film"))
    keys.press("c")
    expect(page.get_by_role("button", name="Captions: off")).to_be_visible()
    keys.write("Comment at 0:00", "The badge is the old one.")
    keys.push("Pin the comment")
    keys.push(re.compile("^Resolve"))
    expect(page.get_by_role("button", name=re.compile("^Open again"))).to_be_visible()
    keys.write(re.compile("^Caption at 0:0"), "Good morning to you all")
    keys.push("Send the corrections")
    expect(page.locator("#progress")).to_be_visible()
    site.work(footage)
    expect(page.get_by_role("heading", name="Your film is ready to review")).to_be_visible()

    keys.push("All captions at a desk", "link")
    keys.write(re.compile("^Caption 2$"), "and thanks to you")
    keys.push("Save and make the film again")
    page.wait_for_url(film)
    site.work(footage)
    expect(page.get_by_role("heading", name="Your film is ready to review")).to_be_visible()
    keys.write("What shall be changed?", "Begin with the river.")
    keys.push("Ask for changes")
    expect(page.locator("#progress")).to_be_visible()
    site.work(footage)
    expect(page.get_by_role("heading", name="Your film is ready to review")).to_be_visible()
    keys.to("checkbox", re.compile("I have read"))
    keys.press("Space")
    keys.push("Accept the captions")
    keys.push("Approve the film")
    with page.expect_download() as download:
        keys.push("Download the film", "link")
    assert download.value.path().read_bytes() == b"open"
    keys.push("Make a link")
    expect(page.locator(".secret")).to_contain_text("/s/")
    keys.push(re.compile("^Revoke"))
    expect(page.get_by_text("revoked", exact=True)).to_be_visible()


@pytest.fixture
def moving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next films are a test picture that moves for a minute and five seconds."""
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=65"]
    run_ffmpeg([*source, "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(tmp_path / "moving.mp4")])
    monkeypatch.setitem(PACKAGE, "documentary-clean.mp4", (tmp_path / "moving.mp4").read_bytes())


def approved(site: Site, page: Page, folder: Path) -> str:
    """Open the page of an approved film; returns the address of its footage."""
    footage = begin(page, site.address, "Delivered Police Department")
    (folder / "walk.mp4").write_bytes(b"walk")
    send(page, folder / "walk.mp4")
    site.work(footage)
    ours = {"Origin": site.address}
    film = page.request.post(f"{footage}/jobs", headers=ours).url
    site.work(footage)
    for decision in ("captions", "approve"):
        assert page.request.post(f"{film}/{decision}", headers=ours).ok
    page.goto(film)
    return footage


@pytest.mark.usefixtures("moving")
def test_a_film_is_played_kept_and_shared(site: Site, page: Page, browser: Browser, tmp_path: Path) -> None:
    keys = Keys(page)
    footage = approved(site, page, tmp_path)
    place = page.get_by_role("slider", name="Place in the film")
    keys.reach(page.locator("#film"))
    keys.press("k")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(place).to_have_attribute("aria-valuetext", re.compile(r"^0:0[1-9] of 1:05$"))
    keys.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    keys.press("l")
    expect(place).to_have_attribute("aria-valuetext", re.compile(r"^0:[1-5]\d of 1:05$"))
    assert page.locator("#film").evaluate(AT_ONCE, ["l", "l", "j"]) == pytest.approx(10)
    keys.reach(place)
    keys.press("Home")
    expect(place).to_have_attribute("aria-valuetext", "0:00 of 1:05")

    with page.expect_download() as download:
        keys.push("Download the film", "link")
    assert download.value.path().read_bytes() == PACKAGE["documentary.mp4"]
    for name, data in PACKAGE.items():
        with page.expect_download() as download:
            keys.push(name, "link")
        assert (download.value.suggested_filename, download.value.path().read_bytes()) == (name, data)
    expect(page.get_by_text("All files are being put into one zip.")).to_be_visible()
    site.work(footage)
    expect(page.locator("#announce")).to_have_text("All files are ready in one zip.")
    with page.expect_download() as download:
        keys.push("All files in one zip", "link")
    assert download.value.suggested_filename == ARCHIVE

    keys.write("Days until it expires", "3")
    keys.push("Make a link")
    expect(page.get_by_role("heading", name="The new link")).to_be_visible()
    address = page.locator(".secret").inner_text()
    with closing(browser.new_context()) as elsewhere:
        shown = elsewhere.new_page()
        shown.goto(address)
        with shown.expect_download() as download:
            Keys(shown).push(re.compile("^Download the film"), "link")
        assert download.value.path().read_bytes() == PACKAGE["documentary.mp4"]
        keys.push("The film of Delivered Police Department", "link")
        had = page.get_by_role("region", name="Who had the film")
        expect(had.get_by_role("listitem").first).to_contain_text("shared link 1 downloaded documentary.mp4")
        expect(had).to_contain_text("shared link 1 opened the page")
        for name in (*PACKAGE, ARCHIVE):
            expect(had).to_contain_text(f"admin token downloaded {name}")
        assert clean(page) == []
        keys.push("All links, and who had the film", "link")
        expect(page.get_by_text("Opened once, downloaded once.")).to_be_visible()
        keys.push(re.compile("^Revoke"))
        expect(page.get_by_text("revoked", exact=True)).to_be_visible()
        assert clean(page) == []
        shown.reload()
        expect(shown.get_by_role("heading", name="This link does not lead to the film any more")).to_be_visible()


@pytest.fixture(scope="module")
def reel(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    """A film in review that is really planned, and its service under an address of its own."""
    folder, port = tmp_path_factory.mktemp("reel"), free_port("127.0.0.1")
    settings = settings_in(folder).model_copy(update={"public_origin": f"http://127.0.0.1:{port}"})
    with opened(settings) as door, answering(door.app, port, lifespan="off"):
        yield Film(door, folder)


def test_an_editor_finds_a_film_cuts_it_and_changes_a_storyboard(reel: Film, browser: Browser) -> None:
    with visit(browser, reel.door.settings.public_origin, TOKEN, (1440, 900)) as page:
        keys = Keys(page)
        keys.push("Board", "link")
        keys.to("combobox", "State")
        keys.press("i", "Enter")
        keys.push("Show")
        keys.to("link", "Anytown Police Department")
        keys.press("End", "c")
        page.wait_for_url("**/cut")
        made = page.get_by_role("region", name="What is made again")
        expect(made).to_contain_text("Nothing is changed", timeout=120_000)
        keys.reach(page.locator(".part"))
        keys.press("End", "ArrowLeft", "Home")
        while "shot 1 of" not in page.locator(".part:focus").inner_text():
            keys.press("ArrowRight")
        keys.press("Enter")
        keys.push("Out point: −1 s")
        expect(made).to_contain_text(re.compile(r"[1-9]\d* of \d+ pieces"))
        keys.push("Save and make the film")
        page.wait_for_url(f"**/jobs/{reel.job}")
        assert reel.get(f"/v1/projects/{reel.project}/edits").json()["edits"]["beats"]

        keys.push("Board", "link")
        keys.push("Storyboards", "link")
        keys.reach(page.locator("a[href='/storyboards/promise/edit']"))
        keys.press("Enter")
        beats = page.locator(".beat")
        expect(beats.first).to_contain_text("Opening card", timeout=60_000)
        keys.reach(beats.nth(1).get_by_role("button", name="Down"))
        keys.press("Enter")
        expect(page.locator(".changes")).to_contain_text("moved")
        keys.reach(page.get_by_role("textbox", name="The storyboard's text"))
        keys.press("Control+End")
        page.keyboard.type("colour: red")
        expect(page.locator(".problems")).to_contain_text("colour: there is no such field")
        keys.press("Control+z")
        expect(page.locator(".problems")).to_have_count(0)
        keys.write("What you changed, and why", "Scenes later.")
        keys.press("Enter")
        expect(page.get_by_role("heading", name="Save as version 3")).to_be_visible()
