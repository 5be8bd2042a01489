"""All tasks of agencies and editors in a browser, once, against the whole service with real footage and workers."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from api.running import free_port, running
from kit.database import open_engine
from kit.process import run_ffmpeg
from kit.settings import Settings, load_settings
from tests.api.visiting import looked_at
from tests.needles import leaks, needles_of
from tests.summaries import keep

from .agencys_way import AgencysWay, Sent
from .editors_way import FILM, PREVIEW, EditorsWay
from .looking import hold

pytestmark = [pytest.mark.river, pytest.mark.browser]

WHOLE = bool(os.environ.get("PROMISEREEL_SOAK"))
"""Whether all of the footage goes into the longest film."""
STORYBOARD = "promise" if WHOLE else "promise-short"
PATIENCE_MS = (3600 if WHOLE else 600) * 1000
SCREEN = (1280, 860)
NEEDED = ("leader.mp4", "leader.srt", "broll_park.mp4", "broll_walk.mp4", "photo_cars.jpg", "music.ogg")
"""What a short film is made of besides the files that are sent by ways of their own."""


@dataclass(frozen=True)
class House:
    """A service that runs."""

    settings: Settings
    link: str


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The service with two workers' processes, as `promisereel up` starts it."""
    port = free_port("127.0.0.1")
    settings = load_settings(
        data=tmp_path / "data", host="127.0.0.1", port=port, public_origin=f"http://127.0.0.1:{port}", workers=2
    )
    with running(settings, print) as service:
        yield House(settings, service.link)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor whom nobody knows yet."""
    with looked_at(browser, SCREEN) as page:
        yield page


def sent_of(footage: Path, folder: Path) -> Sent:
    """A project made of real footage; the one file of two parts shows its street twice."""
    town = footage / "anytown"
    street = folder / "street.mkv"
    run_ffmpeg(["-stream_loop", "1", "-i", str(town / "broll_city.mpg"), "-c", "copy", str(street)])
    assert street.stat().st_size > 8 << 20
    by_themselves = {"phone_portrait", "community", "broll_city", "footage"}
    every = [path for path in sorted(town.iterdir()) if path.stem not in by_themselves]
    cues = (town / "phone_portrait.srt").read_text("utf-8").strip().split("\n\n")
    return Sent(
        large=street,
        unwanted=footage / "thintown" / "race_640x428.jpg",
        officers=town / "phone_portrait.MOV",
        words=". ".join(cue.splitlines()[2] for cue in cues) + ".",
        community=town / "community.mp4",
        others=every if WHOLE else [town / name for name in NEEDED],
    )


def test_every_task_with_real_footage(
    house: House, page: Page, browser: Browser, footage: Path, tmp_path: Path
) -> None:
    began = time.monotonic()
    origin, engine = house.settings.public_origin, open_engine(house.settings.database_url)
    agency = AgencysWay(page, origin, STORYBOARD, PATIENCE_MS, engine)
    editor = EditorsWay(page, origin, STORYBOARD, PATIENCE_MS, engine)
    sent = sent_of(footage, tmp_path)
    # 1: sign on
    agency.join()
    agency.admit(house.link)
    agency.give_seal(tmp_path)
    # 2: guide and upload
    agency.choose_film()
    agency.read_guide()
    agency.send_large(sent)
    agency.send_others(sent)
    agency.read_verdicts(sent)
    project = page.url
    # 7: storyboard
    preview = editor.change_storyboard()
    editor.watch_preview(preview)
    # 8: cut
    editor.open_cut(preview)
    editor.cut_by_hand()
    announced = editor.announced("Preview")
    editor.make("Save and preview", PREVIEW)
    estimates = {"preview": hold(announced, editor.made())}
    # 9: captions, of the film itself where there is time for it
    if not WHOLE:
        editor.set_captions(preview, PREVIEW)
    # 3: progress, with 6, the board, meanwhile
    film = agency.begin_film(project)
    progress = agency.asked(f"/v1/jobs/{agency.job()}")["progress"]
    editor.read_board(film)
    agency.come_back(film, progress)
    if WHOLE:
        editor.set_captions(film, FILM)
    # 4: review
    agency.watch()
    agency.correct_in_place()
    # 8 once more: the film itself
    editor.open_cut(film)
    editor.word_a_card()
    announced = editor.announced("Film")
    editor.make("Save and make the film", FILM)
    assert page.url == film
    estimates["film"] = hold(announced, editor.made())
    assert announced.made_again < announced.pieces
    # 5: delivery
    secret = agency.take_home(browser, tmp_path)
    engine.dispose()
    keep("pages", {"film": STORYBOARD, "seconds": round(time.monotonic() - began, 1), "estimates": estimates})
    logs = {path.name: path.read_text("utf-8", "replace") for path in (house.settings.data / "logs").glob("*.log")}
    assert {"api.log", "worker.log", "valkey.log", "seaweedfs.log"} <= set(logs)
    needles = {**needles_of(house.settings), "shared": secret, "signed in": house.link.partition("code=")[2]}
    # There is no mail server: the letter to whoever was admitted stands in the log, with its link.
    assert {name for name, _ in leaks(logs, needles)} <= {"a link that signs in or sets a password"}
