"""What followers of a job cost the API while nothing happens: memory, questions to the database, connections held."""

import json
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import sqlalchemy as sa
import uvicorn

from agencies.agency import Agency
from api.app import create_app
from api.running import free_port
from kit.database import immediate, open_engine
from kit.settings import load_secrets, load_settings
from kit.storage import FolderStorage
from pipeline import records
from pipeline.service import Service
from pipeline.settling import settle_job
from pipeline.tables import create_tables
from storyboards.library import load

FEW, MANY = 20, 500
IDLE_S = 20.0


def resident_kb() -> int:
    """Kilobytes of memory that this process holds."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1])


def main() -> None:
    """Prints one object."""
    with tempfile.TemporaryDirectory() as folder:
        data, port = Path(folder), free_port("127.0.0.1")
        settings = load_settings(data=data, port=port, public_origin=f"http://127.0.0.1:{port}")
        engine = open_engine(settings.database_url)
        create_tables(engine)
        with immediate(engine) as connection:
            agency = records.add_agency(connection, Agency(name="Anytown Police Department"), time.time())
            project = records.read_project(connection, records.add_project(connection, agency, "Film", time.time()))
            job = records.add_job(connection, project, load("promise"), time.time(), films="both", preview=False)
            settle_job(connection, job, time.time())
        app = create_app(settings, Service(engine, FolderStorage(data / "store"), lambda _: None))  # type: ignore[arg-type]  # nothing is uploaded
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.1)
        token = load_secrets(data).admin_token

        def follow() -> socket.socket:
            line = socket.create_connection(("127.0.0.1", port))
            head = f"GET /v1/jobs/{job}/events?agency={agency} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            line.sendall(f"{head}Authorization: Bearer {token}\r\n\r\n".encode())
            line.recv(100)
            return line

        lines = [follow() for _ in range(FEW)]
        time.sleep(2)
        before = resident_kb()
        lines += [follow() for _ in range(MANY - FEW)]
        time.sleep(3)
        after, asked = resident_kb(), Counter[str]()
        sa.event.listen(engine, "before_cursor_execute", lambda *_: asked.update(["statements"]))
        time.sleep(IDLE_S)
        said = {
            "followers": len(app.state.following),
            "kb_each": round((after - before) / (MANY - FEW), 1),
            "kb_grown_while_idle": resident_kb() - after,
            "statements_a_second": round(asked["statements"] / IDLE_S, 1),
            "connections_held": engine.pool.checkedout(),  # type: ignore[attr-defined]  # ours is one that counts
        }
        sys.stdout.write(json.dumps(said) + "\n")
        for line in lines:
            line.close()
        server.should_exit = True


if __name__ == "__main__":
    main()
