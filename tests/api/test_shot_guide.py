"""The shot guide: one page that needs no other file, says all of every slot, and is drawn by us."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from api.doors import app
from api.pages.shot_guide import shot_guide, style_policy
from api.pages.sketches import sketch_of
from api.security import COOKIE
from storyboards.library import list_ids, load
from storyboards.slots import Guide, Sketch, Slot


@pytest.mark.parametrize("name", list_ids())
def test_the_page_says_what_every_slot_asks_and_loads_nothing(name: str) -> None:
    storyboard = load(name)
    page = shot_guide(storyboard)
    assert not re.search(r"\b(src|href)=|url\(|@import|<script", page)
    text = " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.S).split())
    text = text.replace("&#39;", "'").replace("&amp;", "&")
    for slot in storyboard.slots:
        for words in (slot.title, slot.guide.film, slot.guide.how_long, slot.guide.example, *slot.guide.tips):
            assert " ".join(words.split()) in text
    assert all(ask.what in text and ask.example in text for ask in storyboard.asks.values())
    assert page.count("<svg") == len(storyboard.slots)
    assert text.count("Needed") == sum(slot.required for slot in storyboard.slots)
    assert [*re.findall(r'id="([^"]+)"', page)] == [*dict.fromkeys(re.findall(r'id="([^"]+)"', page))]


@pytest.mark.parametrize("sketch", get_args(Sketch))
def test_each_sketch_is_a_picture_with_words_inside_its_frame(sketch: Sketch) -> None:
    drawn = ET.fromstring(sketch_of(Slot(id="a", title="A", takes="broll", guide=Guide(sketch=sketch))))
    assert (drawn.get("role"), drawn.get("viewBox")) == ("img", "0 0 320 180")
    assert len(drawn.get("aria-label", "")) > 20
    for part in drawn.iter("rect"):
        assert float(part.get("x", 0)) + float(part.get("width", 0)) <= 320
        assert float(part.get("y", 0)) + float(part.get("height", 0)) <= 180


@pytest.mark.parametrize(("takes", "words"), [("interview", "shoulders"), ("photo", "row"), ("narration", "phone")])
def test_a_slot_without_a_sketch_has_the_usual_one(takes: str, words: str) -> None:
    assert words in sketch_of(Slot.model_validate({"id": "a", "title": "A", "takes": takes}))


def test_words_of_a_storyboard_are_no_markup() -> None:
    storyboard = load("promise").model_copy(update={"title": "<script>x</script>", "about": '" onload="x'})
    page = shot_guide(storyboard)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    out = tmp_path / "guide.html"
    done = CliRunner().invoke(app, ["storyboard", "guide", "certified", "--out", str(out)])
    assert done.exit_code == 0
    assert out.read_text("utf-8") == shot_guide(load("certified"))
    assert CliRunner().invoke(app, ["storyboard", "guide", "nobody", "--out", str(out)]).exit_code == 2
    assert CliRunner().invoke(app, ["storyboard", "guide", "promise", "--out", str(tmp_path / "a/b")]).exit_code == 2


def test_the_pages_lead_to_it_and_the_browser_may_use_its_style(door) -> None:
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    agency = door.agency()
    page = door.anonymous.get(f"/agencies/{agency}/projects/{door.project(agency)}").text
    (link,) = re.findall(r'href="(/storyboards/[^"]+/guide)[^"]*"', page)
    answer = door.anonymous.get(link)
    assert answer.text == shot_guide(load("promise"), "/")
    assert answer.headers["content-security-policy"] == style_policy()
    assert door.anonymous.get("/storyboards/nobody/guide").status_code == 404
