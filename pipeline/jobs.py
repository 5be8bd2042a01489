"""Jobs and steps as values: what a job asks for, where it stands, and what each step found. Frozen values only."""

from enum import IntEnum, StrEnum
from typing import Literal

from pydantic import Field

from ingest.clip import Clip
from kit.values import Value


class JobState(StrEnum):
    """Where a job stands."""

    CREATED = "created"
    QUEUED = "queued"
    PLANNING = "planning"
    RENDERING = "rendering"
    ASSEMBLING = "assembling"
    PACKAGING = "packaging"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepKind(StrEnum):
    """What a step does; the order is the order of the river."""

    INSPECT = "inspect"
    PLAN = "plan"
    SEGMENT = "segment"
    SOUND = "sound"
    ASSEMBLE = "assemble"
    PACKAGE = "package"
    ARCHIVE = "archive"
    """After the approval: one zip of all that was packaged."""


class StepState(StrEnum):
    """Where a step stands: ready to be claimed, held by a worker, or ended."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Blame(StrEnum):
    """Who must act on a failure: the agency, the operator of a part outside the code, or we."""

    INPUT = "input"
    OUTAGE = "outage"
    BUG = "bug"


class Priority(IntEnum):
    """Which of one agency's jobs goes first; between agencies it counts nothing."""

    LOW = -1
    NORMAL = 0
    HIGH = 1


Films = Literal["open", "both"]
"""Which films a job makes: the one with open captions, or that and the clean one."""

Review = Literal["finished", "draft"]
"""How the package came out; only a finished one can be approved."""


class SegmentNote(Value):
    """One segment that the plan asks for, encoded once, or twice when it is captioned and both films are made."""

    keys: tuple[str, ...]
    """Storage keys of its pieces, content addresses; the first also names the segment's step."""
    frames: int
    """Frames of one piece."""


class Planned(Value):
    """What a plan step found."""

    context_key: str
    """Storage key of the render context, a content address."""
    frames: int
    """Frames of one film."""
    segments: tuple[SegmentNote, ...]
    sound_key: str
    notes: tuple[str, ...] = ()
    inputs: tuple[str, ...] | None = None
    """Storage keys of all that the film is made of, the agency's seal among them; None: an older program planned it."""


class PackedFile(Value):
    """One file of a delivered package."""

    name: str
    key: str
    size: int
    """Bytes."""
    sha256: str
    media_type: str


class Packed(Value):
    """What a package step made."""

    review: Review
    files: tuple[PackedFile, ...]
    notes: tuple[str, ...] = ()


class Outcome(Value):
    """What a finished step leaves behind; each kind of step fills its own field."""

    rendered: int = 0
    """Segment steps: pieces that were encoded."""
    reused: int = 0
    """Results that lay in storage already."""
    clip: Clip | None = None
    renditions_key: str | None = None
    """Beneath it lie the renditions that an inspected clip names."""
    inspection_keys: tuple[str, ...] = ()
    """Where what was found out of a clip lies, for the next who sends the same file."""
    planned: Planned | None = None
    packed: Packed | None = None
    archived: PackedFile | None = None


class NewStep(Value):
    """A step that the flow asks for."""

    kind: StepKind
    key: str
    """What it makes; with job, round and kind it names the step, so asking twice makes one."""
    index: int | None = None
    """Segment steps: which of the plan's segments."""
    frames: int = 0
    """Weight of the step in the job's progress, in frames of work."""


class Step(Value):
    """One unit of work, claimed by one worker at a time."""

    id: str
    agency_id: str
    project_id: str
    job_id: str | None = None
    """None for an inspection: it belongs to the project's clip."""
    clip_id: str | None = None
    round: int = 1
    kind: StepKind
    key: str
    index: int | None = None
    frames: int = 0
    frames_done: int = 0
    state: StepState = StepState.READY
    attempts: int = 0
    token: int = 0
    """Fencing token: counts the claims; only the newest holder may write."""
    outcome: Outcome | None = None
    error: str | None = None
    blame: Blame | None = None
    created_at: float = 0.0
    """Seconds since 1970, as are all times here."""
    started_at: float | None = None
    finished_at: float | None = None


class Job(Value):
    """One film asked for."""

    id: str
    agency_id: str
    project_id: str
    storyboard: str
    storyboard_version: int | None = None
    """Which of the storyboard's versions the film is made by; None for one that was given as a file."""
    edits_version: int | None = None
    """Which of the project's versions of edits by hand the film is made with; None for none."""
    films: Films = "both"
    preview: bool = False
    priority: Priority = Priority.NORMAL
    state: JobState = JobState.CREATED
    round: int = 1
    """Counts how often the film was planned: changes asked for in review start a new round."""
    review: Review | None = None
    captions_accepted: bool = False
    progress: float = Field(default=0.0, ge=0, le=1)
    frames_planned: int = 0
    """Frames of work in all, known once planned."""
    error: str | None = None
    blame: Blame | None = None
    notes: tuple[str, ...] = ()
    created_at: float = 0.0
    planned_at: float | None = None
    finished_at: float | None = None
    """Moves with each download."""
    pieces_expired_at: float | None = None
    """When its pieces were let go of; None while they are kept, or it was planned anew since."""


ENDED_STEPS = frozenset({StepState.DONE, StepState.FAILED, StepState.CANCELLED})
"""Step states that nothing leads out of."""

ENDED_JOBS = frozenset({JobState.DELIVERED, JobState.FAILED, JobState.CANCELLED})
"""Job states that nothing leads out of, but for another try of one that failed."""

AT_REST = ENDED_JOBS | {JobState.IN_REVIEW, JobState.APPROVED}
"""Job states in which no step is waited for."""

GIVEN = frozenset({JobState.APPROVED, JobState.DELIVERED})
"""Job states in which a film may leave the house."""
