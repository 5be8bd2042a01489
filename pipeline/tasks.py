"""What each kind of step does: footage from storage in, craft called, results under content keys out.

Every task may run twice: its result has one address, and what lies there already is not made again.
"""

import hashlib
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from pydantic import Field

from delivery.delivery import CLEAN_FILM, OPEN_FILM, PREVIEW_FILM, SUMS
from editing.documentary import Film, Piece, RenderContext
from ingest.checks import is_lasting
from ingest.clip import Clip
from ingest.renditions import PROXY
from kit.digest import file_sha256
from kit.errors import Bug, NotFound
from kit.storage import Storage
from kit.values import Value
from pipeline import records
from pipeline.archiving import make_archive, packed_bytes
from pipeline.craft import Craft, OnFrame
from pipeline.edits import edits_of
from pipeline.jobs import Job, Outcome, Packed, PackedFile, Planned, Step, StepKind
from pipeline.plans import films_of, planned_of, read_ingredients
from pipeline.projects import ClipRecord
from pipeline.room import room_for
from pipeline.rows import read_job, read_steps
from pipeline.spoken import is_spoken
from pipeline.versions import Storyboards
from pipeline.workspace import Workspace

FILM_NAMES: dict[Film, str] = {"open": OPEN_FILM, "clean": CLEAN_FILM}
"""What the films are called in the package."""

LONGEST_NAME = 255
"""Bytes of the longest name that a file on this disk can have."""


class StoredContext(Value):
    """A render context together with where its footage lies."""

    context: RenderContext
    keys: dict[str, str]
    """Storage key by file name."""
    digests: dict[str, str] = Field(default_factory=dict)
    """SHA-256 of each clip as it came, by file name; a preview's clips are known by their proxies instead."""


@dataclass(frozen=True)
class Bench:
    """What a step works with."""

    engine: sa.Engine
    storage: Storage
    workspace: Workspace
    craft: Craft


def perform(bench: Bench, step: Step, on_frame: OnFrame) -> Outcome:
    """Do one step. `on_frame` hears the frames done and may raise to stop the work.

    Raises InputRefused (the agency's to mend), Outage (worth another try), Bug, and whatever `on_frame` raises.
    """
    tasks: dict[StepKind, Callable[[Bench, Step, OnFrame, Path], Outcome]] = {
        StepKind.INSPECT: _inspect,
        StepKind.PLAN: _plan,
        StepKind.SEGMENT: _segment,
        StepKind.SOUND: _sound,
        StepKind.ASSEMBLE: _assemble,
        StepKind.PACKAGE: _package,
        StepKind.ARCHIVE: _archive,
    }
    with bench.workspace.scratch(room_for(step, packed_bytes(bench.engine, step))) as scratch:
        return tasks[step.kind](bench, step, on_frame, scratch)


def film_name(job: Job, film: Film) -> str:
    """What a film is called in the package."""
    return PREVIEW_FILM if job.preview else FILM_NAMES[film]


def _inspect(bench: Bench, step: Step, on_frame: OnFrame, scratch: Path) -> Outcome:
    if step.clip_id is None:
        raise Bug("An inspection without a clip.")
    with bench.engine.connect() as connection:
        record = records.read_clip(connection, step.clip_id)
    path = bench.workspace.media(record.storage_key, record.name, scratch)
    outcome = _looked_at(bench, record, path, on_frame, scratch)
    if outcome.renditions_key is None:
        return outcome
    transcript = _transcript(bench, record, scratch)
    if transcript:
        recipe = f"{file_sha256(transcript)} {transcript.name}"
        return _with_words(bench, outcome, recipe, lambda clip: bench.craft.lay_words(clip, path, transcript))
    if is_spoken(record.details, Storyboards(bench.engine).own_slots()):
        recipe = bench.craft.listening_version()
        return _with_words(bench, outcome, recipe, lambda clip: bench.craft.listen(clip, path, on_frame))
    return outcome


