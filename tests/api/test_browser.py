"""The pages in a real browser against a real store: footage goes from the page straight into storage."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from .holding import Held
from .visiting import Site, clean, fits, let_through, line_of

pytestmark = pytest.mark.browser

WIDTHS = (320, 1440)
SLOW = 600_000
"""Bytes a second that go up: the Wi-Fi of a full meeting room."""


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
    expect(page.get_by_role("heading", name="We are choosing the moments")).to_be_visible()
    site.step(footage)
    expect(page.get_by_role("heading", name="We are making your film")).to_be_visible()
    expect(page.get_by_text("You can close this page; the work goes on.")).to_be_visible()
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


def test_a_slow_line_is_told_of_and_one_that_goes_away_is_waited_for(site: Site, page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Valley Police Department")
    page.get_by_role("button", name="Sign on").click()
    data = bytes(range(251)) * 12_000  # 3 MB: five seconds of it
    (tmp_path / "walk.mp4").write_bytes(data)
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(tmp_path / "walk.mp4")
    line = line_of(page)
    let_through(line, SLOW)
    page.get_by_role("button", name="Send this file").press("Enter")
    told = page.locator("#chosen > li .told")
    expect(told).to_contain_text(re.compile(r"0\.\d MB a second · less than a minute left"))
    let_through(line, 0)
    expect(told).to_contain_text("what was sent is safe")
    assert clean(page) == []
    let_through(line, 100 * SLOW)
    expect(page.locator("#clips > ul > li")).to_have_count(1, timeout=90_000)
    assert data in [site.store.get_bytes(key) for key in site.store.list("uploads/")]


def test_files_chosen_before_the_script_arrived_are_taken(site: Site, page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="Sign on an agency").click()
    page.get_by_label("Department name").fill("Slow Line Police Department")
    script = Held(page, "**/static/built/assets/footage-*.js")
    page.get_by_role("button", name="Sign on").click(no_wait_after=True)
    (tmp_path / "walk.mp4").write_bytes(b"walk" * 1000)
    page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(tmp_path / "walk.mp4")
    expect(page.get_by_role("button", name="Send this file")).to_be_hidden()
    script.let_go()
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


OF_THE_HOUSE = (
    "/",
    "/people",
    "/audit",
    "/account",
    "/applications",
    "/storyboards",
    "/storyboards/promise/guide",
    "/agencies/new",
    "/join",
)


def test_the_pages_of_the_house_are_clean_on_a_phone_and_a_desk(site: Site, page: Page) -> None:
    page.request.post(
        f"{site.address}/agencies", form={"name": "One Police Department"}, headers={"Origin": site.address}
    )
    for path in OF_THE_HOUSE:
        page.goto(f"{site.address}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert fits(page), path
            assert clean(page) == [], path


def test_the_opening_card_follows_the_name_that_is_typed(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/join")
    page.get_by_label("Department name").fill("Springfield Police Department")
    expect(page.get_by_role("img", name="The opening card: Springfield Police Department")).to_be_visible()
    page.get_by_label("Department name").fill("警察")
    expect(page.get_by_text("Our films cannot show")).to_be_visible()
    assert clean(page) == []
