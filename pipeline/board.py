"""The board: every project with its films, what waits for whom and since when, in the order of what needs attention."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from ingest.renditions import POSTER
from kit.values import Value
from pipeline.jobs import Blame, JobState, Review
from pipeline.people import Actor, Role
from pipeline.tables import agencies, clips, deliveries, job_events, jobs, projects


class Stage(StrEnum):
    """How far a film is, as those see it who wait for it."""

    FOOTAGE = "footage"
    """A project of which no film was asked for yet."""
    MAKING = "making"
    REVIEW = "review"
    APPROVED = "approved"
    DELIVERED = "delivered"
    FAILED = "failed"
    STOPPED = "stopped"


class Waits(StrEnum):
    """Whose move it is."""

    AGENCY = "agency"
    HOUSE = "house"
    SERVICE = "service"
    """Nobody's: the service is at work."""
    NOBODY = "nobody"


class Line(Value):
    """A film, or a project of which none was asked for yet."""

    id: str
    """The job's, or the project's."""
    agency_id: str
    agency: str
    """Its name."""
    project_id: str
    project: str
    """Its title."""
    created_at: float
    since: float
    """When it came to stand as it stands, in seconds since 1970."""
    job_id: str | None = None
    storyboard: str | None = None
    state: JobState | None = None
    progress: float = 0.0
    review: Review | None = None
    preview: bool = False
    captions_accepted: bool = False
    error: str | None = None
    blame: Blame | None = None
    clips: int = 0
    """Files of a project without a film."""
    clips_open: int = 0
    """Those of them that nobody has looked at yet."""
    superseded: bool = False
    """Whether the project's film by the same storyboard was asked for again since; a preview replaces no film."""


class Poster(Value):
    """A picture to know a line by: of its film, or of its footage."""

    clip_id: str | None = None
    """The clip it is of; None when it is the film's own."""
    digest: str = ""
    """Of the clip's file."""


_STAGES: dict[JobState | None, Stage] = {
    None: Stage.FOOTAGE,
    JobState.IN_REVIEW: Stage.REVIEW,
    JobState.APPROVED: Stage.APPROVED,
    JobState.DELIVERED: Stage.DELIVERED,
    JobState.FAILED: Stage.FAILED,
    JobState.CANCELLED: Stage.STOPPED,
}

_URGENCY = (Stage.FAILED, Stage.REVIEW, Stage.APPROVED, Stage.FOOTAGE)
"""Of lines that wait for somebody, which stand first."""


def stage_of(line: Line) -> Stage:
    """How far a line is."""
    return _STAGES.get(line.state, Stage.MAKING)


def waits_for(line: Line) -> Waits:
    """Whose move a line is: a film that went wrong by our fault is the house's, most else the agency's."""
    stage = stage_of(line)
    if stage is Stage.MAKING or (stage is Stage.FOOTAGE and line.clips_open):
        return Waits.SERVICE
    if line.superseded or stage in (Stage.DELIVERED, Stage.STOPPED):
        return Waits.NOBODY
    return Waits.HOUSE if stage is Stage.FAILED and line.blame is not Blame.INPUT else Waits.AGENCY


def move_of(actor: Actor) -> Waits:
    """What waits for somebody himself."""
    return Waits.AGENCY if actor.role is Role.MEMBER else Waits.HOUSE


def in_order(lines: Iterable[Line], mine: Waits) -> list[Line]:
    """What waits for oneself first, then what waits for others, each by urgency and the longest wait.

    What is under way comes after these, and what is done last, the newest first.
    """

    def place(line: Line) -> tuple[int, int, float]:
        waits = waits_for(line)
        if waits is Waits.NOBODY:
            return 3, 0, -line.since
        if waits is Waits.SERVICE:
            return 2, 0, line.since
        return int(waits is not mine), _URGENCY.index(stage_of(line)), line.since

    return sorted(lines, key=place)


def chosen(lines: Iterable[Line], stage: Stage | None, waits: Waits | None) -> list[Line]:
    """Those of some lines that are so far, and wait for one of these; None asks for all."""
    return [line for line in lines if stage in (None, stage_of(line)) and waits in (None, waits_for(line))]


class Board:
    """The use-cases of those who look after many films."""

    def __init__(self, engine: sa.Engine, actor: Actor) -> None:
        self._engine = engine
        self._actor = actor

    def lines(self, agency_id: str | None = None) -> list[Line]:
        """The lines of one agency or, for the house, of all, in the order of what needs attention."""
        with self._engine.connect() as connection:
            found = [*_films(connection, agency_id), *_bare_projects(connection, agency_id)]
        return in_order([line for line in found if self._actor.sees(line.agency_id)], move_of(self._actor))

    def posters(self, lines: Sequence[Line]) -> dict[str, Poster]:
        """A picture for each line that has one, by the line's id."""
        with self._engine.connect() as connection:
            found = _clip_posters(connection, {line.project_id for line in lines})
            filmed = _with_poster(connection, [line.id for line in lines if line.job_id])
        shown = {line.id: found[line.project_id] for line in lines if line.project_id in found}
        return shown | dict.fromkeys(filmed, Poster())


