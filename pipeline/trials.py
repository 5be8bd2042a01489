"""A film as it would be with other edits: planned without being made, with what would be made again and how long."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import sqlalchemy as sa

from editing.card_timing import card_shot
from editing.decision_list import DecisionList, decision_list
from editing.edit_words import differences
from editing.edits import NO_EDITS, Edits
from editing.lanes import Lanes, lanes
from editing.timeline import Timeline
from kit.database import immediate
from kit.errors import Conflict, NotFound
from kit.storage import Storage
from kit.values import Value
from pipeline import audit, flow, idempotency, records
from pipeline.craft import Craft
from pipeline.cuts import Cuts
from pipeline.decisions import Decisions
from pipeline.dispatch import Dispatch
from pipeline.edits import ProjectEdits, pinned_number
from pipeline.jobs import AT_REST, Job, JobState, Planned, SegmentNote, StepKind
from pipeline.pace import Pace, Work, read_paces, seconds_for
from pipeline.people import OPERATOR, Actor
from pipeline.plans import Ingredients, films_of, planned_of, read_ingredients
from pipeline.rows import read_job
from pipeline.settling import settle_job
from pipeline.sketching import Sketches

ASKED_AT_ONCE = 8
"""Questions to the store under way together."""


class Cost(Value):
    """What making a film takes that is not there yet."""

    pieces: int
    """Pieces that the film is made of."""
    made_again: int
    """Pieces that have to be encoded."""
    spans: tuple[tuple[int, int], ...]
    """Where they lie, from a frame of the film to another; neighbours are one."""
    frames: int
    """Frames to encode; those of a captioned piece count once for each film that shows it."""
    sound: bool
    """Whether the sound is mixed again."""
    seconds: float | None
    """How long it takes with nobody else's film before it, as the newest steps went; None when none were measured."""
    measured: int
    """How many steps that rests on."""
    scaled: bool
    """Whether it is told by films of another size, because none such was made."""


class Sheet(NamedTuple):
    """A film part by part."""

    timeline: Timeline
    decisions: DecisionList
    lanes: Lanes


class Cut(NamedTuple):
    """A job's film as it was planned last, and what it may be cut of."""

    job: Job
    sheet: Sheet
    ingredients: Ingredients
    based_on: int
    """The project's newest edits, 0 before there are any."""
    edits: Edits


class Trial(NamedTuple):
    """A film as edits would have it."""

    sheet: Sheet
    ingredients: Ingredients
    film: Cost
    preview: Cost
    changes: tuple[str, ...]
    """What these edits decide otherwise than the project's newest, in words."""


