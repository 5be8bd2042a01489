"""The same steps in this process, without a service: for `promisereel make`, editors and benchmarks.

The ledger is a SQLite file of this run; what is kept between runs lies in the data folder under content keys.
"""

import hashlib
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from agencies.agency import Agency, Seal
from agencies.seal import read_seal
from editing.edits import NO_EDITS, Edits
from ingest.footage import Footage, FootageFile, read_footage
from kit.database import immediate, open_engine
from kit.digest import file_sha256
from kit.errors import Outage, UsageError
from kit.interrupt import raise_if_heard
from kit.storage import FolderStorage
from kit.timing import frames_to_seconds
from pipeline import records
from pipeline.craft import Craft
from pipeline.edits import EditsVersion, add_version
from pipeline.film_craft import FilmCraft
from pipeline.jobs import AT_REST, ENDED_STEPS, Films, JobState, Step, StepKind
from pipeline.ledger import Ledger, error_of
from pipeline.out_folder import check_out, replacing
from pipeline.projects import ClipRecord, Details, JobView, Upload, UploadState
from pipeline.rows import as_step, new_id, read_job
from pipeline.settling import settle_job
from pipeline.tables import create_tables, steps
from pipeline.tasks import Bench
from pipeline.views import view_job
from pipeline.worker import work
from pipeline.workspace import Workspace
from storyboards.library import fill_in, load
from storyboards.storyboard import Storyboard

LOOK_S = 0.1
"""Seconds between two looks into the ledger for something to do."""

TELL_S = 0.5
"""Seconds between two reports of progress."""

OnProgress = Callable[[JobView], None]


@dataclass(frozen=True)
class _Run:
    """One run: its ledger, its bench and its job."""

    ledger: Ledger
    bench: Bench
    agency_id: str
    project_id: str
    job_id: str
    stop: threading.Event


def run_job(
    footage: Path,
    storyboard: str,
    agency: Agency,
    out: Path,
    *,
    data: Path,
    films: Films = "both",
    preview: bool = False,
    workers: int = 2,
    seal: Path | None = None,
    whisper_model: Path | None = None,
    variables: Mapping[str, str] | None = None,
    edits: Edits = NO_EDITS,
    on_progress: OnProgress | None = None,
    craft: Craft | None = None,
) -> dict[str, Any]:
    """Make a film of a footage folder with `workers` threads; returns the object that `make --json` prints.

    `storyboard` is an id or a path, `seal` the picture for the agency's cards, `variables` words for the
    storyboard's variables, `edits` what was decided by hand. Raises UsageError (wrong call, `out` not
    ours to replace), InputRefused (footage, storyboard or seal), Outage and Bug; `out` is then as it was.
    """
    began = time.monotonic()
    check_out(out)
    spec = fill_in(load(storyboard), variables or {})
    given = read_footage(footage)
    _prepare(data)
    storage = FolderStorage(data / "make")
    keyed = _keyed(given)
    known = {key: path for key, (path, _) in keyed.items()}
    if seal:
        read_seal(seal)
        digest = file_sha256(seal)
        agency = agency.model_copy(update={"seal": Seal(digest=digest, key=f"seals/{digest}")})
        known[f"seals/{digest}"] = seal
    workspace = Workspace(data / "work", storage, known=known)
    workspace.sweep()
    with workspace.scratch() as folder:
        engine = open_engine(f"sqlite:///{folder / 'ledger.db'}", lasting=False)
        try:
            create_tables(engine)
            bench = Bench(engine, storage, workspace, craft or FilmCraft(whisper_model))
            run = _set_up(bench, given, keyed, agency, spec, edits, films=films, preview=preview)
            _work_through(run, max(workers, 1), on_progress)
            return _deliver(run, out, began)
        finally:
            engine.dispose()


