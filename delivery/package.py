"""The package: everything that leaves the house for one film, in one folder, measured and summed."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

from agencies.agency import Agency
from agencies.promise import WORDING_VERSION
from delivery.captions import srt, transcript, vtt
from delivery.delivery import CLEAN_FILM, OPEN_FILM, PREVIEW_FILM, SUMS, PackageFile, PackageResult, Report, State
from delivery.descriptions import descriptions
from delivery.graph import poster_args, strip_args
from delivery.look import Look
from delivery.otio import otio_json
from delivery.report import measure, report_json
from delivery.silence import Span, overlap, speech_spans
from delivery.timeline_json import timeline_json
from editing.timeline import CardShot, Timeline, VideoShot
from ingest.clip import Clip
from kit.digest import file_sha256
from kit.errors import Bug
from kit.process import run_ffmpeg
from kit.version import APP, own_version

MANIFEST = "manifest.json"
POSTER_FRAMES = 60


def build_package(
    folder: Path,
    *,
    timeline: Timeline,
    clips: Sequence[Clip],
    agency: Agency,
    films: Mapping[str, Path],
    state_notes: Sequence[str] = (),
    preview: bool = False,
    look: Look | None = None,
) -> PackageResult:
    """Write the whole package into `folder` (made when missing) and measure it.

    `films` maps names in the package to the joined films; they are copied without any tags. `state_notes` are remarks
    to pass on. A draft is a preview, a film whose speech lacks words, or one that a check of its report falls short of.
    `look` is put together from the pieces of the open film. Raises Outage when the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shown, clean = _shown_film(films), films.get(CLEAN_FILM)
    for name, film in films.items():
        run_ffmpeg(strip_args(film, folder / name))
    (folder / "captions.srt").write_text(srt(timeline), "utf-8")
    (folder / "captions.vtt").write_text(vtt(timeline), "utf-8")
    with ThreadPoolExecutor(1) as pool:
        poster = None
        if not preview:
            _write_companions(folder, timeline, clips)
            args = poster_args(
                folder / (CLEAN_FILM if clean else shown),
                *poster_frames(timeline),
                timeline.rate,
                folder / "poster.jpg",
            )
            poster = pool.submit(copy_context().run, run_ffmpeg, args)
        report = measure(
            folder / shown,
            timeline,
            agency=agency,
            clips=clips,
            clean=folder / CLEAN_FILM if clean and shown != CLEAN_FILM else None,
            preview=preview,
            look=look,
        )
        if poster:
            poster.result()
    (folder / "report.json").write_text(report_json(report), "utf-8")
    state, notes = _state(timeline, report, state_notes, preview)
    names = [*films, "captions.srt", "captions.vtt", "report.json", *(() if preview else COMPANIONS)]
    made = [_file(folder / name) for name in names]
    manifest = _manifest(timeline, agency, state, notes, made)
    (folder / MANIFEST).write_text(manifest, "utf-8")
    listed = [*made, _file(folder / MANIFEST)]
    (folder / SUMS).write_text("".join(f"{file.sha256}  {file.name}\n" for file in listed), "utf-8")
    files = (*listed, _file(folder / SUMS))
    return PackageResult(state=state, notes=notes, report=report, files=files, manifest=manifest)


COMPANIONS = ("descriptions.vtt", "transcript.txt", "poster.jpg", "timeline.json", "timeline.otio")


def is_package(folder: Path) -> bool:
    """Whether a folder holds a manifest of ours, so that a new package may take its place."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("app") == APP


def poster_frames(timeline: Timeline) -> tuple[int, int]:
    """First frame and count of the run the poster is chosen from: the leader, else whoever speaks, else a card.

    Dissolves and lower thirds are kept out where the shot is long enough.
    """
    speech, thirds = speech_spans(timeline), [Span(third.start, third.end) for third in timeline.lower_thirds]
    videos = [shot for shot in timeline.shots if isinstance(shot, VideoShot)]
    speaking = [shot for shot in videos if any(overlap(Span(shot.start, shot.end), span) for span in speech)]
    led = [shot for shot in speaking if shot.slot == "leader"] or speaking
    cards = [shot for shot in timeline.shots if isinstance(shot, CardShot) and shot.kind == "opening"]
    shot = next(iter([*led, *cards, *videos, *timeline.shots]), None)
    if shot is None:
        raise Bug("a film without shots has no poster")
    start, end = shot.start + shot.transition.frames, shot.end
    if isinstance(shot, CardShot):
        start = max(start, end - POSTER_FRAMES)
    for third in thirds:
        if overlap(third, Span(start, end)) and end - third.end > POSTER_FRAMES // 2:
            start = max(start, third.end)
    return start, max(1, min(POSTER_FRAMES, end - start))


def _shown_film(films: Mapping[str, Path]) -> str:
    """The film that is measured: the open one where there is one."""
    for name in (OPEN_FILM, PREVIEW_FILM, CLEAN_FILM):
        if name in films:
            return name
    raise Bug("a package needs a film")


def _write_companions(folder: Path, timeline: Timeline, clips: Sequence[Clip]) -> None:
    (folder / "descriptions.vtt").write_text(descriptions(timeline), "utf-8")
    (folder / "transcript.txt").write_text(transcript(timeline), "utf-8")
    (folder / "timeline.json").write_text(timeline_json(timeline), "utf-8")
    (folder / "timeline.otio").write_text(otio_json(timeline, clips), "utf-8")


def _state(timeline: Timeline, report: Report, said: Sequence[str], preview: bool) -> tuple[State, tuple[str, ...]]:
    """Finished, or draft and why; remarks of the plan follow either way."""
    reasons: list[str] = []
    if preview:
        reasons.append("This is a preview; make the film itself before it is delivered.")
    if not timeline.complete:
        reasons.append("Some speech has no transcript yet, so it has no captions.")
    reasons += [
        f"The film falls short: {check.name} is {check.value} (asked for: {check.limit or check.goal})."
        for check in report.short
    ]
    state: State = "draft" if reasons else "finished"
    return state, tuple(dict.fromkeys([*reasons, *said, *timeline.notes]))


def _manifest(
    timeline: Timeline, agency: Agency, state: State, notes: Sequence[str], files: Sequence[PackageFile]
) -> str:
    body = {
        "app": APP,
        "schema": 1,
        "version": own_version(),
        "promise_wording": WORDING_VERSION,
        "agency": agency.name,
        "storyboard": timeline.storyboard,
        "state": state,
        "notes": list(notes),
        "duration_s": round(float(timeline.frames / timeline.rate), 3),
        "frames": timeline.frames,
        "files": [file.model_dump(mode="json") for file in files],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _file(path: Path) -> PackageFile:
    return PackageFile(name=path.name, size=path.stat().st_size, sha256=file_sha256(path))
