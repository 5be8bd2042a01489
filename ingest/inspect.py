"""Inspection: one file in, one `Clip` with a verdict out. Broken or hostile files are verdicts, never exceptions."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from ingest.analysis import Analysis
from ingest.checks import find_notes, find_refusal, photo_notes, refusal, verdict_of, with_words
from ingest.clip import Clip, Kind, Note, Picture, Sentence, Verdict
from ingest.inspect_child import Findings
from ingest.meters import Measures
from ingest.probe import Probe
from ingest.renditions import PROXY
from ingest.speech import read_speech
from kit.digest import file_sha256
from kit.errors import InputRefused, NoRoom, NotFound, Outage
from kit.process import run_lines

SILENCE_S = 300.0
"""The child tells every second how far it is; this long without a word it is stuck."""

MEMORY_BYTES = 6 << 30
"""Room for 8K pictures in several decoding threads; address space, not memory in use."""

FINDINGS_BYTES = 64 << 20
"""More than the child has to say of the longest clip."""

LARGE = 1 << 30
"""Bytes from which a file's holes are looked for."""

MOST_RUNS = 10_000
"""Runs of written bytes that are counted; a file of more is not hollow, only scattered."""

READER = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": str(1 << 20)}
"""What the child's libraries are told: threads and arenas count as address space and grow with the machine's cores;
what is large, such as the table of a file of hours, goes back to the machine when it is let go."""

_ROOT = Path(__file__).resolve().parents[1]


