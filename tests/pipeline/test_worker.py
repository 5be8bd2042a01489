"""Steps done by a worker, with a craft of text files and a store in a folder."""

import errno
import threading
from pathlib import Path

import pytest

from kit.database import immediate
from kit.errors import Outage
from kit.storage import FolderStorage, Storage
from pipeline import records
from pipeline.flow import Action, decide
from pipeline.jobs import Blame, Job, JobState, StepState
from pipeline.ledger import Ledger
from pipeline.projects import ClipRecord, Details
from pipeline.rows import new_id, read_job
from pipeline.settling import apply_change
from pipeline.tasks import Bench
from pipeline.views import view_job
from pipeline.worker import work
from pipeline.workspace import Workspace

from .conftest import House
from .fake_craft import FakeCraft


def add_clip(
    house: House,
    storage: Storage,
    name: str,
    text: str,
    *,
    details: Details | None = None,
    words: str | None = None,
) -> None:
    storage.put_bytes(f"uploads/{name}", text.encode())
    clip = ClipRecord(
        id=new_id(),
        agency_id=house.agency_id,
        project_id=house.project_id,
        name=name,
        storage_key=f"uploads/{name}",
        transcript_key=None,
        details=details or Details(music=name == "music.ogg"),
        inspected=None,
        failed=None,
    )
    with immediate(house.engine) as connection:
        records.put_clip(connection, clip, words, house.clock.now)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "store")


def make_bench(house: House, storage: FolderStorage, tmp_path: Path, craft: FakeCraft) -> Bench:
    return Bench(house.engine, storage, Workspace(tmp_path / "work", storage), craft)


def drain(house: House, bench: Bench, job_id: str) -> Job:
    work_off(house, bench)
    return house.job(job_id)


def work_off(house: House, bench: Bench) -> None:
    while step := house.ledger.claim_next("w", house.project_id):
        work(house.ledger, bench, step)


