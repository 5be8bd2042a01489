"""Edits by hand of a project's film and their versions: every change is a new version that stays as it is.

They belong to the project and to its agency alone; a job keeps to the version that it was made with.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from editing.by_hand import problems
from editing.edit_words import differences
from editing.edits import NO_EDITS, Edits
from ingest.duplicates import tell_duplicates
from kit.database import immediate
from kit.errors import Bug, Conflict, InputRefused, NotFound
from kit.values import Value
from pipeline import audit, idempotency, records
from pipeline.jobs import Job
from pipeline.people import OPERATOR, Actor
from pipeline.rows import new_id
from pipeline.tables import edit_versions, jobs
from pipeline.versions import LONGEST_NOTE, LONGEST_WORD, tidy


class EditsVersion(Value):
    """One version of a project's edits, as it was saved."""

    id: str
    agency_id: str
    project_id: str
    number: int
    """Counts a project's versions from 1."""
    author: str
    note: str
    edits: Edits
    created_at: float


class Saved(NamedTuple):
    """A version, and what of it does not hold with the footage of now."""

    version: EditsVersion
    unapplied: tuple[str, ...]


class ProjectEdits:
    """The use-cases of edits by hand; versions are added and never changed."""

    def __init__(self, engine: sa.Engine, *, clock: Callable[[], float] = time.time, actor: Actor = OPERATOR) -> None:
        self._engine = engine
        self._clock = clock
        self._actor = actor

    def versions(self, project_id: str, *, agency_id: str | None = None) -> list[EditsVersion]:
        """A project's versions, newest first; NotFound for a project that is not this agency's."""
        with self._engine.connect() as connection:
            records.read_project(connection, project_id, agency_id)
            return _versions(connection, project_id)[::-1]

    def version(self, project_id: str, number: int | None = None, *, agency_id: str | None = None) -> Saved | None:
        """One version, the newest when no number is given; None before there is any. NotFound."""
        with self._engine.connect() as connection:
            records.read_project(connection, project_id, agency_id)
            held = _versions(connection, project_id)
            if not held and number is None:
                return None
            found = held[-1] if number is None else next((one for one in held if one.number == number), None)
            if found is None:
                raise NotFound(f"The edits of this project have no version {number}.")
            return Saved(found, _problems(connection, found, found.edits))

    def save(
        self,
        project_id: str,
        edits: Edits,
        *,
        author: str,
        note: str,
        based_on: int,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
        asked: str | None = None,
    ) -> Saved:
        """Save edits as a project's next version; `based_on` is the version that was edited, 0 before the first.

        `asked` tells the request apart where it was another than for these very edits, as `saved_before` does.
        Edits of the version before that hold no longer may stay, and are told. Raises InputRefused (author, note,
        nothing changed, or a new edit that does not hold), Conflict when somebody saved another version since.
        """
        author, note = tidy(author, "the author", LONGEST_WORD), tidy(note, "the note", LONGEST_NOTE)
        now = self._clock()
        with immediate(self._engine) as connection:
            project = records.read_project(connection, project_id, agency_id)

            def make() -> str:
                held = _versions(connection, project_id)
                _check_basis(held, based_on, edits)
                new = EditsVersion(
                    id=new_id(),
                    agency_id=project.agency_id,
                    project_id=project_id,
                    number=based_on + 1,
                    author=author,
                    note=note,
                    edits=edits,
                    created_at=now,
                )
                before = _problems(connection, new, held[-1].edits) if held else ()
                wrong = [words for words in _problems(connection, new, edits) if words not in before]
                if wrong:
                    raise InputRefused(f"this edit cannot be made: {'; '.join(wrong[:20])}")
                add_version(connection, new)
                audit.note(
                    connection,
                    self._actor,
                    now,
                    "save edits",
                    "project",
                    project_id,
                    project.agency_id,
                    version=new.number,
                )
                return new.id

            wish = asked or json.dumps([project_id, edits.model_dump(mode="json"), author, note, based_on])
            made = idempotency.once(connection, project.agency_id, idempotency_key, _request(wish), now, make=make)
            return _saved(connection, project_id, made)

    def saved_before(self, job: Job, idempotency_key: str | None, asked: str) -> Saved | None:
        """What was saved for a job's project by the same request before. Conflict when the key was used for another."""
        with self._engine.connect() as connection:
            made = idempotency.made_before(connection, job.agency_id, idempotency_key, _request(asked))
            return _saved(connection, job.project_id, made) if made else None

    def differences(
        self, project_id: str, old: int | None, new: int | None, *, agency_id: str | None = None
    ) -> tuple[int, int, tuple[str, ...]]:
        """Two versions' numbers and what changed between them, in words; by default the newest and the one before it.

        Version 0 is the film without edits.
        """
        held = {one.number: one.edits for one in self.versions(project_id, agency_id=agency_id)} | {0: NO_EDITS}
        after = max(held) if new is None else new
        before = max(after - 1, 0) if old is None else old
        for number in (before, after):
            if number not in held:
                raise NotFound(f"The edits of this project have no version {number}.")
        return before, after, differences(held[before], held[after])