def inspect(
    path: Path,
    name: str,
    *,
    digest: str = "",
    transcript: Path | None = None,
    renditions: Path | None = None,
    silence_s: float = SILENCE_S,
    on_frame: Callable[[int], None] | None = None,
) -> Clip:
    """Probe, measure and judge the file at `path`, known as `name`; `transcript` says what is spoken in it.

    `digest` is the SHA-256 of its bytes where that is known already, so that a large file is not read for it again.
    Renditions are written into the folder `renditions`, which is left empty for what cannot be used. `on_frame` hears
    about once a second how many frames have been read; what it raises stops the work. Bad media and bad transcripts
    become notes and verdicts. Raises NotFound when there is no such file, and Outage when it is the machine that fails:
    the disk is full (NoRoom), or the reader was killed from outside.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {name}")
    if renditions:
        renditions.mkdir(parents=True, exist_ok=True)
    size = path.stat().st_size
    if is_hollow(path, size):
        hollow = Clip(file=name, digest="", size=size, kind=Kind.VIDEO, verdict=Verdict.REFUSED)
        return _refused(hollow, refusal("truncated"))
    base = Clip(file=name, digest=digest or file_sha256(path), size=size, kind=Kind.VIDEO, verdict=Verdict.REFUSED)
    if size == 0:
        return _refused(base, refusal("empty"))
    # Beside the renditions, so that they are moved and not copied, and swept with the step's own files.
    with tempfile.TemporaryDirectory(dir=renditions.parent if renditions else None) as scratch:
        made = Path(scratch) / "renditions"
        made.mkdir()
        found = _find(path, made if renditions else None, Path(scratch), silence_s, on_frame)
        clip = _judged(base, found)
        if renditions and clip.verdict is not Verdict.REFUSED:
            kept = sorted(file.name for file in made.iterdir())
            for each in kept:
                shutil.move(made / each, renditions / each)
            proxy = file_sha256(renditions / PROXY) if PROXY in kept else None
            clip = clip.model_copy(update={"renditions": tuple(kept), "proxy": proxy})
    return lay_words(clip, path, transcript) if transcript else clip


def lay_words(clip: Clip, path: Path, transcript: Path) -> Clip:
    """A clip that was inspected without a transcript as if it had come with this one; only its sound is read again.

    A photo, and what cannot be used, stays as it is. Raises Outage as `inspect`.
    """
    if clip.verdict is Verdict.REFUSED or clip.kind is Kind.PHOTO:
        return clip
    sentences, more = _speech(clip, path, transcript)
    notes = with_words(clip.notes, more)
    return clip.model_copy(update={"sentences": sentences, "notes": notes, "verdict": verdict_of(notes)})


def is_hollow(path: Path, size: int) -> bool:
    """Whether over half of a large file was never written: room set aside for a copy that did not come.

    Told before it is read, because reading the nothing in it would take minutes.
    """
    if size < LARGE:
        return False
    written = at = 0
    with path.open("rb") as file:
        for _ in range(MOST_RUNS):
            try:
                start = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:  # nothing is written from here on
                return written < size / 2
            at = os.lseek(file.fileno(), start, os.SEEK_HOLE)
            written += at - start
    return False


def _judged(base: Clip, found: Findings) -> Clip:
    if found.refused:
        told = (f"It is {found.seems.what}.", found.seems.action) if found.seems else ()
        return _refused(base, refusal(found.refused, *told))
    measured = base
    if found.measures.picture:
        seen = found.measures.picture
        measured = base.model_copy(update={"sharpness": seen.sharpness, "motion": seen.motion, "faces": seen.face})
    if found.photo:
        return _photo(measured, found)
    if found.facts is None:
        return _refused(base, refusal("crashed"))
    return _footage(measured, found.facts, found.measures)


def _footage(clip: Clip, facts: Probe, measures: Measures) -> Clip:
    clip = clip.model_copy(
        update={
            "kind": Kind.VIDEO if facts.picture else Kind.SOUND,
            "container": facts.container,
            "seekable": facts.seekable,
            "seek_margin_s": facts.seek_margin_s,
            "picture": facts.picture,
            "sound": facts.sound,
            "frames": facts.frames,
            "duration_s": facts.duration_s,
        }
    )
    bad = find_refusal(facts)
    if bad:
        return _refused(clip, bad)
    if clip.sound and measures.sound:
        level = {"loudness_lufs": measures.sound.loudness_lufs, "peak_dbtp": measures.sound.peak_dbtp}
        clip = clip.model_copy(update={"sound": clip.sound.model_copy(update=level)})
    clip = clip.model_copy(update={"analysis": measures.analysis()})
    notes = find_notes(clip, facts)
    return clip.model_copy(update={"notes": notes, "verdict": verdict_of(notes)})


def _speech(clip: Clip, path: Path, transcript: Path) -> tuple[tuple[Sentence, ...], tuple[Note, ...]]:
    try:
        return read_speech(clip, path, transcript)
    except InputRefused as error:
        note = Note(code="transcript_refused", message=str(error), action="Mend the transcript and send it again.")
        return (), (note,)


def _photo(clip: Clip, found: Findings) -> Clip:
    assert found.photo
    assert found.measures.picture
    looks = found.measures.picture
    size = {"width": found.photo.width, "height": found.photo.height}
    picture = Picture(stream=0, **size, matrix="rgb", full_range=True, pixel_format="rgb24")
    seen = Analysis(faces=looks.faces, face_samples=1, marks=looks.marks)
    clip = clip.model_copy(update={"kind": Kind.PHOTO, "picture": picture, "container": "photo", "analysis": seen})
    notes = photo_notes(clip, found.photo, looks)
    return clip.model_copy(update={"notes": notes, "verdict": verdict_of(notes)})


def _refused(clip: Clip, note: Note) -> Clip:
    return clip.model_copy(update={"notes": (note,), "verdict": Verdict.REFUSED})


def _find(
    path: Path, renditions: Path | None, scratch: Path, silence_s: float, on_frame: Callable[[int], None] | None
) -> Findings:
    """What the child found; a crash, a kill or a silence of the child is a finding too."""
    # The child must find this code and nothing that happens to lie in the working folder.
    env = {**os.environ, "PYTHONPATH": str(_ROOT), **READER, "TMPDIR": str(scratch)}
    command = [sys.executable, "-P", "-m", "ingest.inspect_child", str(path.resolve())]
    if renditions:
        command.append(str(renditions.resolve()))
    last = b""

    def hear(line: bytes) -> None:
        nonlocal last
        last = line
        if on_frame and line.isdigit():
            on_frame(int(line))

    code = run_lines(
        command, on_line=hear, silence_s=silence_s, memory_bytes=MEMORY_BYTES, max_bytes=FINDINGS_BYTES, env=env
    )
    if code == -signal.SIGKILL:
        raise Outage("the reader was killed from outside, perhaps because memory was short")
    try:
        findings = Findings.model_validate_json(last)
    except ValidationError:
        return Findings(refused="crashed")
    if findings.outage:
        raise (NoRoom if findings.no_room else Outage)(findings.outage)
    return findings
