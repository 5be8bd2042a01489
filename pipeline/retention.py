"""What is let go of when its time has come: first the rows say so, then the bucket follows the rows.

So no row that counts points at an object that is gone, and an object that a sweep was cut short over is found by the
next one. A sweep lets go of nothing that a job under way asks for; should it come between a plan and its pieces all the
same, a missing piece is made again (`tasks.py`).
"""

import logging
import time
from collections.abc import Callable, Iterable
from itertools import islice

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Outage
from kit.storage import Storage, Stored
from pipeline import audit, records
from pipeline.forgetting import forget_rows
from pipeline.jobs import AT_REST, StepKind
from pipeline.keeping import DAY_S, Keep
from pipeline.lifetimes import Goes, footage_goes, in_work, is_busy, last_work, packages_go
from pipeline.names import ORPHAN_S, OURS, SETTLED_S, SHARED, may_go, name_of, read_names
from pipeline.people import About, Actor, Role
from pipeline.projects import UploadState
from pipeline.tables import clips, deliveries, jobs, projects, steps, uploads

EVERY_S = 3600.0
"""Seconds between two sweeps of one process."""

LOOK_S = 600.0
"""Seconds between two looks at the room on the disk."""

SWEEPER = Actor(role=Role.ADMINISTRATOR, name="retention")
"""In whose name the audit trail tells what was let go of."""

_A_TIME = 500
_log = logging.getLogger(__name__)


