"""The tasks of agencies and editors in a browser, as somebody goes them for the first time."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

DEPARTMENT = "Anytown Police Department"
SPEAKERS = {"leader": "Speaker One", "officers": "Speaker Two", "community": "Speaker Three"}
BESIDE = {".srt", ".yaml"}
"""What is no clip of its own."""


@dataclass
class Way:
    """A visit to the service, one task after the other. Pictures of it are kept by those that go it for them."""

    page: Page
    origin: str
    storyboard: str
    patience_ms: float
    """How long a film may take."""

    def picture(self, name: str, show: str = "") -> None:
        """Look at what is seen now, from an element on when one is named."""

    def join(self) -> None:
        """Ask to join, as a department does that has no account."""
        page = self.page
        page.goto(f"{self.origin}/join")
        page.get_by_label("Department name").fill(DEPARTMENT)
        page.get_by_label("Your name").fill("Chief One")
        page.get_by_label("Your e-mail address").fill("chief@anytown.example")
        expect(page.get_by_role("img", name=f"The opening card: {DEPARTMENT}")).to_be_visible()
        page.locator("#opening").evaluate("(picture) => picture.decode()")
        self.picture("join", ".lead")
        page.get_by_role("button", name="Ask to join").click()

    def admit(self, link: str) -> None:
        """Come in by the printed address, admit the department and begin its film."""
        page = self.page
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Waiting list").click()
        expect(page.get_by_role("heading", name="Waiting list")).to_be_visible()
        self.picture("admit")
        page.get_by_role("button", name=f"Admit {DEPARTMENT}").click()
        page.goto(self.origin)
        page.get_by_role("button", name="Begin your documentary").click()

    def choose_film(self) -> None:
        """Choose what the film is to be, and see what to film for it."""
        page = self.page
        page.get_by_label("Which film is it to be?").select_option(self.storyboard)
        page.get_by_role("button", name="Show what to film").click()
        page.wait_for_url(re.compile(self.storyboard))
        self.picture("guide", "#guide")

    def send_footage(self, footage: Path) -> None:
        """Send the film's footage and wait until all was looked at."""
        page = self.page
        files = sorted(path for path in footage.iterdir() if path.suffix != ".yaml")
        page.get_by_label("Videos, photos, sound, and transcripts").set_input_files(files)
        for name, speaker in SPEAKERS.items():
            row = page.locator("#chosen > li").filter(has_text=f"{name}.mp4")
            expect(row.get_by_label("What is it?")).to_have_value(name)
            row.get_by_label("Who is speaking?").fill(speaker)
        self.picture("upload", "#chosen > li:nth-child(4)")
        page.get_by_role("button", name=re.compile("^Send [0-9]+ files")).click()
        self.wait_for_looks(sum(path.suffix not in BESIDE for path in files))
        self.picture("footage", "#clips")

    def wait_for_looks(self, clips: int) -> None:
        """Leave the page open until so many clips have arrived and were looked at."""
        page = self.page
        expect(page.locator("#clips > ul > li")).to_have_count(clips, timeout=self.patience_ms)
        expect(page.get_by_role("button", name="Make the film")).to_be_enabled(timeout=self.patience_ms)
        expect(page.locator("#clips .tag", has_text="Being looked at")).to_have_count(0, timeout=self.patience_ms)

    def make_film(self) -> None:
        """Ask for the film and wait for it, with the page open."""
        page = self.page
        page.get_by_role("button", name="Make the film").click()
        expect(page.locator("#progress")).to_be_visible()
        expect(page.locator("#progress")).to_have_attribute("value", re.compile("0[.][2-9]"), timeout=self.patience_ms)
        expect(page.get_by_role("heading", name="We are making your film")).to_be_visible()
        self.picture("progress")
        self.wait_for_review()

    def wait_for_review(self) -> None:
        """Leave the page open until the film is ready."""
        expect(self.page.get_by_role("heading", name="Your film is ready to review")).to_be_visible(
            timeout=self.patience_ms
        )

    def review(self) -> None:
        """Watch, and pin a comment to a moment."""
        page = self.page
        seek = "(film) => new Promise((seen) => { film.onseeked = seen; film.currentTime = 40; })"
        page.locator("#film").evaluate(seek)
        page.get_by_label("Comment at 0:40").fill("Is this the ball field by the river?")
        page.get_by_role("button", name="Pin the comment").click()
        expect(page.get_by_role("button", name="Resolve")).to_be_visible()
        self.picture("review")

    def cut(self) -> None:
        """Go by the board to the cut of the film, shorten a shot, and leave it as it was."""
        page, film = self.page, self.page.url
        page.goto(f"{self.origin}/board")
        self.picture("board")
        page.locator("[data-line]").first.focus()
        page.keyboard.press("c")
        expect(page.get_by_text("Nothing is changed")).to_be_visible(timeout=self.patience_ms)
        page.locator(".part", has=page.get_by_text(re.compile("shot 2 of"))).first.click()
        page.get_by_role("button", name="Out point: −1 s").click()
        expect(page.locator(".reel-again span").first).to_be_visible(timeout=self.patience_ms)
        self.picture("cut", ".crumbs")
        page.on("dialog", lambda asked: asked.accept())
        page.goto(film)

    def correct(self) -> None:
        """Mend a caption at the desk, and have the film made again."""
        page = self.page
        page.get_by_role("link", name="All captions at a desk").click()
        third = page.get_by_role("textbox", name="Caption 3", exact=True)
        third.focus()
        third.fill(f"Well, {third.input_value()}")
        expect(page.locator(".wave-field path")).to_have_attribute("d", re.compile("M"))
        self.picture("captions", ".crumbs")
        page.get_by_role("button", name="Save and make the film again").click()
        page.wait_for_url(re.compile("/jobs/[^/]+$"))
        self.wait_for_review()

    def approve(self) -> None:
        """Accept the captions, approve the film and take it home."""
        page = self.page
        page.get_by_role("checkbox", name="I have read the captions").check()
        page.get_by_role("button", name="Accept the captions").click()
        page.get_by_role("button", name="Approve the film").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the film").click()
        assert Path(download.value.path()).stat().st_size > 1_000_000
        expect(page.get_by_role("link", name="All files in one zip")).to_be_visible(timeout=self.patience_ms)
        page.reload()
        self.picture("delivery")
        self.picture("files", "#files-title")

    def edit_storyboard(self) -> None:
        """What editors change a storyboard with."""
        page = self.page
        page.goto(f"{self.origin}/storyboards/{self.storyboard}/edit")
        expect(page.locator(".beat").first.get_by_role("img")).to_be_visible(timeout=self.patience_ms)
        page.wait_for_load_state("networkidle")
        self.picture("storyboard", ".crumbs")
