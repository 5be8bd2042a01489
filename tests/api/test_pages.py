"""The pages as a browser without script gets them: a whole visit, and what leads nowhere."""

import html
import re

import pytest

from api.pages import words
from api.security import COOKIE
from ingest.clip import Clip, Kind, Note, Verdict
from pipeline.projects import ClipRecord, Details
from storyboards.library import load


@pytest.fixture
def visitor(door):
    """A signed-in browser."""
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    door.anonymous.headers.update({"Accept": "text/html", "Origin": "http://testserver"})
    return door.anonymous


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(door):
    answer = door.anonymous.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/"


def test_a_visit_from_signing_on_to_the_download(door, visitor):
    assert "Sign on an agency" in visitor.get("/").text
    name = "Anytown “P.D.” <b>&amp; {{ 7*7 }} %{x}"
    footage = visitor.post("/agencies", data={"name": name}).headers["location"]
    page = visitor.get(footage).text
    assert "Anytown “P.D.” &lt;b&gt;&amp;amp; {{ 7*7 }} %{x}" in page
    _, _, agency, _, project = footage.split("/")
    door.send(agency, project)
    assert "Being looked at" in visitor.get(footage).text
    door.work(project)
    page = visitor.get(footage).text
    assert "Good, with notes" in page
    assert "This clip is a little soft. <strong>Hold the phone still.</strong>" in page
    [poster] = re.findall(r'<img class="poster" loading="lazy" alt="A picture from leader.mp4" src="(.+?)">', page)
    assert visitor.get(html.unescape(poster)).headers["location"].startswith("https://store.test/renditions/0/")
    assert "Make the film" in page
    once = page.split('name="once" value="')[1].split('"')[0]
    job = [visitor.post(f"{footage}/jobs", data={"once": once}).headers["location"] for _ in range(2)]
    assert job[0] == job[1]
    here = job[0]
    assert 'aria-current="step"' in visitor.get(here).text
    door.work(project)
    assert "Accept the captions" in visitor.get(here).text
    assert visitor.get(f"{here}/text/captions.vtt").text.startswith("WEBVTT")
    assert "inline=True" in visitor.get(f"{here}/files/documentary-clean.mp4").headers["location"]
    assert visitor.post(f"{here}/captions").headers["location"] == here
    assert "Approve the film" in visitor.get(here).text
    visitor.post(f"{here}/approve")
    page = visitor.get(here).text
    assert page.index("<video") < page.index("Download the film") < page.index("All files are being put into one zip")
    assert f"{'0' * 64}  captions.vtt</code>" in page
    assert "Nobody yet." in page
    assert "inline=False" in visitor.get(f"{here}/files/documentary.mp4?download=1").headers["location"]
    door.service.shares.make(here.split("/")[-1], 3)
    page = visitor.get(here).text
    assert "Your film is delivered" in page
    assert re.search(r'on <time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">\w+ \d+, \d{4}, \d\d:\d\d UTC</time>', page)
    assert "<strong>admin token</strong> downloaded documentary.mp4" in page
    assert "Shared link 1 holds until" in page


def test_a_copy_is_shown_as_one(door, visitor):
    agency = door.agency()
    project = door.project(agency)
    for name in ("a.mp4", "b.mp4"):
        door.send(agency, project, name)
    door.work(project)
    page = visitor.get(f"/agencies/{agency}/projects/{project}").text
    assert page.count('<span class="tag warn">Not used: a copy</span>') == 1
    assert "This is the same file as “a.mp4”" in page


def test_a_draft_shows_what_is_missing_and_no_way_to_approve(door, visitor):
    agency, job = door.in_review("draft")
    page = visitor.get(f"/agencies/{agency}/jobs/{job}").text
    assert "Good to know." in page
    assert "Approve the film" not in page
    refused = visitor.post(f"/agencies/{agency}/jobs/{job}/approve")
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text


def test_films_are_known_by_their_pictures(door, visitor):
    agency, job = door.in_review()
    page = visitor.get("/").text
    assert re.search(rf'<img loading="lazy" alt="" src="/v1/clips/\w+/renditions/poster.jpg\?agency={agency}', page)
    project = door.client.get(f"/v1/jobs/{job}", params={"agency": agency}).json()["project"]
    films = visitor.get(f"/agencies/{agency}/projects/{project}").text.split('id="films-title"')[1]
    assert "renditions/poster.jpg" in films


def test_another_agencys_job_is_a_page_that_is_not_there(door, visitor):
    _, job = door.in_review()
    other = door.agency("Elsewhere Police Department")
    answer = visitor.get(f"/agencies/{other}/jobs/{job}")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_an_empty_name_is_asked_for_again(visitor):
    answer = visitor.post("/agencies", data={"name": "  "})
    assert answer.status_code == 422
    assert "1 to 120 characters" in answer.text


