"""The report: every line of the craft that can be measured on one film, measured from the finished file."""

import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import av

from agencies.agency import Agency
from delivery.compare import two_films_checks
from delivery.delivery import Check, Report, checked
from delivery.look import Look
from delivery.measure_captions import caption_checks
from delivery.measure_file import PREVIEW_SIZE, SIZE, file_checks, read_facts
from delivery.measure_legibility import legibility_checks
from delivery.measure_picture import picture_checks
from delivery.measure_sound import sound_checks
from delivery.measure_titles import card_picture_checks, spoken_promise_checks, title_checks
from delivery.survey import SILENT, hear, see
from editing.timeline import Timeline
from ingest.clip import Clip
from kit.errors import Bug


def measure(
    film: Path,
    timeline: Timeline,
    *,
    agency: Agency,
    clips: Sequence[Clip] = (),
    clean: Path | None = None,
    preview: bool = False,
    look: Look | None = None,
) -> Report:
    """Measure a finished film against its plan; with `clean`, the film without captions is held against it too.

    One decode of the film, or of its sound alone when `look` is put together from its pieces; the pictures of a preview
    are not looked at. Raises Bug when a file is no film, and what `kit.process.run_ffmpeg` raises.
    """
    size = PREVIEW_SIZE if preview else SIZE
    rates = {c.file: (float(c.picture.rate), c.picture.variable_rate) for c in clips if c.picture}
    speakers = {c.file: c.speaker_name for c in clips if c.speaker_name}
    try:
        facts = read_facts(film)
        with tempfile.TemporaryDirectory(prefix=".measure-", dir=film.parent) as folder, ThreadPoolExecutor(2) as pool:
            workspace = Path(folder)
            # FFmpeg and the decoder work beside what is counted here; what stops a step stops them too.
            heard = pool.submit(copy_context().run, hear, film, workspace) if facts.sound else None
            both = pool.submit(copy_context().run, _two_films, film, clean, timeline, size) if clean else None
            seen = None if preview else see(film, timeline, workspace, look)
            checks = [
                *file_checks(facts, timeline, size),
                *(picture_checks(seen, timeline, rates) if seen else ()),
                *title_checks(timeline, agency),
                *spoken_promise_checks(timeline, clips, agency),
                *(card_picture_checks(seen, timeline) if seen else ()),
                *caption_checks(timeline, speakers),
                *(legibility_checks(seen, timeline) if seen else ()),
                *sound_checks(heard.result() if heard else SILENT, timeline),
                *(both.result() if both else ()),
            ]
    except av.FFmpegError as error:
        raise Bug(f"the finished film {film.name} cannot be read: {error}") from error
    return Report(film=film.name, checks=tuple(checks))


def _two_films(film: Path, clean: Path, timeline: Timeline, size: tuple[int, int]) -> list[Check]:
    """The film without captions held against the one with them; its own file as one line, what falls short named."""
    short = [check.name for check in file_checks(read_facts(clean), timeline, size) if not check.ok]
    alone = checked("the clean film's file", ", ".join(short) or "as it should be", "as the open film's", not short)
    return [*two_films_checks(film, clean, timeline), alone]


def report_json(report: Report) -> str:
    """The text of `report.json`."""
    held = sum(check.ok for check in report.checks)
    body = {
        "schema": 1,
        "film": report.film,
        "ok": report.ok,
        "held": held,
        "checks_total": len(report.checks),
        "checks": [check.model_dump(mode="json") for check in report.checks],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
