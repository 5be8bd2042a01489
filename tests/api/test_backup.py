"""A backup of one machine, as docs/deployment.md tells: copied at rest, wiped, put back, and the film is there."""

import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import httpx
import sqlalchemy as sa

from agencies.agency import Agency
from api.opening import open_service
from ingest.clip import Clip, Kind, Verdict
from kit.embedded import Embedded
from kit.settings import Settings
from pipeline.jobs import JobState, Outcome, Packed, PackedFile, Planned, SegmentNote, StepKind
from pipeline.ledger import Ledger
from pipeline.rows import read_job
from pipeline.service import Service

FILM = b"the film itself" * 5000
CLIP_SHA256 = b64encode(sha256(b"clip").digest()).decode()


def opened(parts: Embedded) -> tuple[Service, sa.Engine]:
    settings = Settings(data=parts.data).with_parts(parts.s3, parts.broker_url)
    service = open_service(settings)
    return service, service._engine


def deliver(service: Service, engine: sa.Engine) -> tuple[str, str]:
    """A film that was approved; the ids of its agency and its job. Its pieces are of no interest here."""
    agency = service.create_agency(Agency(name="Anytown Police Department")).id
    project = service.create_project(agency, "Our promise").id
    upload = service.uploads.create(project, "leader.mp4", 4, agency_id=agency)
    (link,) = service.uploads.sign_parts(upload.id, [(1, CLIP_SHA256)], agency_id=agency)
    assert httpx.put(link.url, content=b"clip", headers=link.headers, trust_env=False).is_success
    service.uploads.complete(upload.id, agency_id=agency)
    job = service.submit_job(project, "promise", agency_id=agency).id
    storage, ledger = service._storage, Ledger(engine)
    storage.put_bytes("packages/film.mp4", FILM)
    file = PackedFile(
        name="documentary.mp4", key="packages/film.mp4", size=len(FILM), sha256="0" * 64, media_type="video/mp4"
    )
    planned = Planned(
        context_key="c", frames=9, segments=(SegmentNote(keys=("s.mp4",), frames=9),), sound_key="s", notes=()
    )
    clip = Clip(file="leader.mp4", digest="0", size=4, kind=Kind.VIDEO, verdict=Verdict.ACCEPTED)
    outcomes = {
        StepKind.INSPECT: Outcome(clip=clip, renditions_key="renditions/0"),
        StepKind.PLAN: Outcome(planned=planned),
        StepKind.PACKAGE: Outcome(packed=Packed(review="finished", files=(file,))),
    }
    while step := ledger.claim_next("test", project):
        ledger.finish(step, outcomes.get(step.kind, Outcome()))
    service.decisions.accept_captions(job, agency_id=agency)
    service.decisions.approve(job, agency_id=agency)
    return agency, job


def test_what_was_backed_up_is_downloaded_after_everything_was_wiped(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept"
    with Embedded(data) as parts:
        service, engine = opened(parts)
        agency, job = deliver(service, engine)
        engine.dispose()
    shutil.copytree(data, kept)
    shutil.rmtree(data)
    shutil.copytree(kept, data)
    with Embedded(data) as parts:
        service, engine = opened(parts)
        (link,) = service.packages.deliver(job, agency_id=agency)
        assert httpx.get(link.url, trust_env=False).content == FILM
        with engine.connect() as connection:
            assert read_job(connection, job).state is JobState.DELIVERED
        engine.dispose()
