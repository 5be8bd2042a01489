"""Records around the ledger: agencies, projects, uploads, clips, jobs, events; in the caller's transaction."""

from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa

from agencies.agency import Agency
from kit.errors import InputRefused, NotFound
from pipeline.jobs import Films, Job, JobState, Outcome, Priority, StepState
from pipeline.keeping import footage_gone
from pipeline.projects import (
    TRANSCRIPT_SUFFIXES,
    AgencyRecord,
    ClipRecord,
    Details,
    JobEvent,
    Package,
    Project,
    Upload,
    UploadState,
)
from pipeline.rows import new_id, read_job
from pipeline.settling import add_event, ask_inspection
from pipeline.tables import agencies, clips, deliveries, job_events, jobs, projects, steps, uploads
from storyboards.migrations import bring_forward
from storyboards.storyboard import Storyboard


def add_agency(connection: sa.Connection, profile: Agency, now: float) -> str:
    """Write down an agency; its id."""
    row = {"id": new_id(), "profile": profile.model_dump(mode="json"), "created_at": now}
    connection.execute(sa.insert(agencies), [row])
    return str(row["id"])


def read_agency(connection: sa.Connection, agency_id: str) -> AgencyRecord:
    """One agency, or NotFound."""
    return AgencyRecord.model_validate(_one(connection, agencies, "agency", agency_id))


def check_agency(connection: sa.Connection, agency_id: str) -> None:
    """NotFound for an agency that is not there."""
    _one(connection, agencies, "agency", agency_id, which=("id",))


def set_profile(connection: sa.Connection, agency_id: str, profile: Agency) -> None:
    """Write down an agency's profile anew."""
    row = {"profile": profile.model_dump(mode="json")}
    connection.execute(sa.update(agencies).where(agencies.c.id == agency_id).values(row))


def list_agencies(connection: sa.Connection) -> list[AgencyRecord]:
    """All agencies, oldest first."""
    rows = connection.execute(sa.select(agencies).order_by(agencies.c.id)).mappings()
    return [AgencyRecord.model_validate(dict(row)) for row in rows]


def add_project(connection: sa.Connection, agency_id: str, title: str, now: float) -> str:
    """Write down a project; its id."""
    row = {"id": new_id(), "agency_id": agency_id, "title": title, "created_at": now}
    connection.execute(sa.insert(projects), [row])
    return str(row["id"])


def read_project(connection: sa.Connection, project_id: str, agency_id: str | None = None) -> Project:
    """One project; NotFound when it is not there or not this agency's."""
    return Project.model_validate(_one(connection, projects, "project", project_id, agency_id))


def hold_project(connection: sa.Connection, project_id: str) -> str:
    """Keep others from asking for films of a project, or from letting its footage go; the id of its agency."""
    held = sa.select(projects.c.agency_id).where(projects.c.id == project_id)
    # The weaker lock lets others insert rows that point at this project.
    return str(connection.scalar(held.with_for_update(key_share=True)))


