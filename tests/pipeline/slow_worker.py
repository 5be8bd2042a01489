"""A worker process for tests: the real Celery worker and ledger, a store in a folder, a slow craft of text files."""

import sys
from pathlib import Path

from kit.database import open_engine
from kit.logs import setup_logging
from kit.storage import FolderStorage
from pipeline.celery_worker import serve
from pipeline.tasks import Bench
from pipeline.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parent))
from fake_craft import FakeCraft  # type: ignore[import-not-found]

broker_url, database_url, root, frame_s = sys.argv[1:]


def make_bench() -> Bench:
    storage = FolderStorage(Path(root) / "store")
    workspace = Workspace(Path(root) / "work", storage)
    return Bench(open_engine(database_url), storage, workspace, FakeCraft(frame_s=float(frame_s)))


if __name__ == "__main__":
    setup_logging(as_json=True)
    serve(broker_url, make_bench, concurrency=2, lease_s=3.0)
