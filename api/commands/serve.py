"""`promisereel api` and `promisereel worker`: one role each, for many machines and as children of `up`."""

from pathlib import Path
from typing import Annotated

import typer

from kit.logs import setup_logging

KEEP_ALIVE_S = 125
"""Seconds that an idle connection stays open: longer than browsers and proxies (Caddy: 120) think of using it again."""

Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", file_okay=False)]
LogJson = Annotated[bool, typer.Option("--log-json", help="Log one JSON object a line.")]


def api(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on.")] = None,
    data: Data = None,
    log_json: LogJson = False,
) -> None:
    """Serve the API and the web pages; storage, broker and database come from the environment."""
    import uvicorn

    from api.app import create_app
    from api.opening import open_service
    from kit.settings import load_settings

    setup_logging(as_json=log_json)
    settings = load_settings(data=data, host=host, port=port)
    service = open_service(settings)
    app = create_app(settings, service)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=2,
    )


def worker(
    concurrency: Annotated[int | None, typer.Option("--workers", min=1, help="Steps at a time.")] = None,
    only: Annotated[
        str | None, typer.Option("--only", help="Some of inspect,render,package; all unless told.", metavar="ROLES")
    ] = None,
    data: Data = None,
    log_json: LogJson = False,
) -> None:
    """Work on jobs; storage, broker and database come from the environment."""
    from kit.settings import load_settings
    from pipeline.serve import run_worker

    setup_logging(as_json=log_json)
    run_worker(load_settings(data=data, only=only), concurrency=concurrency)
