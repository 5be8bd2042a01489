"""A ledger on a fresh SQLite file, with one agency and one project in it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from agencies.agency import Agency
from kit.database import immediate, open_engine
from pipeline import records
from pipeline.jobs import Films, Job, Planned, SegmentNote, Step
from pipeline.ledger import Ledger
from pipeline.rows import read_job, read_steps
from pipeline.settling import settle_job
from pipeline.tables import create_tables
from storyboards.storyboard import Card, Storyboard

STORYBOARD = Storyboard.model_validate(
    {"schema": 1, "id": "promise", "title": "Promise", "slots": (), "beats": (Card(kind="end", lines=("End",)),)}
)


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """A database with an agency and a project."""

    url: str
    engine: sa.Engine
    ledger: Ledger
    clock: Clock
    agency_id: str
    project_id: str

    def submit(self, films: Films = "both", *, preview: bool = False) -> str:
        with immediate(self.engine) as connection:
            project = records.read_project(connection, self.project_id)
            job_id = records.add_job(connection, project, STORYBOARD, self.clock.now, films=films, preview=preview)
            settle_job(connection, job_id, self.clock.now)
        return job_id

    def job(self, job_id: str) -> Job:
        with self.engine.connect() as connection:
            return read_job(connection, job_id)

    def steps(self, job_id: str) -> list[Step]:
        with self.engine.connect() as connection:
            return read_steps(connection, job_id)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    engine = open_engine(url)
    create_tables(engine)
    with built(url, engine) as house:
        yield house


@contextlib.contextmanager
def built(url: str, engine: sa.Engine) -> Iterator[House]:
    """An agency and a project in a database with nothing but its tables."""
    clock = Clock()
    with immediate(engine) as connection:
        agency_id = records.add_agency(connection, Agency(name="Anytown Police Department"), clock.now)
        project_id = records.add_project(connection, agency_id, "Our promise", clock.now)
    yield House(url, engine, Ledger(engine, clock=clock), clock, agency_id, project_id)
    engine.dispose()


def planned(segments: int) -> Planned:
    """A plan of so many segments of ten frames."""
    return Planned(
        context_key="contexts/c.json",
        frames=10 * segments,
        segments=tuple(SegmentNote(keys=(f"segments/{n}.mp4",), frames=10) for n in range(segments)),
        sound_key="sound/s.m4a",
    )