def list_projects(connection: sa.Connection, agency_id: str) -> list[Project]:
    """An agency's projects, oldest first."""
    query = sa.select(projects).where(projects.c.agency_id == agency_id).order_by(projects.c.id)
    return [Project.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def add_upload(connection: sa.Connection, upload: Upload) -> str:
    """Write down an upload; its id."""
    connection.execute(sa.insert(uploads), [upload.model_dump(mode="json")])
    return upload.id


def read_upload(
    connection: sa.Connection, upload_id: str, agency_id: str | None = None, *, lock: bool = False
) -> Upload:
    """One upload; NotFound when it is not there or not this agency's."""
    return Upload.model_validate(_one(connection, uploads, "upload", upload_id, agency_id, lock=lock))


def set_upload_state(connection: sa.Connection, upload_id: str, state: UploadState) -> None:
    """Write down where an upload stands."""
    connection.execute(sa.update(uploads).where(uploads.c.id == upload_id).values(state=state))


def list_uploads(connection: sa.Connection, project_id: str) -> list[Upload]:
    """A project's uploads that were not given up, oldest first."""
    query = sa.select(uploads).where(uploads.c.project_id == project_id, uploads.c.state != UploadState.ABORTED)
    return [Upload.model_validate(dict(row)) for row in connection.execute(query.order_by(uploads.c.id)).mappings()]


def take_in(connection: sa.Connection, upload: Upload, now: float) -> list[str]:
    """Make a complete upload part of its project: a clip to inspect, or the words of one. Ids of the steps made.

    A file of a name that the project holds already takes its place.
    """
    if is_transcript(upload.name):
        held = list_clips(connection, upload.project_id)
        spoken = [clip for clip in held if not clip.expired_at and words_for(clip.name, clip.details, upload)]
        return [put_clip(connection, clip, upload.storage_key, now) for clip in spoken]
    words = [
        other.storage_key
        for other in list_uploads(connection, upload.project_id)
        if other.is_here and words_for(upload.name, upload.details, other)
    ]
    clip = ClipRecord(
        id=new_id(),
        agency_id=upload.agency_id,
        project_id=upload.project_id,
        name=upload.name,
        storage_key=upload.storage_key,
        transcript_key=None,
        details=upload.details,
        inspected=None,
        failed=None,
    )
    return [put_clip(connection, clip, words[-1] if words else None, now)]


def put_clip(connection: sa.Connection, clip: ClipRecord, transcript_key: str | None, now: float) -> str:
    """Write down a clip, in place of one of the same name, and have it inspected; the id of the step."""
    same = sa.and_(clips.c.project_id == clip.project_id, clips.c.name == clip.name)
    held = connection.scalar(sa.select(clips.c.id).where(same))
    row = clip.model_dump(mode="json", include={"agency_id", "project_id", "name", "storage_key", "details"})
    row |= {"id": held or clip.id, "transcript_key": transcript_key, "inspected": sa.null(), "failed": None}
    row |= {"expired_at": None}
    if held:
        connection.execute(sa.update(clips).where(clips.c.id == held).values(row))
    else:
        connection.execute(sa.insert(clips).values(row | {"created_at": now}))
    return ask_inspection(connection, row, now)


def inspect_again(connection: sa.Connection, project_id: str, now: float) -> list[str]:
    """Ask once more for the inspections of a project that failed; the ids of the steps."""
    failed = [clip for clip in list_clips(connection, project_id) if clip.failed and not clip.expired_at]
    return [ask_inspection(connection, clip.model_dump(), now) for clip in failed]


def set_details(connection: sa.Connection, clip_id: str, details: Details) -> None:
    """Write down what a person says of a clip; the next plan heeds it."""
    connection.execute(sa.update(clips).where(clips.c.id == clip_id).values(details=details.model_dump(mode="json")))


def read_clip(connection: sa.Connection, clip_id: str, agency_id: str | None = None) -> ClipRecord:
    """One clip; NotFound when it is not there or not this agency's."""
    return _as_clip(_one(connection, clips, "clip", clip_id, agency_id))


def read_renditions_key(connection: sa.Connection, clip_id: str) -> str | None:
    """Beneath which key a clip's renditions lie, by its last inspection; None before there was one."""
    done = sa.and_(steps.c.clip_id == clip_id, steps.c.state == StepState.DONE)
    newest = sa.select(steps.c.outcome).where(done).order_by(steps.c.created_at.desc(), steps.c.id.desc()).limit(1)
    outcome = connection.scalar(newest)
    return Outcome.model_validate(outcome).renditions_key if outcome else None


def check_footage(connection: sa.Connection, project_id: str) -> None:
    """See that there is something left to make a film of. InputRefused when all of it was deleted."""
    held = list_clips(connection, project_id)
    if held and all(clip.expired_at for clip in held):
        raise InputRefused(footage_gone(max(clip.expired_at or 0.0 for clip in held)))


def list_clips(connection: sa.Connection, project_id: str) -> list[ClipRecord]:
    """A project's clips by name, those whose footage was deleted among them."""
    rows = connection.execute(_clips_query(), {"project": project_id}).mappings()
    return sorted(map(_as_clip, rows), key=lambda clip: clip.name)


def add_job(
    connection: sa.Connection,
    project: Project,
    storyboard: Storyboard,
    now: float,
    *,
    films: Films,
    preview: bool,
    version: int | None = None,
    priority: Priority = Priority.NORMAL,
    edits: int | None = None,
) -> str:
    """Write down a job, pinned to its storyboard as it is now; its id. The caller settles the job next.

    Failed inspections are asked for once more.
    """
    inspect_again(connection, project.id, now)
    job = Job(
        id=new_id(),
        agency_id=project.agency_id,
        project_id=project.id,
        storyboard=storyboard.id,
        storyboard_version=version,
        edits_version=edits,
        films=films,
        preview=preview,
        priority=priority,
        created_at=now,
    )
    row = job.model_dump(mode="json") | {"storyboard_spec": storyboard.model_dump(mode="json", by_alias=True)}
    connection.execute(sa.insert(jobs), [row])
    add_event(connection, job, "state", {"state": JobState.CREATED}, now)
    return job.id


def set_priority(connection: sa.Connection, job_id: str, priority: Priority) -> None:
    """Write down which of an agency's jobs goes first."""
    connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(priority=priority))


