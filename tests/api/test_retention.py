"""What was deleted as agreed, and what will be, at the API and on the pages."""

import time

import httpx
import sqlalchemy as sa

from api.security import COOKIE
from kit.database import immediate
from pipeline.keeping import DAY_S, day_of
from pipeline.tables import clips, deliveries, jobs, uploads

from .conftest import Door


def in_review(door: Door) -> tuple[str, str]:
    agency, job = door.in_review()
    door.client.params = httpx.QueryParams(agency=agency)
    door.anonymous.cookies.set(COOKIE, door.app.state.gate.new_session())
    door.anonymous.headers.update({"Accept": "text/html"})
    return agency, job


def approved(door: Door) -> tuple[str, str]:
    agency, job = in_review(door)
    for deed in ("captions", "approve"):
        assert door.client.post(f"/v1/jobs/{job}/{deed}").status_code == 200
    door.work(project_of(door, job))
    return agency, job


def project_of(door: Door, job: str) -> str:
    return str(door.client.get(f"/v1/jobs/{job}").json()["project"])


def expire(door: Door, *tables: sa.Table) -> str:
    """As a sweep marks what was let go of; the day."""
    now = time.time()
    with immediate(door.ledger.engine) as connection:
        for table in tables:
            connection.execute(sa.update(table).values(expired_at=now))
    return day_of(now)


def test_it_is_told_beforehand_when_footage_and_film_will_go(door: Door) -> None:
    agency, job = approved(door)
    project = project_of(door, job)
    [clip] = door.client.get(f"/v1/projects/{project}/clips").json()["items"]
    [package] = door.client.get(f"/v1/jobs/{job}/deliveries").json()["items"]
    assert (clip["expired"], package["expired"]) == (None, None)
    assert clip["expires"] < package["expires"]
    for days, told in ((180, clip), (730, package)):
        assert day_of(time.time() + days * DAY_S) in told["retention"]
    assert clip["retention"] in door.anonymous.get(f"/agencies/{agency}/projects/{project}").text
    assert package["retention"] in door.anonymous.get(f"/agencies/{agency}/jobs/{job}").text
    assert door.client.post("/v1/jobs", json={"project": project}).status_code == 201
    [clip] = door.client.get(f"/v1/projects/{project}/clips").json()["items"]
    assert (clip["expires"], clip["retention"]) == (None, ""), "nobody can tell while a film is made of it"


def test_footage_that_was_deleted_is_told_of_and_no_film_is_made_of_it(door: Door) -> None:
    agency, job = approved(door)
    project, day = project_of(door, job), expire(door, uploads, clips)
    sentence = f"The footage was deleted on {day} as agreed; upload it again to make a new film."
    [clip] = door.client.get(f"/v1/projects/{project}/clips").json()["items"]
    assert (clip["retention"], clip["renditions"], clip["expires"]) == (sentence, [], None)
    assert clip["expired"]
    page = door.anonymous.get(f"/agencies/{agency}/projects/{project}").text
    assert sentence in page
    assert "poster.jpg" not in page
    assert 'id="make"' not in page
    refused = door.client.post("/v1/jobs", json={"project": project})
    assert (refused.status_code, refused.json()["detail"]) == (422, sentence)
    gone = door.client.get(f"/v1/clips/{clip['id']}/renditions/poster.jpg")
    assert (gone.status_code, gone.json()["detail"]) == (410, sentence)
    assert door.client.get(f"/v1/projects/{project}/coach").json()["ready"] is False
    door.send(agency, project)
    [clip] = door.client.get(f"/v1/projects/{project}/clips").json()["items"]
    assert (clip["state"], clip["expired"]) == ("waiting", None)
    assert door.client.post("/v1/jobs", json={"project": project}).status_code == 201


def test_a_film_that_was_deleted_answers_410_with_one_sentence(door: Door) -> None:
    agency, job = approved(door)
    shared = door.client.post(f"/v1/jobs/{job}/share-links", json={}).json()["url"]
    day = expire(door, deliveries)
    sentence = f"The files of this film were deleted on {day} as agreed; they cannot be downloaded any more."
    [package] = door.client.get(f"/v1/jobs/{job}/deliveries").json()["items"]
    assert package["retention"] == sentence
    assert package["files"]
    asked = [door.client.post(f"/v1/jobs/{job}/{way}") for way in ("deliveries/links", "deliveries/archive")]
    asked += [door.client.post(f"/v1/jobs/{job}/share-links", json={}), door.client.get(f"/v1/jobs/{job}/review")]
    assert {(one.status_code, one.json()["detail"]) for one in asked} == {(410, sentence)}
    shown = door.anonymous.get(f"/agencies/{agency}/jobs/{job}")
    assert shown.status_code == 200
    assert sentence in shown.text
    assert "<video" not in shown.text
    for path in ("files/documentary.mp4", "text/captions.vtt"):
        query = {"download": "1"}
        answer = door.anonymous.get(f"/agencies/{agency}/jobs/{job}/{path}", params=query)
        assert (answer.status_code, sentence in answer.text) == (410, True)
    assert door.anonymous.get(shared.partition("testserver")[2]).status_code == 410
    assert door.anonymous.get("/board").status_code == 200


def test_a_film_in_review_that_was_deleted_cannot_be_approved_unseen(door: Door) -> None:
    agency, job = in_review(door)
    expire(door, deliveries, uploads, clips)
    assert door.client.post(f"/v1/jobs/{job}/captions").status_code == 200
    assert door.client.post(f"/v1/jobs/{job}/approve").status_code == 410
    assert door.client.post(f"/v1/jobs/{job}/changes").status_code == 422
    with immediate(door.ledger.engine) as connection:
        assert connection.scalar(sa.select(jobs.c.state).where(jobs.c.id == job)) == "in_review"
    assert door.anonymous.get(f"/agencies/{agency}/jobs/{job}/captions").status_code == 200
