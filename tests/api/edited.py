"""A film in review that is really planned, of clips made by hand; its pieces are keys without pictures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.clip import Clip
from pipeline.film_craft import FilmCraft
from pipeline.jobs import Outcome, Step, StepKind
from pipeline.rows import read_steps
from pipeline.tasks import Bench, perform
from pipeline.workspace import Workspace
from tests.editing.clips import anytown

CLIPS = {clip.file: clip for clip in anytown() if clip.file != "music.ogg"}


class Film:
    """A project with footage, and its job."""

    def __init__(self, door: Any, folder: Path, clips: Mapping[str, Clip] = CLIPS) -> None:
        self.door = door
        self._clips = clips
        self._bench = Bench(door.service._engine, door.store, Workspace(folder / "work", door.store), FilmCraft())
        self.agency = door.agency()
        self.project = door.project(self.agency)
        for clip in clips.values():
            self._send(clip)
        self.job = self.post("/v1/jobs", {"project": self.project}).json()["id"]
        self.work()

    def get(self, path: str, **query: Any) -> Any:
        return self.door.client.get(path, params={"agency": self.agency, **query})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.door.client.post(path, params={"agency": self.agency}, json=body, headers=headers)

    def work(self) -> None:
        """Do every step as a worker would, the plan in earnest."""
        while step := self.door.ledger.claim_next("test", self.project):
            self.door.ledger.finish(step, self._outcome(step))

    def state(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"/v1/jobs/{self.job}").json()
        return answer

    def decisions(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"/v1/jobs/{self.job}/decisions").json()
        return answer

    def _outcome(self, step: Step) -> Outcome:
        if step.kind is StepKind.INSPECT:
            names = {one.id: one.name for one in self.door.service.list_clips(self.project)}
            return Outcome(clip=self._clips[names[step.clip_id]])
        if step.kind is StepKind.PLAN:
            return perform(self._bench, step, lambda _: None)
        if step.kind is StepKind.SEGMENT:
            keys = next(one.keys for one in self._planned(step).segments if step.key in one.keys)
            missing = [key for key in keys if not self.door.store.exists(key)]
            for key in missing:
                self.door.store.put_bytes(key, b"a piece")
            return Outcome(rendered=len(missing), reused=len(keys) - len(missing))
        if step.kind is StepKind.SOUND:
            self.door.store.put_bytes(step.key, b"a sound")
        outcome: Outcome = self.door._outcome(step, "finished")
        return outcome

    def _planned(self, step: Step) -> Any:
        with self.door.service._engine.connect() as connection:
            steps = read_steps(connection, step.job_id or "")
        return next(
            one.outcome.planned for one in steps if one.round == step.round and one.outcome and one.outcome.planned
        )

    def _send(self, clip: Clip) -> None:
        said = {name: getattr(clip, name) for name in ("slot", "speaker_name", "speaker_role", "in_s", "out_s")}
        body = {"project": self.project, "name": clip.file, "size": 4, "details": said}
        upload = self.post("/v1/uploads", body).json()
        self.door.store.open[f"uploads/{upload['id']}"][1] = b"film"
        assert self.post(f"/v1/uploads/{upload['id']}/complete").status_code == 200
