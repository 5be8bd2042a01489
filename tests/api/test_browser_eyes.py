"""Every page as those see it who zoom, have colours of their own, or bear no motion."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import kit.outbound
from api.running import free_port

from .conftest import TOKEN, opened, settings_in
from .edited import Film
from .eyes import LIKES, ZOOMED, is_well
from .visiting import answering, visit

pytestmark = pytest.mark.browser

PAGES = {
    "/": "Films that make the Promise",
    "/audit": "Audit trail",
    "/audit?who=nobody": "Audit trail",
    "/board": "Board",
    "/board?stage=failed": "Board",
    "/people": "People",
    "/account": "Your account",
    "/applications": "Waiting list",
    "/storyboards": "Storyboards",
    "/storyboards/promise/edit": "The Peace Officer Promise",
    "/storyboards/promise/changes": "What changed",
    "/storyboards/promise/guide": "",
    "/agencies/new": "Sign on your agency",
    "/join": "",
    "/agencies/{agency}/people": "People of Anytown Police Department",
    "/agencies/{agency}/webhooks": "Webhooks of Anytown Police Department",
    "/agencies/{agency}/projects/{project}": "Anytown Police Department",
    "/agencies/{agency}/jobs/{job}": "Your film is ready to review",
    "/agencies/{agency}/jobs/{job}/captions": "",
    "/agencies/{agency}/jobs/{job}/cut": "",
    "/agencies/{agency}/jobs/{job}/sharing": "Share the film",
    "/no/such/page": "There is no such page",
}
"""Addresses, with the beginning of their heading."""
WRONG = (
    ("/agencies/new", "Department name", "   ", "Sign on"),
    ("/people", "E-mail address", "a@b", "Invite"),
    ("/agencies/{agency}/webhooks", "Address of your program", "http://department.example/", "Add it"),
)
"""Forms: what is typed that we refuse."""


@pytest.fixture(scope="module")
def film(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    """A film in review with a comment, and an agency that has nothing else to show."""
    folder, port = tmp_path_factory.mktemp("eyes"), free_port("127.0.0.1")
    settings = settings_in(folder).model_copy(update={"public_origin": f"http://127.0.0.1:{port}"})
    with pytest.MonkeyPatch.context() as patch, opened(settings) as door, answering(door.app, port, lifespan="off"):
        patch.setattr(kit.outbound.PublicOnly, "check", lambda *_: ["127.0.0.1"])
        film = Film(door, folder)
        film.post(f"/v1/jobs/{film.job}/comments", {"at_s": 3, "text": "The badge is the old one."})
        hook = film.post("/v1/webhooks", {"url": f"https://department.example/{'told-of-films/' * 8}"}).json()["id"]
        film.post(f"/v1/webhooks/{hook}/posts")
        yield film


@pytest.fixture
def page(film: Film, browser: Browser) -> Iterator[Page]:
    """Somebody who zooms to 200 %, has a palette of high contrast, and asked for no motion."""
    with visit(browser, film.door.settings.public_origin, TOKEN, ZOOMED, **LIKES) as page:
        yield page


def address(film: Film, path: str) -> str:
    named = {"agency": film.agency, "project": film.project, "job": film.job}
    return film.door.settings.public_origin + path.format(**named)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well(film: Film, page: Page, path: str) -> None:
    page.goto(address(film, path))
    expect(page.locator("h1")).to_have_text(re.compile(f"^{PAGES[path]}"))
    for island in page.locator("[data-island]").all():
        expect(island.locator(":scope > *").first).to_be_attached(timeout=60_000)
    page.wait_for_load_state("networkidle")
    is_well(page, path)


@pytest.mark.parametrize(("path", "field", "typed", "button"), WRONG)
def test_a_refusal_is_well(film: Film, page: Page, path: str, field: str, typed: str, button: str) -> None:
    page.goto(address(film, path))
    page.get_by_label(field, exact=True).fill(typed)
    page.get_by_role("button", name=button, exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    is_well(page, path)
