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


def test_any_two_versions_are_compared_in_words(door, editor):
    text = shipped_text("promise")
    for number, words in enumerate(("<b>Our</b>", "Their"), start=1):
        text = text.replace("title: The" if number == 1 else "title: <b>Our</b>", f"title: {words}", 1)
        door.service.storyboards.save("promise", text, author="Editor One", note=f"{words}.", based_on=number)
    page = editor.get("/storyboards/promise/edit").text
    assert re.findall(r'href="(/storyboards/promise/changes[^"]*)"', page) == [
        f"/storyboards/promise/changes?new={number}" for number in (3, 2)
    ]
    newest = editor.get("/storyboards/promise/changes").text
    assert "&lt;b&gt;Our&lt;/b&gt;" in newest
    whole = editor.get("/storyboards/promise/changes", params={"old": 1, "new": 3}).text
    told = html.unescape(re.findall(r"<strong>film</strong>: (.+?)</li>", whole)[0])
    assert "Their" in told
    assert "<b>" not in told
    same = editor.get("/storyboards/promise/changes", params={"old": 2, "new": 2}).text
    assert "one and the same version" in same
    assert editor.get("/storyboards/promise/changes", params={"new": 9}).status_code == 404
