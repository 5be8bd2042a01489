"""A way that looks closely at each page it passes, and reads in the ledger what the pages tell of."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from pipeline.jobs import StepKind
from pipeline.rows import read_job, read_steps
from tests.api.visiting import clean, fits
from tests.tour.way import Way

WIDTHS = (320, 768, 1440)
PICTURES = os.environ.get("PROMISEREEL_PICTURES")
"""A folder in which every page that is passed is kept as a picture, once for each width."""
COST = re.compile(r"(?:(\d+) of (\d+) pieces?|no piece)[^.]*\. .*?(?:about (\d+) (s|min)|not known)", re.DOTALL)
WAS, IS = " at ", " by "
"""A word of the footage, and one that fits into its place."""
SANE = 5.0
"""How many times longer or shorter than it was said a film may take, on machines that have other work."""


@dataclass(frozen=True)
class Cost:
    """What a film takes: as a page said before, or as it came."""

    made_again: int
    """Pieces that are encoded."""
    pieces: int
    """All that the film is made of; 0 when none is made again and nobody said."""
    seconds: float | None
    """None when it was not known before."""


@dataclass
class Looking(Way):
    """One visit among several that share a browser's page."""

    engine: sa.Engine

    def picture(self, name: str, show: str = "") -> None:
        """Nothing of the page reaches over an edge on any screen, and axe finds nothing."""
        self.page.locator("h1").first.wait_for()
        held = self.page.viewport_size
        assert held
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": held["height"]})
            assert fits(self.page), f"{name} at {width}"
            if PICTURES:
                self.page.wait_for_timeout(500)
                # To hide the caret Playwright would bring in a style, which the pages' policy forbids.
                seen = Path(PICTURES) / f"{name}-{width}.png"
                self.page.screenshot(path=seen, full_page=True, caret="initial")
        self.page.set_viewport_size(held)
        assert clean(self.page) == [], name

    def asked(self, path: str) -> Any:
        """What the API answers to whoever sits before the page."""
        agency = re.findall(r"/agencies/([^/]+)", self.page.url)[0]
        answer = self.page.request.get(f"{self.origin}{path}", params={"agency": agency})
        assert answer.ok, answer.text()
        return answer.json()

    def job(self) -> str:
        """The id of the film whose page this is."""
        return re.findall("/jobs/([^/]+)", self.page.url)[0]

    def arrives(self, heading: str) -> Any:
        """Wait for a film with its page open, and look at it: it plays, and pieces of it were made. Returns its job."""
        page = self.page
        done = page.get_by_role("heading", name=heading)
        failed = page.get_by_role("heading", name="The film could not be made")
        expect(done.or_(failed)).to_be_visible(timeout=self.patience_ms)
        assert done.is_visible(), page.locator("#job").inner_text()
        plays(page, "#film")
        job = self.asked(f"/v1/jobs/{self.job()}")
        assert 0 < job["segments_rendered"] <= job["segments_total"], job
        return job

    def made(self) -> Cost:
        """What the film took in its newest round, by the ledger: from its first step's begin to its last one's end."""
        with self.engine.connect() as connection:
            job = read_job(connection, self.job())
            steps = [step for step in read_steps(connection, job.id) if step.round == job.round]
        pieces = [step.outcome for step in steps if step.kind is StepKind.SEGMENT and step.outcome]
        began = min(step.started_at for step in steps if step.started_at)
        ended = max(step.finished_at for step in steps if step.finished_at)
        return Cost(sum(one.rendered > 0 for one in pieces), len(pieces), ended - began)


PLAYED = """(film) => new Promise((seen) => {
  film.ontimeupdate = () => {
    if (film.currentTime <= 0.2) return;
    film.ontimeupdate = null;
    film.pause();
    film.muted = false;
    seen(film.duration);
  };
  film.muted = true;
  film.play();
})"""


def plays(page: Page, video: str) -> None:
    """A film of two minutes and more is there, and moves."""
    assert page.locator(video).evaluate(PLAYED) >= 118


def said(told: str) -> Cost:
    """What the desk of the cut says of a film: “3 of 27 pieces and the sound. That takes about 12 s …”."""
    found = COST.search(told)
    assert found, told
    made_again, pieces, count, unit = found.groups()
    seconds = float(count) * (60 if unit == "min" else 1) if count else None
    return Cost(int(made_again or 0), int(pieces or 0), seconds)


def hold(announced: Cost, made: Cost) -> dict[str, float]:
    """What was announced is what came: the very pieces, and about the time. Returns both, to be kept."""
    assert (announced.made_again, announced.pieces) == (made.made_again, made.pieces)
    assert announced.seconds
    assert made.seconds
    assert 1 / SANE <= made.seconds / announced.seconds <= SANE, f"{announced}, {made}"
    told = {"announced_s": announced.seconds, "made_s": round(made.seconds, 1)}
    return {"pieces": made.pieces, "made_again": made.made_again, **told}
