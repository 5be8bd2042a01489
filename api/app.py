"""The web application: routes, pages, problems, headers and the documents that describe it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import PlainTextResponse, Response
from starlette.middleware.errors import ServerErrorMiddleware

from api import problems
from api.dependencies import UseCases
from api.examples import show_examples
from api.following import Following
from api.limits import Limits
from api.metrics import MEDIA_TYPE, Requests, exposition
from api.middleware import BodyLimit, Packed, SafeHeaders, security_headers
from api.pages import board as board_pages
from api.pages import captions as caption_pages
from api.pages import cut as cut_pages
from api.pages import entering as entering_pages
from api.pages import opening_card as opening_pages
from api.pages import people as people_pages
from api.pages import routes as work_pages
from api.pages import sharing as sharing_pages
from api.pages import storyboards as storyboard_pages
from api.pages import trail as trail_pages
from api.pages import webhooks as webhook_pages
from api.pages.assets import mount_assets
from api.problems import add_problems
from api.readiness import Readiness
from api.routes import (
    agencies,
    applications,
    board,
    clips,
    coach,
    comments,
    cut,
    edits,
    jobs,
    people,
    shares,
    sketches,
    storyboards,
    uploads,
    webhooks,
)
from api.security import Gate, SignInLinks, only, require_person
from api.watching import Watched
from kit.settings import Settings, load_secrets
from kit.version import own_version
from pipeline.people import Role
from pipeline.service import Service
from pipeline.sketching import Sketches

DESCRIPTION = """
Promise Reel turns the footage of a police agency into a captioned documentary that makes the Peace Officer Promise.

1. **Join**: `POST /v1/applications`; once an administrator admits the department, its contact gets an invitation.
   Then `POST /v1/projects`.
2. **Send footage**: `POST /v1/uploads`, have parts signed, PUT each part straight to storage, complete. No footage
   passes through this API.
3. **Choose a storyboard**: `GET /v1/storyboards`; editors save new versions of them.
4. **Ask for a film**: `POST /v1/jobs`; follow it by `GET /v1/jobs/{id}` or its server-sent events.
5. **Review**: look at it (`/review`), comment on its moments (`/comments`), correct captions or decide other cuts by
   hand (`/v1/projects/{id}/edits`) and ask for changes, accept the captions, approve.
6. **Download**: `POST /v1/jobs/{id}/deliveries/links` gives links that expire; `/v1/jobs/{id}/share-links` shares the
   film with whoever has no account, and `/v1/jobs/{id}/receipts` tells who had it.

Send an API key (`POST /v1/keys`) or the admin token as `Authorization: Bearer …`. Members act for their own agency;
editors and administrators name one in the query (`?agency=`). What an agency owns is looked up through the agency:
another agency's id is not found. Errors are problem documents (RFC 9457) whose `detail` says what to do; 429 says in
`Retry-After` when to come again. A POST that creates takes an `Idempotency-Key`: sent again it gives the same answer
and makes nothing more, or 409 where the answer held a secret that is shown once (a key, the address of a shared film).

