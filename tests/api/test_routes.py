"""The river over HTTP: agencies, uploads, clips, jobs, review and deliveries."""

import json

import pytest

from kit.outbound import PublicOnly

from .requests import SOME_SHA256


def test_what_an_agency_owns_is_not_found_by_another(door):
    agency, job = door.in_review()
    project = door.client.get(f"/v1/jobs/{job}", params={"agency": agency}).json()["project"]
    upload = door.client.post(
        "/v1/uploads", params={"agency": agency}, json={"project": project, "name": "a.mp4", "size": 5}
    ).json()["id"]
    clip = door.client.get(f"/v1/projects/{project}/clips", params={"agency": agency}).json()["items"][0]["id"]
    door.service._network = PublicOnly(lambda host, port: ["93.184.215.14"])
    hook = door.client.post("/v1/webhooks", params={"agency": agency}, json={"url": "https://a.example/"}).json()["id"]
    other = {"agency": door.agency("Elsewhere Police Department")}
    asked = [
        door.client.get(f"/v1/projects/{project}", params=other),
        door.client.get(f"/v1/projects/{project}/clips", params=other),
        door.client.get(f"/v1/projects/{project}/jobs", params=other),
        door.client.put(f"/v1/clips/{clip}/details", params=other, json={}),
        door.client.get(f"/v1/clips/{clip}/renditions/poster.jpg", params=other),
        door.client.get(f"/v1/uploads/{upload}", params=other),
        door.client.post(f"/v1/uploads/{upload}/parts", params=other, json=[{"n": 1}]),
        door.client.post(f"/v1/uploads/{upload}/complete", params=other),
        door.client.delete(f"/v1/uploads/{upload}", params=other),
        door.client.post("/v1/jobs", params=other, json={"project": project}),
        door.client.post("/v1/uploads", params=other, json={"project": project, "name": "a.mp4", "size": 5}),
        door.client.get(f"/v1/jobs/{job}", params=other),
        door.client.get(f"/v1/jobs/{job}/events", params=other),
        door.client.get(f"/v1/jobs/{job}/review", params=other),
        door.client.get(f"/v1/jobs/{job}/deliveries", params=other),
        door.client.delete(f"/v1/webhooks/{hook}", params=other),
        door.client.put(f"/v1/jobs/{job}/priority", params=other, json={"priority": "high"}),
        *(
            door.client.post(f"/v1/jobs/{job}/{step}", params=other)
            for step in ("captions", "approve", "changes", "cancel", "retry", "deliveries/links")
        ),
    ]
    assert [answer.status_code for answer in asked] == [404] * len(asked)


def test_the_same_key_makes_one_and_another_request_under_it_is_a_conflict(door):
    headers = {"Idempotency-Key": "once-and-only-once"}
    first = door.client.post("/v1/agencies", json={"name": "Anytown PD"}, headers=headers)
    again = door.client.post("/v1/agencies", json={"name": "Anytown PD"}, headers=headers)
    assert first.json() == again.json()
    other = door.client.post("/v1/agencies", json={"name": "Elsewhere PD"}, headers=headers)
    assert other.status_code == 409
    assert len(door.client.get("/v1/agencies").json()["items"]) == 1


def test_lists_come_in_pages(door):
    names = [f"Department {n}" for n in range(5)]
    for name in names:
        door.agency(name)
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = door.client.get("/v1/agencies", params=query).json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == names
    assert door.client.get("/v1/agencies", params={"cursor": "ÿ"}).status_code == 400


