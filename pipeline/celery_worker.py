"""A Celery worker: Celery brings ids, the ledger says whether they are ours to do."""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Collection
from multiprocessing.process import BaseProcess
from typing import Any

import celery.apps.worker
from celery import Celery
from celery.signals import setup_logging, worker_shutting_down
from celery.utils.log import get_multiprocessing_logger

from kit.errors import PromiseReelError
from kit.mail import Post
from pipeline.broker import TASK, make_app
from pipeline.clock_doubt import ClockDoubt
from pipeline.dispatch import Dispatch, through
from pipeline.keeping import Keep
from pipeline.ledger import LEASE_S, Ledger
from pipeline.notices import Notices
from pipeline.reconcile import keep_sweeping
from pipeline.retention import Retention, keep_retaining
from pipeline.tasks import Bench
from pipeline.upgrade import bring_up_to_date
from pipeline.webhooks import Webhooks, keep_sending
from pipeline.worker import never, work, worker_name
from pipeline.worker_roles import ALL_ROLES, WorkerRole, kinds_for, queue_for, queues_for

_log = logging.getLogger(__name__)


def do_step(
    step_id: str,
    ledger: Ledger,
    bench: Bench,
    dispatch: Dispatch,
    *,
    heard: str | None = None,
    roles: Collection[WorkerRole] = ALL_ROLES,
    stop: Callable[[], bool] = never,
) -> None:
    """Do the step whose turn it is, which need not be the one offered: an offer says that there is work to do.

    When it is one of another queue than the offer was `heard` from, that offer is made again, for workers that hear
    this queue alone. Nothing leaves: what fails here is found again by the reconciler.
    """
    if stop():
        return
    try:
        step = ledger.claim_fairest(worker_name(), kinds_for(roles))
        if step is not None:
            if heard is not None and queue_for(step.kind) != heard:
                dispatch([step_id])
            dispatch(work(ledger, bench, step, stop=stop, on_stuck=_end_this_process).made)
    except PromiseReelError as error:
        _log.warning("what was offered as %s is left to the reconciler: %s", step_id, error)
    except Exception:
        _log.exception("what was offered as %s is left to the reconciler", step_id)


def _end_this_process() -> None:
    """A pool process that hangs beyond any limit makes room for a fresh one; the pool replaces it."""
    os.kill(os.getpid(), signal.SIGKILL)


def register(
    app: Celery,
    make_bench: Callable[[], Bench],
    *,
    lease_s: float = LEASE_S,
    roles: Collection[WorkerRole] = ALL_ROLES,
    stop: Callable[[], bool] = never,
) -> None:
    """Teach an app the one task there is. The bench is made in each process: connections do not survive a fork."""
    benches: dict[int, Bench] = {}

    @app.task(name=TASK, bind=True)
    def step(self: Any, step_id: str) -> None:
        bench = benches.get(os.getpid())
        if bench is None:
            bench = benches.setdefault(os.getpid(), make_bench())
        ledger = Ledger(bench.engine, lease_s=lease_s)
        heard = (self.request.delivery_info or {}).get("routing_key")
        do_step(step_id, ledger, bench, through(app, ledger.kinds_of), heard=heard, roles=roles, stop=stop)


def serve(
    broker_url: str,
    make_bench: Callable[[], Bench],
    *,
    concurrency: int,
    lease_s: float = LEASE_S,
    keep: Keep | None = None,
    post: Post | None = None,
    origin: str = "",
    roles: Collection[WorkerRole] = ALL_ROLES,
) -> None:
    """A Celery worker of `concurrency` processes with a reconciler beside them. Blocks until told to stop.

    SIGTERM ends it within seconds: a render under way is given back, not waited for. It ends of itself when its
    reconciler dies, so that whoever keeps it running starts both anew.
    """
    # Shared with the forked children, and without a lock that one of them could die with.
    stopping = multiprocessing.RawValue("b", 0)

    def stop(**_: object) -> None:
        stopping.value = 1

    worker_shutting_down.connect(stop, weak=False)
    app = make_app(broker_url)
    _log_as_the_rest(app)
    register(app, make_bench, lease_s=lease_s, roles=roles, stop=lambda: bool(stopping.value))
    bench = make_bench()
    bring_up_to_date(bench.engine)
    # SQLite's state must not be carried over a fork, so this process keeps no connection from here on.
    bench.engine.dispose()
    arguments = ["--quiet", "worker", f"--concurrency={concurrency}", "--pool=prefork"]
    arguments += [f"--queues={','.join(queues_for(roles))}"]
    arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    reconciler = multiprocessing.get_context("fork").Process(
        target=_reconcile,
        args=(broker_url, make_bench, lease_s, keep or Keep(), post or Post(None), origin, os.getpid()),
        name="reconciler",
        daemon=True,
    )
    reconciler.start()
    threading.Thread(target=_end_with, args=(reconciler, stopping), name="reconciler-watch", daemon=True).start()
    try:
        app.worker_main(arguments)
    finally:
        stopping.value = 1
        reconciler.terminate()
        reconciler.join()


def _log_as_the_rest(app: Celery) -> None:
    """What Celery, its pool and whoever prints in it have to say goes where our lines go, and ours are not muted."""

    def keep_ours(**_: object) -> None:
        if pool := get_multiprocessing_logger():
            pool.setLevel(logging.ERROR)
            pool.propagate = True
        app.log.redirect_stdouts("WARNING")  # type: ignore[arg-type]  # pool processes read it again as this word

    logging.captureWarnings(True)
    # Celery asks whoever is connected here to set logging up; else it does, for all of the process.
    setup_logging.connect(keep_ours, weak=False)
    # It cries out on a signal, past all loggers.
    celery.apps.worker.safe_say = lambda words, *_: _log.info(words)  # type: ignore[attr-defined]  # not in the stubs


def _end_with(reconciler: BaseProcess, stopping: Any) -> None:
    multiprocessing.connection.wait([reconciler.sentinel])
    if not stopping.value:
        _log.error("the reconciler ended; this worker ends too, to be started again with a new one")
        os.kill(os.getpid(), signal.SIGTERM)


def _reconcile(
    broker_url: str,
    make_bench: Callable[[], Bench],
    lease_s: float,
    keep: Keep,
    post: Post,
    origin: str,
    parent: int,
) -> None:
    """The reconciler's process: as long as the worker it stands beside lives, however that one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bench = make_bench()
    ledger = Ledger(bench.engine, lease_s=lease_s)
    # Beside the sweep, because a receiver may take its time.
    retention = Retention(bench.engine, bench.storage, keep=keep)
    asked, short = (retention, ClockDoubt(bench.storage).why), {"is_short": bench.workspace.is_short}
    threading.Thread(target=keep_retaining, args=asked, kwargs=short, name="retention", daemon=True).start()
    for what, sender in (("webhooks", Webhooks(bench.engine)), ("mail", Notices(bench.engine, post, origin))):
        threading.Thread(target=keep_sending, args=(sender, what), name=what, daemon=True).start()
    keep_sweeping(
        ledger,
        through(make_app(broker_url), ledger.kinds_of),
        until=lambda: os.getppid() != parent,
        also=bench.workspace.sweep,
    )
