"""Following jobs: one look into the database for all who wait, however many they are, and nothing held meanwhile."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field

from fastapi.concurrency import run_in_threadpool

from kit.errors import PromiseReelError
from pipeline.jobs import AT_REST
from pipeline.projects import JobEvent
from pipeline.service import Service

LOOK_EVERY_S = 0.5
"""How often the events of all that are followed are looked for."""

A_READING = 200
"""Events read at a time."""

_log = logging.getLogger(__name__)


MOST_STREAMS = 60
"""Streams that one person may have open in this process: far more than there are pages in view."""


@dataclass(eq=False)
class _Follower:
    job_id: str
    after: int
    person_id: str | None
    bell: asyncio.Event = field(default_factory=asyncio.Event)


class Following:
    """Those who follow jobs in this process; each costs a little memory while nothing happens, and no connection.

    Events of a job are written under its row's lock, so their ids grow in the order in which they can be seen, and a
    follower who asks for what came after the last one misses none.
    """

    def __init__(self, service: Service, *, every_s: float = LOOK_EVERY_S) -> None:
        self._service = service
        self._every_s = every_s
        self._followers: set[_Follower] = set()
        self._looking: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._followers)

    def is_full(self, person_id: str | None) -> bool:
        """Whether somebody follows as much as one may; whoever holds the admin token may without an end."""
        mine = sum(follower.person_id == person_id for follower in list(self._followers)) if person_id else 0
        return mine >= MOST_STREAMS

    async def events(self, job_id: str, after: int, person_id: str | None = None) -> AsyncGenerator[JobEvent, None]:
        """What happened to a job after an event, then what happens, until the job rests."""
        with self._follower(job_id, after, person_id) as follower:
            while True:
                follower.bell.clear()
                # The state is read before the events, so that a job that rests has no event left unseen.
                state = await run_in_threadpool(self._service.job_state, job_id)
                found = await run_in_threadpool(self._service.events, job_id, follower.after, limit=A_READING)
                for event in found:
                    follower.after = event.id
                    yield event
                if not found:
                    if state in AT_REST:
                        return
                    await follower.bell.wait()

    @contextlib.contextmanager
    def _follower(self, job_id: str, after: int, person_id: str | None) -> Iterator[_Follower]:
        follower = _Follower(job_id, after, person_id)
        self._followers.add(follower)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())
        try:
            yield follower
        finally:
            self._followers.discard(follower)

    async def _look(self) -> None:
        """Ring for those whose job has news, for as long as anybody follows."""
        while self._followers:
            await asyncio.sleep(self._every_s)
            ids = sorted({follower.job_id for follower in self._followers})
            try:
                newest = await run_in_threadpool(self._service.newest_events, ids)
            except PromiseReelError as error:
                _log.warning("nobody who follows could be told: %s", error)
                continue
            except Exception:
                _log.exception("nobody who follows could be told")
                continue
            for follower in list(self._followers):
                if newest.get(follower.job_id, 0) > follower.after:
                    follower.bell.set()
