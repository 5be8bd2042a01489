"""The cut in a real browser, by keys alone: a film is cut, what is made again is told, and the film is made."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.running import free_port
from tests.editing.clips import anytown

from .conftest import TOKEN, opened, settings_in
from .edited import Film
from .holding import Held
from .keys import Keys
from .visiting import answering, clean, fits, visit

pytestmark = pytest.mark.browser

TRIAL = re.compile("/cut/trial")
"""Where the server is asked what edits would make."""

expect.set_options(timeout=60_000)  # machines that test may be busy


@pytest.fixture(scope="module")
def film(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    """A film in review that is really planned, and its service under an address of its own."""
    folder, port = tmp_path_factory.mktemp("cut"), free_port("127.0.0.1")
    settings = settings_in(folder).model_copy(update={"public_origin": f"http://127.0.0.1:{port}"})
    with opened(settings) as door, answering(door.app, port, lifespan="off"):
        yield Film(door, folder)


@pytest.fixture
def scored(film: Film, tmp_path: Path) -> Film:
    """Another film, with music among its footage."""
    return Film(film.door, tmp_path, {clip.file: clip for clip in anytown()})


@contextmanager
def at_the_cut(film: Film, browser: Browser) -> Iterator[Page]:
    """The cut of a film on a desk."""
    origin = film.door.settings.public_origin
    with visit(browser, origin, TOKEN, (1440, 900)) as page:
        page.goto(f"{origin}/agencies/{film.agency}/jobs/{film.job}/cut")
        expect(made_again(page)).to_contain_text("Nothing is changed", timeout=120_000)
        yield page


def made_again(page: Page) -> Locator:
    """What is told to be made again."""
    return page.get_by_role("region", name="What is made again")


def part(page: Page, words: str) -> None:
    """Go along the timeline by keys to a part, and into it."""
    keys = Keys(page)
    parts = page.locator(".part")
    keys.reach(parts)
    keys.press("Home")
    for _ in range(parts.count()):
        if re.search(words, page.locator(".part:focus").inner_text()):
            keys.press("Enter")
            expect(page.locator("#part-title")).to_be_focused()
            return
        keys.press("ArrowRight")
    raise AssertionError(f"no part of the film is {words}")


def test_a_film_is_cut_by_keys_and_made_again(film: Film, browser: Browser) -> None:
    origin = film.door.settings.public_origin
    with visit(browser, origin, TOKEN, (1440, 900)) as page:
        page.goto(f"{origin}/agencies/{film.agency}/jobs/{film.job}")
        expect(page.get_by_role("link", name="cut this film by hand")).to_be_visible()
        page.goto(f"{origin}/board")
        assert clean(page) == []
        Keys(page).reach(page.locator("[data-line]"))
        page.keyboard.press("c")
        page.wait_for_url("**/cut")
        cut_and_make(film, page)


def cut_and_make(film: Film, page: Page) -> None:
    """Trim a shot, word a card, take the music out, and save on top of what somebody else decided."""
    keys, made = Keys(page), made_again(page)
    expect(made).to_contain_text("Nothing is changed", timeout=120_000)
    assert clean(page) == []
    before = film.get(f"/v1/jobs/{film.job}/cut").json()["film"]
    scenes = next(one for one in before["beats"] if one["what"] == "broll")
    part(page, f"{scenes['title']}, shot 1 of {len(scenes['shots'])}")
    keys.push("Out point: −1 s")
    expect(made).to_contain_text("What you change")
    expect(made).to_contain_text(re.compile(r"[1-9]\d* of \d+ pieces"))
    expect(page.locator("#announce")).to_contain_text("made again")
    expect(page.locator(".reel-again span").first).to_be_visible()
    keys.press("Control+z")
    expect(made).to_contain_text("Nothing is changed")
    keys.press("Control+y")
    expect(made).to_contain_text("What you change")

    part(page, "Opening card")
    keys.write("Line 2", "شكرا")
    keys.press("Tab")
    expect(page.locator("#why-not")).to_contain_text("typeface does not have")
    expect(page.get_by_role("button", name="Save and make the film")).to_be_disabled()
    assert clean(page) == []
    keys.write("Line 2", "Together since 1901")
    keys.press("Tab")
    expect(page.locator("#why-not")).to_have_count(0)
    expect(page.get_by_role("img", name="Together since 1901")).to_be_visible()
    keys.push(re.compile("^Music:"))
    expect(page.get_by_label("How loud it is")).to_be_disabled()
    keys.to("combobox", "What is heard")
    keys.press("ArrowDown")
    expect(made).to_contain_text("the film’s music: none")
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page)
        assert clean(page) == []

    others = {"edits": {"left_out": [{"clip": "digest of photo_a.jpg", "file": "photo_a.jpg"}]}}
    saved = film.post(
        f"/v1/projects/{film.project}/edits", others | {"author": "Editor One", "note": "Not that.", "based_on": 0}
    )
    assert saved.status_code == 201, saved.text
    expect(page.get_by_role("button", name="Save and make the film")).to_be_enabled()
    keys.push("Save and make the film")
    expect(page.get_by_role("alert")).to_contain_text("saved by Editor One meanwhile")
    expect(made).to_contain_text("“photo_a.jpg”: left out")
    keys.push("Put mine on top of it")
    expect(page.get_by_role("button", name="Save and make the film")).to_be_enabled()
    keys.push("Save and make the film")
    page.wait_for_url(f"**/jobs/{film.job}")
    expect(page.locator("#progress")).to_be_visible()
    told = film.get(f"/v1/projects/{film.project}/edits").json()
    edits = told["edits"]
    assert (told["number"], len(edits["left_out"]), edits["music"]) == (2, 1, "none")
    assert edits["cards"][0]["lines"][1] == "Together since 1901"
    [beat] = edits["beats"]
    first = scenes["shots"][0]
    assert (beat["cuts"][0]["start"], beat["cuts"][0]["end"]) == (first["start"], first["end"] - 30)
    film.work()
    state = film.state()
    assert (state["state"], state["round"], state["edits_version"]) == ("in_review", 2, 2)
    assert 0 < state["segments_rendered"] < state["segments_total"]


def test_shots_are_swapped_added_moved_and_taken_out_by_keys(scored: Film, browser: Browser) -> None:
    with at_the_cut(scored, browser) as page:
        keys, made = Keys(page), made_again(page)
        title, shown = page.locator("#part-title"), page.locator(".part-why strong")
        beats = scored.get(f"/v1/jobs/{scored.job}/cut").json()["film"]["beats"]
        scenes = next(one for one in beats if one["what"] == "broll")
        count = len(scenes["shots"])
        part(page, f"{scenes['title']}, shot 1 of {count}")
        first = shown.inner_text()
        keys.to("combobox", "Show another clip instead")
        keys.press("ArrowDown", "ArrowDown")
        wanted = page.locator("#instead option:checked").inner_text()
        keys.press("Tab")
        expect(made).to_contain_text("Nothing is changed")
        keys.press("Enter")
        expect(shown).to_have_text(wanted)
        expect(made).to_contain_text("What you change")
        expect(page.get_by_role("button", name="Show it")).to_be_focused()
        keys.push("Undo")
        expect(shown).to_have_text(first)
        expect(made).to_contain_text("Nothing is changed")

        part(page, f"{scenes['title']}, shot 1 of {count}")
        keys.to("combobox", "Add a clip after it")
        keys.press("ArrowDown")
        wanted = page.locator("#after option:checked").inner_text()
        keys.push("Add it")
        expect(title).to_contain_text(f"shot 1 of {count + 1}")
        keys.push("Move later")
        expect(title).to_contain_text(f"shot 2 of {count + 1}")
        expect(shown).to_have_text(first)
        keys.push("Move earlier")
        expect(title).to_contain_text(f"shot 1 of {count + 1}")
        expect(page.get_by_role("button", name="Move later")).to_be_focused()
        keys.push("Take it out")
        expect(title).to_contain_text(f"shot 1 of {count}")
        expect(title).to_be_focused()
        expect(shown).to_have_text(wanted)
        assert clean(page) == []

        keys.push("Only save")
        expect(page.locator("#announce")).to_have_text("Saved as version 1.")
        [beat] = scored.get(f"/v1/projects/{scored.project}/edits").json()["edits"]["beats"]
        files = [cut["file"] for cut in beat["cuts"]]
        assert (beat["slot"], files) == (scenes["slot"], [wanted, *(one["file"] for one in scenes["shots"][1:])])


def test_what_is_done_before_the_server_has_answered_is_kept(scored: Film, browser: Browser) -> None:
    with at_the_cut(scored, browser) as page:
        keys = Keys(page)
        part(page, "shot 1 of [2-9]")
        keys.to("combobox", "Show another clip instead")
        keys.press("ArrowDown", "Tab")
        wanted = page.locator("#instead option:checked").inner_text()
        trial = Held(page, TRIAL)
        keys.press("Enter")
        trial.wait()
        keys.push("Move later")
        expect(page.locator("#part-title")).to_contain_text("shot 2 of")
        expect(page.locator(".part-why strong")).to_have_text(wanted)
        trial.let_go()
        expect(page.locator(".part.chosen")).to_contain_text(wanted)


def test_names_cards_and_music_are_set_by_keys_and_previewed(scored: Film, browser: Browser) -> None:
    with at_the_cut(scored, browser) as page:
        keys, made = Keys(page), made_again(page)
        track = page.locator(".reel-track")
        whole = track.evaluate("(film) => getComputedStyle(film).width")
        keys.push("Zoom in of the film")
        expect(track).not_to_have_css("width", whole)
        keys.push("Zoom out of the film")
        expect(track).to_have_css("width", whole)

        part(page, "leader.mp4")
        keys.write("Name", "Speaker Nine")
        keys.write("Role", "Sheriff")
        keys.press("Tab")
        expect(made).to_contain_text("Speaker Nine")

        part(page, "Opening card")
        lines = page.locator(".card-line")
        count = lines.count()
        keys.push("Add a line")
        expect(lines.nth(count)).to_be_focused()
        expect(lines.nth(count)).to_have_value("")
        keys.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.type("Since 1901")
        keys.press("Tab")
        expect(page.get_by_role("img", name="Since 1901")).to_be_visible()

        keys.push(re.compile("^Music:"))
        keys.to("combobox", "What is heard")
        keys.press("ArrowDown")
        expect(page.get_by_role("button", name="Music: music.ogg")).to_be_visible()
        keys.to("slider", "How loud it is where nobody speaks")
        level = int(page.locator("#level").input_value())
        keys.press("ArrowLeft", "ArrowLeft")
        expect(made).to_contain_text(f"{level - 2} dB")
        keys.push("Save and preview")
        page.wait_for_url(re.compile(f"/jobs/(?!{scored.job})[^/]+$"))
    job = scored.get(f"/v1/jobs/{page.url.rsplit('/', 1)[1]}").json()
    assert (job["preview"], job["edits_version"]) == (True, 1)
    edits = scored.get(f"/v1/projects/{scored.project}/edits").json()["edits"]
    [third] = edits["lower_thirds"]
    assert (third["file"], third["name"], third["role"]) == ("leader.mp4", "Speaker Nine", "Sheriff")
    assert (edits["music"]["file"], edits["music_db"]) == ("music.ogg", level - 2)
    [card] = edits["cards"]
    assert card["lines"][-1] == "Since 1901"
