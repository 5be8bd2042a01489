"""A film that was made, as edits by hand name its parts, and captions corrected where they are read."""

import json
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import sqlalchemy as sa

from editing.caption_desk import (
    Desk,
    DeskCaption,
    Footage,
    WantedCaption,
    as_planned,
    as_wanted,
    heard_clips,
    with_speakers,
    with_wishes,
)
from editing.caption_waves import PEAKS, SILENT, Outline, film_peaks
from editing.decision_list import DecisionList, decision_list
from editing.edits import NO_EDITS, LowerThirdText, read_edits
from editing.timeline import Cue, Timeline
from ingest.clip import Clip
from ingest.renditions import WAVEFORM
from kit.errors import Conflict, Gone, InputRefused, NotFound
from kit.storage import Storage
from pipeline import records
from pipeline.edits import ProjectEdits, Saved
from pipeline.jobs import Job, JobState, Planned, StepKind
from pipeline.rows import read_job, read_steps
from pipeline.tasks import StoredContext


class Captioned(NamedTuple):
    """The captions of a film, as it was planned last or as somebody wants them, and the pieces it is rendered in."""

    job: Job
    captions: tuple[DeskCaption, ...]
    cues: tuple[Cue, ...]
    """One for each caption, in the same order."""
    refused: tuple[str, ...]
    """Why captions are not as they were wanted."""
    timeline: Timeline
    clips: tuple[Clip, ...]
    """Those that are heard, with the digests that they came with."""
    pieces: tuple[int, ...]
    """The frame of the film at which each piece has ended."""
    based_on: int
    """The project's newest edits, 0 before there are any."""


class Reader(NamedTuple):
    """Who corrects captions, and in what they were read."""

    round: int
    """The planning of the film."""
    based_on: int
    """The project's newest edits then, 0 before there were any."""
    author: str
    note: str


class _Wish(NamedTuple):
    """A request as it is known again."""

    key: str | None
    words: str


