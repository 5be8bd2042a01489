"""A worker process of the service, by its settings."""

import os

from kit.database import open_engine
from kit.errors import UsageError
from kit.mail import Post
from kit.s3 import S3Storage
from kit.settings import Settings
from pipeline.celery_worker import serve
from pipeline.film_craft import FilmCraft
from pipeline.keeping import keep_of
from pipeline.tasks import Bench
from pipeline.worker_roles import roles_of
from pipeline.workspace import Workspace

BEHIND = 5
"""Niceness of a worker and all that it starts, so that no page waits for a render on the same machine."""


def open_bench(settings: Settings) -> Bench:
    """The bench of a worker process. UsageError when the store's address and keys are not set."""
    s3 = settings.s3()
    if s3 is None:
        raise UsageError("Set PROMISEREEL_S3_ENDPOINT, _S3_ACCESS_KEY and _S3_SECRET_KEY: a worker needs the store.")
    storage = S3Storage(s3)
    engine = open_engine(settings.database_url)
    return Bench(engine, storage, _workspace(settings, storage), FilmCraft(settings.whisper_model))


def _workspace(settings: Settings, storage: S3Storage) -> Workspace:
    return Workspace(settings.data / "work", storage, least_free=int(settings.least_free_gb * 1e9))


def check_craft(settings: Settings) -> None:
    """Raises UsageError when what the craft needs by these settings is missing, before any worker starts."""
    FilmCraft(settings.whisper_model)


def run_worker(settings: Settings, *, concurrency: int | None = None) -> None:
    """Work until told to stop (SIGTERM: finish what is under way first), and reconcile meanwhile. Blocks.

    Raises UsageError when the broker's or the store's address is not set, for a role that there is not, or when a model
    that is named is missing.
    """
    roles_of(settings.only)
    check_craft(settings)
    if settings.broker_url is None:
        raise UsageError("Set PROMISEREEL_BROKER_URL: a worker needs the broker.")
    os.nice(BEHIND)
    serve(
        settings.broker_url,
        lambda: open_bench(settings),
        concurrency=concurrency or settings.workers,
        keep=keep_of(settings),
        post=Post(settings.smtp()),
        origin=settings.public_origin,
        roles=roles_of(settings.only),
    )