def read_storyboard(connection: sa.Connection, job_id: str) -> Storyboard:
    """The storyboard as it was when the job was submitted."""
    spec = connection.scalar(sa.select(jobs.c.storyboard_spec).where(jobs.c.id == job_id))
    return Storyboard.model_validate(bring_forward(spec or {}).data)


def list_jobs(connection: sa.Connection, project_id: str) -> list[Job]:
    """A project's jobs, oldest first."""
    ids = connection.scalars(sa.select(jobs.c.id).where(jobs.c.project_id == project_id).order_by(jobs.c.id)).all()
    return [read_job(connection, job_id) for job_id in ids]


def list_packages(connection: sa.Connection, job_id: str) -> list[Package]:
    """What a job delivered, newest first."""
    query = sa.select(deliveries).where(deliveries.c.job_id == job_id).order_by(deliveries.c.round.desc())
    rows = connection.execute(query).mappings()
    fields = Package.model_fields.keys() - {"goes_at"}
    return [Package.model_validate({name: row[name] for name in fields}) for row in rows]


def list_events(connection: sa.Connection, job_id: str, after: int, limit: int) -> list[JobEvent]:
    """Events of a job after one seen, oldest first."""
    query = sa.select(job_events).where(job_events.c.job_id == job_id, job_events.c.id > after)
    rows = connection.execute(query.order_by(job_events.c.id).limit(limit)).mappings()
    return [JobEvent.model_validate({name: row[name] for name in JobEvent.model_fields}) for row in rows]


def newest_events(connection: sa.Connection, job_ids: Sequence[str]) -> dict[str, int]:
    """The id of the newest event of each job that has any."""
    query = sa.select(job_events.c.job_id, sa.func.max(job_events.c.id)).where(job_events.c.job_id.in_(job_ids))
    return {row[0]: row[1] for row in connection.execute(query.group_by(job_events.c.job_id))}


def is_transcript(name: str) -> bool:
    """Whether a file carries words and no footage."""
    return PurePosixPath(name).suffix.lower() in TRANSCRIPT_SUFFIXES


def words_for(clip_name: str, details: Details, upload: Upload) -> bool:
    """Whether an upload carries the words of a clip: named as its transcript, or of the same stem."""
    if not is_transcript(upload.name):
        return False
    if details.transcript:
        return details.transcript == upload.name
    return PurePosixPath(upload.name).stem.casefold() == PurePosixPath(clip_name).stem.casefold()


def _as_clip(row: Any) -> ClipRecord:
    return ClipRecord.model_validate({name: row[name] for name in ClipRecord.model_fields.keys() - {"goes_at"}})


@cache
def _clips_query() -> sa.Select[Any]:
    return sa.select(clips).where(clips.c.project_id == sa.bindparam("project"))


def _one(
    connection: sa.Connection,
    table: sa.Table,
    noun: str,
    row_id: str,
    agency_id: str | None = None,
    *,
    lock: bool = False,
    which: tuple[str, ...] | None = None,
) -> dict[str, Any]:
    """One row, or some columns of it; NotFound when it is not there or, where an agency is named, not that one's."""
    asked = {"row": row_id} if agency_id is None else {"row": row_id, "owner": agency_id}
    query = _one_query(table, which, owned=agency_id is not None, lock=lock)
    row = connection.execute(query, asked).mappings().first()
    if row is None:
        raise NotFound(f"There is no such {noun}.")
    return dict(row)


@cache
def _one_query(table: sa.Table, which: tuple[str, ...] | None, *, owned: bool, lock: bool) -> sa.Select[Any]:
    """Put together once, because every request asks."""
    columns = table.c if which is None else [table.c[name] for name in which]
    query = sa.select(*columns).where(table.c.id == sa.bindparam("row"))
    query = query.where(table.c.agency_id == sa.bindparam("owner")) if owned else query
    return query.with_for_update() if lock else query
