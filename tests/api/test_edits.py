"""Edits by hand over HTTP: versions, conflicts, words; a corrected caption makes a film of few new pieces."""

from pathlib import Path
from typing import Any

import pytest

from .edited import Film


@pytest.fixture
def film(door: Any, tmp_path: Path) -> Film:
    return Film(door, tmp_path)


def save(film: Film, edits: dict[str, Any], based_on: int, note: str = "As agreed.", **headers: str) -> Any:
    body = {"edits": edits, "author": "Editor One", "note": note, "based_on": based_on}
    return film.post(f"/v1/projects/{film.project}/edits", body, **headers)


def cut(shot: dict[str, Any]) -> dict[str, Any]:
    return {name: shot[name] for name in ("clip", "file", "start", "end")}


def test_from_a_film_to_its_edits_to_the_film_again(film: Film) -> None:
    nothing = film.get(f"/v1/projects/{film.project}/edits").json()
    assert (nothing["number"], nothing["unapplied"], nothing["edits"]["beats"]) == (0, [], [])
    assert film.state()["edits_version"] is None
    seen = film.decisions()
    assert [one["locked"] for one in seen["cards"] if one["card"] == "promise"] == [True]
    scenes = next(one for one in seen["beats"] if one["slot"] == "broll" and len(one["shots"]) > 1)
    cuts = [cut(shot) for shot in reversed(scenes["shots"])]
    edits = {"beats": [{"slot": "broll", "nth": scenes["nth"], "cuts": cuts}]}
    saved = save(film, edits, 0)
    assert saved.status_code == 201, saved.text
    assert (saved.json()["number"], saved.json()["unapplied"]) == (1, [])
    changed = film.post(f"/v1/jobs/{film.job}/changes")
    assert changed.status_code == 200
    film.work()
    state = film.state()
    assert (state["state"], state["round"], state["edits_version"]) == ("in_review", 2, 1)
    assert 0 < state["segments_rendered"] < state["segments_total"]
    after = next(one for one in film.decisions()["beats"] if one["slot"] == "broll" and one["nth"] == scenes["nth"])
    assert [cut(shot) for shot in after["shots"]] == cuts
    assert film.decisions()["edits"]["beats"][0]["cuts"] == cuts
    other = film.post("/v1/jobs", {"project": film.project}).json()
    assert other["edits_version"] == 1
    assert film.post("/v1/jobs", {"project": film.project, "edits_version": 0}).json()["edits_version"] is None
    assert film.post("/v1/jobs", {"project": film.project, "edits_version": 7}).status_code == 422


def test_versions_stay_and_a_stale_one_is_a_conflict(film: Film) -> None:
    assert save(film, {"music_db": -20.0}, 0).status_code == 201
    again = save(film, {"music_db": -24.0}, 0)
    assert again.status_code == 409
    assert "saved by Editor One meanwhile (“As agreed.”)" in again.json()["detail"]
    assert save(film, {"music_db": -24.0}, 1, "Quieter.", **{"Idempotency-Key": "once-only"}).json()["number"] == 2
    assert save(film, {"music_db": -24.0}, 1, "Quieter.", **{"Idempotency-Key": "once-only"}).json()["number"] == 2
    assert save(film, {"music_db": -24.0}, 2).status_code == 422
    listed = film.get(f"/v1/projects/{film.project}/edits/versions").json()["items"]
    assert [(one["number"], one["note"]) for one in listed] == [(2, "Quieter."), (1, "As agreed.")]
    assert film.get(f"/v1/projects/{film.project}/edits/versions/1").json()["edits"]["music_db"] == -20.0
    diff = film.get(f"/v1/projects/{film.project}/edits/diff").json()
    assert diff == {"old": 1, "new": 2, "changes": ["the music: at -20 dB → at -24 dB"]}
    first = film.get(f"/v1/projects/{film.project}/edits/diff", old=0, new=1).json()
    assert first["changes"] == ["the music: at -20 dB"]
    assert film.get(f"/v1/projects/{film.project}/edits/versions/9").status_code == 404
    assert film.get(f"/v1/projects/{film.project}/edits/diff", new=9).status_code == 404


