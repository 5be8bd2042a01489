"""The use-cases against a real store: uploads by presigned parts, jobs, review, deliveries."""

import hashlib
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agencies.agency import Agency
from kit.database import open_engine
from kit.embedded import Embedded
from kit.errors import Conflict, InputRefused, NotFound, UsageError
from kit.s3 import S3Storage
from pipeline.jobs import JobState
from pipeline.ledger import Ledger
from pipeline.projects import Details, UploadState
from pipeline.service import Service
from pipeline.tables import create_tables
from pipeline.tasks import Bench
from pipeline.uploads import SMALLEST_PART, Uploads
from pipeline.worker import work
from pipeline.workspace import Workspace

from .fake_craft import FakeCraft


def put(uploads: Uploads, upload_id: str, n: int, part: bytes) -> None:
    """Have a part signed by its digest, and send it."""
    (link,) = uploads.sign_parts(upload_id, [(n, b64encode(hashlib.sha256(part).digest()).decode())])
    httpx.put(link.url, content=part, headers=link.headers, trust_env=False).raise_for_status()


class Desk:
    """A service, the steps it offered, and a worker for them."""

    def __init__(self, embedded: Embedded, tmp_path: Path) -> None:
        self.engine = open_engine(f"sqlite:///{tmp_path / 'service.db'}")
        create_tables(self.engine)
        self.storage = S3Storage(embedded.s3)
        self.offered: list[str] = []
        self.service = Service(self.engine, self.storage, self.offered.extend)
        self.craft = FakeCraft()
        self.bench = Bench(self.engine, self.storage, Workspace(tmp_path / "work", self.storage), self.craft)
        self.agency = self.service.create_agency(Agency(name="Anytown Police Department"))
        self.project = self.service.create_project(self.agency.id, "Our  promise")

    def send(self, name: str, data: bytes, details: Details | None = None) -> str:
        uploads = self.service.uploads
        upload = uploads.create(self.project.id, name, len(data), media_type="video/mp4", details=details)
        for n in range(1, upload.part_count + 1):
            part = data[(n - 1) * upload.part_size : n * upload.part_size]
            put(uploads, upload.id, n, part)
        uploads.complete(upload.id)
        return upload.id

    def drain(self) -> None:
        ledger = Ledger(self.engine)
        while self.offered:
            step = ledger.claim(self.offered.pop(0), "w")
            if step:
                self.offered.extend(work(ledger, self.bench, step).made)


