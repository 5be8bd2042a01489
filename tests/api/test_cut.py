"""A film on a timeline over HTTP: what edits would make again, told before it is made, and held against what was."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from api.security import COOKIE

from .edited import Film


@pytest.fixture
def film(door: Any, tmp_path: Path) -> Film:
    return Film(door, tmp_path)


def tried(film: Film, edits: dict[str, Any]) -> Any:
    return film.post(f"/v1/jobs/{film.job}/cut/trial", {"edits": edits})


def save(film: Film, edits: dict[str, Any], based_on: int) -> int:
    body = {"edits": edits, "author": "Editor One", "note": "Trimmed.", "based_on": based_on}
    answer = film.post(f"/v1/projects/{film.project}/edits", body)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["number"]
    return number


def cuts_of(beat: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: shot[name] for name in ("clip", "file", "start", "end")} for shot in beat["shots"]]


def trimmed(seen: dict[str, Any], by: int = 10) -> dict[str, Any]:
    """The first scenes with their first shot shorter."""
    beat = next(one for one in seen["film"]["beats"] if one["what"] == "broll")
    first, *others = cuts_of(beat)
    cuts = [{**first, "end": first["end"] - by}, *others]
    return {"beats": [{"slot": beat["slot"], "nth": beat["nth"], "cuts": cuts}]}


def test_a_film_stands_on_a_timeline_with_all_it_may_be_cut_of(film: Film) -> None:
    seen = film.get(f"/v1/jobs/{film.job}/cut").json()
    shown = seen["film"]
    assert (seen["project"], seen["state"], seen["round"], seen["based_on"]) == (film.project, "in_review", 1, 0)
    spans = sorted((one["at"], one["until"]) for one in (*shown["beats"], *shown["cards"]))
    assert (spans[0][0], spans[-1][1]) == (0, shown["frames"])
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert {one["what"] for one in shown["beats"]} == {"interview", "broll", "photos"}
    assert not any(one["by_hand"] for one in (*shown["beats"], *shown["cards"]))
    clips = {one["clip"]: one for one in seen["clips"]}
    assert {shot["clip"] for beat in shown["beats"] for shot in beat["shots"]} <= set(clips)
    words = next(one for one in clips.values() if one["file"] == "leader.mp4")["words"]
    assert all(one["start"] < one["end"] for one in words)
    assert words[0]["text"] == "bin"


def test_what_is_told_beforehand_is_what_is_made(film: Film) -> None:
    seen = film.get(f"/v1/jobs/{film.job}/cut").json()
    nothing = tried(film, {}).json()
    assert (nothing["render"]["made_again"], nothing["render"]["sound"], nothing["changes"]) == (0, False, [])
    assert nothing["film"]["beats"] == seen["film"]["beats"]
    edits = trimmed(seen)
    told = tried(film, edits).json()
    assert told["film"]["misfits"] == []
    assert told["changes"]
    cost = told["render"]
    assert 0 < cost["made_again"] < cost["pieces"]
    assert cost["measured"] > 0
    assert cost["seconds"] is not None
    assert sum(until - at for at, until in cost["spans"]) <= cost["frames"]
    assert all(one[1] < other[0] for one, other in pairwise(cost["spans"]))
    assert film.get(f"/v1/projects/{film.project}/edits").json()["number"] == 0, "trying saves nothing"
    save(film, edits, 0)
    again = film.post(f"/v1/jobs/{film.job}/cut/film", {"edits_version": 1})
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (200, film.job, "planning")
    film.work()
    state = film.state()
    encodes = {step["frames"] for step in state["steps"] if step["kind"] == "segment"}
    assert encodes
    assert state["segments_rendered"] >= cost["made_again"]
    after = film.get(f"/v1/jobs/{film.job}/cut").json()
    assert after["film"]["beats"] == told["film"]["beats"]
    assert tried(film, edits).json()["render"]["made_again"] == 0
    beat = next(one for one in after["film"]["beats"] if one["by_hand"])
    assert cuts_of(beat) == edits["beats"][0]["cuts"]


def test_a_preview_is_another_film_and_made_again_in_its_place(film: Film) -> None:
    seen = film.get(f"/v1/jobs/{film.job}/cut").json()
    before = tried(film, {}).json()["preview"]
    assert before["made_again"] == before["pieces"]
    assert (before["seconds"] > 0, before["scaled"]) == (True, True), "none was made yet, but the film itself was"
    made = film.post(f"/v1/jobs/{film.job}/cut/film", {"preview": True}).json()
    assert (made["preview"], made["id"] == film.job) == (True, False)
    late = film.post(f"/v1/jobs/{film.job}/cut/film", {"preview": True})
    assert late.status_code == 409
    assert "being made right now" in late.json()["detail"]
    film.work()
    edits = trimmed(seen)
    version = save(film, edits, 0)
    told = tried(film, edits).json()["preview"]
    assert 0 < told["made_again"] < told["pieces"]
    assert (told["seconds"] is None, told["scaled"]) == (False, False)
    again = film.post(f"/v1/jobs/{made['id']}/cut/film", {"preview": True, "edits_version": version}).json()
    assert (again["id"], again["round"], again["edits_version"]) == (made["id"], 2, version)
    film.work()
    whole = film.post(f"/v1/jobs/{made['id']}/cut/film", {}).json()
    assert (whole["id"], whole["round"]) == (film.job, 2), "the film in review, not another one"


def test_an_approved_film_stays_and_another_is_made_alike(film: Film) -> None:
    for decision in ("captions", "approve"):
        film.post(f"/v1/jobs/{film.job}/{decision}")
    film.work()
    other = film.post(f"/v1/jobs/{film.job}/cut/film", {"edits_version": 0}).json()
    assert other["id"] != film.job
    assert (other["storyboard"], other["storyboard_version"]) == ("promise", film.state()["storyboard_version"])
    assert film.state()["state"] == "approved"
    assert film.post(f"/v1/jobs/{film.job}/cut/film", {"edits_version": 9}).status_code == 409


def test_what_makes_no_film_or_no_shot_is_told(film: Film) -> None:
    leader = next(one for one in film.decisions()["beats"] if one["slot"] == "leader")
    inside = [{**cuts_of(leader)[0], "start": leader["shots"][0]["start"] + 20}]
    [misfit] = tried(film, {"beats": [{"slot": "leader", "cuts": inside}]}).json()["film"]["misfits"]
    assert misfit["subject"] == "beat leader 1"
    assert "inside the word" in misfit["words"]
    every = film.get(f"/v1/jobs/{film.job}/cut").json()["clips"]
    gone = [{"clip": one["clip"], "file": one["file"]} for one in every if one["kind"] == "video"]
    refused = tried(film, {"left_out": gone})
    assert refused.status_code == 422
    assert "take back" in refused.json()["detail"]
    assert tried(film, {"cutz": []}).status_code == 422
    assert film.get(f"/v1/jobs/{'0' * 24}/cut").status_code == 404


def test_music_is_chosen_where_there_is_any(film: Film) -> None:
    silent = tried(film, {"music": "none"}).json()
    assert (silent["film"]["music"], silent["render"]["made_again"], silent["render"]["sound"]) == (None, 0, False)
    assert silent["changes"] == ["the film’s music: none"]
    gone = tried(film, {"music": {"clip": "f" * 64, "file": "gone.ogg"}}).json()["film"]["misfits"]
    assert [one["subject"] for one in gone] == ["music"]


def test_a_card_is_drawn_by_the_renderer_before_it_is_saved(film: Film) -> None:
    path = f"/v1/jobs/{film.job}/cut/card"
    pictures = [
        film.post(path, {"card": "opening", "lines": ["Anytown Police Department", words]})
        for words in ("Together", "Apart", "Together")
    ]
    assert [one.status_code for one in pictures] == [200] * 3
    assert pictures[0].content[:3] == b"\xff\xd8\xff"
    assert pictures[0].content == pictures[2].content != pictures[1].content
    assert film.post(path, {"card": "opening", "lines": ["word " * 99] * 8}).status_code == 422
    assert film.post(path, {"card": "opening", "nth": 9, "lines": ["None"]}).status_code == 404


def test_the_page_reads_without_script_and_tells_what_is_not_planned(film: Film) -> None:
    visitor = film.door.anonymous
    visitor.cookies.set(COOKIE, film.door.client.app.state.gate.new_session())
    visitor.headers.update({"Accept": "text/html"})
    here = f"/agencies/{film.agency}/jobs/{film.job}"
    page = visitor.get(f"{here}/cut").text
    assert "Opening card" in page
    assert page.count("leader.mp4") == 1
    assert "Music: music.ogg" not in page, "nobody said that it is the music"
    assert f'href="{here}/cut"' in visitor.get(here).text
    other = film.post("/v1/jobs", {"project": film.project}).json()["id"]
    waiting = visitor.get(f"/agencies/{film.agency}/jobs/{other}/cut")
    assert waiting.status_code == 200
    assert "not planned yet" in waiting.text
