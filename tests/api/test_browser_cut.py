"""The cut in a real browser, by keys alone: a shot is trimmed, what is made again is told, and the film is made."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.running import free_port

from .conftest import TOKEN, opened, settings_in
from .edited import Film
from .visiting import answering, clean, fits, visit

pytestmark = pytest.mark.browser

expect.set_options(timeout=60_000)  # machines that test may be busy


@pytest.fixture(scope="module")
def film(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    """A film in review that is really planned, and its service under an address of its own."""
    folder, port = tmp_path_factory.mktemp("cut"), free_port("127.0.0.1")
    settings = settings_in(folder).model_copy(update={"public_origin": f"http://127.0.0.1:{port}"})
    with opened(settings) as door, answering(door.app, port, lifespan="off"):
        yield Film(door, folder)


@pytest.fixture
def page(film: Film, browser: Browser) -> Iterator[Page]:
    """The cut of the film on a desk."""
    origin = film.door.settings.public_origin
    with visit(browser, origin, TOKEN, (1440, 900)) as page:
        page.goto(f"{origin}/agencies/{film.agency}/jobs/{film.job}")
        expect(page.get_by_role("link", name="cut this film by hand")).to_be_visible()
        page.goto(f"{origin}/board")
        assert clean(page) == []
        page.locator("[data-line]").first.focus()
        page.keyboard.press("c")
        page.wait_for_url("**/cut")
        yield page


def part(page: Page, words: str) -> None:
    """Go along the timeline by keys to a part, and into it."""
    parts = page.locator(".part")
    parts.and_(page.locator("[tabindex='0']")).focus()
    page.keyboard.press("Home")
    for _ in range(parts.count()):
        focused = page.locator(".part:focus")
        if re.search(words, focused.inner_text()):
            page.keyboard.press("Enter")
            expect(page.locator("#part-title")).to_be_focused()
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"no part of the film is {words}")


def test_a_film_is_cut_by_keys_and_made_again(film: Film, page: Page) -> None:
    made = page.get_by_role("region", name="What is made again")
    expect(made).to_contain_text("Nothing is changed", timeout=120_000)
    assert clean(page) == []
    before = film.get(f"/v1/jobs/{film.job}/cut").json()["film"]
    scenes = next(one for one in before["beats"] if one["what"] == "broll")
    part(page, f"{scenes['title']}, shot 1 of {len(scenes['shots'])}")
    page.get_by_role("button", name="Out point: −1 s").press("Enter")
    expect(made).to_contain_text("What you change")
    expect(made).to_contain_text(re.compile(r"[1-9]\d* of \d+ pieces"))
    expect(page.locator("#announce")).to_contain_text("made again")
    expect(page.locator(".reel-again span").first).to_be_visible()
    page.keyboard.press("Control+z")
    expect(made).to_contain_text("Nothing is changed")
    page.keyboard.press("Control+y")
    expect(made).to_contain_text("What you change")

    part(page, "Opening card")
    line = page.get_by_label("Line 2")
    line.fill("شكرا")
    page.keyboard.press("Tab")
    expect(page.locator("#why-not")).to_contain_text("typeface does not have")
    expect(page.get_by_role("button", name="Save and make the film")).to_be_disabled()
    assert clean(page) == []
    line.fill("Together since 1901")
    page.keyboard.press("Tab")
    expect(page.locator("#why-not")).to_have_count(0)
    expect(page.get_by_role("img", name="Together since 1901")).to_be_visible()
    page.get_by_role("button", name="Music:").press("Enter")
    expect(page.get_by_label("How loud it is")).to_be_disabled()
    page.get_by_label("What is heard").press("ArrowDown")
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
    page.get_by_role("button", name="Save and make the film").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("saved by Editor One meanwhile")
    expect(made).to_contain_text("“photo_a.jpg”: left out")
    page.get_by_role("button", name="Put mine on top of it").press("Enter")
    expect(page.get_by_role("button", name="Save and make the film")).to_be_enabled()
    page.get_by_role("button", name="Save and make the film").press("Enter")
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
