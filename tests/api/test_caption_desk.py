"""The desk of captions in a real browser, by keys alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ingest.clip import Clip

from .keys import Keys
from .visiting import Site, begin, clean, fits, send

pytestmark = pytest.mark.browser


def desk(site: Site, page: Page, clip: Clip, folder: Path) -> str:
    """Open the desk of a film in review, made of one clip; returns the address of its footage."""
    footage = begin(page, site.address, "Wordy Police Department")
    (folder / clip.file).write_bytes(b"leader")
    send(page, folder / clip.file)
    site.work(footage)
    film = page.request.post(f"{footage}/jobs", headers={"Origin": site.address}).url
    site.work(footage)
    page.goto(film)
    expect(page.get_by_role("heading", name="Your film is ready to review")).to_be_visible()
    Keys(page).push("All captions at a desk", "link")
    expect(page.get_by_text("None is over a limit")).to_be_visible(timeout=60_000)
    return footage


def captions_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Caption [0-9]+$"))


def test_captions_are_corrected_at_the_desk_by_keys(site: Site, page: Page, captioned: Clip, tmp_path: Path) -> None:
    footage, keys = desk(site, page, captioned, tmp_path), Keys(page)
    film = page.url.removesuffix("/captions")
    first, second = captions_of(page).nth(0), captions_of(page).nth(1)
    assert fits(page)
    before = first.input_value()
    keys.reach(first)
    keys.press("Enter")
    expect(second).to_be_focused()
    keys.press("Shift+Enter", "End")
    page.keyboard.type(" and so much more than anybody could ever read in the time that is left for it")
    expect(page.locator("#figures-1")).to_contain_text("characters a second are more than 16.9")
    expect(page.locator("#figures-1")).to_contain_text("does not fit 2 lines of 42 characters")
    expect(page.locator("#announce")).to_contain_text("Over a limit")
    expect(page.get_by_role("status").filter(has_text="1 caption changed")).to_contain_text("of the film’s 10")
    keys.press("Enter", "Alt+PageDown")
    expect(first).to_be_focused()
    assert clean(page) == []
    keys.push("Put back caption 1")
    expect(first).to_be_focused()
    expect(first).to_have_value(before)

    keys.write(re.compile("^Caption 1$"), before.replace(before.split()[0], "Yes,", 1))
    keys.reach(second)
    keys.press("End")
    page.keyboard.type(" indeed")
    agency, project = footage.split("/")[-3], footage.split("/")[-1]
    others = {"edits": {"music_db": -24}, "author": "Editor One", "note": "Quieter.", "based_on": 0}
    edits = f"{site.address}/v1/projects/{project}/edits?agency={agency}"
    saved = page.request.post(edits, data=others, headers={"Origin": site.address})
    assert saved.status == 201, saved.text()
    keys.push("Save and make the film again")
    expect(page.get_by_role("alert")).to_contain_text("saved by Editor One meanwhile")
    expect(page.get_by_text("the music: at -24 dB")).to_be_visible()
    expect(second).to_have_value(re.compile("indeed$"))
    assert clean(page) == []
    keys.push("Put mine on top of it")
    expect(second).to_have_value(re.compile("indeed$"))
    keys.push("Save and make the film again")
    page.wait_for_url(film)
    assert clean(page) == []
    told = page.request.get(edits).json()
    assert (told["number"], len(told["edits"]["captions"]), told["edits"]["music_db"]) == (2, 2, -24)


def test_captions_are_shaped_at_the_desk_by_keys(site: Site, page: Page, captioned: Clip, tmp_path: Path) -> None:
    footage, keys = desk(site, page, captioned, tmp_path), Keys(page)
    captions = captions_of(page)
    first, second = captions.nth(0), captions.nth(1)
    undo = page.get_by_role("button", name=re.compile("^Undo"))
    count, words = captions.count(), first.input_value()

    keys.reach(first)
    keys.press("Control+Home", *["Control+ArrowRight"] * 3)
    keys.push("Split at the cursor")
    expect(captions).to_have_count(count + 1)
    expect(second).to_be_focused()
    assert clean(page) == []
    assert fits(page)
    keys.reach(first)
    keys.push("Join with the next")
    expect(captions).to_have_count(count)
    expect(first).to_be_focused()
    expect(first).to_have_value(words)
    for shortcut, number in (("Alt+Enter", count + 1), ("Alt+j", count)):
        keys.press("Control+Home", *["Control+ArrowRight"] * 3, shortcut)
        expect(captions).to_have_count(number)
        keys.reach(first)
    keys.press("Control+Home", "Alt+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Put the cursor between the two words")
    keys.push("Leave it to the planner")
    expect(first).to_be_focused()
    expect(undo).to_have_text("Undo a caption left to the planner")
    keys.reach(undo)
    for _ in range(5):
        keys.press("Enter")
    expect(undo).to_have_count(0)
    expect(first).to_be_focused()
    expect(captions).to_have_count(count)

    keys.reach(page.locator("summary", has_text="Find and replace"))
    keys.press("Enter")
    keys.write("Find", words.split()[0].upper())
    keys.write("Replace with", "gold")
    expect(page.get_by_role("status").filter(has_text="place")).to_contain_text("captions")
    keys.push("Next")
    expect(page.locator("#announce")).to_have_text(re.compile("^Caption [0-9]+: "))
    expect(page.locator(".cue.current .cue-wave")).to_be_visible()
    found = page.locator(".cue.current textarea")
    place = found.get_attribute("id")
    before = found.input_value()
    keys.push("Replace here")
    replaced = page.locator(f"#{place}")
    expect(replaced).to_have_value(re.compile("gold"))
    expect(page.locator("#announce")).to_have_text(re.compile("^1 place replaced. Caption [0-9]+: "))
    keys.push("Go to the caption")
    expect(page.locator(".cue.current textarea")).to_be_focused()
    keys.push(re.compile("^Undo replacing"))
    expect(replaced).to_have_value(before)
    keys.push("Replace all")
    expect(first).to_have_value(re.compile("^gold"))
    expect(page.get_by_role("textbox", name="Find")).to_be_focused()
    keys.push(re.compile("^Undo replacing"))
    expect(first).to_have_value(words)

    keys.reach(second)
    keys.to("slider", "Comes, caption 2")
    keys.press("ArrowRight")
    expect(undo).to_have_text("Undo another time of a caption")
    keys.reach(page.locator("summary", has_text="Who speaks"))
    keys.press("Enter")
    keys.write("Name", "Speaker Nine")
    expect(page.get_by_role("status").filter(has_text="1 speaker named")).to_be_visible()
    assert clean(page) == []
    keys.push("Save and make the film again")
    page.wait_for_url(re.compile("/jobs/[^/]+$"))
    agency, project = footage.split("/")[-3], footage.split("/")[-1]
    edits = page.request.get(f"{site.address}/v1/projects/{project}/edits?agency={agency}").json()["edits"]
    assert [cue["comes"] is not None for cue in edits["cues"]] == [True]
    assert edits["lower_thirds"][0]["name"] == "Speaker Nine"
