"""The less usual ways: files that are dropped, a line without events, a storyboard that is tried on a project."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from .visiting import Site, begin, clean, drop, send

pytestmark = pytest.mark.browser

WORDS_STAY = """(field) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", "Speaker One");
  return field.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""
"""Whether words that are dropped on a field are left to it."""


def test_files_are_dropped_on_a_slot_and_anywhere(site: Site, page: Page) -> None:
    agency, project = begin(page, site.address, "Open Door Police Department").rsplit("/", 3)[1::2]
    page.locator("#chosen").wait_for(state="attached")
    said = page.locator("#announce")
    rows = page.locator("#chosen > li")

    drop(page.locator("[data-slot=community]"), ("one.mp4", "video/mp4", b"neighbor"))
    expect(said).to_have_text("1 file chosen. Say what each one is, then send them.")
    page.locator("#guide > summary").press("Enter")
    drop(
        page.locator("[data-slot=officers] h3"),
        ("two.mp4", "video/mp4", b"officer"),
        ("two.srt", "", b"1\n"),
        ("three.jpg", "image/jpeg", b"picture"),
    )
    expect(said).to_have_text("3 files chosen. Say what each one is, then send them.")
    drop(page.get_by_role("heading", level=1), ("four.mp4", "video/mp4", b"street"))
    expect(said).to_have_text("4 files chosen. Say what each one is, then send them.")
    expect(rows.filter(has_text="two.mp4")).to_contain_text("We will use two.srt.")
    field = rows.filter(has_text="two.mp4").get_by_label("Who is speaking?")
    assert field.evaluate(WORDS_STAY)
    assert clean(page) == []

    page.get_by_role("button", name="Send 4 files").click()
    expect(page.locator("#clips > ul > li")).to_have_count(4, timeout=90_000)
    clips = page.request.get(f"{site.address}/v1/projects/{project}/clips?agency={agency}").json()["items"]
    assert {one["name"]: one["details"]["slot"] for one in clips} == {
        "one.mp4": "community",
        "two.mp4": "officers",
        "three.jpg": "photos",
        "four.mp4": "broll",
    }
    held = {site.store.get_bytes(key) for key in site.store.list("uploads/")}
    assert held >= {b"neighbor", b"officer", b"1\n", b"picture", b"street"}


@pytest.mark.parametrize("status", [None, 503])
def test_where_no_events_come_the_page_asks(site: Site, page: Page, tmp_path: Path, status: int | None) -> None:
    refused: list[str] = []

    def refuse(events: Route) -> None:
        refused.append(events.request.url)
        if status is None:
            events.abort()
        else:
            events.fulfill(status=status)

    page.route(re.compile(r"/v1/jobs/[^/]+/events"), refuse)
    footage = begin(page, site.address, f"Deaf Line {status} Police Department")
    (tmp_path / "walk.mp4").write_bytes(b"walk")
    send(page, tmp_path / "walk.mp4")
    site.work(footage)
    page.get_by_role("button", name="Make the film").click()
    expect(page.get_by_role("heading", name="We are choosing the moments")).to_be_visible()

    answers = re.compile(r"/v1/jobs/[^/?]+\?")
    page.route(answers, lambda asked: asked.abort())
    waits = page.get_by_text("The connection was lost. We go on by ourselves;")
    expect(waits).to_be_visible()
    assert clean(page) == []
    site.step(footage)
    page.unroute(answers)
    expect(page.get_by_role("heading", name="We are making your film")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_have_text("Making the pictures and the sound")
    expect(waits).to_be_hidden()
    site.work(footage)
    expect(page.get_by_role("heading", name="Your film is ready to review")).to_be_visible()
    assert refused


def test_a_storyboard_that_asks_for_words_is_saved_and_tried(site: Site, page: Page, tmp_path: Path) -> None:
    footage = begin(page, site.address, "Trying Police Department")
    (tmp_path / "walk.mp4").write_bytes(b"walk")
    send(page, tmp_path / "walk.mp4")
    site.work(footage)

    page.goto(f"{site.address}/storyboards/certified/edit")
    expect(page.get_by_role("button", name="Make a preview with version 1")).to_be_enabled(timeout=60_000)
    page.get_by_role("textbox", name="The storyboard's text").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("portrait: bars")
    expect(page.locator(".changes")).to_contain_text("bars")
    expect(page.get_by_role("button", name="Make a preview with version 1")).to_be_disabled()
    expect(page.get_by_text("Save first; then it can be tried.")).to_be_visible()
    page.get_by_label("What you changed, and why").fill("Bars beside footage that was held upright.")
    page.get_by_role("button", name="Save this version").click()
    expect(page.locator("#announce")).to_have_text("Saved as version 2.")
    expect(page.locator("#versions li").first).to_contain_text("Version 2 Bars beside footage")

    ours = page.locator("#try option", has_text="Trying Police Department")
    page.get_by_label("Whose footage?").select_option(label=ours.text_content())
    page.get_by_role("button", name="Make a preview with version 2").click()
    expect(page.get_by_role("heading", name="We are choosing the moments")).to_be_visible()
    agency, job = page.url.rsplit("/", 3)[1::2]
    site.work(footage)
    expect(page.get_by_role("heading", name="Your preview is ready to watch")).to_be_visible()
    review = page.get_by_role("region", name="Your review")
    expect(review).to_contain_text("This film is a preview: it can be watched but not approved.")
    expect(review.get_by_role("button", name=re.compile("Accept|Approve"))).to_have_count(0)
    assert clean(page) == []
    made = page.request.get(f"{site.address}/v1/jobs/{job}?agency={agency}").json()
    assert (made["storyboard"], made["storyboard_version"], made["preview"]) == ("certified", 2, True)
    review.get_by_role("link", name="To the footage").click()
    page.wait_for_url(footage)
