"""When what a row stands for may go, by the rules of `keeping.py`. Reads only: pages tell it, the sweep does it."""

from typing import Any

import sqlalchemy as sa

from pipeline.jobs import AT_REST, JobState, StepKind, StepState
from pipeline.keeping import Keep, footage_goes_at, package_goes_at
from pipeline.projects import UploadState
from pipeline.review_tables import share_links
from pipeline.tables import clips, deliveries, jobs, projects, steps, uploads

Goes = dict[str, float | None]
"""When each may go, by its id; None while it is held by work under way."""

_OPEN = (StepState.READY, StepState.RUNNING)


def packages_go(connection: sa.Connection, keep: Keep, which: sa.ColumnElement[bool]) -> Goes:
    """When packages that are kept may go, of those that `which` of `deliveries` and `jobs` are asked for."""
    return {row["id"]: _package_goes(keep, row) for row in _packages(connection, which)}


def footage_goes(connection: sa.Connection, keep: Keep, which: sa.ColumnElement[bool]) -> Goes:
    """When the footage of projects that have any may go, of those `which` of `projects` are asked for."""
    there = sa.or_(
        sa.exists().where(uploads.c.project_id == projects.c.id, _footage_kept()),
        sa.exists().where(clips.c.project_id == projects.c.id, clips.c.expired_at.is_(None)),
    )
    found = connection.execute(sa.select(projects.c.id, projects.c.created_at).where(which, there)).all()
    last = {row.id: row.created_at for row in found}
    last |= _last_done(connection, last)
    reviewed: dict[str, float] = {}
    in_review = sa.and_(jobs.c.state == JobState.IN_REVIEW, ~jobs.c.preview, jobs.c.project_id.in_(last))
    for row in _packages(connection, in_review):
        if row["newest"] and (until := _package_goes(keep, row)):
            reviewed[row["project_id"]] = max(until, reviewed.get(row["project_id"], 0.0))
    held = busy_projects(connection, last)
    return {
        project: footage_goes_at(keep, last_done=at, busy=project in held, reviewed_until=reviewed.get(project))
        for project, at in last.items()
    }


def busy_projects(connection: sa.Connection, ids: Any) -> set[str]:
    """Those of some projects in which something is under way."""
    working = sa.select(jobs.c.project_id).where(jobs.c.state.not_in(sorted(AT_REST)), jobs.c.project_id.in_(ids))
    stepping = sa.select(steps.c.project_id).where(steps.c.state.in_(_OPEN), steps.c.project_id.in_(ids))
    return set(connection.scalars(working.union(stepping)))


def last_work(job: sa.Table = jobs) -> sa.ScalarSelect[Any]:
    """When the last step of a job's film ended; neither a download nor another zip of it moves this."""
    of_film = sa.and_(steps.c.job_id == job.c.id, steps.c.kind != StepKind.ARCHIVE)
    return (
        sa.select(sa.func.coalesce(sa.func.max(steps.c.finished_at), job.c.created_at)).where(of_film).scalar_subquery()
    )


def is_busy(job: sa.Table = jobs) -> sa.ColumnElement[bool]:
    """Whether a step of a job waits or is under way."""
    return sa.exists().where(steps.c.job_id == job.c.id, steps.c.state.in_(_OPEN))


def _packages(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    other = deliveries.alias("other")
    newer = sa.exists().where(other.c.job_id == deliveries.c.job_id, other.c.round > deliveries.c.round)
    shared = sa.and_(share_links.c.job_id == jobs.c.id, share_links.c.revoked_at.is_(None))
    query = (
        sa.select(
            deliveries.c.id,
            deliveries.c.created_at,
            jobs.c.project_id,
            jobs.c.state,
            jobs.c.preview,
            (~newer).label("newest"),
            is_busy().label("busy"),
            sa.select(sa.func.max(share_links.c.expires_at)).where(shared).scalar_subquery().label("shared_until"),
        )
        .join(jobs, jobs.c.id == deliveries.c.job_id)
        .where(which, deliveries.c.expired_at.is_(None))
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _package_goes(keep: Keep, row: dict[str, Any]) -> float | None:
    return package_goes_at(
        keep,
        made_at=row["created_at"],
        state=JobState(row["state"]),
        preview=row["preview"],
        newest=row["newest"],
        busy=row["busy"],
        shared_until=row["shared_until"],
    )


def _footage_kept() -> sa.ColumnElement[bool]:
    return sa.and_(uploads.c.state == UploadState.COMPLETE, uploads.c.expired_at.is_(None))


def _last_done(connection: sa.Connection, ids: Any) -> dict[str, float]:
    """When something was done last in some projects: a file sent, a film asked for, a step of one ended."""
    ended = sa.and_(steps.c.kind != StepKind.ARCHIVE, steps.c.finished_at.is_not(None))
    told = sa.union_all(
        sa.select(uploads.c.project_id, uploads.c.created_at.label("at")),
        sa.select(clips.c.project_id, clips.c.created_at),
        sa.select(jobs.c.project_id, jobs.c.created_at),
        sa.select(steps.c.project_id, steps.c.finished_at).where(ended),
    ).subquery()
    query = sa.select(told.c.project_id, sa.func.max(told.c.at)).where(told.c.project_id.in_(ids))
    return {row[0]: row[1] for row in connection.execute(query.group_by(told.c.project_id))}
