"""What a job's film is planned of, as its project holds it now, and the pieces that a plan of it asks for."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from agencies.agency import Agency
from editing.brand import in_brand
from editing.documentary import Film, RenderContext
from editing.timeline import Timeline
from ingest.clip import Clip, Verdict
from ingest.duplicates import tell_duplicates
from ingest.stand_in import stand_in
from pipeline import records
from pipeline.craft import Craft
from pipeline.jobs import Job, Planned, SegmentNote
from pipeline.projects import ClipRecord
from storyboards.storyboard import Storyboard


class Ingredients(NamedTuple):
    """All that a film is planned of, but for what is decided by hand."""

    storyboard: Storyboard
    agency: Agency
    """In the storyboard's colours."""
    clips: Sequence[Clip]
    music: str | None
    """The file that was said to be the film's music."""
    held: Sequence[ClipRecord]
    """Those that films may show."""

    @property
    def usable(self) -> tuple[Clip, ...]:
        """The clips that are not refused."""
        return tuple(clip for clip in self.clips if clip.verdict is not Verdict.REFUSED)

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each clip as it came, by file name."""
        return {clip.file: clip.digest for clip in self.usable}

    def context(self, timeline: Timeline, *, preview: bool) -> RenderContext:
        """All that rendering a plan of them needs; a preview is cut from proxies."""
        clips = tuple(map(stand_in, self.usable)) if preview else self.usable
        return RenderContext(timeline=timeline, clips=clips, agency=self.agency, preview=preview)


def read_ingredients(connection: sa.Connection, job: Job) -> Ingredients:
    """Storyboard, agency and footage of a job's film."""
    storyboard = records.read_storyboard(connection, job.id)
    held = [record for record in records.list_clips(connection, job.project_id) if record.in_films]
    return Ingredients(
        storyboard=storyboard,
        agency=in_brand(records.read_agency(connection, job.agency_id).profile, storyboard),
        clips=tell_duplicates([record.clip for record in held if record.clip]),
        music=next((record.name for record in held if record.details.music), None),
        held=held,
    )


def films_of(job: Job) -> tuple[Film, ...]:
    """Which films a job makes."""
    return ("open", "clean") if job.films == "both" and not job.preview else ("open",)


def planned_of(craft: Craft, context: RenderContext, films: Sequence[Film], context_key: str = "") -> Planned:
    """The pieces and the sound that films ask for, by their addresses; `context_key` is where the context is kept."""
    by_segment = [tuple(group) for _, group in groupby(craft.pieces(context, films), lambda piece: piece.index)]
    return Planned(
        context_key=context_key,
        frames=context.timeline.frames,
        segments=tuple(
            SegmentNote(keys=tuple(piece.key for piece in group), frames=group[0].frames) for group in by_segment
        ),
        sound_key=craft.sound_key(context),
        notes=context.timeline.notes,
    )
