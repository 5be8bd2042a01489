"""The whole way through the service in a browser, as somebody goes it for the first time; `make tour` keeps pictures.

The footage is made up on the spot, so nobody is seen in them. What this cannot do a newcomer cannot do.
"""

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from api.running import free_port, running
from api.sample_footage import make_sample_footage
from kit.settings import load_settings
from tests.api.visiting import CHROMIUM

from .way import Way

ROOT = Path(__file__).parents[2]
WIDTH, HEIGHT = 1280, 860
STORYBOARD = "promise"
"""The film that `make demo` makes of the same footage."""
FILM_MS = 90 * 60_000
"""A busy machine takes its time over a film."""


@dataclass
class Tour(Way):
    """A visit, and where its pictures go."""

    pictures: Path

    def picture(self, name: str, show: str = "") -> None:
        """Keep what is seen now, from an element on when one is named, small enough to travel with the sources."""
        self.page.evaluate("scrollTo(0, 0)")
        if show:
            self.page.locator(show).first.evaluate("(shown) => scrollTo(0, shown.getBoundingClientRect().top - 8)")
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_timeout(500)
        seen = Image.open(io.BytesIO(self.page.screenshot()))
        seen.convert("RGB").resize((1024, 1024 * HEIGHT // WIDTH), Image.Resampling.LANCZOS).save(
            self.pictures / f"{name}.webp", quality=72, method=6
        )


def walk(pictures: Path) -> None:
    """Start everything, go the whole way, and keep its pictures in a folder."""
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held, sync_playwright() as playwright:
        footage = make_sample_footage(Path(held) / "footage")
        settings = load_settings(data=Path(held) / "data", port=free_port("127.0.0.1"))
        with running(settings, print) as service:
            chromium = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            )
            page = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
            tour = Tour(page, settings.public_origin, STORYBOARD, FILM_MS, pictures)
            tour.join()
            tour.admit(service.link)
            tour.choose_film()
            tour.send_footage(footage)
            tour.make_film()
            tour.review()
            tour.cut()
            tour.correct()
            tour.approve()
            tour.edit_storyboard()
            chromium.close()


if __name__ == "__main__":
    walk(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "tour")
