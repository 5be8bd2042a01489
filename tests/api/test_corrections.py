"""Captions corrected on the review page, by a form that works without script."""

import html
import re
from itertools import pairwise
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


def test_all_captions_come_with_what_they_are_held_against(film: Film) -> None:
    seen = film.get(f"/v1/jobs/{film.job}/captions").json()
    cues, limits = seen["captions"], seen["limits"]
    assert (seen["round"], seen["based_on"], seen["correctable"]) == (1, 0, True)
    assert [one["words"] for one in cues] == [one["words"] for one in film.decisions()["captions"]]
    assert all(len(line) <= limits["line_characters"] for one in cues for line in one["lines"])
    assert all(one["at_s"] < one["until_s"] <= seen["pieces"][-1] for one in cues)
    assert seen["pieces"] == sorted(seen["pieces"])
    for one, following in pairwise(cues):
        if not following["lines"][0].startswith("- "):
            assert following["speaker"] == one["speaker"], "the voice goes on until another begins"
    assert len({one["speaker"] for one in cues}) > 1
    film.post(f"/v1/jobs/{film.job}/cancel")
    assert not film.get(f"/v1/jobs/{film.job}/captions").json()["correctable"]


def test_captions_are_tried_split_timed_and_named_at_the_desk(film: Film) -> None:
    path = f"/v1/jobs/{film.job}/captions"
    seen = film.get(path).json()
    assert seen["refused"] == []
    assert not any(one["made"] for one in seen["captions"])
    assert {one["name"] for one in seen["speakers"]} >= {one["speaker"] for one in seen["captions"] if one["speaker"]}
    assert len(film.get(f"/v1/jobs/{film.job}/waveform").json()["peaks"]) == round(seen["pieces"][-1] * 30)
    one = next(one for one in seen["captions"] if len(one["spoken"]) >= 10 and one["until_s"] - one["at_s"] > 3)
    words = one["spoken"]

    def wish(first: int, last: int, **more: Any) -> dict[str, Any]:
        span = {"start": words[first]["start"], "end": words[last]["end"]}
        return {"clip": one["clip"], **span, "shape": "made", **more}

    wrong = [wish(0, 0), wish(1, len(words) - 1)]
    tried = film.post(f"{path}/trial", {"captions": wrong}).json()
    assert "0.83 s are the least" in tried["refused"][0]
    body = {"round": 1, "author": "Editor One", "note": "Split.", "based_on": 0}
    assert film.post(f"{path}/made", {"captions": wrong, **body}).status_code == 422
    halves = [wish(0, 4), wish(5, len(words) - 1, words="And so on.")]
    tried = film.post(f"{path}/trial", {"captions": halves}).json()
    assert (tried["refused"], len(tried["captions"])) == ([], len(seen["captions"]) + 1)
    who = {**{name: seen["speakers"][0][name] for name in ("clip", "file")}, "name": "Speaker Nine", "role": "Chief"}
    saved = film.post(f"{path}/made", {"captions": halves, "speakers": [who], **body})
    assert saved.status_code == 201, saved.text
    film.post(f"/v1/jobs/{film.job}/changes", {"edits_version": 1})
    film.work()
    after = film.get(path).json()
    assert [row["lines"] for row in after["captions"]] == [row["lines"] for row in tried["captions"]]
    assert [row["words"] for row in after["captions"] if row["made"]] == [
        " ".join(word["text"] for word in words[:5]),
        "And so on.",
    ]
    assert "Speaker Nine" in {row["name"] for row in film.decisions()["lower_thirds"]}
    assert "Speaker Nine" in {row["name"] for row in after["speakers"]}
    whole = {**wish(0, 0), "start": 0, "end": 400_000}
    assert "too many words" in film.post(f"{path}/trial", {"captions": [whole]}).text
    late = film.post(f"{path}/made", {"captions": halves, **body})
    assert late.status_code == 409


def test_the_desk_of_captions_is_reached_from_the_review(film: Film) -> None:
    visitor, here = film.door.anonymous, f"/agencies/{film.agency}/jobs/{film.job}"
    assert f'href="{here}/captions"' in visitor.get(here).text
    assert 'data-island="captions"' in visitor.get(f"{here}/captions").text
    film.post(f"/v1/jobs/{film.job}/cancel")
    assert "this one is not" in visitor.get(f"{here}/captions").text
