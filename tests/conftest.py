"""What every test may use: the folder of real footage that lies beside the repository, and a real store and broker."""

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from kit.embedded import Embedded

from .postgres import postgres
from .summaries import OUT, begin, keep

SUITES = {
    "access": "tests/api/test_access.py",
    "pages": "tests/river/test_pages.py",
    "requests": "tests/api/test_any_request.py",
}
"""That write summaries of their own, by name; `make faults` and `make load` are told by theirs alone."""

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("soak", max_examples=2000, deadline=None)
settings.load_profile("soak" if os.environ.get("PROMISEREEL_SOAK") else "quick")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The river first: it takes minutes, and what is begun last keeps one worker busy while the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("river") is None)


def pytest_sessionstart(session: pytest.Session) -> None:
    """A soak begins without the summary of the last; only the process that will write it takes it away."""
    if os.environ.get("PROMISEREEL_SOAK") and not hasattr(session.config, "workerinput"):
        begin("soak")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """After `make soak` one summary of all, with what the suites that ran in it wrote of themselves."""
    if not os.environ.get("PROMISEREEL_SOAK"):
        return
    ended = {word: terminalreporter.stats.get(word, []) for word in ("passed", "failed", "error", "skipped")}
    ran = {test.nodeid.partition("::")[0] for tests in ended.values() for test in tests}
    files = {name: OUT / f"{name}.json" for name, where in SUITES.items() if where in ran}
    suites = {name: json.loads(file.read_text()) for name, file in files.items() if file.exists()}
    short = {name: {key: value for key, value in suite.items() if key != "on"} for name, suite in suites.items()}
    told = {word: len(tests) for word, tests in ended.items()}
    keep("soak", {"tests": sum(told.values()), **told, **short})


@pytest.fixture(scope="module", autouse=True)
def _new_summary(request: pytest.FixtureRequest) -> None:
    for name, where in SUITES.items():
        if request.node.nodeid == where:
            begin(name)


BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "footage"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A command that is run in this process sets logging up for the whole of it; the next test hears all again."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before, level


@pytest.fixture(scope="session")
def footage() -> Path:
    """The folder of real, licensed footage; PROMISEREEL_FOOTAGE names another place."""
    folder = Path(os.environ.get("PROMISEREEL_FOOTAGE", BESIDE))
    assert folder.is_dir(), f"the test footage is missing: expected it at {folder} (or set PROMISEREEL_FOOTAGE)"
    return folder


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """SeaweedFS and Valkey, started once for all tests (about 4 s); share them by keys of your own."""
    with Embedded(tmp_path_factory.mktemp("embedded")) as parts:
        yield parts


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.URL]:
    """PostgreSQL, started once for all tests (about 2 s); take a `fresh_database` of it."""
    with postgres() as url:
        yield url
