"""What an editor does: find films on the board, change a storyboard, cut a film, and set its captions at a desk."""

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.tour.way import DEPARTMENT

from .looking import WAS, Cost, Looking, said

NEIGHBOR = "Nexttown Police Department"
"""Another line on the board."""
PREVIEW, FILM = "Your preview is ready to watch", "Your film is ready to review"
FOUND, INSTEAD = "white", "White"
"""A word that several captions hold, and what stands in its place."""


class EditorsWay(Looking):
    """Tasks 6 to 9."""

    def read_board(self, film: str) -> None:
        """Find a film that is being made, by filters and keys, and open it."""
        page = self.page
        page.request.post(f"{self.origin}/agencies", form={"name": NEIGHBOR}, headers={"Origin": self.origin})
        page.goto(f"{self.origin}/board")
        lines = page.locator("[data-line]")
        expect(lines).to_have_count(3)
        lines.first.focus()
        for key, line in (("j", lines.nth(1)), ("End", lines.last), ("k", lines.nth(1)), ("Home", lines.first)):
            page.keyboard.press(key)
            expect(line).to_be_focused()
        self.picture("board")
        page.keyboard.press("/")
        expect(page.get_by_label("State")).to_be_focused()
        page.get_by_label("State").select_option("Being made")
        page.get_by_role("button", name="Show", exact=True).press("Enter")
        expect(lines).to_have_text([DEPARTMENT])
        expect(page.get_by_text(re.compile(r"^Being made, \d+ % done"))).to_be_visible()
        page.get_by_label("State").select_option("Approved")
        page.get_by_role("button", name="Show", exact=True).press("Enter")
        expect(page.get_by_text("Nothing is here with these filters.")).to_be_visible()
        page.get_by_role("link", name="Show everything").click()
        page.get_by_role("link", name=re.compile("^Under way")).click()
        lines.first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(film)

    def change_storyboard(self) -> str:
        """Change a storyboard by its form and its text, save it, and try it; returns the address of the preview."""
        page = self.page
        page.goto(f"{self.origin}/storyboards")
        page.locator(f"a[href='/storyboards/{self.storyboard}/edit']").click()
        beats, stills = page.locator(".beat"), page.locator(".still:not(:has(img))")
        expect(beats.first.get_by_role("img")).to_be_visible(timeout=self.patience_ms)
        expect(stills).to_have_count(0, timeout=self.patience_ms)
        assert beats.get_by_role("img", name=re.compile("^Name shown")).count() >= 1
        photos = page.get_by_label("Seconds a photo")
        photos.fill(str(float(photos.input_value()) + 1))
        page.keyboard.press("Tab")
        changes = page.locator(".changes li")
        expect(changes).to_have_count(1)
        officers = beats.filter(has_text=re.compile("Interview: (An officer|Officers) speaking"))
        officers.get_by_role("button", name=re.compile("^Down")).press("Enter")
        expect(page.locator(".changes")).to_contain_text("moved")
        sheet = page.get_by_role("textbox", name="The storyboard's text")
        sheet.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("colour: red")
        problem = page.locator(".problems").get_by_role("button")
        expect(problem).to_have_text(re.compile(r"^\s*\d+:1\s+colour: there is no such field"))
        sheet.focus()
        page.keyboard.press("Control+z")
        expect(problem).to_have_count(0)
        expect(changes).not_to_have_count(0)
        self.picture("storyboard")
        page.get_by_label("What you changed, and why").fill("Officers later, photos longer.")
        page.get_by_role("button", name="Save this version").click()
        expect(page.locator("#announce")).to_have_text("Saved as version 2.")
        expect(page.locator("#versions li").first).to_contain_text("Officers later, photos longer.")
        ours = page.locator("#try option", has_text=DEPARTMENT)
        page.get_by_label("Whose footage?").select_option(label=ours.text_content())
        page.get_by_role("button", name="Make a preview with version 2").click()
        page.wait_for_url("**/jobs/*")
        return page.url

    def watch_preview(self, preview: str) -> None:
        """The film that the changed storyboard makes of the footage."""
        self.page.goto(preview)
        job = self.arrives(PREVIEW)
        assert job["segments_rendered"] == job["segments_total"]
        assert (job["storyboard"], job["storyboard_version"], job["preview"]) == (self.storyboard, 2, True)
        self.picture("preview")

    def open_cut(self, film: str) -> None:
        """Go by the board to the cut of a film."""
        page = self.page
        page.goto(f"{self.origin}/board")
        page.locator(f"[data-line='{film.rsplit('/', 1)[1]}']").focus()
        page.keyboard.press("c")
        page.wait_for_url("**/cut")
        expect(page.get_by_role("region", name="What is made again")).to_contain_text(
            re.compile("Nothing is changed|These edits are saved"), timeout=self.patience_ms
        )

    def cut_by_hand(self) -> None:
        """Trim a shot, add one, change their order, show another clip, and set the words of a card and the music."""
        page = self.page
        beats = self.asked(f"/v1/jobs/{self.job()}/cut")["film"]["beats"]
        beat = [one for one in beats if one["what"] == "broll"][-1]
        count = len(beat["shots"])
        self._part(f"{beat['title']}, shot {count} of {count}: {beat['shots'][-1]['file']}")
        page.get_by_role("button", name="Out point: −1 s").click()
        self._worked_out()
        page.get_by_label("Add a clip after it").select_option(label="street.mkv")
        page.get_by_role("button", name="Add it").click()
        expect(page.locator("#part-title")).to_contain_text(f"shot {count} of {count + 1}")
        self._worked_out()
        page.get_by_role("button", name="Move later").click()
        expect(page.locator("#part-title")).to_contain_text(f"shot {count + 1} of {count + 1}")
        self._worked_out()
        page.get_by_label("Show another clip instead").select_option(label="broll_park.mp4")
        page.get_by_role("button", name="Show it").click()
        expect(page.locator(".part-why strong")).to_have_text("broll_park.mp4")
        self._worked_out()
        self._part("Opening card:")
        page.get_by_label("Line 2").fill("Together since 1901")
        page.keyboard.press("Tab")
        expect(page.get_by_role("img", name="Together since 1901")).to_be_visible()
        page.get_by_role("button", name="Music:").click()
        level = page.get_by_label("How loud it is where nobody speaks")
        level.focus()
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        self._worked_out()
        expect(page.locator(".save .changes li")).to_have_count(3)
        expect(page.locator(".reel-again span").first).to_be_visible()
        self.picture("cut")

    def announced(self, film: str) -> Cost:
        """What is said of making the film, or its preview."""
        self._worked_out()
        one = self.page.locator(".costs > div").filter(has=self.page.get_by_text(film, exact=True))
        return said(one.locator("dd").inner_text())

    def word_a_card(self) -> None:
        """Give the opening card other words, and hear them announced as the little that they are."""
        self._part("Opening card:")
        self.page.get_by_label("Line 2").fill("Together since 1902")
        self.page.keyboard.press("Tab")
        self._worked_out()
        expect(self.page.locator(".save .changes li")).to_have_count(1)

    def make(self, button: str, heading: str) -> Any:
        """Save the edits and have a film made of them; its page stays open."""
        self.page.get_by_role("button", name=button).click()
        self.page.wait_for_url(re.compile("/jobs/[^/]+$"))
        return self.arrives(heading)

    def set_captions(self, film: str, heading: str) -> None:
        """Split, join and time captions, replace a word in all and name a speaker; one that is to be mended stays."""
        page = self.page
        page.goto(film)
        page.get_by_role("link", name="All captions at a desk").click()
        expect(page.locator(".cue").first).to_be_visible(timeout=self.patience_ms)
        path = f"/v1/jobs/{self.job()}/captions"
        before = self.asked(path)["captions"]
        kept = next(one["number"] for one in before if WAS in one["words"])
        pair = next(n for n, one in enumerate(before[kept:], kept) if fit_one(one, before[n + 1 :]))
        free = [one for n, one in enumerate(before) if n not in (pair, pair + 1, kept - 1)]
        long, timed = sorted(free, key=lambda one: one["at_s"] - one["until_s"])[:2]
        # From the last to the first, so that the numbers of the others stay.
        for deed, one in sorted(
            [(self._split, long), (self._join, before[pair]), (self._time, timed)], key=lambda two: -two[1]["number"]
        ):
            deed(one)
            expect(page.get_by_role("alert")).to_have_count(0)
        page.locator("summary", has_text="Find and replace").click()
        page.get_by_label("Find", exact=True).fill(FOUND)
        page.get_by_label("Capitals matter").check()
        page.get_by_label("Replace with").fill(INSTEAD)
        page.get_by_role("button", name="Replace all").click()
        page.locator("summary", has_text="Who speaks").click()
        leader = page.get_by_role("group", name="leader.mp4")
        leader.get_by_label("Name").fill("Speaker Four")
        expect(page.get_by_role("status").filter(has_text="1 speaker named.")).to_contain_text("captions changed.")
        self.picture("captions")
        page.get_by_role("button", name="Save and make the film again").click()
        page.wait_for_url(re.compile("/jobs/[^/]+$"))
        job = self.arrives(heading)
        assert job["segments_rendered"] < job["segments_total"]
        seen = self.asked(path)
        after = seen["captions"]
        assert len(after) == len(before)  # one more, and one less
        assert sum(one["made"] for one in after) >= 4
        assert FOUND not in " ".join(one["words"] for one in after)
        assert {one["file"]: one["name"] for one in seen["speakers"]}["leader.mp4"] == "Speaker Four"
        (moved,) = [one for one in after if (one["clip"], one["start"]) == (timed["clip"], timed["start"])]
        assert (moved["comes_by_hand"], moved["goes_by_hand"]) == (False, True)

    def _split(self, caption: dict[str, Any]) -> None:
        words = caption["words"].split()
        at = len(" ".join(words[: len(words) // 2]))
        box = self._caption(caption)
        box.evaluate("(box, at) => box.setSelectionRange(at, at)", at)
        self.page.keyboard.press("Alt+Enter")
        expect(self.page.locator("#announce")).to_have_text("Done: a caption split in two.")

    def _join(self, caption: dict[str, Any]) -> None:
        self._caption(caption)
        self.page.get_by_role("button", name="Join with the next").click()
        expect(self.page.locator("#announce")).to_have_text("Done: two captions joined.")

    def _time(self, caption: dict[str, Any]) -> None:
        self._caption(caption)
        edge = self.page.get_by_role("slider", name=f"Goes, caption {caption['number']}", exact=True)
        edge.focus()
        for _ in range(3):
            self.page.keyboard.press("ArrowLeft")
        expect(self.page.locator("#announce")).to_have_text("Done: another time of a caption.")

    def _caption(self, caption: dict[str, Any]) -> Locator:
        box = self.page.get_by_role("textbox", name=f"Caption {caption['number']}", exact=True)
        box.focus()
        expect(self.page.locator(".wave-field path")).to_have_attribute("d", re.compile("M"))
        return box

    def _part(self, words: str) -> None:
        """Choose a part of the film on its timeline."""
        self.page.locator(".part", has=self.page.get_by_text(words)).first.click()
        expect(self.page.locator("#part-title")).to_be_visible()

    def _worked_out(self) -> None:
        """Wait until the service has said what comes of the newest change, and it holds."""
        expect(self.page.locator(".reel-bar")).not_to_contain_text("working it out")
        expect(self.page.locator(".part-wrong:visible")).to_have_count(0)


def fit_one(caption: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    """Whether a caption and the next of these make one that is fit to read."""
    if not others or others[0]["clip"] != caption["clip"]:
        return False
    long = others[0]["until_s"] - caption["at_s"]
    return long < 6 and len(caption["words"]) + len(others[0]["words"]) < 60