The examples tell of one department and its film; of long lists they show some items.
"""


THREADS = 120
"""Requests answered at a time: many more than connections to the database, so that those who only read find a thread
while others stand in line to write."""

RESOURCES = (
    *(uploads, clips, jobs, applications, people, agencies, storyboards, sketches, coach),
    *(board, comments, shares, edits, cut, webhooks),
)
"""What whoever is let in can ask for; first what is asked most, because routes are tried one after the other."""


def create_app(settings: Settings, service: Service) -> FastAPI:
    """The application over the use-cases; nothing is started, and nothing is read but the installation's secrets."""
    secrets = load_secrets(settings.data)
    app = FastAPI(
        lifespan=_on_many_threads,
        title="Promise Reel",
        version=own_version(),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        # It would lead to whatever host the request names.
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.following = Following(service)
    app.state.readiness = Readiness(service.check)
    app.state.settings = settings
    app.state.sketches = Sketches()
    app.state.openings = Sketches(patience_s=5)
    app.state.limits = Limits(settings.broker_url)
    app.state.gate = Gate(
        settings.admin_token or secrets.admin_token,
        settings.signing_key or secrets.signing_key,
        SignInLinks(settings.data / "sign-in-links"),
        service.entering,
    )
    https = settings.public_origin.startswith("https://")
    # Within the others, so that an answer to what nobody foresaw has its headers and its id like any other.
    app.add_middleware(ServerErrorMiddleware, handler=problems.unexpected)
    app.add_middleware(BodyLimit, knows=app.state.gate.knows)
    app.add_middleware(Packed)
    app.add_middleware(SafeHeaders, headers=security_headers(store_origin(settings), https=https))
    app.state.requests = Requests()
    app.add_middleware(Watched, requests=app.state.requests)
    app.include_router(applications.public, responses=problems.RESPONSES)
    for resource in RESOURCES:
        app.include_router(resource.router, dependencies=[Depends(require_person)], responses=problems.RESPONSES)
    _add_health(app)
    house = (people_pages, trail_pages, webhook_pages, board_pages)
    desks = (storyboard_pages, caption_pages, cut_pages)
    for pages in (entering_pages, opening_pages, *house, sharing_pages, *desks, work_pages):
        app.include_router(pages.router, include_in_schema=False)
    mount_assets(app)
    add_problems(app)
    app.openapi = _described(app)  # type: ignore[method-assign]  # its way to be told
    return app


@contextlib.asynccontextmanager
async def _on_many_threads(_app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


def store_origin(settings: Settings) -> str | None:
    """Scheme, host and port under which browsers reach the store; None when no store is set."""
    s3 = settings.s3()
    if s3 is None:
        return None
    address = s3.public_endpoint or s3.endpoint or f"https://{s3.bucket}.s3.{s3.region}.amazonaws.com"
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _add_health(app: FastAPI) -> None:
    @app.get("/livez", tags=["Health"], operation_id="isAlive", summary="Whether this process answers")
    def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.get(
        "/readyz",
        tags=["Health"],
        operation_id="isReady",
        summary="Whether database and storage answer",
        responses=UNREADY,
    )
    async def readyz() -> dict[str, str]:
        await app.state.readiness.check()
        return {"status": "ready"}

    @app.get(
        "/metrics",
        tags=["Health"],
        operation_id="readMetrics",
        summary="Figures for Prometheus",
        response_description="Text as Prometheus reads it",
        dependencies=[Depends(require_person), Depends(only(Role.ADMINISTRATOR))],
        response_class=PlainTextResponse,
        responses=problems.RESPONSES,
    )
    def metrics(service: UseCases) -> Response:
        """Queue age, steps and how long they took, failures by blame, jobs, and what this process answered."""
        told = exposition(service.figures(), app.state.requests, len(app.state.following), app.state.settings.data)
        return Response(told, media_type=MEDIA_TYPE)


def _described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The OpenAPI document, with our problems and examples; put together when it is first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes, tags=TAGS
            )
            problems.describe_problems(schema)
            show_examples(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    return openapi


UNREADY: dict[int | str, dict[str, Any]] = {503: problems.RESPONSES[503]}

TAGS = [
    {"name": "Applications", "description": "Departments that ask to join."},
    {"name": "People", "description": "Who may come in, as what, and who did what."},
    {"name": "Agencies", "description": "Who makes the Promise."},
    {"name": "Projects", "description": "One film's footage and jobs."},
    {"name": "Storyboards", "description": "Templates of films, and what was changed of them, by whom and why."},
    {"name": "Uploads", "description": "Multipart uploads, straight to storage."},
    {"name": "Clips", "description": "What we think of each file."},
    {"name": "Jobs", "description": "From footage to a reviewed film."},
    {"name": "Comments", "description": "What reviewers say of moments of a film."},
    {"name": "Edits", "description": "What is decided by hand for one film: clips, cuts, words, music."},
    {"name": "Deliveries", "description": "Packages, links that expire, and who had a film."},
    {"name": "Webhooks", "description": "Films told to an agency's own programs."},
    {"name": "Health", "description": "For those who watch over the service."},
]
