"""A film that is watched: keys that stay in the player, captions for the public, and a browser without script."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest.clip import Clip

from .visiting import CHROMIUM, FLAGS, Site, begin, clean, fits, send, visit

pytestmark = pytest.mark.browser

PHONE = (320, 640)
MANY = 7
"""Comments, of which three come at once."""


@pytest.fixture
def footage(site: Site, page: Page, captioned: Clip, tmp_path: Path) -> str:
    """A film in review, its page open; the address of its footage."""
    here = begin(page, site.address, "Watched Police Department")
    (tmp_path / captioned.file).write_bytes(b"leader")
    send(page, tmp_path / captioned.file)
    site.work(here)
    film = page.request.post(f"{here}/jobs", headers={"Origin": site.address}).url
    site.work(here)
    page.goto(film)
    expect(page.get_by_role("button", name="Captions: on")).to_be_visible()
    return here


def shared(site: Site, page: Page) -> str:
    """Approve the film whose page this is, and share it; the link's address."""
    for decision in ("captions", "approve"):
        assert page.request.post(f"{page.url}/{decision}", headers={"Origin": site.address}).ok
    page.reload()
    page.get_by_role("button", name="Make a link").click()
    return page.locator(".secret").inner_text()


@pytest.mark.usefixtures("footage")
def test_the_players_keys_work_in_the_player_alone(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    for key in ("c", "m", "Space"):
        page.keyboard.press(key)
    page.wait_for_function("() => scrollY > 100")
    for name in ("Captions: on", "Sound: on", "Play"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(1)
    page.get_by_role("button", name="Full screen").focus()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Captions: off")).to_be_visible()
    page.locator("#film").focus()
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Sound: off")).to_be_visible()


@pytest.mark.usefixtures("footage")
def test_a_phone_has_every_control_and_captions_stand_off_the_edge(page: Page) -> None:
    expect(page.get_by_role("slider", name="Volume")).to_be_visible()
    assert fits(page)
    lines = page.locator("#film").evaluate(
        "(film) => [...film.textTracks[0].cues].map((cue) => cue.line + cue.text.split('\\n').length)"
    )
    assert set(lines) == {-1}


@pytest.mark.usefixtures("footage")
def test_every_comment_is_shown(site: Site, page: Page) -> None:
    agency, job = page.url.rsplit("/", 3)[1::2]
    address = f"{site.address}/v1/jobs/{job}/comments?agency={agency}"
    headers = {"Authorization": f"Bearer {site.token}"}
    for n in range(MANY):
        said = page.request.post(address, headers=headers, data={"at_s": n, "text": f"Comment {n}."})
        assert said.ok, said.text()
    page.route("**/comments?*", lambda asked: asked.continue_(url=asked.request.url.replace("limit=100", "limit=3")))
    page.reload()
    expect(page.locator(".comments > li")).to_have_count(MANY)
    expect(page.locator(".comments").get_by_text(f"Comment {MANY - 1}.", exact=True)).to_be_visible()


@pytest.mark.usefixtures("footage")
def test_the_public_turns_captions_on_and_off(site: Site, page: Page, browser: Browser) -> None:
    link = shared(site, page)
    with closing(browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})) as elsewhere:
        shown = elsewhere.new_page()
        shown.goto(link)
        film = shown.locator("#film")
        for name, mode in (("Captions: on", "hidden"), ("Captions: off", "showing")):
            shown.get_by_role("button", name=name).click()
            assert film.evaluate("(film) => film.textTracks[0].mode") == mode
        expect(shown.get_by_role("slider", name="Volume")).to_be_visible()
        assert fits(shown)
        assert clean(shown) == []


@pytest.fixture
def plain(site: Site, browser: Browser) -> Iterator[Page]:
    """Somebody signed in whose browser runs no script and knows it, so that it shows what stands for scripts."""
    off = [*FLAGS, "--blink-settings=scriptEnabled=false"]
    with (
        closing(browser.browser_type.launch(executable_path=CHROMIUM, args=off)) as without,
        visit(without, site.address, site.token, PHONE) as page,
    ):
        yield page


def test_pages_read_without_script(site: Site, page: Page, footage: str, plain: Page) -> None:
    film = page.url
    assert page.request.post(
        f"{site.address}/v1/jobs/{film.rsplit('/', 1)[1]}/comments?agency={footage.split('/')[4]}",
        headers={"Authorization": f"Bearer {site.token}"},
        data={"at_s": 1, "text": "The badge is the old one."},
    ).ok
    plain.goto(site.address)
    plain.locator(f".films a[href='{urlsplit(film).path}']").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Your film is ready to review")
    assert plain.locator("#film").evaluate("(film) => film.controls")
    expect(plain.locator("#film track[kind=captions]")).to_have_count(1)
    expect(plain.get_by_text("The badge is the old one.").first).to_be_visible()
    expect(plain.get_by_label(re.compile("^Caption at 0:0")).first).to_be_visible()
    assert fits(plain)

    plain.goto(footage)
    expect(plain.locator("noscript .usa-alert")).to_be_visible()
    expect(plain.locator("#clips").get_by_text("Good", exact=True)).to_have_count(1)
    expect(plain.locator("#slots > li").first).to_contain_text("Ask for whole sentences")
    plain.get_by_role("link", name="Print the shot guide").click()
    plain.get_by_role("link", name="Back").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Watched Police Department")
    plain.get_by_role("link", name="Film 1").click()

    plain.get_by_role("checkbox").check()
    plain.get_by_role("button", name="Accept the captions").click()
    plain.get_by_role("button", name="Approve the film").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Your film is approved")
    plain.get_by_role("button", name="Make a link").click()
    link = plain.locator(".secret").inner_text()
    plain.goto(link)
    assert plain.locator("#film").evaluate("(film) => film.controls")
    plain.goto(f"{film}/sharing")
    expect(plain.locator("time").first).to_have_text(re.compile(r", \d\d:\d\d UTC$"))
    for path in ("board", "account", "agencies/new", "storyboards"):
        plain.goto(f"{site.address}/{path}")
        expect(plain.get_by_role("heading", level=1)).to_be_visible()
        assert fits(plain), path


@pytest.mark.usefixtures("footage")
def test_who_had_the_film_is_told_in_the_readers_own_time(site: Site, page: Page, browser: Browser) -> None:
    film = page.url
    link = shared(site, page)
    with visit(browser, site.address, site.token, (768, 900), timezone_id="America/Phoenix") as theirs:
        theirs.goto(link)
        for address in (film, f"{film}/sharing"):
            theirs.goto(address)
            expect(theirs.locator("time").first).to_have_text(re.compile(r"^\w+ \d+, \d{4} at \d+:\d\d [AP]M MST$"))
            assert clean(theirs) == []
