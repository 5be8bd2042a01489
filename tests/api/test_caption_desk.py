"""The desk of captions in a real browser, by keys."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ingest.clip import Clip

from .visiting import Site, clean, fits

pytestmark = pytest.mark.browser


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
    shaped_by_keys(page, first)
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
    assert clean(page) == []
    told = page.request.get(f"{site.address}/v1/projects/{project}/edits?agency={agency}").json()
    assert (told["number"], len(told["edits"]["captions"]), told["edits"]["music_db"]) == (2, 2, -24)
    assert [cue["comes"] is not None for cue in told["edits"]["cues"]] == [True]
    assert told["edits"]["lower_thirds"][0]["name"] == "Speaker Nine"


def shaped_by_keys(page: Page, first: Locator) -> None:
    """Split, join, undo, replace and time captions, name a speaker, and see what a rule forbids."""
    captions = page.get_by_role("textbox", name=re.compile("^Caption [0-9]+$"))
    undo = page.get_by_role("button", name=re.compile("^Undo"))
    count = captions.count()
    page.get_by_role("button", name="Put back caption 1").press("Enter")
    expect(first).to_be_focused()
    words = first.input_value()
    for key in ("Control+Home", *["Control+ArrowRight"] * 3, "Alt+Enter"):
        page.keyboard.press(key)
    expect(captions).to_have_count(count + 1)
    expect(page.locator("#cue-2")).to_be_focused()
    assert clean(page) == []
    assert fits(page)
    first.focus()
    page.keyboard.press("Alt+j")
    expect(captions).to_have_count(count)
    expect(first).to_have_value(words)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Put the cursor between the two words")
    for _ in range(2):
        undo.press("Enter")
    expect(undo).to_have_count(0)
    first.focus()
    expect(page.locator(".cue.current .cue-wave")).to_be_visible()
    page.get_by_text("Find and replace").click()
    page.get_by_label("Find", exact=True).fill(words.split()[0].upper())
    page.get_by_label("Replace with").fill("gold")
    expect(page.get_by_role("status").filter(has_text="place")).to_contain_text("captions")
    page.get_by_role("button", name="Replace all").press("Enter")
    expect(first).to_have_value(re.compile("^gold"))
    undo.press("Enter")
    expect(first).to_have_value(words)
    page.locator("#cue-2").focus()
    page.get_by_role("slider", name="Comes, caption 2").press("ArrowRight")
    expect(undo).to_have_text("Undo another time of a caption")
    page.get_by_text("Who speaks").press("Enter")
    page.get_by_label("Name", exact=True).fill("Speaker Nine")
    expect(page.get_by_role("status").filter(has_text="1 speaker named")).to_be_visible()
    assert clean(page) == []
