"""Pages that are rarely seen: at the door, with errors, of what failed or is gone, and as a member sees them."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

import kit.outbound
import pipeline.seals
from api.running import free_port
from api.security import COOKIE
from ingest.clip import Clip, Kind, Note, Verdict
from kit.database import immediate
from kit.errors import Bug
from pipeline.jobs import Outcome
from pipeline.tables import deliveries
from storyboards.library import shipped_text

from .conftest import Door, opened, settings_in
from .eyes import LIKES, ZOOMED, is_well
from .visiting import answering, looked_at
from .world import World

pytestmark = pytest.mark.browser

PAGES = (
    ("anonymous", "/sign-in", "Sign in"),
    ("anonymous", "/sign-in?code=printed", "Sign in"),
    ("anonymous", "/forgotten", "Forgotten password"),
    ("anonymous", "/password?code={code}", "Choose a password"),
    ("anonymous", "/password?code=nobodys", "Choose a password"),
    ("anonymous", "/s/nobodys", "There is no such link"),
    ("anonymous", "/s/{closed}", "This link does not lead to the film any more"),
    ("member", "/", "Films that make the Promise"),
    ("member", "/board", "Board"),
    ("member", "/account", "Your account"),
    ("member", "/agencies/{agency}/people", "People of Anytown Police Department"),
    ("member", "/people", "This is not allowed"),
    ("administrator", "/applications", "Waiting list"),
    ("administrator", "/people", "People"),
    ("administrator", "/agencies/{agency}/projects/{refused}", "Anytown Police Department"),
    ("administrator", "/agencies/{agency}/jobs/{failed}", "The film could not be made"),
    ("administrator", "/agencies/{agency}/jobs/{cancelled}", "Stopped"),
    ("administrator", "/agencies/{agency}/jobs/{draft}", "Your draft is ready to watch"),
    ("administrator", "/agencies/{agency}/jobs/{gone}", "This film is not kept any more"),
    ("administrator", "/storyboards/promise/edit?version=1", "The Peace Officer Promise"),
)
"""Who looks at which page, and the beginning of its heading."""
AT_THE_DOOR: tuple[tuple[str, dict[str, str], str, Literal["alert", "status"]], ...] = (
    ("/sign-in", {"E-mail address": "nobody@here.example", "Password": "not the one"}, "Sign in", "alert"),
    ("/sign-in?code=printed", {}, "Sign in", "alert"),
    (
        "/join",
        {"Department name": "  ", "Your name": "One", "Your e-mail address": "one@here.example"},
        "Ask to join",
        "alert",
    ),
    ("/password?code={code}", {"New password": "            "}, "Save and go on", "alert"),
    ("/forgotten", {"E-mail address": "nobody@here.example"}, "Send the link", "status"),
    (
        "/join",
        {"Department name": "Newtown Police", "Your name": "One", "Your e-mail address": "one@new.example"},
        "Ask to join",
        "status",
    ),
)
"""Forms at the door: what is typed, the button, and whether it is refused or thanked for."""


@pytest.fixture(scope="module")
def world(browser: Browser, tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Iterator[World]:
    """Two agencies with people, and the service under an address of its own; seals and webhooks are of no interest."""
    folder, port = tmp_path_factory.mktemp("states"), free_port("127.0.0.1")
    settings = settings_in(folder).model_copy(update={"public_origin": f"http://127.0.0.1:{port}"})
    with pytest.MonkeyPatch.context() as patch, opened(settings) as door, answering(door.app, port, lifespan="off"):
        patch.setattr(pipeline.seals, "_check", lambda path: None)
        patch.setattr(kit.outbound.PublicOnly, "check", lambda *_: None)
        yield World(door)


@pytest.fixture(scope="module")
def named(world: World) -> dict[str, str]:
    """What addresses name: films and footage to which something happened."""
    door, agency = world.door, world.ids[0]["agency_id"]
    text = shipped_text("promise").replace("title: The", "title: Our", 1)
    door.service.storyboards.save("promise", text, author="Editor One", note="Ours.", based_on=1)
    code = re.search(r"/password\?code=(\S+)", door.letters[-1].text)
    assert code
    told = {"agency": agency, "code": code[1], "refused": refused(door, agency)}
    told["failed"], project = asked_for(door, agency)
    door.fail_next(project, skip=1)
    told["cancelled"], _ = asked_for(door, agency)
    assert door.client.post(f"/v1/jobs/{told['cancelled']}/cancel", params={"agency": agency}).is_success
    told["draft"], project = asked_for(door, agency)
    door.work(project, "draft")
    told["gone"], project = asked_for(door, agency)
    door.work(project)
    for deed in ("captions", "approve"):
        assert door.client.post(f"/v1/jobs/{told['gone']}/{deed}", params={"agency": agency}).is_success
    link = door.client.post(f"/v1/jobs/{told['gone']}/share-links", params={"agency": agency}).json()
    told["closed"] = link["token"]
    with immediate(door.ledger.engine) as connection:
        chosen = sa.update(deliveries).where(deliveries.c.job_id == told["gone"])
        connection.execute(chosen.values(expired_at=time.time()))
    return told


def asked_for(door: Door, agency: str) -> tuple[str, str]:
    """A film of one clip that is asked for, and its project."""
    project = door.project(agency)
    door.send(agency, project)
    job = door.client.post("/v1/jobs", params={"agency": agency}, json={"project": project}).json()["id"]
    return job, project


def refused(door: Door, agency: str) -> str:
    """A project with a clip that was refused and one that could not be looked at."""
    project = door.project(agency)
    for name in ("letter.mp4", "torn.mp4"):
        door.send(agency, project, name)
    note = Note(code="not_media", message="This is a letter, not a video.", action="Send the video itself.")
    clip = Clip(file="letter.mp4", digest="0", size=4, kind=Kind.VIDEO, verdict=Verdict.REFUSED, notes=(note,))
    for outcome in (Outcome(clip=clip), None):
        step = door.ledger.claim_next("test", project)
        assert step
        if outcome:
            door.ledger.finish(step, outcome)
        else:
            door.ledger.fail(step, Bug("It stumbled."))
    return project


@contextmanager
def seen_by(world: World, browser: Browser, role: str) -> Iterator[Page]:
    """Somebody who zooms to 200 %, has a palette of high contrast, and asked for no motion."""
    with looked_at(browser, ZOOMED, **LIKES) as page:
        if session := world.who[role].session:
            page.context.add_cookies([{"name": COOKIE, "value": session, "url": world.door.settings.public_origin}])
        yield page


def go(world: World, named: dict[str, str], page: Page, path: str) -> None:
    page.goto(world.door.settings.public_origin + path.format(**named))
    page.wait_for_load_state("networkidle")


def fill(page: Page, typed: dict[str, str], button: str) -> None:
    for label, words in typed.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name=button, exact=True).first.press("Enter")


@pytest.mark.parametrize(("role", "path", "heading"), PAGES)
def test_a_page_is_well(
    world: World, named: dict[str, str], browser: Browser, role: str, path: str, heading: str
) -> None:
    with seen_by(world, browser, role) as page:
        go(world, named, page, path)
        expect(page.locator("h1")).to_have_text(re.compile(f"^{heading}"))
        is_well(page, path)


@pytest.mark.parametrize(("path", "typed", "button", "told"), AT_THE_DOOR)
def test_an_answer_at_the_door_is_well(
    world: World,
    named: dict[str, str],
    browser: Browser,
    path: str,
    typed: dict[str, str],
    button: str,
    told: Literal["alert", "status"],
) -> None:
    with seen_by(world, browser, "anonymous") as page:
        go(world, named, page, path)
        fill(page, typed, button)
        expect(page.get_by_role(told).first).to_be_visible()
        is_well(page, path)


def test_a_new_key_is_well(world: World, named: dict[str, str], browser: Browser) -> None:
    with seen_by(world, browser, "editor") as page:
        go(world, named, page, "/account")
        fill(page, {"What will use the new key?": "the archive"}, "Make a key")
        expect(page.get_by_role("heading", name="Your new key")).to_be_visible()
        is_well(page, "/account")
