"""Hands that have no mouse: they tab to what has a name, type, and press keys."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Locator, Page

FURTHEST = 250
"""Presses of Tab after which a thing counts as out of reach."""
FOCUSED = """(all) => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return all.includes(at);
}"""
Role = Literal["link", "button", "textbox", "combobox", "checkbox", "slider"]


class Keys:
    """What a person does to a page by keys alone."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, *keys: str) -> None:
        """Keys one after the other, wherever the focus is."""
        for key in keys:
            self._page.keyboard.press(key)

    def to(self, role: Role, name: Any) -> None:
        """Tab on until the focus is on what has this role and name."""
        self.reach(self._page.get_by_role(role, name=name))

    def reach(self, wanted: Locator) -> None:
        """Tab on until the focus is on one of these."""
        wanted.first.wait_for()
        for _ in range(FURTHEST):
            self.press("Tab")
            if wanted.evaluate_all(FOCUSED):
                return
        raise AssertionError(f"Tab does not reach {wanted}")

    def push(self, name: Any, role: Role = "button") -> None:
        """Tab to a button or link, and press Enter."""
        self.to(role, name)
        self.press("Enter")

    def write(self, name: Any, text: str) -> None:
        """Tab to a field, and type over what stands in it."""
        self.to("textbox", name)
        self.press("Control+a")
        self._page.keyboard.type(text)

    def hand(self, label: str, files: Sequence[Path]) -> None:
        """Tab to where files are chosen, and choose these in the browser's own window."""
        self.reach(self._page.get_by_label(label, exact=True))
        with self._page.expect_file_chooser(timeout=90_000) as chooser:  # a busy machine may be slow to open it
            self.press("Space")
        chooser.value.set_files(files)
