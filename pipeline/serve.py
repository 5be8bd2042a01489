"""A worker process of the service: Celery brings ids, the ledger says whether they are ours to do."""

import logging
import os
from collections.abc import Callable

from celery import Celery

from kit.database import open_engine
from kit.errors import PromiseReelError, UsageError
from kit.s3 import S3Storage
from kit.settings import Settings
from pipeline.broker import TASK, make_app
from pipeline.dispatch import Dispatch, through
from pipeline.film_craft import FilmCraft
from pipeline.ledger import LEASE_S, Ledger
from pipeline.reconcile import Reconciler
from pipeline.tables import create_tables
from pipeline.tasks import Bench
from pipeline.worker import work, worker_name
from pipeline.workspace import Workspace

_log = logging.getLogger(__name__)


def open_bench(settings: Settings) -> Bench:
    """The bench of a worker process. UsageError when the store's address and keys are not set."""
    s3 = settings.s3()
    if s3 is None:
        raise UsageError("Set PROMISEREEL_S3_ENDPOINT, _S3_ACCESS_KEY and _S3_SECRET_KEY: a worker needs the store.")
    storage = S3Storage(s3)
    engine = open_engine(settings.database_url)
    return Bench(engine, storage, Workspace(settings.data / "work", storage), FilmCraft())


def do_step(step_id: str, ledger: Ledger, bench: Bench, dispatch: Dispatch) -> None:
    """Do a step if it is there to be done. Nothing leaves: what fails here is found again by the reconciler."""
    try:
        step = ledger.claim(step_id, worker_name())
        if step is not None:
            dispatch(work(ledger, bench, step).made)
    except PromiseReelError as error:
        _log.warning("step %s is left to the reconciler: %s", step_id, error)
    except Exception:
        _log.exception("step %s is left to the reconciler", step_id)


def register(app: Celery, make_bench: Callable[[], Bench], *, lease_s: float = LEASE_S) -> None:
    """Teach an app the one task there is. The bench is made in each process: connections do not survive a fork."""
    benches: dict[int, Bench] = {}
    offer = through(app)

    @app.task(name=TASK)
    def step(step_id: str) -> None:
        bench = benches.get(os.getpid())
        if bench is None:
            bench = benches.setdefault(os.getpid(), make_bench())
        do_step(step_id, Ledger(bench.engine, lease_s=lease_s), bench, offer)


def run_worker(settings: Settings, *, concurrency: int | None = None) -> None:
    """Work until told to stop (SIGTERM: finish what is under way first), and reconcile meanwhile. Blocks.

    Raises UsageError when the broker's or the store's address is not set.
    """
    if settings.broker_url is None:
        raise UsageError("Set PROMISEREEL_BROKER_URL: a worker needs the broker.")
    serve(settings.broker_url, lambda: open_bench(settings), concurrency=concurrency or settings.workers)


def serve(broker_url: str, make_bench: Callable[[], Bench], *, concurrency: int, lease_s: float = LEASE_S) -> None:
    """A Celery worker of `concurrency` processes with a reconciler beside them. Blocks until told to stop."""
    app = make_app(broker_url)
    register(app, make_bench, lease_s=lease_s)
    bench = make_bench()
    create_tables(bench.engine)
    arguments = ["worker", f"--concurrency={concurrency}", "--pool=prefork"]
    arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
    ledger = Ledger(bench.engine, lease_s=lease_s)
    with Reconciler(ledger, through(app), also=(bench.workspace.sweep,)):
        app.worker_main(arguments)
