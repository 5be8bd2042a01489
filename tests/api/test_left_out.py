"""A clip that was sent and is not wanted: no film shows it, until somebody takes it in again."""

from pathlib import Path
from typing import Any

import pytest

from .edited import Film


@pytest.fixture
def film(door: Any, tmp_path: Path) -> Film:
    return Film(door, tmp_path)


def say(film: Film, name: str, **said: object) -> None:
    """Change what is said of a clip."""
    clips = film.get(f"/v1/projects/{film.project}/clips", limit=100).json()["items"]
    held = next(one for one in clips if one["name"] == name)
    path = f"/v1/clips/{held['id']}/details"
    query = {"agency": film.agency}
    answer = film.door.client.put(path, params=query, json=held["details"] | said)
    assert answer.status_code == 200, answer.text


def shown(film: Film) -> set[str]:
    """The files that the next film shows."""
    film.job = film.post("/v1/jobs", {"project": film.project}).json()["id"]
    film.work()
    beats = film.get(f"/v1/jobs/{film.job}/cut").json()["film"]["beats"]
    return {shot["file"] for beat in beats for shot in beat["shots"]}


def test_a_photo_that_is_left_out_is_in_no_film_until_it_is_wanted_again(film: Film) -> None:
    before = shown(film)
    photo = sorted(name for name in before if name.startswith("photo"))[0]
    say(film, photo, left_out=True)
    after = shown(film)
    assert photo not in after
    assert after
    say(film, photo, left_out=False)
    assert shown(film) == before


def test_the_coach_asks_for_what_was_left_out(film: Film) -> None:
    assert film.get(f"/v1/projects/{film.project}/coach").json()["ready"]
    for clip in film.get(f"/v1/projects/{film.project}/clips", limit=100).json()["items"]:
        if clip["details"]["slot"] == "leader":
            say(film, clip["name"], left_out=True)
    told = film.get(f"/v1/projects/{film.project}/coach").json()
    assert (told["ready"], told["slots"][0]["state"]) == (False, "missing")


def test_the_other_one_of_two_that_show_the_same_is_used(door: Any) -> None:
    agency = door.agency()
    project = door.project(agency)
    for name in ("a.mp4", "b.mp4"):
        door.send(agency, project, name)
    door.work(project)

    def copies() -> list[str]:
        clips = door.client.get(f"/v1/projects/{project}/clips", params={"agency": agency}).json()["items"]
        return [one["name"] for one in clips if any(note["code"] == "duplicate" for note in one["notes"])]

    assert copies() == ["b.mp4"]
    first = door.client.get(f"/v1/projects/{project}/clips", params={"agency": agency}).json()["items"][0]
    said = first["details"] | {"left_out": True}
    door.client.put(f"/v1/clips/{first['id']}/details", params={"agency": agency}, json=said)
    assert copies() == []
