"""What an agency does: join, see what to film, send footage over a bad line, follow, review, and take the film home."""

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.api.visiting import drop, let_through, line_of, seal
from tests.tour.way import BESIDE, DEPARTMENT

from .looking import IS, WAS, Looking, plays

SLOW = 2_000_000
"""Bytes a second that go up: the large file takes some of them."""
PICKER = "Videos, photos, sound, and transcripts"
READY = "Your film is ready to review"
FILES = {
    *("documentary.mp4", "documentary-clean.mp4", "captions.srt", "captions.vtt", "descriptions.vtt"),
    *("transcript.txt", "poster.jpg", "timeline.json", "report.json", "manifest.json", "SHA256SUMS"),
}
"""What a delivered film has at least."""
NOW = "(film) => film.currentTime"


@dataclass(frozen=True)
class Sent:
    """Footage, by how it is sent."""

    large: Path
    """More than one part, over the bad line."""
    unwanted: Path
    """Chosen, and left out again."""
    officers: Path
    """Dropped on its slot; its words are typed."""
    words: str
    community: Path
    """Chosen; its transcript is chosen for it."""
    others: Sequence[Path]
    """Chosen together, with a transcript that is found by its name."""

    @property
    def clips(self) -> list[Path]:
        """All that arrives, transcripts not counted."""
        every = [self.large, self.officers, self.community, *self.others]
        return [one for one in every if one.suffix not in BESIDE]


