"""`python -m pipeline.migrations WHY`: write the step from the newest one to what `tables.py` says now."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from kit.database import immediate, open_engine
from pipeline.upgrade import bring_up_to_date, configure, revisions


def write_step(why: str) -> None:
    """Compare a database of the newest step with the tables, and write what differs as the next one."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'newest.db'}")
        bring_up_to_date(engine)
        with immediate(engine) as connection:
            number = f"{len(revisions()) + 1:04}"
            command.revision(configure(connection), message=why, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    write_step(" ".join(sys.argv[1:]))
