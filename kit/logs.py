"""How the program logs: one line an event to standard error, as text for people or JSON for machines."""

import json
import logging
import sys
from datetime import UTC, datetime

_LOUD = ("botocore", "boto3", "s3transfer", "urllib3", "httpx", "httpcore", "PIL")
_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def setup_logging(*, level: str = "INFO", as_json: bool = False) -> None:
    """Send every logger to standard error, once however often it is called; libraries speak from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if as_json else logging.Formatter(_TEXT, "%H:%M:%S"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


class _JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message, and the trace of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