def test_pages_ask_nobody_else_for_anything(door, visitor):
    agency, job = door.in_review()
    for path in ("/", "/sign-in", "/agencies/new", f"/agencies/{agency}/jobs/{job}"):
        text = visitor.get(path).text
        assert "http://" not in text
        assert "https://" not in text
        assert " style=" not in text
        assert "onclick" not in text
    for name in ("http.js", "fonts/OpenSans-Regular.ttf", "icon.svg"):
        assert visitor.get(f"/static/{name}").status_code == 200


def test_a_person_chooses_the_film_and_gives_its_words(door, visitor):
    agency = door.agency()
    project = door.project(agency)
    here = f"/agencies/{agency}/projects/{project}"
    assert '<option value="promise" selected>' in visitor.get(here).text
    page = visitor.get(f"{here}?storyboard=certified").text
    assert '<option value="certified" selected>' in page
    assert "plaque" in page, "the guide is the chosen film's"
    assert "The first day of the certification" in page
    door.send(agency, project)
    door.work(project)
    asked = {"once": "once-and-again", "storyboard": "certified", "word-certified_from": "June 1, 2026"}
    refused = visitor.post(f"{here}/jobs", data=asked)
    assert refused.status_code == 422
    alert = refused.text.split('role="alert"')[1].split("</div>")[0]
    assert "<p>Give words for “certified_until”: The last day of the two years" in alert
    assert 'value="June 1, 2026"' in refused.text, "what was typed is not lost"
    asked["word-certified_until"] = "May 31,\u202e 2028"
    assert "type them anew" in visitor.post(f"{here}/jobs", data=asked).text
    asked["word-certified_until"] = "May 31, 2028"
    assert visitor.post(f"{here}/jobs", data=asked).status_code == 303
    (job,) = door.service.list_jobs(project)
    assert job.storyboard == "certified"
    assert '<option value="certified" selected>' in visitor.get(here).text, "the film that was made last"


def test_a_film_that_is_not_there_is_a_page_that_is_not_there(door, visitor):
    agency = door.agency()
    here = f"/agencies/{agency}/projects/{door.project(agency)}"
    assert visitor.get(f"{here}?storyboard=nothing").status_code == 404
    assert visitor.get(f"{here}?storyboard=../etc").status_code == 422


@pytest.mark.parametrize(
    ("details", "left"),
    [
        (Details(), ["silent", "sound_only", "soft"]),
        (Details(slot="broll"), ["soft"]),
        (Details(slot="leader"), ["silent", "soft"]),
        (Details(music=True), ["silent", "soft"]),
    ],
)
def test_notes_that_a_persons_choice_answers_are_not_shown(details, left):
    notes = tuple(Note(code=code, message=".", action="") for code in ("silent", "sound_only", "soft"))
    seen = Clip(file="a", digest="0", size=1, kind=Kind.SOUND, verdict=Verdict.ACCEPTED_WITH_NOTES, notes=notes)
    known = {"id": "1", "agency_id": "2", "project_id": "3", "name": "a", "storage_key": "k", "transcript_key": None}
    record = ClipRecord(**known, details=details, inspected=seen, failed=None)
    assert [note.code for note in words.notes_of(load("promise"), record)] == left


@pytest.mark.parametrize(("seconds", "said"), [(180, "3 minutes"), (150, "2½ minutes"), (130, "2 minutes")])
def test_lengths_are_said_to_the_half_minute(seconds, said):
    assert words.length_of(seconds) == said


def test_a_film_under_way_is_put_first_stopped_and_a_failed_one_tried_again(door, visitor):
    agency = door.agency()
    project = door.project(agency)
    door.send(agency, project)
    ask = {"params": {"agency": agency}, "json": {"project": project}}
    here = f"/agencies/{agency}/jobs/{door.client.post('/v1/jobs', **ask).json()['id']}"
    assert "before your others" in visitor.get(here).text
    assert visitor.post(f"{here}/first").headers["location"] == here
    assert "Let it wait its turn" in visitor.get(here).text
    visitor.post(f"{here}/in-line")
    assert "before your others" in visitor.get(here).text
    assert "Try again" not in visitor.get(here).text
    assert 'role="alert"' in visitor.post(f"{here}/retry").text
    door.fail_next(project, skip=1)
    page = visitor.get(here).text
    assert "It stumbled." in page
    assert "Try again" in page
    assert visitor.post(f"{here}/retry").headers["location"] == here
    assert "Stop making this film" in visitor.get(here).text
    visitor.post(f"{here}/cancel")
    assert "Stopped" in visitor.get(here).text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, ""), (3, ", less than a minute left"), (61, ", about 1 minute left"), (200, ", about 3 minutes left")],
)
def test_the_time_left_is_said_to_the_minute(seconds, said):
    assert words.time_left(seconds) == said
