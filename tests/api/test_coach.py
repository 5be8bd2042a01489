"""The coach through the doors: over HTTP, on the page where footage is sent, and on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.doors import app
from api.security import COOKIE
from editing.planning import plan
from ingest.clip import Clip
from pipeline import coaching, looking
from tests.editing.clips import LJ, sentences, video


def test_what_to_film_is_told_while_footage_arrives(door):
    agency = door.agency()
    project = door.project(agency)
    query = {"agency": agency}
    first = door.client.get(f"/v1/projects/{project}/coach", params=query).json()
    assert (first["ready"], first["waiting"]) == (False, 0)
    assert first["next"].startswith("30 s of your leader speaking, phone held level and sideways.")
    leader = first["slots"][0]
    assert (leader["slot"], leader["state"], leader["required"]) == ("leader", "missing", True)
    door.send(agency, project)
    assert door.client.get(f"/v1/projects/{project}/coach", params=query).json()["waiting"] == 1


def test_a_clip_that_was_looked_at_counts(door, monkeypatch):
    agency = door.agency()
    project = door.project(agency)
    door.send(agency, project)
    shown = video("leader.mp4", 60, slot="leader", sentences=sentences(LJ))
    monkeypatch.setattr(type(door.service), "list_clips", lambda self, *_, **__: [_Seen(shown)])
    told = door.client.get(f"/v1/projects/{project}/coach", params={"agency": agency}).json()
    leader = told["slots"][0]
    assert (leader["state"], leader["files"], leader["next"]) == ("filled", 1, "")
    assert leader["seconds"] > 40
    assert told["next"].startswith("20 s of everyday scenes")


@pytest.fixture
def planned(monkeypatch) -> list[str]:
    """The storyboards that films were planned by, one for each plan."""
    seen: list[str] = []

    def watched(storyboard, *rest, **named):
        seen.append(storyboard.id)
        return plan(storyboard, *rest, **named)

    monkeypatch.setattr("editing.coach.plan", watched)
    return seen


def test_what_stays_the_same_is_planned_once(door, planned):
    agency = door.agency("Patient Police Department")
    project = door.project(agency)
    query = {"agency": agency}
    door.send(agency, project)
    door.work(project)
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    page = f"/agencies/{agency}/projects/{project}"
    shown = [door.anonymous.get(page).text for _ in range(3)]
    assert planned == ["promise"]
    assert all("Still to film" in one for one in shown)
    clip = door.client.get(f"/v1/projects/{project}/clips", params=query).json()["items"][0]["id"]
    assert door.client.put(f"/v1/clips/{clip}/details", params=query, json={"slot": "leader"}).status_code == 200
    door.work(project)
    for storyboard in ("promise", "promise", "promise-short", "promise-short", "promise"):
        door.anonymous.get(page, params={"storyboard": storyboard})
    assert planned == ["promise", "promise", "promise-short"]


def test_only_so_many_answers_are_kept(door, planned, monkeypatch):
    monkeypatch.setattr(coaching, "KEPT", 1)
    agency = door.agency("Forgetful Police Department")
    project = door.project(agency)
    asked = ["promise", "promise-short", "promise"]
    for storyboard in asked:
        door.client.get(f"/v1/projects/{project}/coach", params={"agency": agency, "storyboard": storyboard})
    assert planned == asked


class _Seen:
    """A clip's record as the coach reads it."""

    def __init__(self, clip: Clip) -> None:
        self.clip, self.name, self.failed, self.expired_at = clip, clip.file, None, None
        self.details, self.in_films = type("Details", (), {"music": False}), True


def test_another_agency_and_an_unknown_storyboard_are_not_found(door):
    agency = door.agency()
    project = door.project(agency)
    other = door.agency("Elsewhere Police Department")
    here = f"/v1/projects/{project}/coach"
    assert door.client.get(here, params={"agency": other}).status_code == 404
    assert door.client.get(here, params={"agency": agency, "storyboard": "none-such"}).status_code == 404
    assert door.anonymous.get(here, params={"agency": agency}).status_code == 401


def test_the_page_says_what_to_film(door):
    agency = door.agency()
    project = door.project(agency)
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    page = f"/agencies/{agency}/projects/{project}"
    assert "Still to film" not in door.anonymous.get(page).text
    door.send(agency, project)
    door.work(project)
    shown = door.anonymous.get(page).text
    assert "Still to film" in shown
    assert "30 s of your leader speaking, phone held level and sideways." in shown
    assert "Next: 20 s of everyday scenes of your department and community, in 2 shots, phone held sideways." in shown
    assert "We have it" not in shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "leader.mp4").write_bytes(b"film")
    (tmp_path / "footage.yaml").write_text("clips: [{file: leader.mp4, slot: leader}]\n")
    return tmp_path


def test_a_folder_is_coached_on_the_command_line(folder, monkeypatch):
    monkeypatch.setattr(
        looking, "inspect_file", lambda file: video(file.name, 60, slot=file.slot, sentences=sentences(LJ))
    )
    done = CliRunner().invoke(app, ["storyboard", "coach", str(folder)])
    assert done.exit_code == 0
    assert "leader (needed): filled" in done.stdout
    assert "Next: 20 s of everyday scenes" in done.stdout
    assert CliRunner().invoke(app, ["storyboard", "coach", str(folder / "none")]).exit_code == 2
    told = json.loads(CliRunner().invoke(app, ["storyboard", "coach", str(folder), "--json"]).stdout)
    assert [one["slot"] for one in told["slots"]][:2] == ["leader", "broll"]