def _films(connection: sa.Connection, agency_id: str | None) -> list[Line]:
    """A line for every job. When it came to its state the events tell; of what has ended, the job itself."""
    ended = (JobState.DELIVERED, JobState.CANCELLED)
    told = sa.select(job_events.c.job_id, sa.func.max(job_events.c.at).label("at")).join(jobs)
    told = told.where(job_events.c.kind.in_(("state", "captions")), jobs.c.state.not_in(ended))
    came = told.group_by(job_events.c.job_id).subquery()
    names = ("storyboard", "state", "progress", "review", "preview", "captions_accepted", "error", "blame")
    query = (
        sa.select(
            *(jobs.c[name] for name in ("id", "agency_id", "project_id", "created_at", *names)),
            jobs.c.id.label("job_id"),
            agencies.c.profile["name"].as_string().label("agency"),
            projects.c.title.label("project"),
            sa.func.coalesce(came.c.at, jobs.c.finished_at, jobs.c.created_at).label("since"),
        )
        .select_from(jobs)
        .join(agencies, agencies.c.id == jobs.c.agency_id)
        .join(projects, projects.c.id == jobs.c.project_id)
        .outerjoin(came, came.c.job_id == jobs.c.id)
        .order_by(jobs.c.id)
    )
    if agency_id is not None:
        query = query.where(jobs.c.agency_id == agency_id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    newest = {(row["project_id"], row["storyboard"], row["preview"]): row["id"] for row in rows}

    def superseded(row: dict[str, Any]) -> bool:
        """A film by a later film; a preview by a later one of either kind."""
        of = row["project_id"], row["storyboard"]
        return bool(row["id"] < max(newest[*of, row["preview"]], newest.get((*of, False), "")))

    return [Line.model_validate(row | {"superseded": superseded(row)}) for row in rows]


def _bare_projects(connection: sa.Connection, agency_id: str | None) -> list[Line]:
    """A line for every project of which no film was asked for."""
    unseen = sa.case((sa.and_(clips.c.inspected.is_(None), clips.c.failed.is_(None)), 1), else_=0)
    sent = sa.select(
        clips.c.project_id,
        sa.func.count().label("clips"),
        sa.func.sum(unseen).label("clips_open"),
        sa.func.max(clips.c.created_at).label("at"),
    )
    sent_by = sent.group_by(clips.c.project_id).subquery()
    query = (
        sa.select(
            projects.c.id,
            projects.c.agency_id,
            projects.c.id.label("project_id"),
            projects.c.title.label("project"),
            projects.c.created_at,
            agencies.c.profile["name"].as_string().label("agency"),
            sa.func.coalesce(sent_by.c.at, projects.c.created_at).label("since"),
            sa.func.coalesce(sent_by.c.clips, 0).label("clips"),
            sa.func.coalesce(sent_by.c.clips_open, 0).label("clips_open"),
        )
        .select_from(projects)
        .join(agencies, agencies.c.id == projects.c.agency_id)
        .outerjoin(sent_by, sent_by.c.project_id == projects.c.id)
        .where(~sa.exists().where(jobs.c.project_id == projects.c.id))
    )
    if agency_id is not None:
        query = query.where(projects.c.agency_id == agency_id)
    return [Line.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def _clip_posters(connection: sa.Connection, project_ids: Iterable[str]) -> dict[str, Poster]:
    """For each project a picture of its first clip, by name, that has one."""
    digest, made = clips.c.inspected["digest"].as_string(), clips.c.inspected["renditions"]
    query = sa.select(clips.c.id, clips.c.project_id, digest, made).where(clips.c.project_id.in_(list(project_ids)))
    query = query.where(clips.c.expired_at.is_(None))
    found: dict[str, Poster] = {}
    for clip_id, project_id, known, renditions in connection.execute(query.order_by(clips.c.name)):
        if POSTER in (renditions or ()):
            found.setdefault(project_id, Poster(clip_id=clip_id, digest=known))
    return found


def _with_poster(connection: sa.Connection, job_ids: Sequence[str]) -> list[str]:
    """Those of some jobs whose film can be looked at and has a poster."""
    shown = (JobState.IN_REVIEW, JobState.APPROVED, JobState.DELIVERED)
    query = sa.select(jobs.c.id, deliveries.c.files).join(deliveries, deliveries.c.job_id == jobs.c.id)
    query = query.where(deliveries.c.expired_at.is_(None))
    query = query.where(jobs.c.id.in_(job_ids), jobs.c.state.in_(shown)).order_by(deliveries.c.round)
    newest = {row.id: row.files for row in connection.execute(query)}
    return [job_id for job_id, files in newest.items() if any(file["name"] == "poster.jpg" for file in files)]