class Trials:
    """The use-cases of whoever cuts a film by hand."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: Storage,
        dispatch: Dispatch,
        edits: ProjectEdits,
        cuts: Cuts,
        decisions: Decisions,
        *,
        clock: Callable[[], float] = time.time,
        actor: Actor = OPERATOR,
    ) -> None:
        self._engine = engine
        self._storage = storage
        self._dispatch = dispatch
        self._edits = edits
        self._cuts = cuts
        self._decisions = decisions
        self._clock = clock
        self._actor = actor

    def cut(self, job_id: str, *, agency_id: str | None = None) -> Cut:
        """A job's film as it was planned last. NotFound; Conflict before it is planned."""
        with self._engine.connect() as connection:
            job = read_job(connection, job_id, agency_id=agency_id)
            ingredients = read_ingredients(connection, job)
        timeline, digests = self._cuts.timeline_of(job)
        number, edits = self._newest(job)
        return Cut(job, _sheet(timeline, digests), ingredients, number, edits)

    def attempt(self, job_id: str, edits: Edits, *, agency_id: str | None = None) -> Trial:
        """The film that a job would make now with these edits; nothing is saved and nothing is made.

        Raises NotFound, InputRefused when they make no film.
        """
        with self._engine.connect() as connection:
            job = read_job(connection, job_id, agency_id=agency_id)
            records.check_footage(connection, job.project_id)
            ingredients = read_ingredients(connection, job)
            film_pace, preview_pace = read_paces(connection, job.films)
        craft = _craft()
        timeline = craft.plan(ingredients.storyboard, ingredients.clips, ingredients.agency, ingredients.music, edits)

        def cost(preview: bool, pace: Pace) -> Cost:
            wanted = job.model_copy(update={"preview": preview})
            context = ingredients.context(timeline, preview=preview)
            return self._cost(wanted, planned_of(craft, context, films_of(wanted)), pace)

        return Trial(
            sheet=_sheet(timeline, ingredients.digests),
            ingredients=ingredients,
            film=cost(False, film_pace),
            preview=cost(True, preview_pace),
            changes=differences(self._newest(job)[1], edits),
        )

    def card(
        self, job_id: str, card: str, nth: int, lines: tuple[str, ...], sketches: Sketches, *, agency_id: str | None
    ) -> bytes:
        """A card of a job's film with other words, by the renderer, as JPEG; the Promise keeps its own.

        Raises NotFound when the storyboard has no such card, InputRefused when the words do not fit on it, Outage.
        """
        with self._engine.connect() as connection:
            job = read_job(connection, job_id, agency_id=agency_id)
            of = read_ingredients(connection, job)
        shot = card_shot(of.storyboard, of.agency, card, nth, lines)
        if shot is None:
            raise NotFound("This film has no such card.")
        seal = of.agency.seal and shot.seal and self._storage.get_bytes(of.agency.seal.key)
        return sketches.card(shot, of.agency, seal or None)

    def make(
        self,
        job_id: str,
        *,
        preview: bool,
        edits_version: int | None = None,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """Make a job's film, or its preview, with the project's newest edits or those of a version, 0 for none.

        One of this storyboard that is in review is planned again; else another job is made alike. NotFound;
        InputRefused for an unknown version; Conflict while such a film is under way.
        """
        with self._engine.connect() as connection:
            job = read_job(connection, job_id, agency_id=agency_id)
            asked = (job.agency_id, idempotency_key, f"film {job_id} {preview} {edits_version}")
            if before := idempotency.made_before(connection, *asked):
                return read_job(connection, before)
            alike = [one for one in _alike(connection, job) if one.preview == preview]
        under_way = next((one for one in alike if one.state not in AT_REST), None)
        if under_way:
            what = "A preview of this film" if preview else "This film"
            raise Conflict(f"{what} is being made right now: wait until it is done, or stop it first.")
        newest = alike[-1] if alike else None
        if newest and newest.state is JobState.IN_REVIEW:
            changed = self._decisions.ask_changes(newest.id, edits_version=edits_version, agency_id=agency_id)
            with immediate(self._engine) as connection:
                idempotency.once(connection, *asked, self._clock(), make=lambda: changed.id)
            return changed
        return self._made_alike(job, preview, edits_version, asked)

    def _made_alike(
        self, job: Job, preview: bool, edits_version: int | None, asked: tuple[str, str | None, str]
    ) -> Job:
        now = self._clock()
        with immediate(self._engine) as connection:
            project = records.read_project(connection, job.project_id)
            records.hold_project(connection, project.id)
            records.check_footage(connection, project.id)
            storyboard = records.read_storyboard(connection, job.id)
            edits = pinned_number(connection, job.project_id, edits_version)
            job_id = records.add_job(
                connection,
                project,
                storyboard,
                now,
                films=job.films,
                preview=preview,
                version=job.storyboard_version,
                edits=edits,
                priority=job.priority,
            )
            made = settle_job(connection, job_id, now)
            like = {"storyboard": job.storyboard, "version": job.storyboard_version, "preview": preview, "like": job.id}
            audit.note(connection, self._actor, now, "submit job", "job", job_id, job.agency_id, **like)
            idempotency.once(connection, *asked, now, make=lambda: job_id)
            begun = read_job(connection, job_id)
        self._dispatch(made)
        return begun

    def _newest(self, job: Job) -> tuple[int, Edits]:
        saved = self._edits.version(job.project_id)
        return (saved.version.number, saved.version.edits) if saved else (0, NO_EDITS)

    def _cost(self, job: Job, planned: Planned, pace: Pace) -> Cost:
        """What a film takes that is planned so."""
        asked = {planned.sound_key, *(key for one in planned.segments for key in one.keys)}
        with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
            there = {
                key for key, is_there in zip(asked, pool.map(self._storage.exists, asked), strict=True) if is_there
            }
        missing = [sum(key not in there for key in one.keys) for one in planned.segments]
        encoded = [count * one.frames for count, one in zip(missing, planned.segments, strict=True) if count]
        sound = planned.sound_key not in there
        work = Work(
            encoded=encoded,
            found=len(planned.segments) - len(encoded) + (not sound),
            sound=flow.sound_frames(planned) if sound else 0,
            joined=flow.late_frames(job, planned, StepKind.ASSEMBLE),
            packed=flow.late_frames(job, planned, StepKind.PACKAGE),
        )
        seconds = seconds_for(work, pace)
        return Cost(
            pieces=len(planned.segments),
            made_again=len(encoded),
            spans=_spans(planned.segments, missing),
            frames=sum(encoded),
            sound=sound,
            seconds=None if seconds is None else round(seconds, 1),
            measured=pace.steps,
            scaled=pace.scaled,
        )


def _spans(segments: Sequence[SegmentNote], missing: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Where the film is encoded."""
    spans: list[tuple[int, int]] = []
    at = 0
    for one, count in zip(segments, missing, strict=True):
        if count and spans and spans[-1][1] == at:
            spans[-1] = spans[-1][0], at + one.frames
        elif count:
            spans.append((at, at + one.frames))
        at += one.frames
    return tuple(spans)


def _craft() -> Craft:
    """The real craft, brought in when somebody cuts: it is long to load."""
    from pipeline.film_craft import FilmCraft

    return FilmCraft()


def _sheet(timeline: Timeline, digests: Mapping[str, str]) -> Sheet:
    return Sheet(timeline, decision_list(timeline, digests), lanes(timeline, digests))


def _alike(connection: sa.Connection, job: Job) -> list[Job]:
    """The jobs of a project that are made by the very same storyboard, oldest first."""
    wanted = records.read_storyboard(connection, job.id)
    every = records.list_jobs(connection, job.project_id)
    return [one for one in every if one.id == job.id or records.read_storyboard(connection, one.id) == wanted]
