"""How the program logs: one line an event to standard error, as text for people or JSON for machines.

What a line belongs to (a request, a job, a step) is bound once and stands on every line written meanwhile.
"""

import contextlib
import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

_LOUD = (
    *("botocore", "boto3", "s3transfer", "urllib3", "httpx", "httpcore", "PIL", "alembic", "celery", "kombu"),
    "kit.database._Pool",
)
"""The last is SQLAlchemy's pool under our name, and says as much."""
_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_bound: ContextVar[Mapping[str, str]] = ContextVar("bound", default={})  # noqa: B039  never changed, only replaced


@contextlib.contextmanager
def bound(**names: str | None) -> Iterator[None]:
    """Put these names (`request`, `job`, `step` …) on every line logged in this block; None is left out."""
    before = _bound.set({**_bound.get(), **{name: value for name, value in names.items() if value is not None}})
    try:
        yield
    finally:
        _bound.reset(before)


def setup_logging(*, level: str = "INFO", as_json: bool = False) -> None:
    """Send every logger to standard error, once however often it is called; libraries speak from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if as_json else _TextLines(_TEXT, "%H:%M:%S"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


class _TextLines(logging.Formatter):
    """Lines for people; what a line belongs to stands in brackets."""

    def format(self, record: logging.LogRecord) -> str:
        belongs = " ".join(f"{name}={value}" for name, value in _bound.get().items())
        line = super().format(record)
        first, newline, rest = line.partition("\n")
        return f"{first} [{belongs}]{newline}{rest}" if belongs else line


class _JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message, what it belongs to, and a trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_bound.get(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