def _looked_at(bench: Bench, record: ClipRecord, path: Path, on_frame: OnFrame, scratch: Path) -> Outcome:
    digest = file_sha256(path)
    recipe = "\n".join([bench.craft.inspection_version(), record.name, digest])
    address = hashlib.sha256(recipe.encode()).hexdigest()
    key, beside = f"inspections/{address}.json", f"renditions/{address}"
    if bench.storage.exists(key):
        found = Clip.model_validate_json(_asked_for(bench, key))
        if {f"{beside}/{name}" for name in found.renditions} <= set(bench.storage.list(f"{beside}/")):
            return Outcome(clip=found, renditions_key=beside, inspection_keys=(key,), reused=True)
    made = scratch / "renditions"
    clip = bench.craft.inspect(path, record.name, digest, made, on_frame)
    if not is_lasting(clip):
        return Outcome(clip=clip)
    for name in clip.renditions:
        bench.storage.put_file(f"{beside}/{name}", made / name, content_type=media_type_of(name), filename=name)
    # Last, so that whoever finds the inspection finds its renditions too.
    bench.storage.put_bytes(key, clip.model_dump_json().encode(), content_type="application/json")
    return Outcome(clip=clip, renditions_key=beside, inspection_keys=(key,))


def _asked_for(bench: Bench, key: str) -> bytes:
    """What was found out before, written anew, so that a sweep that looks at ages sees that it is wanted again."""
    data = bench.storage.get_bytes(key)
    bench.storage.put_bytes(key, data, content_type="application/json")
    return data


def _with_words(bench: Bench, outcome: Outcome, recipe: str, hear: Callable[[Clip], Clip]) -> Outcome:
    """The outcome with the words of a clip, or the note that they are missing; `recipe` says where they come from.

    Kept apart from the inspection, so that no picture is read again when a person mends a word or gives it a slot.
    """
    assert outcome.clip
    address = hashlib.sha256(f"{outcome.renditions_key}\n{recipe}".encode()).hexdigest()
    key = f"inspections/{address}.json"
    keys = (*outcome.inspection_keys, key)
    if bench.storage.exists(key):
        clip = Clip.model_validate_json(_asked_for(bench, key))
        return outcome.model_copy(update={"clip": clip, "inspection_keys": keys})
    clip = hear(outcome.clip)
    bench.storage.put_bytes(key, clip.model_dump_json().encode(), content_type="application/json")
    return outcome.model_copy(update={"clip": clip, "inspection_keys": keys, "reused": 0})


def _transcript(bench: Bench, record: ClipRecord, scratch: Path) -> Path | None:
    if record.transcript_key is None:
        return None
    with bench.engine.connect() as connection:
        names = {upload.storage_key: upload.name for upload in records.list_uploads(connection, record.project_id)}
    name = names.get(record.transcript_key, ".srt")
    kept = bench.workspace.media(record.transcript_key, name, scratch)
    if len(name.encode()) > LONGEST_NAME:
        return kept
    # Under the name that its sender knows, because notes tell it.
    named = scratch / "transcript" / name
    named.parent.mkdir()
    named.symlink_to(kept.resolve())
    return named


def _plan(bench: Bench, step: Step, _on_frame: OnFrame, _scratch: Path) -> Outcome:
    job = _job(bench, step)
    with bench.engine.connect() as connection:
        of = read_ingredients(connection, job)
        edits = edits_of(connection, job)
    timeline = bench.craft.plan(of.storyboard, of.clips, of.agency, of.music, edits)
    keys = {record.name: record.storage_key for record in of.held}
    if job.preview:
        keys |= _proxy_keys(bench, of.held, of.usable)
    if of.agency.seal:
        keys[of.agency.seal.file] = of.agency.seal.key
    context = of.context(timeline, preview=job.preview)
    data = StoredContext(context=context, keys=keys, digests=of.digests).model_dump_json().encode()
    key = f"contexts/{hashlib.sha256(data).hexdigest()}.json"
    bench.storage.put_bytes(key, data, content_type="application/json")
    # The object that later steps in this process find again, so that what is worked out from it is kept for them.
    context = _parsed_context(data).context
    planned = planned_of(bench.craft, context, films_of(job), key)
    return Outcome(planned=planned.model_copy(update={"inputs": tuple(sorted({*keys.values()}))}))


def _proxy_keys(bench: Bench, held: Sequence[ClipRecord], clips: Sequence[Clip]) -> dict[str, str]:
    """Where the proxies lie, by the names of the clips that have one."""
    with_proxy = {clip.file for clip in clips if clip.proxy}
    with bench.engine.connect() as connection:
        beneath = {
            record.name: records.read_renditions_key(connection, record.id)
            for record in held
            if record.name in with_proxy
        }
    return {name: f"{key}/{PROXY}" for name, key in beneath.items()}


