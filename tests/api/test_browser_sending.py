"""Footage that does not come in one go: chosen late, paused, refused, left out, or given its words later."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from editing.coach import Coached

from .holding import Held
from .visiting import Site, begin, clean, fits, send

pytestmark = pytest.mark.browser

PICKER = "Videos, photos, sound, and transcripts"
PARTS = "**/uploads/*partNumber*"


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    """Makes files of some names that hold their names."""

    def made(*names: str) -> list[Path]:
        for name in names:
            (tmp_path / name).write_text(name)
        return [tmp_path / name for name in names]

    return made


def chosen(page: Page, *paths: Path) -> Locator:
    """Choose files; returns the rows of all that are chosen."""
    page.get_by_label(PICKER).set_input_files(paths)
    return page.locator("#chosen > li")


def said(page: Page, site: Site, footage: str) -> dict[str, Any]:
    """What is said of the clips of a project, by their names."""
    agency, project = footage.rsplit("/", 3)[1::2]
    clips = page.request.get(f"{site.address}/v1/projects/{project}/clips?agency={agency}").json()["items"]
    return {one["name"]: one["details"] for one in clips}


def held(site: Site) -> set[bytes]:
    return {site.store.get_bytes(key) for key in site.store.list("uploads/")}


def tag(page: Page, name: str) -> Locator:
    return page.locator("#clips > ul > li").filter(has_text=name).locator(".tag")


def test_a_clip_that_was_sent_is_given_its_words(
    site: Site, page: Page, files: Callable[..., list[Path]], tmp_path: Path
) -> None:
    footage = begin(page, site.address, "Silent Police Department")
    clip, words, other = files("leader talk.mp4", "leader talk.srt", "notes.txt")
    send(page, clip)
    site.work(footage)
    expect(tag(page, clip.name)).to_have_text("Good")

    rows = chosen(page, words)
    expect(rows.get_by_label("Whose words are these?")).to_have_text(re.compile("leader talk.mp4"))
    assert rows.get_by_label("Whose words are these?").evaluate("(one) => one.selectedOptions[0].text") == clip.name
    assert fits(page)
    assert clean(page) == []
    page.get_by_role("button", name="Send this file").press("Enter")
    expect(tag(page, clip.name)).to_have_text("Being looked at…")
    site.work(footage)
    expect(tag(page, clip.name)).to_have_text("Good")
    assert said(page, site, footage)[clip.name]["transcript"] == "leader talk.srt"
    assert b"leader talk.srt" in held(site)

    rows = chosen(page, other)
    expect(rows.get_by_label("Whose words are these?")).to_have_value("")
    rows.get_by_label("Whose words are these?").select_option(clip.name)
    page.get_by_role("button", name="Send this file").press("Enter")
    expect(tag(page, clip.name)).to_have_text("Being looked at…")
    site.work(footage)
    expect(tag(page, clip.name)).to_have_text("Good")
    assert said(page, site, footage)[clip.name]["transcript"] == "leader talk.txt"

    form = page.locator("#clips .describe")
    form.locator("summary").press("Enter")
    form.get_by_label("What is it?").select_option("Everyday scenes of your department and community")
    form.get_by_label("Type or paste what is said").fill("We promise to do no harm.")
    form.get_by_role("button", name="Save").press("Enter")
    expect(page.locator("#announce")).to_contain_text("Saved")
    expect(form.get_by_role("button", name="Save")).to_be_focused()
    expect(tag(page, clip.name)).to_have_text("Being looked at…")
    site.work(footage)
    expect(tag(page, clip.name)).to_have_text("Good")
    assert b"We promise to do no harm." in held(site)
    assert said(page, site, footage)[clip.name]["slot"] is None, "words are not for silent scenes"

    (tmp_path / "said.vtt").write_text("WEBVTT said")
    page.reload()
    form.locator("summary").press("Enter")
    form.get_by_label("Or choose a file").set_input_files(tmp_path / "said.vtt")
    assert clean(page) == []
    form.get_by_role("button", name="Save").press("Enter")
    expect(tag(page, clip.name)).to_have_text("Being looked at…")
    assert said(page, site, footage)[clip.name]["transcript"] == "leader talk.vtt"
    assert b"WEBVTT said" in held(site)


def test_words_that_come_before_their_clip_wait_for_it(
    site: Site, page: Page, files: Callable[..., list[Path]]
) -> None:
    footage = begin(page, site.address, "Early Police Department")
    words, clip = files("talk.srt", "talk.mov")
    rows = chosen(page, words)
    expect(rows.get_by_label("Whose words are these?")).to_have_value("")
    rows = chosen(page, clip)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("We will use talk.srt.")
    page.get_by_role("button", name="Send this file").press("Enter")
    expect(tag(page, "talk.mov")).to_have_count(1)
    assert said(page, site, footage)["talk.mov"]["transcript"] == "talk.srt"


def test_who_comes_with_words_is_taken_for_a_speaker_who_is_missing(
    site: Site, page: Page, files: Callable[..., list[Path]]
) -> None:
    begin(page, site.address, "Spoken Police Department")
    rows = chosen(page, *files("phone.MOV", "leader.mp4", "leader.srt", "phone.srt", "street.mp4"))
    expect(rows).to_have_count(3)

    def use(name: str) -> Locator:
        return rows.filter(has_text=name).get_by_label("What is it?")

    expect(use("phone.MOV")).to_have_value("officers")
    expect(use("leader.mp4")).to_have_value("leader")
    expect(use("street.mp4")).to_have_value("broll")
    chosen(page, *files("street.srt"))
    expect(use("street.mp4")).to_have_value("community")
    use("phone.MOV").select_option("broll")
    chosen(page, *files("phone.vtt"))
    expect(rows.filter(has_text="phone.MOV")).to_contain_text("Everyday scenes")
    expect(use("phone.MOV")).to_have_value("broll")


def test_what_is_chosen_while_another_goes_waits_to_be_described(
    site: Site, page: Page, files: Callable[..., list[Path]]
) -> None:
    footage = begin(page, site.address, "Patient Police Department")
    first, second = files("first.mp4", "leader.mp4")
    part = Held(page, PARTS)
    rows = chosen(page, first)
    page.get_by_role("button", name="Send this file").click()
    part.wait()
    chosen(page, second)
    field = rows.filter(has_text="leader.mp4").get_by_label("Who is speaking?")
    field.press_sequentially("Speaker O")
    part.let_go()
    expect(tag(page, "first.mp4")).to_have_count(1)
    field.press_sequentially("ne")
    expect(field).to_have_value("Speaker One")
    page.get_by_role("button", name="Send this file").click()
    expect(tag(page, "leader.mp4")).to_have_count(1)
    assert said(page, site, footage)["leader.mp4"]["speaker_name"] == "Speaker One"


def test_one_that_is_paused_lets_the_next_go(site: Site, page: Page, files: Callable[..., list[Path]]) -> None:
    begin(page, site.address, "Paused Police Department")
    part = Held(page, PARTS)
    rows = chosen(page, *files("first.mp4", "second.mp4", "third.mp4"))
    page.get_by_role("button", name="Send 3 files").click()
    expect(rows.filter(has_text="third.mp4")).to_contain_text("Waits for its turn.")
    part.wait()
    page.get_by_role("button", name="Pause first.mp4").click()
    for name in ("second.mp4", "third.mp4"):
        expect(tag(page, name)).to_have_count(1)
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Go on with first.mp4").click()
    expect(tag(page, "first.mp4")).to_have_count(1)
    expect(rows).to_have_count(0)


def test_one_press_tries_all_that_failed_again(site: Site, page: Page, files: Callable[..., list[Path]]) -> None:
    begin(page, site.address, "Failing Police Department")
    full = {"title": "Full", "status": 422, "detail": "The store is too full."}
    page.route("**/v1/uploads?*", lambda route: route.fulfill(status=422, json=full))
    rows = chosen(page, *files("first.mp4", "second.mp4"))
    page.get_by_role("button", name="Send 2 files").click()
    expect(rows.get_by_text("The store is too full.")).to_have_count(2)
    assert clean(page) == []
    page.unroute("**/v1/uploads?*")
    page.get_by_role("button", name="Send 2 files").click()
    for name in ("first.mp4", "second.mp4"):
        expect(tag(page, name)).to_have_count(1)


def test_what_is_safe_no_more_is_not_asked_for(site: Site, page: Page, files: Callable[..., list[Path]]) -> None:
    footage = begin(page, site.address, "Forgotten Police Department")
    agency = footage.rsplit("/", 3)[1]
    page.on("dialog", lambda asked: asked.accept())
    page.route(PARTS, lambda route: None)
    again = page.get_by_text("Choose the same file:")

    def left(*names: str) -> list[dict[str, Any]]:
        """Leave the page while these are on their way."""
        chosen(page, *files(*names))
        page.locator("#send").click()
        for name in names:
            page.get_by_role("button", name=f"Pause {name}").click()
        page.wait_for_function(
            "(many) => JSON.parse(localStorage['promisereel.uploads'] ?? '[]').length === many", arg=len(names)
        )
        kept: list[dict[str, Any]] = json.loads(page.evaluate("localStorage['promisereel.uploads']"))
        return kept

    [gone] = left("first.mp4")
    page.reload()
    expect(again).to_be_visible()
    assert page.request.delete(f"{site.address}/v1/uploads/{gone['id']}?agency={agency}").ok
    page.reload()
    expect(page.locator("#chosen")).to_be_attached()
    page.wait_for_function("() => localStorage['promisereel.uploads'] === '[]'")
    expect(again).to_have_count(0)

    [kept] = left("second.mp4")
    page.reload()
    page.get_by_role("button", name="Do not send it").click()
    expect(again).to_have_count(0)
    state = page.request.get(f"{site.address}/v1/uploads/{kept['id']}?agency={agency}").json()["state"]
    assert state == "aborted"


def test_files_are_left_out_before_and_after_they_are_sent(
    site: Site, page: Page, files: Callable[..., list[Path]]
) -> None:
    footage = begin(page, site.address, "Choosy Police Department")
    rows = chosen(page, *files("wanted.mp4", "unwanted.mp4"))
    page.get_by_role("button", name=re.compile("^Leave this file out ?: unwanted.mp4")).click()
    expect(rows).to_have_count(1)
    expect(page.get_by_label(PICKER)).to_be_focused()
    page.get_by_role("button", name="Send this file").click()
    expect(tag(page, "wanted.mp4")).to_have_count(1)
    site.work(footage)
    expect(tag(page, "wanted.mp4")).to_have_text("Good")
    form = page.locator("#clips .describe")
    form.locator("summary").click()
    form.get_by_label("What is it?").select_option("Leave it out of films")
    form.get_by_role("button", name="Save").click()
    expect(tag(page, "wanted.mp4")).to_have_text("Left out of films")
    assert said(page, site, footage)["wanted.mp4"]["left_out"] is True
    page.reload()
    form.locator("summary").click()
    form.get_by_label("What is it?").select_option("You decide")
    form.get_by_role("button", name="Save").click()
    expect(tag(page, "wanted.mp4")).to_have_text("Good")


def test_a_verdict_is_told_and_leaves_what_is_half_typed(
    site: Site, page: Page, files: Callable[..., list[Path]]
) -> None:
    footage = begin(page, site.address, "Typing Police Department")
    for name in ("one.mp4", "two.mp4"):
        chosen(page, *files(name))
        page.get_by_role("button", name="Send this file").click()
        expect(tag(page, name)).to_have_count(1)
        site.work(footage)
        expect(page.locator("#announce")).to_have_text(f"{name}: Good.")
    chosen(page, *files("three.mp4"))
    page.get_by_role("button", name="Send this file").click()
    expect(tag(page, "three.mp4")).to_have_text("Being looked at…")
    cards = page.locator("#clips > ul > li")
    for name in ("one.mp4", "two.mp4"):
        cards.filter(has_text=name).locator("summary").click()
    left = cards.filter(has_text="one.mp4").get_by_label("Their role")
    left.fill("Chief of P")
    field = cards.filter(has_text="two.mp4").get_by_label("Who is speaking?")
    field.press_sequentially("Speaker T")
    site.work(footage)
    expect(tag(page, "three.mp4")).to_have_text("Good")
    expect(page.locator("#announce")).to_have_text("three.mp4: Good.")
    expect(page.get_by_role("button", name="Make the film")).to_be_visible()
    expect(field).to_be_focused()
    field.press_sequentially("wo")
    expect(field).to_have_value("Speaker Two")
    expect(left).to_have_value("Chief of P")


def test_of_a_folder_that_is_dropped_footage_is_taken(site: Site, page: Page, tmp_path: Path) -> None:
    begin(page, site.address, "Folder Police Department")
    folder = tmp_path / "anytown"
    (folder / "more").mkdir(parents=True)
    for name in ("leader.mp4", "leader.srt", "footage.yaml", "more/street.mp4", ".hidden"):
        (folder / name).write_text(name)
    page.locator("#chosen").wait_for(state="attached")
    line = page.context.new_cdp_session(page)
    carried = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        line.send("Input.dispatchDragEvent", {"type": kind, "x": 160, "y": 300, "data": carried})
    rows = page.locator("#chosen > li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="leader.mp4")).to_contain_text("We will use leader.srt.")
    expect(rows.filter(has_text="street.mp4")).to_have_count(1)
    expect(page.get_by_text("no film can be made of it").first).to_contain_text("“footage.yaml”")
    assert clean(page) == []


def test_a_link_that_ran_out_while_the_laptop_slept_is_signed_again(
    site: Site, page: Page, files: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page, site.address, "Sleeping Police Department")
    lasting, signed, answers = site.store.sign_part, [], []

    def brief(*asked: Any, **more: Any) -> str:
        signed.append(asked)
        return lasting(*asked, **more | {"expires_s": 1 if len(signed) == 1 else more["expires_s"]})

    monkeypatch.setattr(site.store, "sign_part", brief)
    page.on("response", lambda one: answers.append(one.status) if one.request.method == "PUT" else None)
    part = Held(page, PARTS)
    chosen(page, *files("walk.mp4"))
    page.get_by_role("button", name="Send this file").click()
    part.wait()
    page.wait_for_timeout(2500)
    part.let_go()
    expect(tag(page, "walk.mp4")).to_have_count(1)
    assert (len(signed), answers) == (2, [403, 200])
    assert b"walk.mp4" in held(site)


def test_one_button_calls_at_a_time(
    site: Site, page: Page, files: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    enough = Coached(slots=(), ready=True, next="", hindrance="", left_out=())
    monkeypatch.setattr("pipeline.service.coach_clips", lambda *_: enough)
    footage = begin(page, site.address, "Single Police Department")
    [walk] = files("walk.mp4")
    send(page, walk)
    site.work(footage)
    colour = "(one) => getComputedStyle(one).backgroundColor"
    make = page.get_by_role("button", name="Make the film")
    navy, white = make.evaluate(colour), "rgb(255, 255, 255)"
    assert navy != white
    rows = chosen(page, *files("more.mp4"))
    assert page.locator("#send").evaluate(colour) != white
    assert make.evaluate(colour) == white
    assert clean(page) == []
    rows.get_by_role("button", name="Leave this file out").click()
    expect(page.locator("#send")).to_have_count(0)
    assert make.evaluate(colour) == navy


def test_a_seal_is_seen_on_the_card_before_it_is_given(site: Site, page: Page, tmp_path: Path) -> None:
    drawn = io.BytesIO()
    Image.radial_gradient("L").resize((640, 640)).save(drawn, "PNG")
    (tmp_path / "seal.png").write_bytes(drawn.getvalue())
    (tmp_path / "none.png").write_bytes(b"no picture")
    page.goto(f"{site.address}/agencies/new")
    page.get_by_label("Department seal (optional)").set_input_files(tmp_path / "seal.png")
    expect(page.get_by_role("img", name="The opening card: Anytown Police Department, with your seal")).to_be_visible()
    page.get_by_label("Department name").fill("Sealed Police Department")
    shown = page.get_by_role("img", name="The opening card: Sealed Police Department, with your seal")
    expect(shown).to_be_visible()
    assert shown.evaluate("(card) => card.decode().then(() => card.naturalWidth)") == 960
    page.get_by_label("Department seal (optional)").set_input_files(tmp_path / "none.png")
    expect(page.locator("#opening-told")).to_contain_text("cannot be read")
    page.get_by_label("Department seal (optional)").set_input_files([])
    page.get_by_role("button", name="Sign on").click()

    page.locator("summary", has_text="Add your seal").click()
    expect(page.locator("#opening")).to_be_hidden()
    page.get_by_label("Department seal").set_input_files(tmp_path / "seal.png")
    expect(page.get_by_role("img", name="The opening card: Sealed Police Department, with your seal")).to_be_visible()
    assert fits(page)
    assert clean(page) == []