def add_version(connection: sa.Connection, version: EditsVersion) -> None:
    """Write down a version. Raises Conflict when another of its number is being written."""
    try:
        connection.execute(sa.insert(edit_versions), [version.model_dump(mode="json")])
    except sa.exc.IntegrityError as error:
        raise Conflict("Another version is being saved right now; ask again in a moment.") from error


def newest_number(connection: sa.Connection, project_id: str) -> int | None:
    """The number of a project's newest version; None before there is any."""
    mine = edit_versions.c.project_id == project_id
    number: int | None = connection.scalar(sa.select(sa.func.max(edit_versions.c.number)).where(mine))
    return number


def pinned_number(connection: sa.Connection, project_id: str, wanted: int | None) -> int | None:
    """The version a film is to be made with: the newest unless a number is given, none for 0. Raises InputRefused."""
    newest = newest_number(connection, project_id)
    if wanted is None or wanted == newest:
        return newest
    if wanted == 0:
        return None
    if newest is None or wanted > newest:
        raise InputRefused(f"The edits of this project have no version {wanted}; save it first, or leave it out.")
    return wanted


def pin(connection: sa.Connection, job_id: str, number: int | None) -> None:
    """Write down with which version of the edits a job is made from now on."""
    connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(edits_version=number))


def edits_of(connection: sa.Connection, job: Job) -> Edits:
    """The edits that a job is made with."""
    if job.edits_version is None:
        return NO_EDITS
    mine = sa.and_(edit_versions.c.project_id == job.project_id, edit_versions.c.number == job.edits_version)
    held = connection.scalar(sa.select(edit_versions.c.edits).where(mine))
    if held is None:
        raise Bug("A job keeps to a version of edits that is not there.")
    return Edits.model_validate(held)


def _versions(connection: sa.Connection, project_id: str) -> list[EditsVersion]:
    """A project's versions, oldest first."""
    mine = sa.select(edit_versions).where(edit_versions.c.project_id == project_id)
    rows = connection.execute(mine.order_by(edit_versions.c.number)).mappings()
    return [EditsVersion.model_validate(dict(row)) for row in rows]


def _request(wish: str) -> str:
    return f"edits {hashlib.sha256(wish.encode()).hexdigest()[:40]}"


def _saved(connection: sa.Connection, project_id: str, version_id: str) -> Saved:
    saved = next(version for version in _versions(connection, project_id) if version.id == version_id)
    return Saved(saved, _problems(connection, saved, saved.edits))


def _check_basis(held: Sequence[EditsVersion], based_on: int, edits: Edits) -> None:
    newest = held[-1] if held else None
    if newest is None and based_on:
        raise Conflict("There are no edits of this project yet: save the first version on top of version 0.")
    if newest and based_on != newest.number:
        raise Conflict(
            f"Version {newest.number} of the edits was saved by {newest.author} meanwhile (“{newest.note}”): "
            "look at what it changed, and save yours on top of it."
        )
    if edits == (newest.edits if newest else NO_EDITS):
        raise InputRefused("These are the edits as they stand: there is nothing to save.")


def _problems(connection: sa.Connection, version: EditsVersion, edits: Edits) -> tuple[str, ...]:
    """What of edits does not hold with a project's footage, and with the storyboard of its newest film."""
    clips = tell_duplicates(
        [one.clip for one in records.list_clips(connection, version.project_id) if one.clip and one.in_films]
    )
    agency = records.read_agency(connection, version.agency_id).profile
    made = records.list_jobs(connection, version.project_id)
    return problems(edits, clips, agency, records.read_storyboard(connection, made[-1].id) if made else None)