class Cuts:
    """The use-cases of a film that is looked at part by part."""

    def __init__(self, engine: sa.Engine, storage: Storage, edits: ProjectEdits) -> None:
        self._engine = engine
        self._storage = storage
        self._edits = edits

    def listed(self, job_id: str, *, agency_id: str | None = None) -> DecisionList:
        """The decision list of a job's film as it was planned last. NotFound; Conflict before it is planned."""
        stored = self._stored(self._job(job_id, agency_id))
        return decision_list(stored.context.timeline, stored.digests)

    def captions(self, job_id: str, *, agency_id: str | None = None) -> Captioned:
        """The captions of a job's film as it was planned last. NotFound; Conflict before it is planned."""
        job = self._job(job_id, agency_id)
        footage = _footage(self._stored(job))
        return self._captioned(job, footage, as_planned(footage))

    def captions_as(self, job_id: str, wishes: Sequence[WantedCaption], *, agency_id: str | None = None) -> Captioned:
        """The captions of a job's film as these wishes would have them; nothing is saved.

        Raises NotFound; Conflict before it is planned; InputRefused for words that are not there or cannot stand.
        """
        job = self._job(job_id, agency_id)
        footage = _footage(self._stored(job))
        before = footage.timeline.edits
        desk = as_wanted(footage, with_wishes(before, footage, wishes))
        old = as_wanted(footage, before).refused
        return self._captioned(job, footage, desk._replace(refused=tuple(w for w in desk.refused if w not in old)))

    def save_captions(
        self,
        job_id: str,
        wishes: Sequence[WantedCaption],
        speakers: Sequence[LowerThirdText],
        reader: Reader,
        *,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Saved:
        """Save as the project's next edits how captions of a film in review are made, and who speaks.

        Raises InputRefused (nothing changed, what a caption's rules forbid, words that cannot stand), Conflict when
        film or edits are not those any more.
        """
        wish = _Wish(idempotency_key, repr(("captions", job_id, wishes, speakers, reader)))
        if before := self._saved_before(job_id, agency_id, wish):
            return before
        job = self._in_review(job_id, reader, agency_id)
        return self._save(job, _footage(self._stored(job)), wishes, speakers, reader, wish)

    def waveform(self, job_id: str, *, agency_id: str | None = None) -> tuple[int, list[int]]:
        """How loud a film's speech is: peaks a second and the peaks, 0 to 255. NotFound; Conflict before it is planned.

        Put together from what inspection drew of the clips; one whose drawing is gone is silent.
        """
        with self._engine.connect() as connection:
            job = read_job(connection, job_id, agency_id=agency_id)
            held = records.list_clips(connection, job.project_id)
            beneath = {one.name: records.read_renditions_key(connection, one.id) for one in held}
        timeline = self._stored(job).context.timeline
        outlines = {sound.file: self._outline(beneath.get(sound.file)) for sound in timeline.sounds}
        return PEAKS, film_peaks(timeline, outlines)

    def _outline(self, beneath: str | None) -> Outline:
        if beneath is None:
            return SILENT
        try:
            return Outline(**json.loads(self._storage.get_bytes(f"{beneath}/{WAVEFORM}")))
        except NotFound:
            return SILENT

    def _captioned(self, job: Job, footage: Footage, desk: Desk) -> Captioned:
        newest = self._edits.version(job.project_id)
        return Captioned(
            job=job,
            captions=desk.captions,
            cues=desk.cues,
            refused=desk.refused,
            timeline=footage.timeline,
            clips=heard_clips(footage),
            pieces=tuple(accumulate(segment.frames for segment in self.plan_of(job).segments)),
            based_on=newest.version.number if newest else 0,
        )

    def _job(self, job_id: str, agency_id: str | None) -> Job:
        with self._engine.connect() as connection:
            return read_job(connection, job_id, agency_id=agency_id)

    def _in_review(self, job_id: str, reader: Reader, agency_id: str | None) -> Job:
        """A job in review, of the planning that was read."""
        job = self._job(job_id, agency_id)
        if job.state is not JobState.IN_REVIEW or job.round != reader.round:
            raise Conflict("This film was planned again since its captions were read: look at the new one first.")
        return job

    def correct_captions(
        self,
        job_id: str,
        words: Mapping[int, str],
        reader: Reader,
        *,
        agency_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Saved:
        """Save as the project's next edits that captions of a film in review, by number, read otherwise.

        Raises InputRefused (nothing changed, words that cannot stand), Conflict when film or edits are not those any
        more.
        """
        wish = _Wish(idempotency_key, repr(("corrections", job_id, sorted(words.items()), reader)))
        if before := self._saved_before(job_id, agency_id, wish):
            return before
        job = self._in_review(job_id, reader, agency_id)
        footage = _footage(self._stored(job))
        shown = {one.listed.number: one.listed for one in as_planned(footage).captions}
        if strange := sorted(words.keys() - shown.keys()):
            raise InputRefused(f"This film has no caption {strange[0]}; its last is {len(shown)}.")
        changed = [(shown[n], text) for n, text in sorted(words.items()) if " ".join(text.split()) != shown[n].words]
        wishes = [WantedCaption(one.clip, one.start, one.end, text=text) for one, text in changed]
        return self._save(job, footage, wishes, (), reader, wish)

    def _save(
        self,
        job: Job,
        footage: Footage,
        wishes: Sequence[WantedCaption],
        speakers: Sequence[LowerThirdText],
        reader: Reader,
        wish: _Wish,
    ) -> Saved:
        newest = self._edits.version(job.project_id)
        before = newest.version.edits if newest else NO_EDITS
        edits = read_edits(with_speakers(with_wishes(before, footage, wishes), speakers).model_dump_json())
        old = as_wanted(footage, before).refused
        if wrong := [words for words in as_wanted(footage, edits).refused if words not in old]:
            raise InputRefused(f"This cannot be done: {'; '.join(wrong[:5])}.")
        if edits == before and reader.based_on == (newest.version.number if newest else 0):
            raise InputRefused("No caption was changed: mend what is wrong, then save.")
        return self._edits.save(
            job.project_id,
            edits,
            author=reader.author,
            note=reader.note,
            based_on=reader.based_on,
            agency_id=job.agency_id,
            idempotency_key=wish.key,
            asked=wish.words,
        )

    def _saved_before(self, job_id: str, agency_id: str | None, wish: _Wish) -> Saved | None:
        """What the same request saved before, whatever became of film and edits since."""
        return self._edits.saved_before(self._job(job_id, agency_id), wish.key, wish.words) if wish.key else None

    def timeline_of(self, job: Job) -> tuple[Timeline, Mapping[str, str]]:
        """A job's film as it was planned last, and the digests of its clips. Conflict before it is planned."""
        stored = self._stored(job)
        return stored.context.timeline, stored.digests

    def _stored(self, job: Job) -> StoredContext:
        """What a job's film was planned as, last. Gone once that was let go of."""
        try:
            return StoredContext.model_validate_json(self._storage.get_bytes(self.plan_of(job).context_key))
        except NotFound:
            raise Gone("How this film was planned is not kept any more; make it anew to see its parts.") from None

    def plan_of(self, job: Job) -> Planned:
        """The pieces of a job's film as it was planned last. Conflict before it is planned."""
        with self._engine.connect() as connection:
            steps = read_steps(connection, job.id)
        plans = [(step.round, step.outcome.planned) for step in steps if step.kind is StepKind.PLAN and step.outcome]
        planned = max((one for one in plans if one[1]), key=lambda one: one[0], default=(0, None))[1]
        if planned is None:
            raise Conflict("This film is not planned yet.")
        return planned


def _footage(stored: StoredContext) -> Footage:
    """What captions are laid of, its clips by the digests that they came with."""
    context = stored.context
    clips = {
        file: clip.model_copy(update={"digest": stored.digests.get(file, clip.digest)})
        for file, clip in context.by_name.items()
    }
    return Footage(context.timeline, clips, context.agency)
