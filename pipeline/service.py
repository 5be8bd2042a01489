"""The use-cases that the doors call: agencies, projects, clips and jobs here, the others by their names.

Every look-up takes the agency that asks: another agency's id is not found. None stands for the operator, who sees all.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from agencies.agency import Agency
from ingest.duplicates import tell_duplicates
from kit.database import immediate
from kit.errors import Gone, InputRefused, NotFound
from kit.mail import Post
from kit.outbound import PublicOnly
from kit.s3 import S3Storage
from pipeline import audit, idempotency, records
from pipeline.accounts import Accounts
from pipeline.board import Board
from pipeline.coaching import coach_clips
from pipeline.comments import Comments
from pipeline.cuts import Cuts
from pipeline.decisions import Decisions
from pipeline.dispatch import Dispatch
from pipeline.edits import ProjectEdits, pinned_number
from pipeline.entering import Entering
from pipeline.jobs import Films, Job, JobState, Priority
from pipeline.keeping import Keep, footage_gone
from pipeline.lifetimes import footage_goes
from pipeline.metrics import Figures, read_figures
from pipeline.packages import Packages
from pipeline.people import OPERATOR, About, Actor, Happened
from pipeline.projects import (
    AgencyRecord,
    ClipRecord,
    Details,
    JobEvent,
    JobView,
    Project,
)
from pipeline.rows import read_job
from pipeline.seals import Seals
from pipeline.settling import ask_inspection, settle_job
from pipeline.shares import Shares
from pipeline.spoken import is_spoken
from pipeline.tables import agencies
from pipeline.trials import Trials
from pipeline.uploads import Uploads
from pipeline.versions import Storyboards, Version, read_version
from pipeline.views import view_job
from pipeline.webhooks import Webhooks
from storyboards.library import fill_in

if TYPE_CHECKING:
    from editing.coach import Coached

LINK_S = 3600
"""Seconds a link to a clip's rendition holds."""


