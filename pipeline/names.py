"""Which row names which object of the bucket, and so which objects nobody wants any more."""

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import NamedTuple

import sqlalchemy as sa

from kit.storage import Stored
from pipeline.jobs import AT_REST, Outcome, StepKind, StepState
from pipeline.lifetimes import is_busy
from pipeline.projects import UploadState
from pipeline.tables import agencies, clips, deliveries, jobs, steps, uploads

ORPHAN_S = 24 * 3600.0
"""So long an object may lie there before a row names it: more than any step may take."""

SETTLED_S = 3600.0
"""So long after its job ended or a package was made, nobody writes its files any more."""

OF_JOBS = frozenset({"joined", "packages", "archives"})
"""What is made for one job alone, whose id stands in the key."""

SHARED = frozenset({"contexts", "inspections", "renditions", "seals"})
"""What lies under the address of its content, so that another may come to want what is there already."""

OURS = (
    *("archives", "checks", "contexts", "inspections", "joined", "looks"),
    *("packages", "renditions", "seals", "segments", "sound", "uploads"),
)
"""All folders that we put things into."""


class Names(NamedTuple):
    """What the ledger says of the bucket."""

    wanted: Collection[str]
    let_go: Collection[str]
    """Named by rows that say themselves that it may go."""
    at_rest: Collection[str]
    """Jobs for which nobody writes any more."""
    jobs: Collection[str]
    """All jobs."""
    all_known: bool
    """False while a film is under way whose plan does not say what it is made of."""


def name_of(key: str) -> str:
    """By what name rows know an object: its key, its folder, or the piece that was looked at."""
    folder, _, rest = key.partition("/")
    if folder == "renditions":
        return f"{folder}/{rest.partition('/')[0]}"
    if folder == "looks":
        return f"segments/{PurePosixPath(key).stem}.mp4"
    return key


def may_go(found: Stored, names: Names, now: float) -> bool:
    """Whether nobody wants an object, or will say that he does."""
    folder, _, rest = found.key.partition("/")
    name = name_of(found.key)
    if name in names.wanted or (folder in SHARED and not names.all_known):
        return False
    if folder in OF_JOBS and (job := rest.partition("/")[0]) in names.jobs:
        return job in names.at_rest
    if folder not in SHARED and name in names.let_go:
        return True
    return now - found.modified >= ORPHAN_S


def read_names(connection: sa.Connection, now: float) -> Names:
    """What the ledger names now."""
    wanted: set[str] = set()
    let_go: set[str] = set()
    _of_uploads(connection, wanted, let_go)
    _of_clips(connection, wanted)
    all_known = _of_plans(connection, wanted, let_go)
    _of_packages(connection, wanted)
    wanted |= {key for key in connection.scalars(sa.select(agencies.c.profile["seal"]["key"].as_string())) if key}
    ended = jobs.c.state.in_(sorted(AT_REST)) & (jobs.c.finished_at < now - SETTLED_S)
    at_rest = set(connection.scalars(sa.select(jobs.c.id).where(ended, ~is_busy())))
    return Names(wanted, let_go - wanted, at_rest, set(connection.scalars(sa.select(jobs.c.id))), all_known)


def _of_uploads(connection: sa.Connection, wanted: set[str], let_go: set[str]) -> None:
    gone = sa.or_(uploads.c.state == UploadState.ABORTED, uploads.c.expired_at.is_not(None))
    for key, is_gone in connection.execute(sa.select(uploads.c.storage_key, gone)):
        (let_go if is_gone else wanted).add(key)


def _of_clips(connection: sa.Connection, wanted: set[str]) -> None:
    """Files of clips, and what was found out of each and made of it by its last inspection."""
    kept = clips.c.expired_at.is_(None)
    for keys in connection.execute(sa.select(clips.c.storage_key, clips.c.transcript_key).where(kept)):
        wanted |= {key for key in keys if key}
    beside, found = steps.c.outcome["renditions_key"].as_string(), steps.c.outcome["inspection_keys"]
    query = sa.select(steps.c.clip_id, beside, found).join(clips, clips.c.id == steps.c.clip_id)
    done = query.where(kept, steps.c.kind == StepKind.INSPECT, steps.c.state == StepState.DONE)
    last = {row[0]: row[1:] for row in connection.execute(done.order_by(steps.c.created_at, steps.c.id))}
    for renditions, inspections in last.values():
        if renditions:
            wanted |= {renditions, f"inspections/{PurePosixPath(renditions).name}.json", *(inspections or ())}


def _of_plans(connection: sa.Connection, wanted: set[str], let_go: set[str]) -> bool:
    """Contexts, pieces and sounds of all plans, and what they are made of; whether every film under way tells it."""
    watched = sa.exists().where(deliveries.c.job_id == jobs.c.id, deliveries.c.expired_at.is_(None))
    query = sa.select(steps.c.outcome, jobs.c.pieces_expired_at, watched, jobs.c.state)
    query = query.join(jobs, jobs.c.id == steps.c.job_id).where(steps.c.kind == StepKind.PLAN)
    all_known = True
    for outcome, expired_at, is_watched, state in connection.execute(query):
        planned = Outcome.model_validate(outcome).planned if outcome else None
        if planned is None:
            continue
        kept = expired_at is None
        pieces = {planned.sound_key, *(key for note in planned.segments for key in note.keys)}
        (wanted if kept else let_go).update(pieces)
        (wanted if kept or is_watched else let_go).add(planned.context_key)
        if kept:
            # Footage is held by its project; what it was made into may be another clip's by now.
            wanted |= {name_of(key) for key in planned.inputs or () if not key.startswith("uploads/")}
        all_known = all_known and (planned.inputs is not None or state in AT_REST)
    return all_known


def _of_packages(connection: sa.Connection, wanted: set[str]) -> None:
    kept = sa.select(deliveries.c.files, deliveries.c.archive).where(deliveries.c.expired_at.is_(None))
    for files, archive in connection.execute(kept):
        wanted |= {file["key"] for file in (*files, archive) if file}