def _segment(bench: Bench, step: Step, on_frame: OnFrame, scratch: Path) -> Outcome:
    keys = next(note.keys for note in _planned(bench, step).segments if step.key in note.keys)
    missing = [key for key in keys if not bench.storage.exists(key)]
    job, paths = _job(bench, step), dict[str, Path]()
    seen = None
    if missing:
        # Only what the open film shows is looked at, and no preview.
        seen = scratch / "seen.raw" if missing[0] == keys[0] and not job.preview else None
        stored = _stored(bench, step)
        pieces = _pieces(bench, stored.context, job, missing)
        paths = {key: scratch / f"{number}.mp4" for number, key in enumerate(missing)}
        media = _at_hand(bench, stored, bench.craft.piece_files(pieces[0]), scratch)
        bench.craft.render_pieces(
            stored.context, pieces, media.__getitem__, paths, lambda done: on_frame(done * len(missing)), seen
        )
        for key, path in paths.items():
            bench.storage.put_file(key, path, content_type="video/mp4")
    if not job.preview:
        _look_at(bench, step, keys[0], paths.get(keys[0]), scratch, seen)
    return Outcome(rendered=len(missing), reused=len(keys) - len(missing))


def _look_at(bench: Bench, step: Step, key: str, path: Path | None, scratch: Path, seen: Path | None) -> None:
    """Measure the pictures of a segment's first piece, which the open film shows, unless that is done already."""
    address = bench.craft.look_key(key)
    if bench.storage.exists(address):
        return
    (piece,) = _pieces(bench, _stored(bench, step).context, _job(bench, step), [key])
    if path is None:
        path = scratch / "found.mp4"
        bench.storage.get_file(key, path)
    look = bench.craft.look_at(piece, path, scratch, seen)
    bench.storage.put_bytes(address, look, content_type="application/octet-stream")


def _looks(bench: Bench, context: RenderContext) -> list[bytes]:
    """What was measured of the open film's pieces, in film order; nothing when some of it is gone."""
    try:
        keys = bench.craft.film_order(context, "open")
        return [bench.storage.get_bytes(bench.craft.look_key(key)) for key in keys]
    except NotFound:
        return []


def _pieces(bench: Bench, context: RenderContext, job: Job, keys: Sequence[str]) -> list[Piece]:
    """The pieces of some keys; a missing one means that workers of different versions share one queue."""
    found = [piece for piece in bench.craft.pieces(context, films_of(job)) if piece.key in keys]
    if len(found) < len(keys):
        raise Bug("This worker plans other pieces than the one that planned the film: run one version everywhere.")
    return found


def _sound(bench: Bench, step: Step, _on_frame: OnFrame, scratch: Path) -> Outcome:
    if bench.storage.exists(step.key):
        return Outcome(reused=1)
    _make_sound(bench, _stored(bench, step), step.key, scratch / "sound.m4a", scratch)
    return Outcome()


def _make_sound(bench: Bench, stored: StoredContext, key: str, out: Path, scratch: Path) -> None:
    media = _at_hand(bench, stored, bench.craft.sound_files(stored.context), scratch)
    bench.craft.render_sound(stored.context, media.__getitem__, out)
    bench.storage.put_file(key, out, content_type="audio/mp4")


def _make_again(bench: Bench, step: Step, job: Job, key: str, path: Path, scratch: Path) -> None:
    """Make a piece that was there and is gone: swept between the plan and the joining, or lost by the store."""
    stored = _stored(bench, step)
    (piece,) = _pieces(bench, stored.context, job, [key])
    media = _at_hand(bench, stored, bench.craft.piece_files(piece), scratch)
    bench.craft.render_pieces(stored.context, [piece], media.__getitem__, {key: path}, lambda _: None)
    bench.storage.put_file(key, path, content_type="video/mp4")


def _assemble(bench: Bench, step: Step, on_frame: OnFrame, scratch: Path) -> Outcome:
    job = _job(bench, step)
    for name, path in _join(bench, step, job, on_frame, scratch).items():
        bench.storage.put_file(_joined_key(job, name), path, content_type="video/mp4")
    return Outcome()