@pytest.fixture
def desk(embedded: Embedded, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(embedded, tmp_path)
    yield desk
    desk.engine.dispose()


def test_from_upload_to_delivery(desk: Desk) -> None:
    desk.send("leader.mp4", b"leader" * 2_000_000, Details(slot="leader", speaker_name="Chief"))
    desk.send("music.ogg", b"music", Details(music=True))
    job = desk.service.submit_job(desk.project.id)
    assert job.state is JobState.QUEUED
    desk.drain()
    clips = desk.service.list_clips(desk.project.id)
    assert [(clip.name, clip.clip and clip.clip.slot) for clip in clips] == [
        ("leader.mp4", "leader"),
        ("music.ogg", None),
    ]
    poster = httpx.get(desk.service.link_rendition(clips[0].id, "poster.jpg"), trust_env=False).raise_for_status()
    assert (poster.content, poster.headers["content-type"]) == (b"leaderlead", "image/jpeg")
    view = desk.service.job_view(job.id)
    assert (view.state, view.progress, view.segments_total) == (JobState.IN_REVIEW, 1.0, 3)
    with pytest.raises(Conflict):
        desk.service.packages.deliver(job.id)
    with pytest.raises(Conflict, match="captions"):
        desk.service.decisions.approve(job.id)
    shown = {link.file.name: link.url for link in desk.service.packages.to_review(job.id)}
    assert httpx.get(shown["documentary.mp4"], trust_env=False).is_success
    desk.service.decisions.accept_captions(job.id)
    assert desk.service.decisions.approve(job.id).state is JobState.APPROVED
    for link in desk.service.packages.deliver(job.id):
        data = httpx.get(link.url, trust_env=False).raise_for_status().content
        assert hashlib.sha256(data).hexdigest() == link.file.sha256
    assert desk.service.job_view(job.id).state is JobState.DELIVERED
    assert desk.service.packages.text(job.id, "manifest.json").startswith("{")
    states = [event.data["state"] for event in desk.service.events(job.id) if event.kind == "state"]
    assert states == [state for state in JobState if state not in (JobState.FAILED, JobState.CANCELLED)]
    assert len(desk.service.events(job.id, after=3)) == len(desk.service.events(job.id)) - len(
        [event for event in desk.service.events(job.id) if event.id <= 3]
    )


def test_words_may_come_before_or_after_their_clip(desk: Desk) -> None:
    desk.send("a.mp4", b"a")
    desk.send("A.srt", b"words")
    desk.send("b.srt", b"other words")
    desk.send("b.mp4", b"b")
    desk.send("c.mp4", b"c", Details(transcript="b.srt"))
    held = {clip.name: clip.transcript_key for clip in desk.service.list_clips(desk.project.id)}
    assert set(held) == {"a.mp4", "b.mp4", "c.mp4"}
    assert held["a.mp4"]
    assert held["b.mp4"] == held["c.mp4"] != held["a.mp4"]
    desk.drain()
    assert desk.craft.inspected.count("a.mp4") == 1
    assert sorted(desk.craft.transcripts) == ["A.srt", "b.srt", "b.srt"]


def test_completing_compares_and_is_idempotent(desk: Desk) -> None:
    uploads = desk.service.uploads
    upload = uploads.create(desk.project.id, "big.mp4", SMALLEST_PART + 1)
    assert upload.part_count == 2
    with pytest.raises(Conflict, match="1, 2"):
        uploads.complete(upload.id)
    put(uploads, upload.id, 1, bytes(SMALLEST_PART))
    put(uploads, upload.id, 2, b"12")
    assert [part.size for part in uploads.parts(upload.id)] == [SMALLEST_PART, 2]
    with pytest.raises(Conflict, match="Part 2"):
        uploads.complete(upload.id)
    time.sleep(1.1)  # the store tells the times of two copies of one part by whole seconds
    put(uploads, upload.id, 2, b"1")
    assert uploads.complete(upload.id).state is UploadState.COMPLETE
    assert uploads.complete(upload.id).state is UploadState.COMPLETE
    assert len(desk.offered) == 1
    with pytest.raises(Conflict):
        uploads.abort(upload.id)
    with pytest.raises(UsageError):
        uploads.sign_parts(uploads.create(desk.project.id, "c.mp4", 5).id, [(2, None)])


def test_no_part_is_signed_without_the_digest_that_its_bytes_are_held_against(desk: Desk) -> None:
    uploads = desk.service.uploads
    upload = uploads.create(desk.project.id, "a.mp4", 5)
    with pytest.raises(InputRefused, match="SHA-256 of part 1"):
        uploads.sign_parts(upload.id, [(1, None)])
    (link,) = uploads.sign_parts(upload.id, [(1, b64encode(hashlib.sha256(b"bytes").digest()).decode())])
    for headers in (link.headers, {}):
        assert not httpx.put(link.url, content=b"other", headers=headers, trust_env=False).is_success
    with pytest.raises(Conflict, match="missing"):
        uploads.complete(upload.id)


def test_a_store_that_knows_md5_alone_holds_parts_against_it(desk: Desk, embedded: Embedded) -> None:
    storage = S3Storage(embedded.s3.model_copy(update={"part_checksum": "md5"}))
    uploads = Uploads(desk.engine, storage, desk.offered.extend)
    upload = uploads.create(desk.project.id, "a.mp4", 5)
    digest = b64encode(hashlib.md5(b"bytes").digest()).decode()
    (link,) = uploads.sign_parts(upload.id, [(1, digest)])
    assert link.headers == {"Content-MD5": digest}
    for headers in (link.headers, {}):
        assert not httpx.put(link.url, content=b"other", headers=headers, trust_env=False).is_success
    assert httpx.put(link.url, content=b"bytes", headers=link.headers, trust_env=False).is_success
    (bare,) = uploads.sign_parts(upload.id, [(1, None)])
    assert bare.headers == {}, "browsers have no MD5"
    assert uploads.complete(upload.id).state is UploadState.COMPLETE


def test_completing_goes_on_where_the_stores_answer_was_lost(desk: Desk) -> None:
    uploads = desk.service.uploads
    upload = uploads.create(desk.project.id, "a.mp4", 5)
    put(uploads, upload.id, 1, b"bytes")
    parts = uploads.parts(upload.id)
    desk.storage.complete_upload(upload.storage_key, upload.store_upload_id, parts)
    assert uploads.complete(upload.id).state is UploadState.COMPLETE
    assert len(desk.offered) == 1
    gone = uploads.create(desk.project.id, "b.mp4", 5)
    desk.storage.abort_upload(gone.storage_key, gone.store_upload_id)
    with pytest.raises(NotFound):
        uploads.complete(gone.id)


def test_an_abandoned_upload_is_freed(desk: Desk) -> None:
    uploads = desk.service.uploads
    upload = uploads.create(desk.project.id, "a.mp4", 5)
    uploads.abort(upload.id)
    uploads.abort(upload.id)
    with pytest.raises(Conflict):
        uploads.complete(upload.id)
    assert uploads.of_project(desk.project.id) == []


def test_the_same_key_makes_one(desk: Desk) -> None:
    first = desk.service.uploads.create(desk.project.id, "a.mp4", 5, idempotency_key="k")
    assert desk.service.uploads.create(desk.project.id, "a.mp4", 5, idempotency_key="k") == first
    with pytest.raises(Conflict):
        desk.service.uploads.create(desk.project.id, "b.mp4", 5, idempotency_key="k")
    desk.send("a.mp4", b"a")
    one = desk.service.submit_job(desk.project.id, idempotency_key="j")
    assert desk.service.submit_job(desk.project.id, idempotency_key="j").id == one.id


def test_another_agency_finds_nothing(desk: Desk) -> None:
    desk.send("a.mp4", b"a")
    job = desk.service.submit_job(desk.project.id, agency_id=desk.agency.id)
    other = desk.service.create_agency(Agency(name="Elsewhere"))
    with pytest.raises(NotFound):
        desk.service.job_view(job.id, agency_id=other.id)
    with pytest.raises(NotFound):
        desk.service.list_clips(desk.project.id, agency_id=other.id)
    with pytest.raises(NotFound):
        desk.service.decisions.cancel(job.id, agency_id=other.id)


def test_refusals(desk: Desk) -> None:
    with pytest.raises(InputRefused, match="footage"):
        desk.service.submit_job(desk.project.id)
    with pytest.raises(InputRefused, match="storyboard"):
        desk.service.submit_job(desk.project.id, "/etc/passwd")
    for name in ("", "a/b.mp4", "..", "a\n.mp4"):
        with pytest.raises(InputRefused):
            desk.service.uploads.create(desk.project.id, name, 5)
    with pytest.raises(InputRefused):
        desk.service.uploads.create(desk.project.id, "a.mp4", 0)


def test_a_clip_that_gets_a_slot_for_speech_is_listened_to_and_stays_usable_meanwhile(desk: Desk) -> None:
    desk.send("a.mp4", b"spoken")
    desk.drain()
    (clip,) = desk.service.list_clips(desk.project.id)
    assert desk.service.describe_clip(clip.id, Details(slot="leader")).inspected == clip.inspected
    desk.drain()
    (heard,) = desk.service.list_clips(desk.project.id)
    assert heard.inspected
    assert [note.code for note in heard.inspected.notes] == ["needs_transcript"]
    desk.service.describe_clip(clip.id, Details(slot="leader", in_s=1.0))
    assert desk.offered == []
    desk.service.describe_clip(clip.id, Details(slot="broll"))
    desk.drain()
    (muted,) = desk.service.list_clips(desk.project.id)
    assert muted.inspected
    assert muted.inspected.notes == ()
    assert (desk.craft.inspected, desk.craft.listened) == (["a.mp4"], ["a.mp4"])


def test_changes_asked_for_make_another_round(desk: Desk) -> None:
    desk.send("a.mp4", b"a")
    job = desk.service.submit_job(desk.project.id)
    desk.drain()
    (clip,) = desk.service.list_clips(desk.project.id)
    desk.service.describe_clip(clip.id, Details(slot="leader"))
    assert desk.service.decisions.ask_changes(job.id).state is JobState.PLANNING
    desk.drain()
    view = desk.service.job_view(job.id)
    assert (view.state, view.job.round, view.segments_rendered) == (JobState.IN_REVIEW, 2, 2)
    assert len(desk.service.packages.of_job(job.id)) == 2
