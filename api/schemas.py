"""What goes over the wire: the public shape of agencies, projects, uploads, clips, jobs and deliveries."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agencies.agency import Agency, Colours
from ingest.clip import Note, Verdict
from pipeline.jobs import Blame, Films, JobState, Priority, Review, StepKind, StepState
from pipeline.keeping import told_of_footage
from pipeline.projects import (
    AgencyRecord,
    ClipRecord,
    Details,
    JobView,
    PartLink,
    Project,
    Upload,
)

PriorityName = Literal["low", "normal", "high"]
"""Which of one agency's jobs goes first; between agencies it counts nothing."""

MOST_BYTES = 5 << 40
"""The largest object S3 takes."""
PARTS_A_CALL = 20
PRIORITY_NAMES: dict[Priority, PriorityName] = {
    Priority.LOW: "low",
    Priority.NORMAL: "normal",
    Priority.HIGH: "high",
}


class Body(BaseModel):
    """A request body; fields nobody knows are refused."""

    model_config = ConfigDict(extra="forbid")


class NewAgency(Body):
    """An agency that signs on."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["Anytown Police Department"])]
    """Department name exactly as it shall stand on the cards."""
    colours: Colours | None = None


class NewProject(Body):
    """A film to be made."""

    title: Annotated[str, Field(min_length=1, max_length=200)] = "Our documentary"


class NewUpload(Body):
    """A file about to be sent straight to storage."""

    project: str
    name: Annotated[str, Field(min_length=1, max_length=255, examples=["leader.mp4"])]
    size: Annotated[int, Field(ge=1, le=MOST_BYTES, description="Bytes.")]
    type: Annotated[str, Field(max_length=127, pattern=r"^[\w.+-]+/[\w.+-]+$")] = "application/octet-stream"
    details: Details = Details()


class WantedPart(Body):
    """A part to be signed."""

    n: Annotated[int, Field(ge=1, le=10_000)]
    sha256: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9+/]{43}=$",
            description="Base64 of the part's SHA-256; needed when `checksum` is `sha256`. Other bytes are refused.",
        ),
    ] = None
    md5: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9+/]{22}==$",
            description="Base64 of the part's MD5, when `checksum` is `md5`; without it the part goes unchecked.",
        ),
    ] = None


WantedParts = Annotated[list[WantedPart], Field(min_length=1, max_length=PARTS_A_CALL)]


class NewPriority(Body):
    """Which of an agency's jobs goes first."""

    priority: PriorityName


class NewJob(Body):
    """A film asked for."""

    project: str
    storyboard: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)] = "promise"
    storyboard_version: Annotated[int | None, Field(ge=1, description="By default the newest version.")] = None
    edits_version: Annotated[
        int | None,
        Field(ge=0, le=10**6, description="Which of the project's edits; by default the newest, 0 for none."),
    ] = None
    films: Films = "both"
    preview: bool = False
    priority: PriorityName = "normal"
    variables: Annotated[
        dict[str, Annotated[str, Field(max_length=500)]],
        Field(
            max_length=40,
            description="Words for the storyboard's variables, in place of its own. A preview needs none.",
        ),
    ] = {}


class AgencyOut(BaseModel):
    """An agency."""

    id: str
    name: str
    colours: Colours
    seal: Annotated[str | None, Field(description="SHA-256 of its seal's file, when it gave one.")]
    created: datetime

    @classmethod
    def of(cls, record: AgencyRecord) -> "AgencyOut":
        """The public shape of a record."""
        profile: Agency = record.profile
        return cls(
            id=record.id,
            name=profile.name,
            colours=profile.colours,
            seal=profile.seal and profile.seal.digest,
            created=moment(record.created_at),
        )


class ProjectOut(BaseModel):
    """A project: one film's footage and jobs."""

    id: str
    agency: str
    title: str
    created: datetime

    @classmethod
    def of(cls, project: Project) -> "ProjectOut":
        """The public shape of a project."""
        return cls(id=project.id, agency=project.agency_id, title=project.title, created=moment(project.created_at))


class UploadOut(BaseModel):
    """An upload and how to send its parts."""

    id: str
    project: str
    name: str
    size: int
    part_size: Annotated[int, Field(description="Bytes of every part but the last.")]
    part_count: int
    checksum: Annotated[
        Literal["sha256", "md5", "none"], Field(description="Which digest of each part is given when it is signed.")
    ]
    state: Literal["open", "complete", "aborted"]

    @classmethod
    def of(cls, upload: Upload, checksum: Literal["sha256", "md5", "none"]) -> "UploadOut":
        """The public shape of an upload."""
        return cls(
            id=upload.id,
            project=upload.project_id,
            name=upload.name,
            size=upload.size,
            part_size=upload.part_size,
            part_count=upload.part_count,
            checksum=checksum,
            state=upload.state.value,
        )


class HeldPart(BaseModel):
    """A part that storage holds."""

    n: int
    size: int


class UploadWithParts(UploadOut):
    """An upload with the parts that arrived."""

    parts: list[HeldPart]


