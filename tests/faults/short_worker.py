"""A worker process as the service starts it, by its settings, but for the craft and the lease."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import jumping_clock  # type: ignore[import-not-found]  # noqa: F401  sets the clock before anybody keeps it
from short_films import ShortFilms  # type: ignore[import-not-found]  # beside this program, or on its path

from kit.database import open_engine
from kit.errors import UsageError
from kit.logs import setup_logging
from kit.s3 import S3Storage
from kit.settings import Settings, load_settings
from pipeline.celery_worker import serve
from pipeline.tasks import Bench
from pipeline.workspace import Workspace


def open_bench(settings: Settings) -> Bench:
    s3 = settings.s3()
    if s3 is None:
        raise UsageError("no store")
    storage = S3Storage(s3)
    workspace = Workspace(settings.data / "work", storage, least_free=int(settings.least_free_gb * 1e9))
    return Bench(open_engine(settings.database_url), storage, workspace, ShortFilms(None))


if __name__ == "__main__":
    setup_logging()
    known = load_settings()
    serve(known.broker_url or "", lambda: open_bench(known), concurrency=known.workers, lease_s=float(sys.argv[1]))
