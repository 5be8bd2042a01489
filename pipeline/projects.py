"""What an agency owns, as values: its record, its projects, uploads, clips and links. Frozen values only."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from agencies.agency import Agency
from ingest.clip import Clip
from kit.values import Value
from pipeline.jobs import Job, JobState, PackedFile, Review, Step, StepState

TRANSCRIPT_SUFFIXES = frozenset({".srt", ".vtt", ".txt"})
"""Endings of files that carry the words of the clip of the same stem."""


class Details(Value):
    """What a person says of one file; `footage.yaml` holds the same."""

    slot: str | None = None
    speaker_name: str | None = None
    speaker_role: str | None = None
    transcript: str | None = None
    """Name of the upload with this clip's words; by default the one of the same stem."""
    in_s: float | None = Field(default=None, ge=0)
    out_s: float | None = Field(default=None, gt=0)
    music: bool = False
    """This file is the film's music."""
    left_out: bool = False
    """No film shows it."""


class AgencyRecord(Value):
    """An agency that signed on."""

    id: str
    profile: Agency
    created_at: float


class Project(Value):
    """One film's footage and jobs."""

    id: str
    agency_id: str
    title: str
    created_at: float


class UploadState(StrEnum):
    """Where an upload stands."""

    OPEN = "open"
    COMPLETE = "complete"
    ABORTED = "aborted"


class Upload(Value):
    """One file on its way into storage, in parts."""

    id: str
    agency_id: str
    project_id: str
    name: str
    size: int
    """Bytes the sender announced; completing compares them."""
    media_type: str
    storage_key: str
    part_size: int
    store_upload_id: str
    state: UploadState
    details: Details
    created_at: float
    expired_at: float | None = None
    """When its file was deleted as agreed."""

    @property
    def is_here(self) -> bool:
        """Whether its file lies in storage."""
        return self.state is UploadState.COMPLETE and self.expired_at is None

    @property
    def part_count(self) -> int:
        """How many parts the file has."""
        return max(-(-self.size // self.part_size), 1)


class PartLink(Value):
    """Where one part goes."""

    n: int
    url: str
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent with the part, as they are signed."""


class ClipRecord(Value):
    """A file of a project as the pipeline knows it."""

    id: str
    agency_id: str
    project_id: str
    name: str
    storage_key: str
    transcript_key: str | None
    details: Details
    inspected: Clip | None
    """None while it waits for its inspection."""
    failed: str | None
    """Why it could not be inspected (an outage)."""
    expired_at: float | None = None
    """When its footage was deleted as agreed, in seconds since 1970."""
    goes_at: float | None = None
    """When its footage will be, as things stand; None while a film is being made of it, and where nobody asked."""

    @property
    def in_films(self) -> bool:
        """Whether films may show it: it is here, and nobody left it out."""
        return self.expired_at is None and not self.details.left_out

    @property
    def clip(self) -> Clip | None:
        """The inspected clip with what a person said of it."""
        if self.inspected is None:
            return None
        said = self.details.model_dump(include={"slot", "speaker_name", "speaker_role", "in_s", "out_s"})
        return self.inspected.model_copy(update={"file": self.name, **said})


class JobView(Value):
    """A job as those who wait for it see it."""

    job: Job
    steps: tuple[Step, ...]
    eta_s: float | None
    """Seconds left, None while nobody can tell."""
    segments_total: int
    segments_rendered: int
    segments_reused: int

    @property
    def state(self) -> JobState:
        """Where the job stands."""
        return self.job.state

    @property
    def progress(self) -> float:
        """Share done, 0 to 1; it never goes back."""
        return self.job.progress

    @property
    def waiting(self) -> str | None:
        """What a step of it waits for before it is tried again, such as room on a disk."""
        return next((step.error for step in self.steps if step.state is StepState.READY and step.error), None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of this film."""
        return self.job.notes


class JobEvent(Value):
    """Something that happened to a job, kept for replay."""

    id: int
    """Grows with time; a follower gives the last one it saw."""
    kind: Literal["state", "progress", "step", "captions"]
    data: dict[str, object]
    at: float


class Package(Value):
    """What a job delivered."""

    id: str
    agency_id: str
    job_id: str
    review: Review
    files: tuple[PackedFile, ...]
    archive: PackedFile | None = None
    """All of them in one zip, once it is made after the approval."""
    created_at: float
    expired_at: float | None = None
    """When its files were deleted as agreed."""
    goes_at: float | None = None
    """When they will be, as things stand; None while its job is under way, and where nobody asked."""


class FileLink(Value):
    """One file of a package with a link that expires."""

    file: PackedFile
    url: str