def _join(bench: Bench, step: Step, job: Job, on_frame: OnFrame, scratch: Path) -> dict[str, Path]:
    """The films of a job by their names, joined from their finished pieces."""
    planned, context = _planned(bench, step), _stored(bench, step).context
    sound = scratch / "sound.m4a"
    try:
        bench.storage.get_file(planned.sound_key, sound)
    except NotFound:
        _make_sound(bench, _stored(bench, step), planned.sound_key, sound, scratch)
    keys = [key for segment in planned.segments for key in segment.keys]
    pictures = {key: scratch / f"{number}.mp4" for number, key in enumerate(keys)}
    for done, (key, path) in enumerate(pictures.items(), start=1):
        try:
            bench.storage.get_file(key, path)
        except NotFound:
            _make_again(bench, step, job, key, path, scratch)
        on_frame(step.frames * done // (2 * len(pictures)))
    films = {film_name(job, film): scratch / film_name(job, film) for film in films_of(job)}
    for film in films_of(job):
        bench.craft.join(context, film, pictures, sound, films[film_name(job, film)])
    return films


def _package(bench: Bench, step: Step, on_frame: OnFrame, scratch: Path) -> Outcome:
    job, context = _job(bench, step), _stored(bench, step).context
    joined = {_joined_key(job, film_name(job, film)): film_name(job, film) for film in films_of(job)}
    if all(bench.storage.exists(key) for key in joined):
        films = {name: scratch / name for name in joined.values()}
        for key, name in joined.items():
            bench.storage.get_file(key, films[name])
    else:
        # A packaging that was cut short after clearing up finds its films gone; joining them is cheap.
        films = _join(bench, step, job, on_frame, scratch)
    folder = scratch / "package"
    result = bench.craft.package(folder, context, films, [] if job.preview else _looks(bench, context))
    packed = []
    for file in result.files:
        # Under the token, so that a worker that lost this step cannot write over what its successor delivered.
        key = f"packages/{job.id}/{job.round}/{step.token}/{file.name}"
        media_type = media_type_of(file.name)
        on_frame(0)
        bench.storage.put_file(key, folder / file.name, content_type=media_type, filename=file.name)
        packed.append(PackedFile(name=file.name, key=key, size=file.size, sha256=file.sha256, media_type=media_type))
    held = bench.storage.list(f"packages/{job.id}/{job.round}/")
    # Only of earlier holders: a later one may have delivered by now.
    cut_short = [key for key in held if int(key.split("/")[3]) < step.token]
    bench.storage.delete([*joined, *cut_short])
    return Outcome(packed=Packed(review=result.state, files=tuple(packed), notes=result.notes))


def _archive(bench: Bench, step: Step, on_frame: OnFrame, scratch: Path) -> Outcome:
    return Outcome(archived=make_archive(bench.engine, bench.storage, step, lambda: on_frame(0), scratch))


def _joined_key(job: Job, name: str) -> str:
    """Where a joined film waits for its packaging."""
    return f"joined/{job.id}/{job.round}/{name}"


def media_type_of(name: str) -> str:
    """The media type of a file of a package or beside a clip."""
    known = {".srt": "application/x-subrip", ".vtt": "text/vtt", ".otio": "application/json"}
    guessed = known.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    return guessed or ("text/plain" if name == SUMS else "application/octet-stream")


def _at_hand(bench: Bench, stored: StoredContext, names: frozenset[str], scratch: Path) -> dict[str, Path]:
    return {name: bench.workspace.media(stored.keys[name], name, scratch) for name in sorted(names)}


def _job(bench: Bench, step: Step) -> Job:
    if step.job_id is None:
        raise Bug("A step without a job.")
    with bench.engine.connect() as connection:
        return read_job(connection, step.job_id)


def _planned(bench: Bench, step: Step) -> Planned:
    with bench.engine.connect() as connection:
        steps = read_steps(connection, step.job_id or "")
    for other in steps:
        if other.kind is StepKind.PLAN and other.round == step.round and other.outcome and other.outcome.planned:
            return other.outcome.planned
    raise Bug("A step began before its film was planned.")


def _stored(bench: Bench, step: Step) -> StoredContext:
    return _parsed_context(bench.storage.get_bytes(_planned(bench, step).context_key))


@lru_cache(maxsize=2)
def _parsed_context(data: bytes) -> StoredContext:
    return StoredContext.model_validate_json(data)
