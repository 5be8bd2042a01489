"""What a look costs that everybody takes every two seconds: turns on threads and questions to the database."""

from typing import Any

import anyio.to_thread
import pytest
import sqlalchemy as sa

from .conftest import Door


def test_a_look_at_clips_waits_for_two_threads_and_asks_four_questions(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = door.agency()
    project = door.project(agency)
    for number in range(3):
        door.send(agency, project, f"{number}.mp4")
    door.work(project)
    turns: list[Any] = []
    asked: list[str] = []
    run = anyio.to_thread.run_sync

    async def counted(call: Any, *given: Any, **named: Any) -> Any:
        turns.append(call)
        return await run(call, *given, **named)

    def told(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    look = f"/v1/projects/{project}/clips"
    monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
    sa.event.listen(door.ledger.engine, "before_cursor_execute", told)
    answer = door.client.get(look, params={"agency": agency})
    assert [clip["state"] for clip in answer.json()["items"]] == ["inspected"] * 3
    assert len(turns) == 2, "whether the agency is there, and the clips"
    assert len([one for one in asked if one.startswith("SELECT")]) == 4
