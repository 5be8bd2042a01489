"""Work that is for nothing stops: cancelled in the middle of FFmpeg, over its limit, or held by two at once."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from kit.errors import Outage
from kit.process import interruptible, run_ffmpeg
from kit.storage import FolderStorage
from pipeline import records
from pipeline.jobs import JobState, Step, StepKind, StepState
from pipeline.service import Service
from pipeline.worker import LIMITS_S, work

from .conftest import House
from .fake_craft import FakeCraft
from .test_worker import add_clip, drain, make_bench

FOREVER = ["-re", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=30", "-f", "null", "-"]


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "store")


class EndlessSound(FakeCraft):
    """Mixes without end in a real FFmpeg that tells nobody how far it is."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def render_sound(self, context: Any, media: Any, out: Path) -> None:
        self.begun.set()
        run_ffmpeg(FOREVER)


def children() -> list[str]:
    """Command lines of this process's own children."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def reach(house: House, bench: Any, kind: StepKind) -> Step:
    """Work a job off until a step of a kind is claimed."""
    while step := house.ledger.claim_next("w", house.project_id):
        if step.kind is kind:
            return step
        work(house.ledger, bench, step)
    raise AssertionError


def test_cancelling_stops_ffmpeg_within_seconds_and_leaves_nothing(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    craft = EndlessSound()
    bench = make_bench(house, storage, tmp_path, craft)
    job_id = house.submit(films="open")
    sound = reach(house, bench, StepKind.SOUND)
    service = Service(house.engine, None, lambda _ids: None, clock=house.clock)  # type: ignore[arg-type]
    canceller = threading.Thread(target=lambda: (craft.begun.wait(60), service.decisions.cancel(job_id)))
    canceller.start()
    ended = work(house.ledger, bench, sound, beat_s=0.1)
    canceller.join()
    assert not ended.accepted
    assert not [line for line in children() if "testsrc2" in line]
    assert list((tmp_path / "work" / "scratch").iterdir()) == []
    assert house.job(job_id).state is JobState.CANCELLED
    assert {step.state for step in house.steps(job_id)} == {StepState.DONE, StepState.CANCELLED}
    assert list(storage.list("sound/")) == []


def test_a_step_over_its_limit_is_stopped_and_tried_again(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, EndlessSound())
    house.submit(films="open")
    sound = reach(house, bench, StepKind.SOUND)
    assert work(house.ledger, bench, sound, limits_s={**LIMITS_S, StepKind.SOUND: 0.5}).accepted
    (held,) = [step for step in house.steps(sound.job_id or "") if step.id == sound.id]
    assert held.state is StepState.READY
    assert "after 0.5 seconds" in (held.error or "")


def test_a_step_that_cannot_be_interrupted_is_left_to_others(
    house: House, storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.worker.STUCK_S", 0.2)
    stuck = threading.Event()

    def hang(_: object) -> None:
        stuck.wait(60)

    craft = FakeCraft(on_piece=hang)
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, craft)
    house.submit(films="open")
    segment = reach(house, bench, StepKind.SEGMENT)
    limits = {**LIMITS_S, StepKind.SEGMENT: 0.2}
    assert not work(house.ledger, bench, segment, beat_s=0.05, limits_s=limits, on_stuck=stuck.set).accepted
    assert stuck.is_set()


def test_every_kind_of_step_has_a_limit() -> None:
    assert set(LIMITS_S) == set(StepKind)


def test_what_a_check_raises_goes_up_and_ends_with_its_block() -> None:
    began = time.monotonic()

    def check() -> None:
        if time.monotonic() - began > 0.3:
            raise Outage("enough")

    with pytest.raises(Outage, match="enough"), interruptible(check):
        run_ffmpeg(FOREVER)
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=30:duration=0.1", "-f", "null", "-"])


def test_of_two_that_pack_the_same_film_one_delivers_and_neither_touches_the_others_files(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft())
    job_id = house.submit(films="open")
    stale = reach(house, bench, StepKind.PACKAGE)
    house.clock.now += house.ledger.lease_s + 1
    house.ledger.expire()
    assert drain(house, bench, job_id).state is JobState.IN_REVIEW
    before = {key: storage.get_bytes(key) for key in storage.list("packages/")}
    assert not work(house.ledger, bench, stale).accepted
    with house.engine.connect() as connection:
        (package,) = records.list_packages(connection, job_id)
    assert {file.key for file in package.files} == set(before)
    assert {key: storage.get_bytes(key) for key in before} == before


def test_a_packaging_cut_short_leaves_no_files_behind(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft())
    job_id = house.submit(films="open")
    lost = reach(house, bench, StepKind.PACKAGE)
    storage.put_bytes(f"packages/{job_id}/1/{lost.token}/documentary.mp4", b"half")
    storage.put_bytes(f"packages/{job_id}/1/{lost.token + 5}/documentary.mp4", b"of a later holder")
    house.ledger.release(lost)
    drain(house, bench, job_id)
    tokens = {key.split("/")[3] for key in storage.list(f"packages/{job_id}/")}
    assert tokens == {str(lost.token + 1), str(lost.token + 5)}