def test_an_upload_is_signed_resumed_and_completed(door):
    agency = door.agency()
    project = door.project(agency)
    query = {"agency": agency}
    size = (8 << 20) + 3
    body = {"project": project, "name": "Chief's “talk” #1 ñ.mp4", "size": size, "details": {"slot": "leader"}}
    upload = door.client.post("/v1/uploads", params=query, json=body).json()
    assert (upload["part_size"], upload["part_count"], upload["checksum"]) == (8 << 20, 2, "sha256")
    here = f"/v1/uploads/{upload['id']}"
    signed = door.client.post(f"{here}/parts", params=query, json=[{"n": 2, "sha256": SOME_SHA256}]).json()["parts"]
    assert signed[0]["headers"] == {"x-amz-checksum-sha256": SOME_SHA256}
    for wrong in ({"n": 2}, {"n": 2, "sha256": "abc="}, {"n": 2, "sha256": f"{SOME_SHA256}\n"}, {"n": 2, "md5": None}):
        assert door.client.post(f"{here}/parts", params=query, json=[wrong]).status_code == 422
    assert door.client.post(f"{here}/parts", params=query, json=[{"n": 3}]).status_code == 400
    assert door.client.post(f"{here}/parts", params=query, json=[{"n": 1}] * 21).status_code == 422
    door.store.open[f"uploads/{upload['id']}"][1] = bytes(8 << 20)
    assert door.client.get(here, params=query).json()["parts"] == [{"n": 1, "size": 8 << 20}]
    assert door.client.post(f"{here}/complete", params=query).status_code == 409
    door.store.open[f"uploads/{upload['id']}"][2] = b"abc"
    done = [door.client.post(f"{here}/complete", params=query).json() for _ in range(2)]
    assert done[0]["state"] == "complete"
    assert done[0] == done[1]
    [clip] = door.client.get(f"/v1/projects/{project}/clips", params=query).json()["items"]
    assert (clip["name"], clip["state"], clip["details"]["slot"]) == (body["name"], "waiting", "leader")


def test_a_clips_renditions_are_named_and_linked_once_it_is_inspected(door):
    agency = door.agency()
    project = door.project(agency)
    query = {"agency": agency}
    door.send(agency, project)
    [clip] = door.client.get(f"/v1/projects/{project}/clips", params=query).json()["items"]
    here = f"/v1/clips/{clip['id']}/renditions"
    assert clip["renditions"] == []
    assert door.client.get(f"{here}/poster.jpg", params=query).status_code == 404
    door.work(project)
    [clip] = door.client.get(f"/v1/projects/{project}/clips", params=query).json()["items"]
    assert clip["renditions"] == ["poster.jpg"]
    shown = door.client.get(f"{here}/poster.jpg", params=query)
    assert shown.status_code == 307
    assert shown.headers["location"] == "https://store.test/renditions/0/poster.jpg?name=poster.jpg&inline=True"
    assert shown.headers["cache-control"] == "private, max-age=1800"
    assert door.client.get(f"{here}/proxy.mp4", params=query).status_code == 404
    assert door.anonymous.get(f"{here}/poster.jpg", params=query).status_code == 401
    door.send(agency, project)
    assert door.client.get(f"{here}/poster.jpg", params=query).status_code == 404


def test_a_clip_sent_twice_says_so(door):
    agency = door.agency()
    project = door.project(agency)
    for name in ("a.mp4", "b.mp4"):
        door.send(agency, project, name)
    door.work(project)
    first, second = door.client.get(f"/v1/projects/{project}/clips", params={"agency": agency}).json()["items"]
    assert [note["code"] for note in first["notes"]] == ["soft"]
    assert [note["code"] for note in second["notes"]] == ["soft", "duplicate"]
    assert "“a.mp4”" in second["notes"][1]["message"]


@pytest.mark.parametrize("name", ["../a.mp4", "a/b.mp4", " ", "a\nb.mp4"])
def test_a_name_that_is_no_file_name_is_refused(door, name):
    agency = door.agency()
    body = {"project": door.project(agency), "name": name, "size": 4}
    assert door.client.post("/v1/uploads", params={"agency": agency}, json=body).status_code == 422


def test_a_given_up_upload_cannot_be_completed(door):
    agency = door.agency()
    body = {"project": door.project(agency), "name": "a.mp4", "size": 4}
    upload = door.client.post("/v1/uploads", params={"agency": agency}, json=body).json()["id"]
    assert door.client.delete(f"/v1/uploads/{upload}", params={"agency": agency}).status_code == 204
    assert door.client.post(f"/v1/uploads/{upload}/complete", params={"agency": agency}).status_code == 409


def test_a_project_without_footage_or_an_unknown_storyboard_makes_no_film(door):
    agency = door.agency()
    project = door.project(agency)
    query = {"agency": agency}
    empty = door.client.post("/v1/jobs", params=query, json={"project": project})
    assert empty.status_code == 422
    assert "footage" in empty.json()["detail"]
    unknown = door.client.post("/v1/jobs", params=query, json={"project": project, "storyboard": "none-such"})
    assert unknown.status_code == 422


