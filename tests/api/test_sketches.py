"""Storyboards seen before they are saved: the film they would make, and pictures of its cards and names."""

import io

import pytest
from PIL import Image, ImageChops

import pipeline.sketching
from storyboards.library import shipped_text

from .requests import FILM, STORYBOARD

HERE = "/v1/storyboards/sketch"


def sketch(door, text=FILM, **body):
    return door.client.post(HERE, json={"text": text, **body}).json()


def picture(door, key, text=FILM, **body):
    answer = door.client.post(f"{HERE}/picture", json={"text": text, "key": key, **body})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(answer.content))


def test_a_text_is_seen_without_being_saved(door):
    seen = sketch(door, shipped_text("promise"))
    assert 170 <= seen["length_s"] <= 190
    assert seen["pictures"][0]["what"] == "opening"
    assert {"promise", "end", "name"} <= {one["what"] for one in seen["pictures"]}
    assert [one["at_s"] for one in seen["pictures"]] == sorted(one["at_s"] for one in seen["pictures"])
    told = [next(span["value"] for span in item["fields"] if span["name"] == "beat") for item in seen["outline"]]
    assert told == [beat["what"] for beat in seen["beats"]]
    begun = [beat["at_s"] for beat in seen["beats"] if beat["at_s"] is not None]
    assert begun == sorted(begun)
    assert begun[0] == 0
    assert seen["slots"][0] == {"id": "leader", "title": "Your leader speaking", "takes": "interview"}
    assert {one["words"] for one in seen["pictures"] if one["what"] == "name"} == {"Name of the speaker, Their role"}
    opening = seen["beats"][0]
    assert (opening["card"], opening["slot"]) == ("opening", "")
    assert door.client.get("/v1/storyboards/promise/versions").json()["items"][0]["number"] == 1


def card_keys(seen):
    return {one["key"] for one in seen["pictures"] if one["what"] != "name"}


def test_only_what_looks_otherwise_has_another_picture(door):
    text = shipped_text("promise")
    before, shorter = sketch(door, text), sketch(door, text.replace("target_s: 180", "target_s: 150"))
    assert shorter["length_s"] < before["length_s"] - 20
    assert card_keys(before) == card_keys(shorter)
    assert not card_keys(before) & card_keys(sketch(door, text, department="Elsewhere Police Department"))


def test_pictures_come_from_the_renderer_and_are_drawn_once(door, monkeypatch):
    shown = {one["what"]: one["key"] for one in sketch(door)["pictures"]}
    end, name = picture(door, shown["end"]), picture(door, shown["name"])
    assert end.size == name.size == (960, 540)
    assert ImageChops.difference(end.convert("RGB"), name.convert("RGB")).getbbox()
    lit = end.convert("L").point(lambda value: 255 if value > 200 else 0).getbbox()
    assert lit
    assert lit[0] > 48
    assert lit[2] < 912
    monkeypatch.setattr(pipeline.sketching, "_drawn", None)
    assert picture(door, shown["end"]).tobytes() == end.tobytes()


@pytest.mark.parametrize(
    ("text", "status"), [("beats: [", 422), (FILM.replace("slot: leader,", "slot: leeder,"), 422), ("x" * 70_000, 422)]
)
def test_what_is_no_storyboard_is_told_with_its_place(door, text, status):
    answer = door.client.post(HERE, json={"text": text})
    assert answer.status_code == status
    assert answer.json()["errors"]


def test_a_film_that_cannot_be_is_told_in_words(door):
    answer = door.client.post(HERE, json={"text": STORYBOARD})
    assert answer.status_code == 422
    assert "52 s more of leader" in answer.json()["detail"]


def test_a_picture_that_is_not_of_this_text_is_not_there(door):
    assert door.client.post(f"{HERE}/picture", json={"text": FILM, "key": "0" * 24}).status_code == 404


def test_no_more_is_drawn_at_once_than_one_picture(door, monkeypatch):
    monkeypatch.setattr(door.app.state.sketches, "_patience_s", 0.01)
    key = sketch(door)["pictures"][0]["key"]
    with door.app.state.sketches._drawing:
        answer = door.client.post(f"{HERE}/picture", json={"text": FILM, "key": key})
    assert answer.status_code == 503