def _prepare(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        raise UsageError(
            f"the data folder {data} cannot be used ({error.strerror}): name another with --data"
        ) from error


def _keyed(given: Footage) -> dict[str, tuple[Path, str]]:
    """Every file of the footage by a key that its bytes decide, with its name."""
    paths = [(file.path, file.name) for file in given.files]
    paths += [(file.transcript, file.transcript.name) for file in given.files if file.transcript]
    return {_footage_key(path, name): (path, name) for path, name in paths}


def _footage_key(path: Path, name: str) -> str:
    try:
        status = path.stat()
    except OSError as error:
        raise Outage(f"“{name}” cannot be read: {error.strerror}") from error
    facts = f"{path.absolute()}\n{status.st_size}\n{status.st_mtime_ns}"
    return f"footage/{hashlib.sha256(facts.encode()).hexdigest()}"


def _set_up(
    bench: Bench,
    given: Footage,
    keyed: dict[str, tuple[Path, str]],
    agency: Agency,
    storyboard: Storyboard,
    edits: Edits,
    *,
    films: Films,
    preview: bool,
) -> _Run:
    """Write agency, project, clips and job into the fresh ledger."""
    # Whoever waits at the terminal is told, and does not wait for room that nobody makes.
    ledger = Ledger(bench.engine, patient=False)
    now = ledger.clock()
    keys = {path: key for key, (path, _) in keyed.items()}
    with immediate(bench.engine) as connection:
        agency_id = records.add_agency(connection, agency, now)
        project_id = records.add_project(connection, agency_id, "make", now)
        for file in given.files:
            words = keys[file.transcript] if file.transcript else None
            if file.transcript and words:
                records.add_upload(connection, _transcript_row(agency_id, project_id, file.transcript, words))
            clip = _clip_row(agency_id, project_id, file, keys[file.path], given.music)
            records.put_clip(connection, clip, words, now)
        project = records.read_project(connection, project_id)
        if edits:
            add_version(connection, _edits_row(agency_id, project_id, edits, now))
        number = 1 if edits else None
        job_id = records.add_job(connection, project, storyboard, now, films=films, preview=preview, edits=number)
        settle_job(connection, job_id, now)
    return _Run(ledger, bench, agency_id, project_id, job_id, threading.Event())


def _clip_row(agency_id: str, project_id: str, file: FootageFile, key: str, music: str | None) -> ClipRecord:
    details = Details(
        slot=file.slot,
        speaker_name=file.speaker_name,
        speaker_role=file.speaker_role,
        in_s=file.in_s,
        out_s=file.out_s,
        music=file.name == music,
    )
    return ClipRecord(
        id=new_id(),
        agency_id=agency_id,
        project_id=project_id,
        name=file.name,
        storage_key=key,
        transcript_key=None,
        details=details,
        inspected=None,
        failed=None,
    )


def _transcript_row(agency_id: str, project_id: str, path: Path, key: str) -> Upload:
    return Upload(
        id=new_id(),
        agency_id=agency_id,
        project_id=project_id,
        name=path.name,
        size=path.stat().st_size,
        media_type="text/plain",
        storage_key=key,
        part_size=1 << 20,
        store_upload_id="",
        state=UploadState.COMPLETE,
        details=Details(),
        created_at=time.time(),
    )


def _edits_row(agency_id: str, project_id: str, edits: Edits, now: float) -> EditsVersion:
    return EditsVersion(
        id=new_id(),
        agency_id=agency_id,
        project_id=project_id,
        number=1,
        author="make",
        note="as given",
        edits=edits,
        created_at=now,
    )


def _work_through(run: _Run, workers: int, on_progress: OnProgress | None) -> None:
    """Let threads do steps until the job is at rest; the caller's thread tells how far it is."""
    with ThreadPoolExecutor(workers, thread_name_prefix="step") as pool:
        threads = [pool.submit(_do_steps, run) for _ in range(workers)]
        try:
            # They end when the job rests. One that ends before has raised: its step would be waited for without end.
            while not wait(threads, TELL_S, FIRST_COMPLETED).done:
                raise_if_heard()
                if on_progress:
                    on_progress(_view(run))
        finally:
            run.stop.set()
    for thread in threads:
        thread.result()
    if on_progress:
        on_progress(_view(run))


def _do_steps(run: _Run) -> None:
    """One worker: the oldest ready step, until the job needs nothing more."""
    while not run.stop.is_set():
        step = run.ledger.claim_next(threading.current_thread().name, run.project_id)
        if step is not None:
            work(run.ledger, run.bench, step, stop=run.stop.is_set)
        elif _at_rest(run):
            return
        else:
            run.stop.wait(LOOK_S)


def _at_rest(run: _Run) -> bool:
    with run.bench.engine.connect() as connection:
        return read_job(connection, run.job_id).state in AT_REST


def _view(run: _Run) -> JobView:
    with run.bench.engine.connect() as connection:
        return view_job(connection, run.job_id, run.ledger.clock())


def _deliver(run: _Run, out: Path, began: float) -> dict[str, Any]:
    """Move the package to its place and say what was done; raises the error that the job ended with."""
    view = _view(run)
    if view.job.state is not JobState.IN_REVIEW:
        raise error_of(view.job.blame, view.job.error or "The film was not made.")
    storage = run.bench.storage
    with run.bench.engine.connect() as connection:
        package = records.list_packages(connection, run.job_id)[0]
        done = [as_step(row) for row in connection.execute(sa.select(steps)).mappings()]
    with replacing(out) as folder:
        for file in package.files:
            storage.get_file(file.key, folder / file.name)
    storage.delete(file.key for file in package.files)
    plan = next(step.outcome.planned for step in done if step.outcome and step.outcome.planned)
    return {
        "state": view.job.review,
        "out": str(out),
        "duration_s": frames_to_seconds(plan.frames),
        "frames": plan.frames,
        "segments_total": view.segments_total,
        "segments_rendered": view.segments_rendered,
        "segments_reused": view.segments_reused,
        "seconds": _seconds(done) | {"total": round(time.monotonic() - began, 3)},
        "notes": list(view.notes),
    }


def _seconds(done: list[Step]) -> dict[str, float]:
    """Wall-clock seconds from the first start to the last end of each kind of step that a film is made by."""
    spent = {}
    for kind in (one for one in StepKind if one is not StepKind.ARCHIVE):
        ended = [step for step in done if step.kind is kind and step.state in ENDED_STEPS and step.started_at]
        starts = [step.started_at for step in ended if step.started_at is not None]
        ends = [step.finished_at for step in ended if step.finished_at is not None]
        spent[kind.value] = round(max(ends) - min(starts), 3) if starts and ends else 0.0
    return spent
