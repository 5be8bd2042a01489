"""What a page must be to those who zoom, have colours of their own, or bear no motion; and what axe says of it then."""

from typing import Any

from playwright.sync_api import Page

from .visiting import clean, cut, fits, moves

ZOOMED = (640, 430)
"""A window of 1280 by 860 at 200 %."""
NARROW = 320
LIKES: dict[str, Any] = {"device_scale_factor": 2, "forced_colors": "active", "reduced_motion": "reduce"}


def is_well(page: Page, path: str) -> None:
    """Nothing reaches over the edge, no word is cut, nothing moves, and axe finds nothing; with all that opens open."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    for width in (ZOOMED[0], NARROW):
        page.set_viewport_size({"width": width, "height": ZOOMED[1]})
        assert fits(page), f"{path} at {width}"
        assert cut(page) == [], f"{path} at {width}"
    assert moves(page) == [], path
    # axe takes the colours that a page asks for as those that are seen
    page.emulate_media(forced_colors="none")
    assert clean(page) == [], path
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
