"""Captions corrected on the review page, by a form that works without script."""

import html
import re
from pathlib import Path
from typing import Any

import pytest

from api.security import COOKIE

from .edited import Film


@pytest.fixture
def film(door: Any, tmp_path: Path) -> Film:
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    door.anonymous.headers.update({"Accept": "text/html", "Origin": "http://testserver"})
    return Film(door, tmp_path)


def fields(page: str) -> dict[str, str]:
    """What the form of corrections would send as it stands."""
    form = page.split('id="corrections"')[1].split("</form>", maxsplit=1)[0]
    held = dict(re.findall(r'name="(\w+)" value="(\d+)"', form))
    texts = re.findall(r'<textarea[^>]* name="(caption-\d+)"[^>]*>(.*?)</textarea>', form, re.S)
    return held | {name: html.unescape(text) for name, text in texts}


def test_a_caption_is_corrected_in_place_and_the_film_made_again(film: Film) -> None:
    here = f"/agencies/{film.agency}/jobs/{film.job}"
    visitor = film.door.anonymous
    sent = fields(visitor.get(here).text)
    name = next(name for name, text in sent.items() if "woodcutters" in text)
    assert visitor.post(f"{here}/corrections", data=sent).status_code == 422, "nothing was changed"
    changed = {**sent, name: f"  {sent[name].replace('woodcutters', 'wood<cutter')} "}
    answer = visitor.post(f"{here}/corrections", data=changed)
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert film.state()["state"] == "planning"
    film.work()
    state = film.state()
    assert (state["state"], state["round"], state["edits_version"]) == ("in_review", 2, 1)
    assert 1 <= state["segments_rendered"] <= 3
    page = visitor.get(here).text
    assert fields(page) == {
        **sent,
        name: sent[name].replace("woodcutters", "wood<cutter"),
        "round": "2",
        "based_on": "1",
    }
    late = visitor.post(f"{here}/corrections", data=changed)
    assert late.status_code == 409
    assert "planned again since its captions were read" in late.text
    assert "wood&lt;cutter" in late.text, "what was typed is not lost"
    version = film.get(f"/v1/projects/{film.project}/edits").json()
    assert (version["author"], version["note"]) == ("admin token", "Captions corrected in review.")


def test_another_agency_corrects_nothing(film: Film) -> None:
    stranger = film.door.agency("Othertown Police Department")
    data = {"round": "1", "based_on": "0", "caption-1": "x"}
    answer = film.door.anonymous.post(f"/agencies/{stranger}/jobs/{film.job}/corrections", data=data)
    assert answer.status_code == 404
    assert film.get(f"/v1/projects/{film.project}/edits").json()["number"] == 0
