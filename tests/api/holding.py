"""A request of a page that is kept in the air, so that a test sees what the page does meanwhile."""

import re

from playwright.sync_api import Page, Route


class Held:
    """The next request to an address like this; those that come after it pass."""

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        self._page = page
        self._kept: list[Route] = []
        page.route(address, lambda route: route.continue_() if self._kept else self._kept.append(route))

    def wait(self) -> None:
        """Until it is on its way."""
        while not self._kept:
            self._page.wait_for_timeout(20)

    def let_go(self) -> None:
        """Send it on; waits for it where it was not asked yet."""
        self.wait()
        self._kept[0].continue_()