def test_a_film_leaves_only_after_captions_and_approval(door):
    agency, job = door.in_review()
    query = {"agency": agency}
    seen = door.client.get(f"/v1/jobs/{job}", params=query).json()
    assert (seen["state"], seen["review"], seen["progress"]) == ("in_review", "finished", 1.0)
    review = door.client.get(f"/v1/jobs/{job}/review", params=query).json()
    assert {file["name"] for file in review["files"]} >= {"documentary.mp4", "captions.vtt"}
    links, approve = f"/v1/jobs/{job}/deliveries/links", f"/v1/jobs/{job}/approve"
    assert door.client.post(links, params=query).status_code == 409
    assert door.client.post(approve, params=query).status_code == 409
    assert door.client.post(f"/v1/jobs/{job}/captions", params=query).json()["captions_accepted"]
    assert door.client.post(approve, params=query).json()["state"] == "approved"
    given = door.client.post(links, params=query).json()
    assert given["expires_s"] == 3600
    assert all(file["url"].startswith("https://store.test/") for file in given["files"])
    assert door.client.get(f"/v1/jobs/{job}", params=query).json()["state"] == "delivered"
    assert len(door.client.get(f"/v1/jobs/{job}/deliveries", params=query).json()["items"]) == 1


def test_a_draft_cannot_be_approved(door):
    agency, job = door.in_review("draft")
    query = {"agency": agency}
    door.client.post(f"/v1/jobs/{job}/captions", params=query)
    refused = door.client.post(f"/v1/jobs/{job}/approve", params=query)
    assert refused.status_code == 409
    assert "draft" in refused.json()["detail"]


def test_events_are_replayed_from_the_last_one_seen(door):
    agency, job = door.in_review()
    query = {"agency": agency}
    every = events(door.client.get(f"/v1/jobs/{job}/events", params=query).text)
    states = [data["state"] for kind, _, data in every if kind == "state"]
    assert states[0] == "created"
    assert states[-1] == "in_review"
    middle = every[len(every) // 2]
    rest = events(door.client.get(f"/v1/jobs/{job}/events", params=query, headers={"Last-Event-ID": middle[1]}).text)
    assert rest == every[len(every) // 2 + 1 :]


def events(text: str) -> list[tuple[str, str, dict[str, object]]]:
    """Kind, id and data of each event of a stream."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["event"], fields["id"], json.loads(fields["data"])))
    return found


def under_way(door) -> tuple[str, str, str]:
    """An agency, its project, and a job of it whose footage waits to be looked at."""
    agency = door.agency()
    project = door.project(agency)
    door.send(agency, project)
    job = door.client.post("/v1/jobs", params={"agency": agency}, json={"project": project}).json()
    return agency, project, str(job["id"])


def test_a_failed_job_is_tried_again_where_it_failed_and_no_other(door):
    agency, project, job = under_way(door)
    query = {"agency": agency}
    assert door.client.post(f"/v1/jobs/{job}/retry", params=query).status_code == 409
    door.fail_next(project, skip=1)
    failed = door.client.get(f"/v1/jobs/{job}", params=query).json()
    assert (failed["state"], failed["blame"]) == ("failed", "bug")
    again = door.client.post(f"/v1/jobs/{job}/retry", params=query).json()
    assert (again["state"], again["error"], again["finished"]) == ("planning", None, None)
    door.work(project)
    assert door.client.get(f"/v1/jobs/{job}", params=query).json()["state"] == "in_review"


def test_a_job_says_which_of_an_agencys_goes_first(door):
    agency, _, job = under_way(door)
    query = {"agency": agency}
    assert door.client.get(f"/v1/jobs/{job}", params=query).json()["priority"] == "normal"
    answer = door.client.put(f"/v1/jobs/{job}/priority", params=query, json={"priority": "high"})
    assert answer.json()["priority"] == "high"
    assert door.client.put(f"/v1/jobs/{job}/priority", params=query, json={"priority": "first"}).status_code == 422


def test_a_cancelled_job_stays_cancelled(door):
    agency, project, job = under_way(door)
    query = {"agency": agency}
    assert door.client.post(f"/v1/jobs/{job}/cancel", params=query).json()["state"] == "cancelled"
    assert door.client.post(f"/v1/jobs/{job}/cancel", params=query).status_code == 409
    door.work(project)
    assert door.client.get(f"/v1/jobs/{job}", params=query).json()["state"] == "cancelled"
