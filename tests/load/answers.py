"""What the API itself says of its answers, in its log."""

import re
from pathlib import Path

_LINE = re.compile(r"api\.watching: (?P<method>[A-Z]+) (?P<path>\S+) (?P<status>\d+) in (?P<ms>\d+) ms")
_NAMES = {
    ("POST", "/v1/projects"): "begin",
    ("POST", "/v1/uploads"): "announce",
}
_ENDINGS = {"parts": "sign", "complete": "complete", "clips": "poll"}


def served(log: Path) -> dict[str, list[float]]:
    """Seconds that the API took to answer, by what was asked for: from reading a request to the answer's end."""
    told: dict[str, list[float]] = {}
    for found in map(_LINE.search, log.read_text("utf-8", "replace").splitlines()):
        if found:
            path = found["path"]
            name = _NAMES.get((found["method"], path)) or _ENDINGS.get(path.rpartition("/")[2])
            if name:
                told.setdefault(name, []).append(int(found["ms"]) / 1000)
    return told
