"""The pages of those who write storyboards, as they come from the server."""

import html
import json
import re

import pytest

from api.security import COOKIE
from storyboards.library import shipped_text


@pytest.fixture
def editor(door):
    """A signed-in browser of the house."""
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    door.anonymous.headers.update({"Accept": "text/html", "Origin": "http://testserver"})
    return door.anonymous


def given(page: str) -> dict:
    """What the page tells its editor."""
    [props] = re.findall(r'data-island="storyboard" data-props="([^"]+)"', page)
    told: dict = json.loads(html.unescape(props))
    return told


def test_every_storyboard_leads_to_its_editor(door, editor):
    page = editor.get("/storyboards").text
    assert 'href="/storyboards/promise/edit"' in page
    assert editor.get("/storyboards/nothing-like-it/edit").status_code == 404


def test_a_text_reads_without_script_and_an_older_version_says_what_saving_it_does(door, editor):
    agency, _ = door.in_review()
    text = shipped_text("promise").replace("title: The", "title: <b>Our</b> The", 1)
    door.service.storyboards.save("promise", text, author="Editor One", note="Ours.", based_on=1)
    page = editor.get("/storyboards/promise/edit").text
    assert "title: &lt;b&gt;Our&lt;/b&gt; The" in page
    told = given(page)
    assert (told["text"], told["opened"], told["newest"]) == (text, 2, 2)
    assert [one["agency"] for one in told["tries"]] == [agency]
    older = editor.get("/storyboards/promise/edit?version=1").text
    assert "Saving it makes it the newest again, after version 2." in older
    assert (given(older)["opened"], given(older)["newest"]) == (1, 2)
    assert editor.get("/storyboards/promise/edit?version=9").status_code == 404