@dataclass
class AgencysWay(Looking):
    """Tasks 1 to 5."""

    heard: list[str] = field(default_factory=list)
    """Kinds of events that came from the server."""
    mended: str = ""
    """The caption that was corrected in place."""

    def give_seal(self, folder: Path) -> None:
        """Add the department's seal, which stands on its cards."""
        page = self.page
        (folder / "seal.png").write_bytes(seal())
        page.locator("summary", has_text="Add your seal").click()
        page.get_by_label("Department seal").set_input_files(folder / "seal.png")
        page.get_by_role("button", name="Use this seal").click()
        page.locator("summary", has_text="Your seal").click()
        expect(page.get_by_role("img", name=f"The seal of {DEPARTMENT}")).to_be_visible()

    def read_guide(self) -> None:
        """The list of what to film, and the same as sheets to print."""
        page = self.page
        slots = page.locator("#slots > li")
        needed = slots.filter(has=page.locator(".tag", has_text="Needed"))
        assert needed.evaluate_all("(all) => all.map((one) => one.dataset.slot)") == ["leader", "broll"]
        titles = slots.locator("h3").all_inner_texts()
        footage = page.url
        page.get_by_role("link", name="Print the shot guide").click()
        page.wait_for_url(re.compile("/guide"))
        printed = page.locator(".slot h2").all_inner_texts()
        assert sorted(printed) == sorted(titles)
        self.picture("printed")
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
        page.goto(footage)

    def send_large(self, sent: Sent) -> None:
        """Send a large file over a slow line: paused, gone on with, left by a reload and chosen again."""
        page, rows = self.page, self.page.locator("#chosen > li")
        page.get_by_label(PICKER).set_input_files([sent.large, sent.unwanted])
        rows.filter(has_text=sent.unwanted.name).get_by_role("button", name="Leave this file out").click()
        expect(rows).to_have_count(1)
        line, told = line_of(page), rows.locator(".told")
        let_through(line, SLOW)
        with page.expect_response(lambda one: one.request.method == "PUT" and "partNumber=" in one.url):
            page.get_by_role("button", name="Send this file").click()
        page.get_by_role("button", name=re.compile("^Pause")).click()
        expect(told).to_have_text(re.compile(r"Paused; [1-9]\d? % is safe\."))
        page.get_by_role("button", name=re.compile("^Go on")).click()
        expect(told).to_contain_text(re.compile(r"\d % sent · \d.* a second"))
        page.once("dialog", lambda asked: asked.accept())
        page.reload()
        expect(page.get_by_text("Choose the same file:")).to_contain_text(re.compile(r"[1-9]\d? % is safe"))
        self.picture("resumed")
        let_through(line, None)
        page.get_by_label(PICKER).set_input_files(sent.large)
        self.wait_for_looks(1)
        expect(page.locator("#coach")).to_contain_text("Still to film")
        expect(page.locator("#coach")).to_contain_text("leader")
        self.picture("missing")

    def send_others(self, sent: Sent) -> None:
        """Drop one file on its slot, choose the others, and say who speaks in them and what."""
        page = self.page
        kind = mimetypes.guess_type(sent.officers.name)[0] or ""
        drop(page.locator("[data-slot=officers]"), (sent.officers.name, kind, sent.officers.read_bytes()))
        page.get_by_label(PICKER).set_input_files([*sent.others, sent.community])
        officers = self._row(sent.officers, "officers", "Speaker Three", "Patrol officer")
        officers.locator("summary", has_text="Add a transcript").click()
        officers.get_by_label("Type or paste what is said").fill(sent.words)
        leader = self._row(Path("leader.mp4"), "leader", "Speaker One", "Chief of Police")
        expect(leader).to_contain_text("We will use leader.srt.")
        community = self._row(sent.community, "community", "Speaker Two", "Neighbor")
        community.locator("summary", has_text="Add a transcript").click()
        community.get_by_label("Or choose a file").set_input_files(sent.community.with_suffix(".srt"))
        expect(community).to_contain_text("We will use community.srt.")
        self.picture("upload")
        page.get_by_role("button", name=re.compile("^Send [0-9]+ files")).click()
        self.wait_for_looks(len(sent.clips))

    def read_verdicts(self, sent: Sent) -> None:
        """Each clip has its picture, its sound and a verdict, and nothing that is needed is missing."""
        page = self.page
        cards = page.locator("#clips > ul > li")
        assert sorted(cards.locator("h3").all_inner_texts()) == sorted(clip.name for clip in sent.clips)
        verdicts = cards.locator(".row > .tag").all_inner_texts()
        assert set(verdicts) <= {"Good", "Good, with notes"}, verdicts
        pictures = cards.locator("img.poster")
        expect(pictures).to_have_count(sum(clip.suffix != ".ogg" for clip in sent.clips))
        for picture in pictures.all():
            picture.scroll_into_view_if_needed()
            assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") >= 320
        sounds = cards.locator("svg.wave")
        assert sounds.count() >= 4  # three who speak, and music
        expect(sounds.locator("path")).to_have_count(sounds.count())
        for speaker in ("Speaker One", "Speaker Two", "Speaker Three"):
            expect(cards.filter(has_text=speaker)).to_have_count(1)
        expect(page.locator("#coach")).not_to_contain_text("Still to film")
        for slot in ("leader", "broll", "community"):
            expect(page.locator(f"#slots > [data-slot={slot}] .tag")).to_have_text("We have it")
        # nine seconds of an officer
        expect(page.locator("#slots > [data-slot=officers] .tag")).to_have_text("Not quite enough")
        self.picture("footage")

    def begin_film(self, footage: str) -> str:
        """Ask for the film and follow it until pieces of it are made; returns the address of its page."""
        page = self.page
        page.goto(footage)
        events = line_of(page)
        events.on("Network.eventSourceMessageReceived", lambda event: self.heard.append(event["eventName"]))
        page.get_by_role("button", name="Make the film").click()
        expect(page.get_by_role("heading", name="We are making your film")).to_be_visible(timeout=self.patience_ms)
        expect(page.locator("#progress")).to_have_attribute("value", re.compile("0[.][1-9]"), timeout=self.patience_ms)
        assert {"step", "progress"} <= set(self.heard), self.heard
        self.picture("progress")
        return page.url

    def come_back(self, film: str, progress: float) -> None:
        """Open the page of a film again that was left at some progress: it went on meanwhile."""
        page = self.page
        page.goto(film)
        if page.locator("#progress").count():
            assert float(page.locator("#progress").get_attribute("value") or 0) >= progress
        job = self.arrives(READY)
        assert (job["round"], job["review"]) == (1, "finished"), job["notes"]
        assert job["segments_rendered"] == job["segments_total"]

    def watch(self) -> None:
        """Play the film by keys, with captions on and off, and pin a comment to a moment."""
        page = self.page
        film, place = page.locator("#film"), page.get_by_role("slider", name="Place in the film")
        self.review()
        film.focus()
        page.keyboard.press("k")
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        expect(place).to_have_attribute("aria-valuetext", re.compile(r"^0:4[1-9] of [2-4]:\d\d$"))
        page.keyboard.press("k")
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        for key, seconds in (("j", -10), ("l", 10), (".", 1 / 30)):
            before = film.evaluate(NOW)
            page.keyboard.press(key)
            assert film.evaluate(NOW) - before == pytest.approx(seconds, abs=0.01), key
        page.keyboard.press("m")
        expect(page.get_by_role("button", name="Sound: off")).to_be_visible()
        for shown, mode in (("Captions: off", "hidden"), ("Captions: on", "showing")):
            page.keyboard.press("c")
            expect(page.get_by_role("button", name=shown)).to_be_visible()
            assert film.evaluate("(film) => film.textTracks[0].mode") == mode
        assert film.evaluate("(film) => film.textTracks[0].cues.length") > 10

    def correct_in_place(self) -> None:
        """Mend a word where it is wrong; only what carries it is made again."""
        page = self.page
        before = self.asked(f"/v1/jobs/{self.job()}")["round"]
        fields = page.locator("#words textarea")
        texts = fields.evaluate_all("(all) => all.map((one) => one.value)")
        at = next(n for n, text in enumerate(texts) if WAS in text)
        self.mended = texts[at].replace(WAS, IS, 1)
        fields.nth(at).fill(self.mended)
        page.get_by_role("button", name="Send the corrections").click()
        expect(page.locator("#progress")).to_be_visible()
        job = self.arrives(READY)
        assert (job["round"], job["review"]) == (before + 1, "finished"), job["notes"]
        assert job["segments_rendered"] < job["segments_total"]
        assert self.mended in page.locator("#words textarea").evaluate_all("(all) => all.map((one) => one.value)")

    def take_home(self, browser: Browser, folder: Path) -> str:
        """Approve the film, get every file of it alone and in the zip, and share it; returns the link's secret."""
        page = self.page
        self.approve()
        listed = set(page.locator(".shelves a").all_inner_texts())
        assert listed >= FILES
        lines = [line.split("  ", 1) for line in page.locator(".sums code").all_text_contents()]
        sums = {name: digest for digest, name in lines}
        assert set(sums) == listed
        for name in sorted(listed):
            got = self._saved(page.get_by_role("link", name=name, exact=True), folder / name)
            assert hashlib.sha256(got.read_bytes()).hexdigest() == sums[name], name
        assert (folder / "poster.jpg").read_bytes()[:2] == b"\xff\xd8"
        assert self.mended in " ".join((folder / "captions.vtt").read_text("utf-8").split())

        zipped = page.get_by_role("link", name="All files in one zip")
        expect(zipped).to_be_visible(timeout=self.patience_ms)
        with ZipFile(self._saved(zipped, folder / "all.zip")) as archive:
            inside = {Path(one).name: hashlib.sha256(archive.read(one)).hexdigest() for one in archive.namelist()}
        assert inside == sums
        return self._share(browser, folder, sums["documentary.mp4"])

    def _share(self, browser: Browser, folder: Path, digest: str) -> str:
        page = self.page
        page.get_by_label("Days until it expires").fill("3")
        page.get_by_role("button", name="Make a link").click()
        link = page.locator(".secret").inner_text()
        with closing(browser.new_context()) as elsewhere:
            shown = elsewhere.new_page()
            shown.goto(link)
            expect(shown.get_by_role("heading", name=f"The film of {DEPARTMENT}")).to_be_visible()
            expect(shown.get_by_role("button", name="Sign out")).to_have_count(0)
            plays(shown, "video")
            with shown.expect_download() as got:
                shown.get_by_role("link", name=re.compile("^Download the film")).click()
            assert hashlib.sha256(got.value.path().read_bytes()).hexdigest() == digest
        page.get_by_role("link", name=f"The film of {DEPARTMENT}").click()
        had = page.get_by_role("region", name="Who had the film")
        for words in ("shared link 1 opened the page", "shared link 1 downloaded documentary.mp4"):
            expect(had).to_contain_text(words)
        self.picture("delivered")
        page.get_by_role("link", name="All links, and who had the film").click()
        expect(page.get_by_text("Opened once, downloaded once.")).to_be_visible()
        expect(page.get_by_role("region", name="Who had the film")).to_contain_text("downloaded captions.srt")
        self.picture("sharing")
        return link.rsplit("/", 1)[1]

    def _row(self, file: Path, slot: str, speaker: str, role: str) -> Locator:
        """A chosen file that is to be known for its slot, with who speaks in it."""
        row = self.page.locator("#chosen > li").filter(has_text=file.name)
        expect(row.get_by_label("What is it?")).to_have_value(slot)
        row.get_by_label("Who is speaking?").fill(speaker)
        row.get_by_label("Their role").fill(role)
        return row

    def _saved(self, link: Locator, to: Path) -> Path:
        with self.page.expect_download() as got:
            link.click()
        got.value.save_as(to)
        return to