def test_a_job_from_footage_to_review(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4", "music.ogg"):
        add_clip(house, storage, name, name)
    add_clip(house, storage, "c.mp4", "broken")
    job_id = house.submit()
    assert house.job(job_id).state is JobState.QUEUED
    job = drain(house, make_bench(house, storage, tmp_path, FakeCraft()), job_id)
    assert (job.state, job.review, job.notes) == (JobState.IN_REVIEW, "finished", ("music: music.ogg",))
    with house.engine.connect() as connection:
        (package,) = records.list_packages(connection, job_id)
        kinds = [event.kind for event in records.list_events(connection, job_id, 0, 1000)]
    assert [file.name for file in package.files] == ["documentary-clean.mp4", "documentary.mp4", "manifest.json"]
    assert storage.get_bytes(package.files[1].key).endswith(b"a.mp4b.mp4music.ogg")
    assert list(storage.list("joined/")) == []
    assert {"state", "step", "progress"} <= set(kinds)
    assert list((tmp_path / "work" / "scratch").iterdir()) == []


def test_finished_segments_and_inspections_are_found_again(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    craft = FakeCraft()
    bench = make_bench(house, storage, tmp_path, craft)
    first = house.submit()
    drain(house, bench, first)
    add_clip(house, storage, "a.mp4", "a")
    second = house.submit()
    assert drain(house, bench, second).state is JobState.IN_REVIEW
    assert len(craft.rendered) == 2
    assert craft.inspected == ["a.mp4"]
    with house.engine.connect() as connection:
        (clip,) = records.list_clips(connection, house.project_id)
        beside = records.read_renditions_key(connection, clip.id)
    assert storage.get_bytes(f"{beside}/poster.jpg") == b"a"
    assert len(craft.looked_at) == 1
    reused = [step.outcome.reused for step in house.steps(second) if step.kind == "segment" and step.outcome]
    assert reused == [2]


def test_a_preview_is_cut_from_proxies_and_fetches_no_original(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    drain(house, make_bench(house, storage, tmp_path, FakeCraft()), house.submit())
    storage.delete(["uploads/a.mp4"])
    storage.delete(storage.list("looks/"))
    elsewhere = tmp_path / "another machine"
    job_id = house.submit(preview=True)
    assert drain(house, make_bench(house, storage, elsewhere, FakeCraft()), job_id).review == "draft"
    assert not list(storage.list("looks/")), "its pictures are not measured"
    with house.engine.connect() as connection:
        (package,) = records.list_packages(connection, job_id)
    assert storage.get_bytes(package.files[-1].key).endswith(b"small a")


def test_only_the_missing_piece_of_a_segment_is_made(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        add_clip(house, storage, name, name)
    craft = FakeCraft()
    bench = make_bench(house, storage, tmp_path, craft)
    drain(house, bench, house.submit(films="open"))
    opened = list(craft.rendered)
    both = house.submit(films="both")
    assert drain(house, bench, both).state is JobState.IN_REVIEW
    assert len(opened) == 2
    (clean,) = craft.rendered[2:]
    assert clean not in opened
    with house.engine.connect() as connection:
        view = view_job(connection, both, house.clock.now)
    assert (view.segments_total, view.segments_rendered, view.segments_reused) == (3, 1, 2)
    storage.delete([opened[0]])
    drain(house, bench, house.submit(films="both"))
    assert craft.rendered[3:] == [opened[0]]


def test_a_clip_is_listened_to_when_a_person_says_so_and_found_again(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    craft = FakeCraft()
    bench = make_bench(house, storage, tmp_path, craft)

    def codes(details: Details, *, words: str | None = None) -> list[str]:
        add_clip(house, storage, "a.mp4", "a", details=details, words=words)
        work_off(house, bench)
        with house.engine.connect() as connection:
            (record,) = records.list_clips(connection, house.project_id)
        assert record.inspected
        return [note.code for note in record.inspected.notes]

    assert codes(Details()) == []
    assert codes(Details(slot="leader")) == ["needs_transcript"]
    assert codes(Details(slot="broll")) == []
    assert codes(Details(slot="leader")) == ["needs_transcript"]
    assert (craft.inspected, craft.listened) == (["a.mp4"], ["a.mp4"])
    craft.listening = "2"
    assert codes(Details(speaker_name="Chief")) == ["needs_transcript"]
    assert (craft.inspected, craft.listened) == (["a.mp4"], ["a.mp4", "a.mp4"])
    for number, words in enumerate((b"words", b"words", b"other words")):
        storage.put_bytes(f"uploads/{number}.srt", words)
        assert codes(Details(slot="leader"), words=f"uploads/{number}.srt") == ["realigned"]
    # Words are laid once each, and no picture is read again for their sake.
    assert (craft.inspected, craft.listened) == (["a.mp4"], ["a.mp4"] * 4)


def test_a_captioned_segment_counts_both_pieces_while_one_run_makes_them(
    house: House, storage: FolderStorage, tmp_path: Path
) -> None:
    add_clip(house, storage, "a.mp4", "a")
    heard: list[int] = []

    def look(_: object) -> None:
        with house.engine.connect() as connection:
            heard.append(view_job(connection, job_id, house.clock.now).segments_total)

    craft = FakeCraft(on_piece=look)
    bench = make_bench(house, storage, tmp_path, craft)
    job_id = house.submit()
    drain(house, bench, job_id)
    (segment,) = [step for step in house.steps(job_id) if step.kind == "segment"]
    assert (segment.frames, segment.frames_done) == (20, 20)
    assert segment.outcome
    assert (segment.outcome.rendered, segment.outcome.reused) == (2, 0)
    assert heard == [2]
    assert len(craft.rendered) == 2


def test_no_usable_footage_refuses_the_job(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    add_clip(house, storage, "a.mp4", "broken")
    job = drain(house, make_bench(house, storage, tmp_path, FakeCraft()), house.submit())
    assert (job.state, job.blame, job.error) == (
        JobState.FAILED,
        Blame.INPUT,
        "There is no footage to make a film of.",
    )


def test_a_cancelled_job_stops_its_rendering(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    add_clip(house, storage, "a.mp4", "a")
    begun = threading.Event()
    craft = FakeCraft(frame_s=0.2, on_piece=lambda _: begun.set())
    bench = make_bench(house, storage, tmp_path, craft)
    job_id = house.submit(films="open")
    for _ in range(3):
        step = house.ledger.claim_next("w", house.project_id)
        assert step is not None
        work(house.ledger, bench, step)
    segment = house.ledger.claim_next("w", house.project_id)
    assert segment is not None

    def cancel() -> None:
        begun.wait(60)
        with immediate(house.engine) as connection:
            job = read_job(connection, job_id, lock=True)
            apply_change(connection, job, decide(job, Action.CANCEL), house.clock.now)

    canceller = threading.Thread(target=cancel)
    canceller.start()
    ended = work(house.ledger, bench, segment, beat_s=0.05)
    canceller.join()
    assert not ended.accepted
    assert craft.rendered == []


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (Outage("The store is away."), StepState.READY, "The store is away."),
        (OSError(errno.ENOSPC, "No space left on device"), StepState.READY, "Waiting for disk space"),
        (RuntimeError("oops"), StepState.FAILED, "RuntimeError('oops')"),
    ],
)
def test_blame(
    house: House, storage: FolderStorage, tmp_path: Path, error: Exception, state: StepState, said: str
) -> None:
    def stumble(_: object) -> None:
        raise error

    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft(on_piece=stumble))
    job_id = house.submit(films="open")
    drain(house, bench, job_id)
    (segment,) = [step for step in house.steps(job_id) if step.kind == "segment"]
    assert segment.state is state
    assert said in (segment.error or "")


def test_a_worker_that_comes_back_late_changes_nothing(house: House, storage: FolderStorage, tmp_path: Path) -> None:
    add_clip(house, storage, "a.mp4", "a")
    bench = make_bench(house, storage, tmp_path, FakeCraft())
    job_id = house.submit(films="open")
    stale = house.ledger.claim_next("stale", house.project_id)
    assert stale is not None
    house.clock.now += house.ledger.lease_s + 1
    late = Ledger(house.engine, clock=house.clock)
    late.expire()
    drain(house, bench, job_id)
    assert not work(house.ledger, bench, stale).accepted
    assert house.job(job_id).state is JobState.IN_REVIEW
