"""The opening card at sign-on: drawn by the renderer for whoever has no account, and no more often than is bearable."""

import io

import pytest
from limits import RateLimitItemPerMinute
from PIL import Image, ImageChops

import pipeline.sketching
from agencies.agency import Agency
from api.pages import opening_card
from api.security import COOKIE
from editing.sketch import imagined_film
from pipeline.sketching import Sketches
from pipeline.versions import read_version
from storyboards.library import shipped_text

HERE = "/opening-card"


def signed_in(door):
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    door.anonymous.headers.update({"Origin": "http://testserver"})
    return door.anonymous


def seal() -> bytes:
    drawn = io.BytesIO()
    Image.radial_gradient("L").resize((640, 640)).save(drawn, "PNG")
    return drawn.getvalue()


def picture(answer):
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_the_card_carries_the_name_and_needs_no_account(door):
    theirs = picture(door.anonymous.get(HERE, params={"name": "Springfield County Sheriff’s Office"}))
    anytowns = picture(door.anonymous.get(HERE))
    assert theirs.size == anytowns.size == (960, 540)
    box = ImageChops.difference(theirs, anytowns).point(lambda v: 255 if v > 60 else 0).getbbox()
    assert box
    left, top, right, bottom = box
    assert left >= 48, "inside the title-safe area"
    assert right <= 912
    assert bottom - top < 270, "what stands below the name is the same"


@pytest.mark.parametrize("name", ["", "警察", "A" * 121])
def test_a_name_that_no_card_can_show_is_told(door, name):
    told = door.anonymous.get(HERE, params={"name": name})
    assert told.status_code == 422
    assert "name" in told.json()["detail"]


def test_a_seal_stands_on_the_card_and_is_not_kept(door):
    name = {"name": "Springfield County Sheriff’s Office"}
    here = {"data": name, "files": {"seal": ("seal.png", seal(), "image/png")}}
    assert door.anonymous.post(HERE, **here).status_code == 303
    sealed = picture(signed_in(door).post(HERE, **here))
    bare = picture(door.anonymous.get(HERE, params=name))
    box = ImageChops.difference(sealed, bare).point(lambda v: 255 if v > 30 else 0).getbbox()
    assert box
    left, top, right, bottom = box
    assert bottom - top > 60, "the seal, and room made for it"
    assert left >= 48, "inside the title-safe area"
    assert right <= 912
    assert list(door.store.list("seals/")) == []


def test_a_seal_that_cannot_be_read_is_told(door):
    told = signed_in(door).post(HERE, files={"seal": ("seal.png", b"<svg/>", "image/png")})
    assert told.status_code == 422
    assert "SVG" in told.json()["detail"]


@pytest.mark.parametrize("limit", ["OPENING_ADDRESS", "OPENINGS"])
def test_asking_too_often_is_answered_by_a_wait(door, monkeypatch, limit):
    monkeypatch.setattr(opening_card, limit, RateLimitItemPerMinute(1, 1, f"test of {limit}"))
    monkeypatch.setattr(Sketches, "opening", lambda *_: b"a picture")
    assert door.anonymous.get(HERE).status_code == 200
    again = door.anonymous.get(HERE)
    assert again.status_code == 429
    assert int(again.headers["Retry-After"]) <= 60


def test_a_film_without_an_opening_card_says_so(door, monkeypatch):
    timeline = imagined_film(read_version(None, shipped_text("promise")), Agency(name="Anytown Police Department"))
    bare = timeline.model_copy(update={"shots": ()})
    monkeypatch.setattr(pipeline.sketching, "_film", lambda _spec, agency: (bare, agency))
    assert door.anonymous.get(HERE).status_code == 404


def test_both_forms_show_it_and_keep_a_name_that_was_typed(door):
    page = door.anonymous.get("/join", headers={"Accept": "text/html"}).text
    assert 'src="/opening-card"' in page
    again = door.anonymous.post(
        "/join",
        data={"name": "Ours & Yours", "contact": "Speaker Two", "email": "no address"},
        headers={"Accept": "text/html", "Origin": "http://testserver"},
    )
    assert again.status_code == 422
    assert 'value="Ours &amp; Yours"' in again.text
