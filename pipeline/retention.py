"""What is kept how long: pieces of films that ended, files that no package names, uploads that were given up.

A sweep looks at the ledger, never at a clock in the store, and lets go of nothing that a job under way asks for. Should
it come between a plan and its pieces all the same, a missing piece is made again (`tasks.py`).
"""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Outage
from kit.storage import Storage
from pipeline.jobs import AT_REST, ENDED_JOBS, ENDED_STEPS, Outcome, Planned, StepKind
from pipeline.projects import UploadState
from pipeline.tables import deliveries, jobs, steps, uploads

DAY_S = 86_400.0
EVERY_S = 3600.0
"""Seconds between two sweeps of one process."""

KEEP_PIECES_S = 30 * DAY_S
"""How long the pieces of a film are kept after it ended, unless a setting says otherwise."""

ABANDONED_S = 7 * DAY_S
"""After so long an upload that was never completed is given up."""

SETTLED_S = 3600.0
"""So long after its job ended or a package was made, nobody writes its files any more."""

_A_TIME = 500
_log = logging.getLogger(__name__)


class Retention:
    """Sweeps of what is no longer wanted; several processes may sweep at once."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: Storage,
        *,
        keep_pieces_s: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._storage = storage
        self._keep_pieces_s = keep_pieces_s
        self._clock = clock

    def sweep(self) -> int:
        """Let go of everything that may go now; how many objects went."""
        gone = [*self._old_pieces(), *self._files_of_nobody()]
        for start in range(0, len(gone), _A_TIME):
            self._storage.delete(gone[start : start + _A_TIME])
        return len(gone) + self._abandoned()

    def _old_pieces(self) -> list[str]:
        """Pieces of films that ended long ago, but for those that another film asks for too."""
        old = jobs.c.state.in_(sorted(ENDED_JOBS)) & (jobs.c.finished_at < self._clock() - self._keep_pieces_s)
        with self._engine.connect() as connection:
            # The old first: a plan written in between is among the wanted.
            unwanted = set(_pieces(connection, old))
            wanted = set(_pieces(connection, ~sa.func.coalesce(old, sa.false())))
        if not unwanted - wanted:
            return []
        named = {PurePosixPath(key).stem for key in unwanted - wanted}
        looks = [key for key in self._storage.list("looks/") if PurePosixPath(key).stem in named]
        there = [key for prefix in ("segments/", "sound/") for key in self._storage.list(prefix)]
        return [*sorted((unwanted - wanted) & set(there)), *looks]

    def _files_of_nobody(self) -> Iterator[str]:
        """Joined films of jobs that ended, and files of packages that were never delivered."""
        ended = jobs.c.state.in_(sorted(AT_REST)) & (jobs.c.finished_at < self._clock() - SETTLED_S)
        there = [key for prefix in ("joined/", "packages/", "archives/") for key in self._storage.list(prefix)]
        with self._engine.connect() as connection:
            open_step = sa.exists().where(steps.c.job_id == jobs.c.id, steps.c.state.not_in(sorted(ENDED_STEPS)))
            at_rest = set(connection.scalars(sa.select(jobs.c.id).where(ended, ~open_step)))
            packages = connection.execute(sa.select(deliveries.c.files, deliveries.c.archive)).all()
        delivered = {file["key"] for files, archive in packages for file in (*files, archive) if file}
        for key in there:
            if key not in delivered and key.split("/")[1] in at_rest:
                yield key

    def _abandoned(self) -> int:
        """Give up uploads that nobody goes on with; the store clears their parts by a rule of its own too."""
        left = sa.and_(uploads.c.state == UploadState.OPEN, uploads.c.created_at < self._clock() - ABANDONED_S)
        with immediate(self._engine) as connection:
            rows = connection.execute(sa.select(uploads.c.storage_key, uploads.c.store_upload_id).where(left)).all()
            connection.execute(sa.update(uploads).where(left).values(state=UploadState.ABORTED))
        abort = getattr(self._storage, "abort_upload", None)
        for key, upload_id in rows:
            if abort:
                abort(key, upload_id)
        return len(rows)


def keep_retaining(retention: Retention, *, every_s: float = EVERY_S) -> None:
    """Sweep now and then for as long as this process lives; no failure ends it."""
    while True:
        try:
            if gone := retention.sweep():
                _log.info("%d objects that nobody needs are gone", gone)
        except Outage as error:
            _log.warning("old files could not be swept: %s", error)
        except Exception:
            _log.exception("old files could not be swept")
        time.sleep(every_s)


def _pieces(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Iterator[str]:
    """Keys of all pieces and sounds that the plans of some jobs ask for."""
    query = sa.select(steps.c.outcome).join(jobs, jobs.c.id == steps.c.job_id)
    for outcome in connection.scalars(query.where(which, steps.c.kind == StepKind.PLAN)):
        planned: Planned | None = Outcome.model_validate(outcome).planned if outcome else None
        if planned:
            yield planned.sound_key
            yield from (key for note in planned.segments for key in note.keys)
