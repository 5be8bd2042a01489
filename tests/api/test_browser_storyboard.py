"""The editor of storyboards in a real browser, by keys alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from .keys import Keys
from .visiting import Site, clean, fits, visit

pytestmark = pytest.mark.browser

HELD = """
globalThis.held = new Set();
const [make, letGo] = [URL.createObjectURL, URL.revokeObjectURL];
URL.createObjectURL = (what) => { const url = make(what); held.add(url); return url; };
URL.revokeObjectURL = (url) => { held.delete(url); letGo(url); };
"""
"""Counts the pictures that a page holds in memory."""
WORDS = "Its words, each line on its own"


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """The editor of a storyboard on a desk."""
    with visit(browser, site.address, site.token, (1440, 900)) as page:
        page.add_init_script(HELD)
        page.goto(f"{site.address}/storyboards/promise/edit")
        expect(page.locator(".beat").first).to_contain_text("Opening card", timeout=60_000)
        yield page


def test_beats_are_added_and_cards_worded_by_keys(site: Site, page: Page) -> None:
    keys, beats = Keys(page), page.locator(".beat")
    count = beats.count()
    keys.to("combobox", "What it shows")
    keys.press("c")
    keys.to("combobox", "After")
    keys.press("ArrowDown")
    keys.write(WORDS, "Who we are")
    keys.push("Add this beat")
    expect(beats).to_have_count(count + 1)
    added = beats.nth(2)
    expect(added).to_contain_text("Chapter card")
    expect(added.get_by_role("img", name="Who we are")).to_be_visible()
    expect(added.locator("summary")).to_be_focused()
    keys.press("Enter")
    keys.write("First line", "Who are we?")
    keys.push("Add a line")
    page.keyboard.type("Since 1901")
    keys.press("Tab")
    expect(added.get_by_role("img", name="Who are we? Since 1901")).to_be_visible()
    keys.to("textbox", "Line 2")
    keys.press("Control+a", "Delete", "Tab")
    expect(added.get_by_role("img", name=re.compile(r"Who are we\?$"))).to_be_visible()
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page)
        assert clean(page) == []

    opening = beats.first
    keys.reach(opening.locator("summary"))
    keys.press("Enter")
    keys.reach(opening.get_by_role("textbox", name="Line 2"))
    keys.press("Control+a")
    page.keyboard.type('A "Promise" film')
    keys.reach(opening.get_by_role("button", name="Add a line"))
    keys.press("Enter")
    page.keyboard.type("Since 1901")
    keys.press("Tab")
    expect(opening.get_by_role("img", name='A "Promise" film Since 1901')).to_be_visible()

    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    keys.push("Storyboards", "link")
    expect(page.get_by_role("heading", name="Save as version 2")).to_be_visible()
    assert asked == ["beforeunload"]
    keys.write("What you changed, and why", "A chapter more.")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Save as version 3")).to_be_visible()
    saved = page.request.get(f"{site.address}/v1/storyboards/promise/versions/2").json()["text"]
    assert '  - {beat: card, kind: chapter, lines: ["Who are we?"]}\n' in saved
    assert '      - "A \\"Promise\\" film"\n      - "Since 1901"\n' in saved

    keys.push("What changed in version 2", "link")
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    assert asked == ["beforeunload"]
    told = page.locator(".changes")
    expect(told).to_contain_text("chapter card 1: added after b-roll 1, “Who are we?”")
    keys.to("combobox", "To")
    keys.press("End")
    keys.push("Compare")
    expect(page.get_by_text("one and the same version")).to_be_visible()
    assert fits(page)
    assert clean(page) == []


def test_pictures_that_nothing_shows_any_more_are_let_go_of(page: Page) -> None:
    keys, pictures = Keys(page), page.locator(".still img")
    expect(pictures).to_have_count(page.locator(".still").count())
    opening = page.locator(".beat").first
    keys.reach(opening.locator("summary"))
    keys.press("Enter")
    for words in ("One film", "Another film", "A third film"):
        keys.reach(opening.get_by_role("textbox", name="Line 2"))
        keys.press("Control+a")
        page.keyboard.type(words)
        keys.press("Tab")
        expect(opening.get_by_role("img", name=words)).to_be_visible()
    shown = pictures.evaluate_all("(all) => [...new Set(all.map((one) => one.src))].sort()")
    assert page.evaluate("[...held].sort()") == shown