class Retention:
    """Sweeps of what is no longer wanted; several processes may sweep at once."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: Storage,
        *,
        keep: Keep | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._storage = storage
        self._keep = keep or Keep()
        self._clock = clock

    def sweep(self) -> int:
        """Let go of everything that may go now; how many objects and open uploads went."""
        self._give_up_uploads()
        self._expire_packages()
        self._drop_archives()
        self._expire_footage()
        self._let_pieces_go(self._keep.pieces_s)
        self._expire_replaced()
        forget_rows(self._engine, self._keep, self._clock())
        return self._clear_uploads() + self._clear_bucket()

    def make_room(self) -> int:
        """Let go early of what can be made again: pieces and zips of films that nobody works on now."""
        self._let_pieces_go(min(self._keep.pieces_s, SETTLED_S))
        self._drop_archives(early=True)
        return self._clear_bucket()

    # ---- what the rows say

    def _give_up_uploads(self) -> None:
        """Give up uploads that nobody goes on with."""
        old = uploads.c.created_at < self._clock() - self._keep.uploads_s
        left = sa.and_(uploads.c.state == UploadState.OPEN, old)
        with immediate(self._engine) as connection:
            connection.execute(sa.update(uploads).where(left).values(state=UploadState.ABORTED))

    def _expire_packages(self) -> None:
        with self._engine.connect() as connection:
            due = self._due(packages_go(connection, self._keep))
        for package in due:
            mine = deliveries.c.id == package
            with immediate(self._engine) as connection:
                owner = sa.select(jobs.c.id, jobs.c.agency_id).join(deliveries).where(mine)
                # Whoever approves, shares or has a film made anew holds the job's row too.
                job = connection.execute(owner.with_for_update(key_share=True, of=jobs)).one()
                if not self._due(packages_go(connection, self._keep, package_id=package)):
                    continue
                gone = {"expired_at": self._clock(), "archive": sa.null()}
                connection.execute(sa.update(deliveries).where(mine).values(gone))
                self._note(connection, "delete package", "job", job.id, job.agency_id)

    def _expire_footage(self) -> None:
        with self._engine.connect() as connection:
            due = self._due(footage_goes(connection, self._keep))
        for project in due:
            with immediate(self._engine) as connection:
                agency = records.hold_project(connection, project)
                if not self._due(footage_goes(connection, self._keep, project)):
                    continue
                now = self._clock()
                for table in (uploads, clips):
                    kept = sa.and_(table.c.project_id == project, table.c.expired_at.is_(None))
                    kept = kept if table is clips else sa.and_(kept, uploads.c.state == UploadState.COMPLETE)
                    connection.execute(sa.update(table).where(kept).values(expired_at=now))
                self._note(connection, "delete footage", "project", project, agency)

    def _expire_replaced(self) -> None:
        """Files that one of the same name took the place of, once no film is left that may go on with them."""
        newer = uploads.alias("newer")
        same = sa.and_(newer.c.project_id == uploads.c.project_id, newer.c.name == uploads.c.name)
        later = sa.and_(same, newer.c.state == UploadState.COMPLETE, newer.c.id > uploads.c.id)
        used = sa.or_(clips.c.storage_key == uploads.c.storage_key, clips.c.transcript_key == uploads.c.storage_key)
        replaced = sa.and_(
            uploads.c.state == UploadState.COMPLETE,
            uploads.c.expired_at.is_(None),
            uploads.c.created_at < self._clock() - self._keep.pieces_s,
            sa.exists().where(later),
            ~sa.exists().where(used, clips.c.expired_at.is_(None)),
            ~sa.exists().where(jobs.c.project_id == uploads.c.project_id, jobs.c.pieces_expired_at.is_(None)),
        )
        with self._engine.connect() as connection:
            found = set(connection.scalars(sa.select(uploads.c.project_id).where(replaced)))
        for project in sorted(found):
            with immediate(self._engine) as connection:
                records.hold_project(connection, project)
                if not connection.scalar(sa.select(in_work()).where(projects.c.id == project)):
                    mine = sa.and_(uploads.c.project_id == project, replaced)
                    connection.execute(sa.update(uploads).where(mine).values(expired_at=self._clock()))

    def _let_pieces_go(self, after_s: float) -> None:
        """Pieces of films at rest on which nobody has worked for so long, but for those that another film asks for."""
        rests = sa.and_(jobs.c.state.in_(sorted(AT_REST)), ~is_busy(), jobs.c.pieces_expired_at.is_(None))
        old = sa.and_(rests, last_work() < self._clock() - after_s)
        with immediate(self._engine) as connection:
            ids = connection.scalars(sa.select(jobs.c.id).where(old).with_for_update(key_share=True, of=jobs)).all()
            gone = {"pieces_expired_at": self._clock()}
            for start in range(0, len(ids), _A_TIME):
                some = jobs.c.id.in_(ids[start : start + _A_TIME])
                connection.execute(sa.update(jobs).where(some).values(gone))

    def _drop_archives(self, *, early: bool = False) -> None:
        made = sa.select(sa.func.max(steps.c.finished_at)).where(
            steps.c.job_id == deliveries.c.job_id, steps.c.round == deliveries.c.round, steps.c.kind == StepKind.ARCHIVE
        )
        # One that was made a moment ago is about to be downloaded.
        after_s = min(self._keep.archives_s, DAY_S) if early else self._keep.archives_s
        old = sa.and_(deliveries.c.archive.is_not(None), made.scalar_subquery() < self._clock() - after_s)
        with immediate(self._engine) as connection:
            connection.execute(sa.update(deliveries).where(old).values(archive=sa.null()))

    def _due(self, goes: Goes) -> list[str]:
        now = self._clock()
        return sorted(one for one, at in goes.items() if at is not None and at <= now)

    def _note(self, connection: sa.Connection, action: str, kind: About, what: str, agency: str) -> None:
        audit.note(connection, SWEEPER, self._clock(), action, kind, what, agency)

    # ---- what the bucket holds

    def _clear_uploads(self) -> int:
        """Free the parts of uploads that no open row names: given up, cut short before their row was written, or ours.

        The store clears them by a rule of its own too, where it knows such rules and let us set one.
        """
        there = [found for found in self._storage.open_uploads() if found.key.partition("/")[0] in OURS]
        with self._engine.connect() as connection:
            named = sa.select(uploads.c.store_upload_id).where(uploads.c.state == UploadState.OPEN)
            wanted = set(connection.scalars(named))
        left = [one for one in there if one.upload_id not in wanted and self._clock() - one.begun >= ORPHAN_S]
        for one in left:
            self._storage.abort_upload(one.key, one.upload_id)
        return len(left)

    def _clear_bucket(self) -> int:
        """Remove what no row names, or only rows that let it go; how many objects went."""
        # The bucket first: what comes to be named in between is among the names.
        there = [found for folder in OURS for found in self._storage.stored(f"{folder}/")]
        with self._engine.connect() as connection:
            names = read_names(connection, self._clock())
        gone = [found for found in there if may_go(found, names, self._clock())]
        shared = [found for found in gone if found.key.partition("/")[0] in SHARED]
        alone = [found.key for found in gone if found.key.partition("/")[0] not in SHARED]
        return self._delete(alone) + self._delete(self._still_old(shared))

    def _still_old(self, found: Iterable[Stored]) -> list[str]:
        """Keys of those that nobody has asked for since they were listed: whoever does writes them, or their mark."""
        left: dict[str, list[str]] = {}
        for one in found:
            left.setdefault(_mark_of(one.key), []).append(one.key)
        kept = []
        for mark, keys in left.items():
            newest = max((one.modified for one in self._storage.stored(mark)), default=0.0)
            if self._clock() - newest >= ORPHAN_S:
                kept += sorted(keys, reverse=True)  # renditions before their mark
        return kept

    def _delete(self, keys: Iterable[str]) -> int:
        left, count = iter(keys), 0
        while some := list(islice(left, _A_TIME)):
            self._storage.delete(some)
            count += len(some)
        return count


def keep_retaining(
    retention: Retention,
    doubt: Callable[[], str],
    *,
    every_s: float = EVERY_S,
    is_short: Callable[[], bool] = lambda: False,
    until: Callable[[], bool] = lambda: False,
) -> None:
    """Sweep now and then until told otherwise; no failure ends it.

    While the disk `is_short`, what can be made again goes too, every ten minutes. Nothing goes while there is a `doubt`
    whether the clock is right.
    """
    last = float("-inf")
    while not until():
        try:
            due, short = time.monotonic() - last >= every_s, is_short()
            if due:
                last = time.monotonic()
            if (due or short) and (why := doubt()):
                _log.error("nothing is deleted: %s", why)
            else:
                _retain(retention, due=due, short=short)
        except Outage as error:
            _log.warning("old files could not be swept: %s", error)
        except Exception:
            _log.exception("old files could not be swept")
        time.sleep(min(every_s, LOOK_S))


def _retain(retention: Retention, *, due: bool, short: bool) -> None:
    if due and (gone := retention.sweep()):
        _log.info("%d objects that nobody needs are gone", gone)
    if short:
        _log.warning("the disk is nearly full; %d objects that can be made again are gone", retention.make_room())


def _mark_of(key: str) -> str:
    """The object whose age tells when a shared one was asked for last."""
    name = name_of(key)
    return f"inspections/{name.partition('/')[2]}.json" if name.startswith("renditions/") else key
