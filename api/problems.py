"""Errors as RFC 9457 problem documents: one shape for everything that goes wrong, in words that say what to do."""

import copy
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.pages.wrong import wrong_page
from api.watching import path_to_log
from kit.errors import Conflict, Gone, InputRefused, NotAllowed, NotFound, Outage, PromiseReelError, UsageError
from storyboards.problem import Placed, StoryboardRefused

MEDIA_TYPE = "application/problem+json"
STATUS: tuple[tuple[type[PromiseReelError], int], ...] = (
    (InputRefused, 422),
    (UsageError, 400),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Gone, 410),
    (Outage, 503),
)
"""HTTP status by blame; whatever is not named here is our own fault: 500."""

OUR_FAULT = "Something went wrong on our side. It was written down; please try again later."

log = logging.getLogger(__name__)


class FieldProblem(BaseModel):
    """One part of a request that does not fit."""

    field: str = Field(description="Where: `body.name`, `query.agency`, …; of a storyboard `beats[2].max_s`, or empty.")
    message: str = Field(description="What is wrong with it.")
    line: int | None = Field(None, description="Of a storyboard's text, from 1.")
    column: int | None = Field(None, description="Of a storyboard's text, from 1.")


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field("about:blank", description="A URI that names the kind of problem.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status, again.")
    detail: str = Field(description="One plain sentence that says what to do.")
    instance: str = Field(description="The path that was asked for.")
    errors: list[FieldProblem] | None = Field(None, description="Each field that does not fit, for a request refused.")


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503)
}
"""What every route may answer beside its own answer, for OpenAPI."""


def describe_problems(document: dict[str, Any]) -> None:
    """Tell of problems in an OpenAPI document: once, for all who refer to it, in place of FastAPI's own errors."""
    known = document["components"]
    own = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    known["schemas"].update(own.pop("$defs"), Problem=own)
    for name in ("HTTPValidationError", "ValidationError"):
        known["schemas"].pop(name, None)
    known["responses"] = {f"Problem{status}": copy.deepcopy(answer) for status, answer in RESPONSES.items()}
    for methods in document["paths"].values():
        for operation in methods.values():
            for status in operation["responses"].keys() & set(map(str, RESPONSES)):
                operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem response; a browser that asked for a page gets a page."""
    if _wants_page(request):
        return wrong_page(status, HTTPStatus(status).phrase, detail, headers)
    body = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.url.path,
        errors=errors,
    )
    return JSONResponse(body.model_dump(exclude_none=True), status, headers, MEDIA_TYPE)


def status_of(error: PromiseReelError) -> int:
    """The HTTP status of one of our errors."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def add_problems(app: FastAPI) -> None:
    """Make every error of the app a problem document."""

    @app.exception_handler(PromiseReelError)
    def _ours(request: Request, error: PromiseReelError) -> Response:
        status = status_of(error)
        if status >= 500:
            log.error("%s %s: %s", request.method, path_to_log(request.url.path), error)
        headers = {"Retry-After": "5"} if status == 503 else None
        if isinstance(error, StoryboardRefused):
            return problem(request, status, _of_storyboard(error), errors=fields_of(error.problems))
        return problem(request, status, _sentence(str(error)), headers=headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        fields = [
            FieldProblem(field=".".join(map(str, row["loc"])), message=str(row["msg"]).removeprefix("Value error, "))
            for row in error.errors()
        ]
        first = fields[0] if fields else FieldProblem(field="request", message="it cannot be read")
        return problem(request, 422, f"Please mend {first.field}: {first.message}.", errors=fields)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code < 400:  # a redirect that was raised
            return Response(status_code=error.status_code, headers=dict(error.headers or {}))
        return problem(
            request, error.status_code, _sentence(str(error.detail)), headers=dict(error.headers or {}) or None
        )

    @app.exception_handler(Exception)
    def _unexpected(request: Request, _error: Exception) -> Response:
        return problem(request, 500, OUR_FAULT)


def unexpected(request: Request, error: Exception) -> Response:
    """What nobody foresaw: told in full on a line of its request, and in plain words to whoever asked."""
    log.error("%s %s failed", request.method, path_to_log(request.url.path), exc_info=error)
    return problem(request, 500, OUR_FAULT)


def fields_of(problems: Sequence[Placed]) -> list[FieldProblem]:
    """The problems of a storyboard with their places."""
    return [
        FieldProblem(field=one.field, message=one.words, line=one.place.line, column=one.place.column)
        for one in problems
    ]


def _of_storyboard(error: StoryboardRefused) -> str:
    """How many problems a storyboard has, and the first of them."""
    first, more = str(error).splitlines()[0], len(error.problems) - 1
    return first if not more else f"{len(error.problems)} problems, the first: {first}"


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def _sentence(text: str) -> str:
    """First letter large, a full stop at the end."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
