"""Films shared by links: who may make one, what it shows, when it ends, and the receipts it leaves."""

import logging
import re

import pytest

from pipeline.jobs import Outcome, Packed, PackedFile, StepKind
from pipeline.receipts import EVERYTHING
from pipeline.shares import DAY_S

from .conftest import Door

PAGE = {"Accept": "text/html"}
Film = tuple[Door, dict[str, str], str]


@pytest.fixture
def film(door: Door) -> Film:
    """An approved film: the door, the query that names its agency, and its path."""
    agency, job = door.in_review()
    for decision in ("captions", "approve"):
        assert door.client.post(f"/v1/jobs/{job}/{decision}", params={"agency": agency}).status_code == 200
    return door, {"agency": agency}, f"/v1/jobs/{job}"


def shared(film: Film, **body: object) -> dict[str, str]:
    door, query, path = film
    answer = door.client.post(f"{path}/share-links", params=query, json=body or None)
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


def listed(film: Film, what: str) -> list[dict[str, object]]:
    door, query, path = film
    items: list[dict[str, object]] = door.client.get(f"{path}/{what}", params=query).json()["items"]
    return items


def at(film: Film, seconds_on: float) -> None:
    """Let time go on for the whole service."""
    now = film[0].service._clock()
    film[0].service._clock = lambda: now + seconds_on


def path_of(made: dict[str, str]) -> str:
    return made["url"].removeprefix("http://testserver")


def test_a_film_is_shared_only_after_its_approval(door: Door) -> None:
    agency, job = door.in_review()
    refused = door.client.post(f"/v1/jobs/{job}/share-links", params={"agency": agency})
    assert refused.status_code == 409
    assert "Approve" in refused.json()["detail"]


@pytest.mark.parametrize("days", [0, 91, -1, 1.5, "3", None])
def test_a_link_holds_for_one_to_ninety_days(film: Film, days: object) -> None:
    door, query, path = film
    assert door.client.post(f"{path}/share-links", params=query, json={"days": days}).status_code == 422
    shared(film, days=1)
    shared(film, days=90)


def test_a_link_shows_the_film_to_whoever_has_it_and_says_nothing_to_caches_and_crawlers(film: Film) -> None:
    made = shared(film)
    answer = film[0].anonymous.get(path_of(made), headers=PAGE)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "Anytown Police Department" in answer.text
    assert "https://store.test/packages/documentary-clean.mp4" in answer.text
    assert all(src.startswith("/static/built/") for src in re.findall(r'<script[^>]* src="([^"]*)', answer.text))
    captions = re.search(r'<track kind="captions" src="([^"]+)"', answer.text)
    assert captions
    words = film[0].anonymous.get(captions[1])
    assert (words.status_code, words.headers["content-type"].split(";")[0]) == (200, "text/vtt")
    assert words.headers["cache-control"] == "no-store"
    saved = film[0].anonymous.get(f"{path_of(made)}/film")
    assert saved.headers["location"] == "https://store.test/packages/documentary.mp4?name=documentary.mp4&inline=False"
    for name in ("documentary.mp4", "report.json", "transcript.txt"):
        assert film[0].anonymous.get(f"{path_of(made)}/text/{name}").status_code == 404


def test_every_open_and_download_leaves_a_receipt(film: Film) -> None:
    door, query, path = film
    first, second = shared(film), shared(film)
    door.anonymous.get(path_of(second), headers=PAGE)
    door.anonymous.get(f"{path_of(second)}/film")
    door.anonymous.get(path_of(first))
    door.client.post(f"{path}/deliveries/links", params=query)
    had = [(one["by"], one["deed"], one["what"], one["link"]) for one in listed(film, "receipts")]
    assert had == [
        ("admin token", "download", EVERYTHING, None),
        ("shared link 1", "open", "page", 1),
        ("shared link 2", "download", "documentary.mp4", 2),
        ("shared link 2", "open", "page", 2),
    ]
    counted = [(one["number"], one["opened"], one["downloaded"]) for one in listed(film, "share-links")]
    assert counted == [(2, 1, 1), (1, 1, 0)]


@pytest.mark.parametrize("place", ["", "/film", "/text/captions.vtt"])
def test_a_link_that_ended_says_so_and_leaves_no_receipt(film: Film, place: str) -> None:
    door, query, _ = film
    revoked, expired = shared(film), shared(film, days=1)
    assert door.client.delete(f"/v1/share-links/{revoked['id']}", params=query).status_code == 204
    assert door.client.delete(f"/v1/share-links/{revoked['id']}", params=query).status_code == 204
    at(film, DAY_S + 1)
    for made, word in ((revoked, "withdrawn"), (expired, "expired")):
        answer = door.anonymous.get(path_of(made) + place, headers=PAGE)
        assert answer.status_code == 410
        assert word in answer.text
        assert "store.test" not in answer.text
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert {one["state"] for one in listed(film, "share-links")} == {"revoked", "expired"}
    assert listed(film, "receipts") == []


def test_a_token_is_kept_as_a_digest_and_shown_once(film: Film, caplog: pytest.LogCaptureFixture) -> None:
    made = shared(film)
    assert len(made["token"]) >= 43
    with caplog.at_level(logging.INFO):
        film[0].anonymous.get(path_of(made))
    own = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    assert "/s/…" in str(own)
    assert made["token"] not in str(own)
    assert made["token"] not in str(listed(film, "share-links"))
    assert made["token"].encode() not in film[0].settings.data.joinpath("promisereel.db").read_bytes()
    other = made["token"][:-1] + ("A" if made["token"][-1] != "A" else "B")
    assert film[0].anonymous.get(f"/s/{other}").status_code == 404


def test_whoever_tries_tokens_is_stopped(film: Film) -> None:
    answers = [film[0].anonymous.get(f"/s/guess-{n}").status_code for n in range(121)]
    assert answers == [404] * 120 + [429]


def test_a_film_that_was_stopped_is_shared_no_more(film: Film) -> None:
    door, query, path = film
    made = shared(film)
    door.client.post(f"{path}/cancel", params=query)
    assert door.anonymous.get(path_of(made)).status_code == 410


def test_a_film_without_a_clean_one_plays_with_its_captions_in_the_picture(door: Door, monkeypatch) -> None:
    packed = PackedFile(name="documentary.mp4", key="packages/d", size=4, sha256="0" * 64, media_type="video/mp4")
    words = packed.model_copy(update={"name": "captions.vtt", "media_type": "text/vtt"})
    usual = Door._outcome
    only = Outcome(packed=Packed(review="finished", files=(packed, words)))
    monkeypatch.setattr(
        Door,
        "_outcome",
        lambda self, step, review: only if step.kind is StepKind.PACKAGE else usual(self, step, review),
    )
    agency, job = door.in_review()
    for decision in ("captions", "approve"):
        door.client.post(f"/v1/jobs/{job}/{decision}", params={"agency": agency})
    made = shared((door, {"agency": agency}, f"/v1/jobs/{job}"))
    page = door.anonymous.get(path_of(made)).text
    assert 'label="English">' in page, "captions are not shown twice unless somebody asks for them"
    assert 'label="English" default>' not in page
