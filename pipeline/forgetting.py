"""Rows that end with their use: what let people in and ran out, and what was kept to be replayed or sent."""

import sqlalchemy as sa

from kit.database import immediate
from pipeline.jobs import AT_REST
from pipeline.keeping import Keep
from pipeline.review_tables import notices, receipts, share_links
from pipeline.tables import deliveries, idempotency_keys, job_events, jobs, one_time_links, sessions, webhook_posts


def forget_rows(engine: sa.Engine, keep: Keep, now: float) -> None:
    """Remove rows whose time is over. The audit trail, receipts and the states a job went through stay."""
    before = now - keep.events_s
    at_rest = sa.select(jobs.c.id).where(jobs.c.state.in_(sorted(AT_REST)))
    replayed = sa.and_(job_events.c.kind.in_(("step", "progress")), job_events.c.at < before)
    over = (
        sa.delete(sessions).where(sessions.c.expires_at <= now),
        sa.delete(one_time_links).where(one_time_links.c.expires_at <= now),
        sa.delete(idempotency_keys).where(idempotency_keys.c.created_at < before),
        sa.delete(webhook_posts).where(webhook_posts.c.done_at < before),
        sa.delete(notices).where(notices.c.done_at < before),
        sa.delete(job_events).where(replayed, job_events.c.job_id.in_(at_rest)),
    )
    for statement in over:
        # Each alone, so that nobody waits long for SQLite's one writer.
        with immediate(engine) as connection:
            connection.execute(statement)
    _forget_links(engine, now - keep.links_s)


def _forget_links(engine: sa.Engine, before: float) -> None:
    """Share links that ended so long ago; a film's newest stays as long as another can be made, for its number."""
    newer = share_links.alias("newer")
    last = ~sa.exists().where(newer.c.job_id == share_links.c.job_id, newer.c.number > share_links.c.number)
    kept = sa.exists().where(deliveries.c.job_id == share_links.c.job_id, deliveries.c.expired_at.is_(None))
    over = sa.func.coalesce(share_links.c.revoked_at, share_links.c.expires_at) < before
    with immediate(engine) as connection:
        gone = connection.scalars(sa.select(share_links.c.id).where(over, ~sa.and_(last, kept))).all()
        if gone:
            # A receipt still says in words by which link something was had.
            connection.execute(sa.update(receipts).where(receipts.c.link_id.in_(gone)).values(link_id=None))
            connection.execute(sa.delete(share_links).where(share_links.c.id.in_(gone)))
