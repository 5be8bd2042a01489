"""`promisereel up`: the whole service with one command."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from api.telling import Teller


def up(
    data: Annotated[Path | None, typer.Option("--data", help="Where everything is kept.", file_okay=False)] = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; another when it is taken.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Steps at a time.")] = None,
) -> None:
    """Start the API, the web pages, workers, broker and storage; Ctrl-C stops all, data is kept."""
    from api.running import free_port, running
    from kit.settings import load_settings

    teller = Teller()
    wished = load_settings(data=data, host=host, port=port, workers=workers)
    chosen = free_port(wished.host, wished.port)
    if chosen != wished.port:
        teller.say(f"Port {wished.port} is taken; using {chosen}.")
    settings = load_settings(data=data, host=host, port=chosen, workers=workers)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    teller.say("Starting storage, broker, workers and web pages…")
    with running(settings, teller.say) as service:
        teller.say(f"Promise Reel is at {settings.public_origin}/")
        teller.say(f"Sign in once with: {service.link}")
        teller.say(f"Everything is kept in {settings.data}. Ctrl-C stops.")
        told_to_stop.wait()
        teller.say("Stopping…")
    teller.say("Stopped; all data is kept.")