def test_what_cannot_be_is_refused_with_what_to_do(film: Film) -> None:
    shot = next(one for one in film.decisions()["beats"] if one["slot"] == "leader")["shots"][0]
    inside = {"beats": [{"slot": "leader", "cuts": [{**cut(shot), "start": shot["start"] + 20}]}]}
    answer = save(film, inside, 0)
    assert answer.status_code == 422
    assert "inside the word" in answer.json()["detail"]
    assert "cut at frame" in answer.json()["detail"]
    for edits in ({"cards": [{"card": "promise", "lines": ["Less."]}]}, {"cutz": []}, {"music_db": "loud"}):
        assert save(film, edits, 0).status_code == 422
    gone = {"left_out": [{"clip": "f" * 64, "file": "gone.mp4"}]}
    assert "not among the footage any more" in save(film, gone, 0).json()["detail"]


def test_an_edit_whose_clip_went_later_may_stay_and_is_told(film: Film) -> None:
    edits = {"left_out": [{"clip": "digest of broll_4.mp4", "file": "broll_4.mp4"}]}
    assert save(film, edits, 0).status_code == 201
    upload = film.post("/v1/uploads", {"project": film.project, "name": "broll_4.mp4", "size": 4}).json()
    film.door.store.open[f"uploads/{upload['id']}"][1] = b"else"
    film.post(f"/v1/uploads/{upload['id']}/complete")
    told = film.get(f"/v1/projects/{film.project}/edits").json()["unapplied"]
    assert told == ["“broll_4.mp4”: it is not among the footage any more"]
    assert save(film, {**edits, "music_db": -20.0}, 1).json()["unapplied"] == told


def test_a_corrected_caption_renders_its_pieces_alone(film: Film) -> None:
    before = film.decisions()["captions"]
    one = next(cue for cue in before if "woodcutters" in cue["words"])
    words = one["words"].replace("woodcutters", "wood-cutters")
    body = {
        "captions": [{"number": one["number"], "words": words}],
        "round": 1,
        "author": "Sergeant",
        "based_on": 0,
    }
    saved = film.post(f"/v1/jobs/{film.job}/captions/corrections", body)
    assert saved.status_code == 201, saved.text
    (edit,) = saved.json()["edits"]["captions"]
    assert (edit["was"], edit["words"]) == ("woodcutters", "wood-cutters")
    late = film.post(f"/v1/jobs/{film.job}/captions/corrections", body)
    assert late.status_code == 409, late.text
    film.post(f"/v1/jobs/{film.job}/captions")
    assert film.state()["captions_accepted"]
    film.post(f"/v1/jobs/{film.job}/changes")
    film.work()
    state = film.state()
    assert not state["captions_accepted"], "a person must read them again"
    assert 1 <= state["segments_rendered"] <= 3
    after = film.decisions()["captions"]
    assert after[one["number"] - 1]["words"] == words
    assert [cue for cue in after if cue["number"] != one["number"]] == [
        cue for cue in before if cue["number"] != one["number"]
    ]
    back = {**body, "captions": [{"number": one["number"], "words": one["words"]}], "round": 2, "based_on": 1}
    assert film.post(f"/v1/jobs/{film.job}/captions/corrections", back).json()["edits"]["captions"] == []
    for number, words in ((999, "x"), (1, "  "), (1, "\u0634\u0643\u0631")):
        wrong = {**back, "captions": [{"number": number, "words": words}]}
        assert film.post(f"/v1/jobs/{film.job}/captions/corrections", wrong).status_code == 422


def test_another_agencys_edits_are_not_found(film: Film) -> None:
    save(film, {"music_db": -20.0}, 0)
    stranger = film.door.agency("Othertown Police Department")
    paths = [f"/v1/projects/{film.project}/edits{rest}" for rest in ("", "/versions", "/versions/1", "/diff")]
    for path in [*paths, f"/v1/jobs/{film.job}/decisions"]:
        assert film.door.client.get(path, params={"agency": stranger}).status_code == 404
    body = {"edits": {"music_db": -9.0}, "author": "A", "note": "B", "based_on": 1}
    path = f"/v1/projects/{film.project}/edits"
    assert film.door.client.post(path, params={"agency": stranger}, json=body).status_code == 404
    correction = {"captions": [{"number": 1, "words": "x"}], "round": 1, "author": "A", "based_on": 1}
    path = f"/v1/jobs/{film.job}/captions/corrections"
    assert film.door.client.post(path, params={"agency": stranger}, json=correction).status_code == 404
