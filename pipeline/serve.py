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
from pipeline.craft import FilmCraft
from pipeline.dispatch import Dispatch, through
from pipeline.ledger import Ledger
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


def register(app: Celery, make_bench: Callable[[], Bench]) -> None:
    """Teach an app the one task there is. The bench is made in each process: connections do not survive a fork."""
    benches: dict[int, Bench] = {}
    offer = through(app)

    def step(step_id: str) -> None:
        bench = benches.get(os.getpid())
        if bench is None:
            bench = benches.setdefault(os.getpid(), make_bench())
        do_step(step_id, Ledger(bench.engine), bench, offer)

    app.task(step, name=TASK)


def run_worker(settings: Settings, *, concurrency: int | None = None) -> None:
    """Work until told to stop (SIGTERM: finish what is under way first); sweeps meanwhile. Blocks.

    Raises UsageError when the broker's or the store's address is not set.
    """
    if settings.broker_url is None:
        raise UsageError("Set PROMISEREEL_BROKER_URL: a worker needs the broker.")
    app = make_app(settings.broker_url)
    register(app, lambda: open_bench(settings))
    bench = open_bench(settings)
    create_tables(bench.engine)
    bench.workspace.sweep()
    arguments = ["worker", f"--concurrency={concurrency or settings.workers}", "--pool=prefork"]
    arguments += ["--without-gossip", "--without-mingle", "--loglevel=WARNING"]
    with Reconciler(Ledger(bench.engine), through(app), also=(bench.workspace.sweep,)):
        app.worker_main(arguments)
