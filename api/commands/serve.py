"""`promisereel api` and `promisereel worker`: one role each, for many machines and as children of `up`."""

from pathlib import Path
from typing import Annotated

import typer

from api.running import own_address
from kit.database import open_engine
from kit.errors import UsageError
from kit.logs import setup_logging
from kit.s3 import S3Storage
from kit.settings import Settings, load_settings
from pipeline.broker import make_app
from pipeline.dispatch import through
from pipeline.service import Service
from pipeline.tables import create_tables

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
        timeout_graceful_shutdown=2,
    )


def worker(
    concurrency: Annotated[int | None, typer.Option("--workers", min=1, help="Steps at a time.")] = None,
    data: Data = None,
    log_json: LogJson = False,
) -> None:
    """Work on jobs; storage, broker and database come from the environment."""
    from pipeline.serve import run_worker

    setup_logging(as_json=log_json)
    run_worker(load_settings(data=data), concurrency=concurrency)


def open_service(settings: Settings) -> Service:
    """The use-cases over the parts that the settings name. Raises UsageError when one is not named."""
    s3 = settings.s3()
    if s3 is None or settings.broker_url is None:
        raise UsageError(
            f"Set PROMISEREEL_BROKER_URL and the PROMISEREEL_S3_… settings to serve {own_address(settings)}, "
            "or use `promisereel up`, which starts everything here."
        )
    engine = open_engine(settings.database_url)
    create_tables(engine)
    storage = S3Storage(s3)
    storage.ensure_bucket(settings.public_origin)
    return Service(engine, storage, through(make_app(settings.broker_url)))