class Service:
    """The use-cases, each one transaction; steps that come of it are offered after the commit."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: S3Storage,
        dispatch: Dispatch,
        *,
        clock: Callable[[], float] = time.time,
        post: Post | None = None,
        origin: str = "",
        actor: Actor = OPERATOR,
        network: PublicOnly | None = None,
        keep: Keep | None = None,
        room: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._storage = storage
        self._dispatch = dispatch
        self._clock = clock
        self._post = post or Post(None)
        self._origin = origin
        self._actor = actor
        self._network = network
        self._keep = keep or Keep()
        self._room = room
        self.uploads = Uploads(engine, storage, dispatch, clock=clock, actor=actor, room=room)
        self.storyboards = Storyboards(engine, clock=clock, actor=actor)
        self.seals = Seals(engine, storage, clock=clock, actor=actor)
        self.board = Board(engine, actor)
        self.edits = ProjectEdits(engine, clock=clock, actor=actor)
        self.cuts = Cuts(engine, storage, self.edits)
        self.decisions = Decisions(engine, dispatch, clock=clock, actor=actor)
        self.trials = Trials(
            *(engine, storage, dispatch), self.edits, self.cuts, self.decisions, clock=clock, actor=actor
        )
        self.packages = Packages(engine, storage, dispatch, self.decisions, clock=clock, keep=self._keep)
        self.comments = Comments(engine, clock=clock, actor=actor)
        self.shares = Shares(engine, storage, origin=origin, clock=clock, actor=actor)
        self.webhooks = Webhooks(engine, clock=clock, network=network, actor=actor)
        self.entering = Entering(engine, actor, self._post, origin, clock=clock)
        self.accounts = Accounts(engine, actor, self._post, self.entering.link_of, clock=clock)

    def acting_as(self, actor: Actor) -> "Service":
        """The same use-cases on somebody's behalf, under whose name changes stand in the audit trail."""
        return Service(
            *(self._engine, self._storage, self._dispatch),
            clock=self._clock,
            post=self._post,
            origin=self._origin,
            actor=actor,
            network=self._network,
            keep=self._keep,
            room=self._room,
        )

    def trail(
        self,
        *,
        before: int | None = None,
        agency_id: str | None = None,
        about: About | None = None,
        who: str | None = None,
        limit: int = 50,
    ) -> Sequence[Happened]:
        """The audit trail, newest first, or what lies before a line of it."""
        return audit.list_trail(self._engine, before=before, agency_id=agency_id, about=about, who=who, limit=limit)

    def check(self) -> None:
        """Whether database and store answer a real request; Outage when one does not.

        The database is only read: whoever asks need not wait for those who write, nor they for him.
        """
        with self._engine.connect() as connection:
            connection.execute(sa.select(agencies.c.id).limit(1))
        self._storage.check()

    def figures(self) -> Figures:
        """How the pipeline stands, for those who watch over it."""
        with self._engine.connect() as connection:
            return read_figures(connection, self._clock())

    def create_agency(self, profile: Agency, *, idempotency_key: str | None = None) -> AgencyRecord:
        """Sign an agency on."""
        now = self._clock()
        with immediate(self._engine) as connection:

            def make() -> str:
                agency_id = records.add_agency(connection, profile, now)
                audit.note(
                    connection, self._actor, now, "create agency", "agency", agency_id, agency_id, name=profile.name
                )
                return agency_id

            made = idempotency.once(connection, "", idempotency_key, f"agency {profile.name}", now, make=make)
            return records.read_agency(connection, made)

    def read_agency(self, agency_id: str) -> AgencyRecord:
        """One agency, or NotFound."""
        with self._engine.connect() as connection:
            return records.read_agency(connection, agency_id)

    def check_agency(self, agency_id: str) -> None:
        """NotFound for an agency that is not there."""
        with self._engine.connect() as connection:
            records.check_agency(connection, agency_id)

    def list_agencies(self) -> list[AgencyRecord]:
        """All agencies, oldest first."""
        with self._engine.connect() as connection:
            return records.list_agencies(connection)

    def create_project(self, agency_id: str, title: str, *, idempotency_key: str | None = None) -> Project:
        """Begin a project; NotFound for an agency that is not there."""
        tidy = " ".join(title.split())
        if not 1 <= len(tidy) <= 200:
            raise InputRefused("Give the project a title of 1 to 200 characters.")
        now = self._clock()
        with immediate(self._engine) as connection:
            records.read_agency(connection, agency_id)

            def make() -> str:
                project_id = records.add_project(connection, agency_id, tidy, now)
                audit.note(connection, self._actor, now, "create project", "project", project_id, agency_id, title=tidy)
                return project_id

            made = idempotency.once(connection, agency_id, idempotency_key, f"project {tidy}", now, make=make)
            return records.read_project(connection, made)

    def read_project(self, project_id: str, *, agency_id: str | None = None) -> Project:
        """One project, or NotFound."""
        with self._engine.connect() as connection:
            return records.read_project(connection, project_id, agency_id)

    def list_projects(self, agency_id: str) -> list[Project]:
        """An agency's projects, oldest first."""
        with self._engine.connect() as connection:
            return records.list_projects(connection, agency_id)

    def list_clips(self, project_id: str, *, agency_id: str | None = None) -> list[ClipRecord]:
        """A project's clips by name, told which are duplicates; `clip` is None while a clip waits for its verdict.

        Each says when its footage will be deleted, or was.
        """
        with self._engine.connect() as connection:
            records.read_project(connection, project_id, agency_id)
            held = records.list_clips(connection, project_id)
            goes = footage_goes(connection, self._keep, project_id).get(project_id)
        here = [clip for record in held if record.in_films and (clip := record.clip)]
        told = {clip.file: clip for clip in tell_duplicates(here)}
        return [
            record
            if record.expired_at
            else record.model_copy(update={"inspected": told.get(record.name, record.inspected), "goes_at": goes})
            for record in held
        ]

    def coach(
        self, project_id: str, storyboard: str = "promise", *, agency_id: str | None = None
    ) -> tuple["Coached", int]:
        """How far a project's clips are from the film, and how many wait to be looked at still. NotFound."""
        clips = [clip for clip in self.list_clips(project_id, agency_id=agency_id) if clip.in_films]
        project = self.read_project(project_id, agency_id=agency_id)
        agency = self.read_agency(project.agency_id).profile
        seen = [record.clip for record in clips if record.clip]
        music = next((record.name for record in clips if record.details.music), None)
        spec = self.storyboards.current(storyboard)
        return coach_clips(spec, seen, agency, music), sum(not record.clip and not record.failed for record in clips)

    def describe_clip(self, clip_id: str, details: Details, *, agency_id: str | None = None) -> ClipRecord:
        """Write down what a person says of a clip; the next plan heeds it.

        One that is to be heard now, or no longer, and has no transcript is listened to anew.
        """
        made: list[str] = []
        own = self.storyboards.own_slots()
        with immediate(self._engine) as connection:
            held = records.read_clip(connection, clip_id, agency_id)
            if held.expired_at:
                raise Gone(footage_gone(held.expired_at))
            records.set_details(connection, clip_id, details)
            audit.note(connection, self._actor, self._clock(), "describe clip", "clip", clip_id, held.agency_id)
            wordless = held.inspected is not None and held.transcript_key is None
            if wordless and is_spoken(held.details, own) != is_spoken(details, own):
                made.append(ask_inspection(connection, held.model_dump(), self._clock(), keep=True))
            described = records.read_clip(connection, clip_id)
        self._dispatch(made)
        return described

    def link_rendition(self, clip_id: str, name: str, *, agency_id: str | None = None) -> str:
        """A link that shows one of a clip's renditions and expires; NotFound when it has none of that name, Gone."""
        with self._engine.connect() as connection:
            record = records.read_clip(connection, clip_id, agency_id)
            key = records.read_renditions_key(connection, clip_id)
        if record.expired_at:
            raise Gone(footage_gone(record.expired_at))
        if key is None or record.inspected is None or name not in record.inspected.renditions:
            raise NotFound(f"This clip has no {name}.")
        return self._storage.sign_get(f"{key}/{name}", filename=name, expires_s=LINK_S, inline=True)

    def submit_job(
        self,
        project_id: str,
        storyboard: str = "promise",
        *,
        version: int | None = None,
        edits_version: int | None = None,
        films: Films = "both",
        preview: bool = False,
        variables: Mapping[str, str] | None = None,
        priority: Priority = Priority.NORMAL,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """Ask for a film by one version of a storyboard and of the project's edits; the job keeps to them.

        Both are the newest unless a number is given; 0 asks for no edits. `variables` are words for the storyboard's
        variables; a preview shows examples of those that it asks for. InputRefused for an unknown storyboard, version
        or variable or a project without clips; NotFound, Conflict.
        """
        pinned = self._pinned(storyboard, version)
        given = read_version(storyboard, pinned.text)
        spec = fill_in(given.as_example if preview else given, variables or {})
        now = self._clock()
        made: list[str] = []
        with immediate(self._engine) as connection:
            project = records.read_project(connection, project_id, agency_id)
            records.hold_project(connection, project.id)
            if not records.list_clips(connection, project_id):
                raise InputRefused("This project has no footage yet; upload some first.")

            def make() -> str:
                records.check_footage(connection, project.id)
                edits = pinned_number(connection, project.id, edits_version)
                job_id = records.add_job(
                    connection,
                    project,
                    spec,
                    now,
                    films=films,
                    preview=preview,
                    version=pinned.number,
                    edits=edits,
                    priority=priority,
                )
                made.extend(settle_job(connection, job_id, now))
                made_by = {"storyboard": storyboard, "version": pinned.number, "preview": preview}
                audit.note(connection, self._actor, now, "submit job", "job", job_id, project.agency_id, **made_by)
                return job_id

            wished = [project_id, storyboard, version, films, preview, variables or {}, priority]
            wished += [] if edits_version is None else [edits_version]
            wish = json.dumps(wished, sort_keys=True)
            request = f"job {hashlib.sha256(wish.encode()).hexdigest()[:40]}"
            job_id = idempotency.once(connection, project.agency_id, idempotency_key, request, now, make=make)
            job = read_job(connection, job_id)
        self._dispatch(made)
        return job

    def list_jobs(self, project_id: str, *, agency_id: str | None = None) -> list[Job]:
        """A project's jobs, oldest first."""
        with self._engine.connect() as connection:
            records.read_project(connection, project_id, agency_id)
            return records.list_jobs(connection, project_id)

    def job_view(self, job_id: str, *, agency_id: str | None = None) -> JobView:
        """Where a job stands: state, progress, steps, notes, time left."""
        with self._engine.connect() as connection:
            return view_job(connection, job_id, self._clock(), agency_id=agency_id)

    def job_state(self, job_id: str, *, agency_id: str | None = None) -> JobState:
        """Where a job stands, and nothing more; NotFound."""
        with self._engine.connect() as connection:
            return read_job(connection, job_id, agency_id=agency_id).state

    def newest_events(self, job_ids: Sequence[str]) -> dict[str, int]:
        """The newest event of each of some jobs, for those who follow them."""
        with self._engine.connect() as connection:
            return records.newest_events(connection, job_ids)

    def events(
        self, job_id: str, after: int = 0, *, limit: int = 500, agency_id: str | None = None
    ) -> Sequence[JobEvent]:
        """What happened to a job after an event seen, oldest first."""
        with self._engine.connect() as connection:
            read_job(connection, job_id, agency_id=agency_id)
            return records.list_events(connection, job_id, after, limit)

    def _pinned(self, storyboard: str, version: int | None) -> Version:
        """The version that a job is made by; InputRefused when it is not there."""
        try:
            return self.storyboards.version(storyboard, version)
        except NotFound as error:
            names = ", ".join(one.storyboard for one in self.storyboards.newest())
            raise InputRefused(f"{error} There are: {names}.") from None
