"""When what a row stands for may go, by the rules of `keeping.py`. Reads only: pages tell it, the sweep does it.

Pages ask each time somebody looks at a project, so each question is put together once: that costs more than its answer.
"""

from functools import cache
from typing import Any, Literal

import sqlalchemy as sa

from pipeline.jobs import AT_REST, JobState, StepKind, StepState
from pipeline.keeping import Keep, footage_goes_at, package_goes_at
from pipeline.projects import UploadState
from pipeline.review_tables import share_links
from pipeline.tables import clips, deliveries, jobs, projects, steps, uploads

Goes = dict[str, float | None]
"""When each may go, by its id; None while it is held by work under way."""

_Of = Literal["job", "package", "project"]

_OPEN = (StepState.READY, StepState.RUNNING)


def packages_go(
    connection: sa.Connection, keep: Keep, *, job_id: str | None = None, package_id: str | None = None
) -> Goes:
    """When packages that are kept may go: those of one job, one package, or all."""
    rows = _packages(connection, "package", package_id) if package_id else _packages(connection, "job", job_id)
    return {row["id"]: _package_goes(keep, row) for row in rows}


def footage_goes(connection: sa.Connection, keep: Keep, project_id: str | None = None) -> Goes:
    """When the footage of projects that have any may go: of one, or of all."""
    asked = {} if project_id is None else {"id": project_id}
    found = connection.execute(_footage_query(project_id is not None), asked).all()
    reviewed: dict[str, float] = {}
    if any(row.asked is not None for row in found):
        for package in _packages(connection, "project", project_id):
            in_review = package["state"] == JobState.IN_REVIEW and not package["preview"] and package["newest"]
            if in_review and (until := _package_goes(keep, package)):
                reviewed[package["project_id"]] = max(until, reviewed.get(package["project_id"], 0.0))
    return {
        row.id: footage_goes_at(
            keep,
            last_done=max(
                (at for at in (row.sent, row.taken_in, row.asked, row.worked) if at is not None), default=row.created_at
            ),
            busy=row.busy,
            reviewed_until=reviewed.get(row.id),
        )
        for row in found
    }


def in_work(project: sa.Table = projects) -> sa.ColumnElement[bool]:
    """Whether something is under way in a project."""
    working = sa.exists().where(jobs.c.project_id == project.c.id, jobs.c.state.not_in(sorted(AT_REST)))
    stepping = sa.exists().where(steps.c.project_id == project.c.id, steps.c.state.in_(_OPEN))
    return sa.or_(working, stepping)


def last_work(job: sa.Table = jobs) -> sa.ScalarSelect[Any]:
    """When the last step of a job's film ended; neither a download nor another zip of it moves this."""
    of_film = sa.and_(steps.c.job_id == job.c.id, steps.c.kind != StepKind.ARCHIVE)
    return (
        sa.select(sa.func.coalesce(sa.func.max(steps.c.finished_at), job.c.created_at)).where(of_film).scalar_subquery()
    )


def is_busy(job: sa.Table = jobs) -> sa.ColumnElement[bool]:
    """Whether a step of a job waits or is under way."""
    return sa.exists().where(steps.c.job_id == job.c.id, steps.c.state.in_(_OPEN))


@cache
def _footage_query(one: bool) -> sa.Select[Any]:
    """Projects that have footage, each with what was done in it last: a file sent, a film asked for, a step ended."""
    there = sa.or_(
        sa.exists().where(uploads.c.project_id == projects.c.id, _footage_kept()),
        sa.exists().where(clips.c.project_id == projects.c.id, clips.c.expired_at.is_(None)),
    )
    of_film = steps.c.kind != StepKind.ARCHIVE
    query = sa.select(
        projects.c.id,
        projects.c.created_at,
        _newest(uploads, uploads.c.created_at).label("sent"),
        _newest(clips, clips.c.created_at).label("taken_in"),
        _newest(jobs, jobs.c.created_at).label("asked"),
        _newest(steps, steps.c.finished_at, of_film).label("worked"),
        in_work().label("busy"),
    )
    return query.where(projects.c.id == sa.bindparam("id"), there) if one else query.where(there)


def _newest(table: sa.Table, at: sa.Column[Any], *which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.max(at)).where(table.c.project_id == projects.c.id, *which).scalar_subquery()


def _packages(connection: sa.Connection, of: _Of, wanted: str | None) -> list[dict[str, Any]]:
    """Packages that are kept, of what is wanted or of all."""
    query, asked = (_packages_query(None), {}) if wanted is None else (_packages_query(of), {"wanted": wanted})
    return [dict(row) for row in connection.execute(query, asked).mappings()]


@cache
def _packages_query(of: _Of | None) -> sa.Select[Any]:
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
        .where(deliveries.c.expired_at.is_(None))
    )
    named = {"job": jobs.c.id, "package": deliveries.c.id, "project": jobs.c.project_id}
    return query if of is None else query.where(named[of] == sa.bindparam("wanted"))


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