class SignedPart(BaseModel):
    """Where to PUT one part, and the headers to send with it."""

    n: int
    url: str
    headers: dict[str, str]

    @classmethod
    def of(cls, link: PartLink) -> "SignedPart":
        """The public shape of a link."""
        return cls(n=link.n, url=link.url, headers=link.headers)


class SignedParts(BaseModel):
    """Signed parts, good for an hour."""

    parts: list[SignedPart]


class ClipOut(BaseModel):
    """A file of the project and what we think of it."""

    id: str
    name: str
    state: Literal["waiting", "inspected", "failed"]
    verdict: Verdict | None = None
    notes: list[Note] = []
    kind: str | None = None
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    renditions: Annotated[list[str], Field(description="Files made of it, for `getRendition`.")] = []
    details: Details
    failed: Annotated[str | None, Field(description="Why it could not be looked at; submitting a job tries again.")] = (
        None
    )
    expires: Annotated[
        datetime | None,
        Field(description="When its footage will be deleted, as things stand; null while a film is being made of it."),
    ] = None
    expired: Annotated[datetime | None, Field(description="When its footage was deleted, as agreed.")] = None
    retention: Annotated[str, Field(description="The same in a sentence for people; may be empty.")] = ""

    @classmethod
    def of(cls, record: ClipRecord) -> "ClipOut":
        """The public shape of a clip."""
        clip = record.clip
        facts: dict[str, Any] = {}
        if clip:
            size = clip.picture.upright_size if clip.picture else (None, None)
            facts = {"verdict": clip.verdict, "notes": list(clip.notes), "kind": clip.kind.value, "width": size[0]}
            facts |= {"height": size[1], "duration_s": round(clip.duration_s, 3)}
            facts |= {"renditions": [] if record.expired_at else list(clip.renditions)}
        facts |= {"expires": maybe_moment(record.goes_at), "expired": maybe_moment(record.expired_at)}
        facts |= {"retention": told_of_footage(record)}
        state = "failed" if record.failed else "inspected" if clip else "waiting"
        return cls(id=record.id, name=record.name, state=state, details=record.details, failed=record.failed, **facts)


class StepOut(BaseModel):
    """One step of a job."""

    id: str
    kind: StepKind
    state: StepState
    frames: int
    frames_done: int
    attempts: int
    error: str | None


class JobOut(BaseModel):
    """A job and how far it is."""

    id: str
    project: str
    storyboard: str
    storyboard_version: Annotated[int | None, Field(description="The version the film is made by; it stays that.")]
    edits_version: Annotated[int | None, Field(description="The version of the project's edits it is made with.")]
    round: Annotated[int, Field(description="How often the film was planned: changes asked for plan it again.")]
    films: Films
    preview: bool
    priority: PriorityName
    state: JobState
    review: Annotated[
        Review | None, Field(description="Only a finished film can be approved; a draft lacks something.")
    ]
    captions_accepted: bool
    progress: Annotated[float, Field(description="0 to 1; begins anew with changes, else never goes back.")]
    eta_s: Annotated[float | None, Field(description="Seconds left, null while nobody can tell.")]
    notes: list[str]
    waiting: Annotated[
        str | None, Field(description="What it waits for before it goes on, such as room on a disk; null mostly.")
    ]
    error: str | None
    blame: Blame | None
    segments_total: int
    segments_rendered: int
    segments_reused: int
    steps: list[StepOut]
    created: datetime
    finished: datetime | None

    @classmethod
    def of(cls, view: JobView) -> "JobOut":
        """The public shape of a job."""
        job = view.job
        names = ("id", "storyboard", "storyboard_version", "films", "preview", "state", "review", "captions_accepted")
        return cls(
            **{name: getattr(job, name) for name in (*names, "error", "blame", "edits_version", "round")},
            project=job.project_id,
            priority=PRIORITY_NAMES[job.priority],
            progress=round(view.progress, 4),
            eta_s=None if view.eta_s is None else round(view.eta_s, 1),
            notes=list(view.notes),
            waiting=view.waiting,
            segments_total=view.segments_total,
            segments_rendered=view.segments_rendered,
            segments_reused=view.segments_reused,
            steps=[StepOut(**{name: getattr(step, name) for name in StepOut.model_fields}) for step in view.steps],
            created=moment(job.created_at),
            finished=None if job.finished_at is None else moment(job.finished_at),
        )


class Listing(BaseModel):
    """The start of every list; `next` is the cursor of the page after this one."""

    next: str | None = None


class AgencyList(Listing):
    """Agencies, oldest first."""

    items: list[AgencyOut]


class ProjectList(Listing):
    """Projects, oldest first."""

    items: list[ProjectOut]


class ClipList(Listing):
    """Clips by name."""

    items: list[ClipOut]


class JobList(Listing):
    """Jobs, oldest first."""

    items: list[JobOut]


def maybe_moment(seconds: float | None) -> datetime | None:
    """A time since 1970 as a date with its zone, where there is one."""
    return None if seconds is None else moment(seconds)


def moment(seconds: float) -> datetime:
    """A time since 1970 as a date with its zone."""
    return datetime.fromtimestamp(seconds, UTC)
