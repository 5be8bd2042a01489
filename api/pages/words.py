"""The words that pages use for states, places and sizes. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from ingest.clip import DUPLICATE, Clip, Kind, Note, Verdict
from pipeline.jobs import Job, JobState
from pipeline.projects import ClipRecord
from storyboards.storyboard import Storyboard


@dataclass(frozen=True)
class Words:
    """The heading of a job's page and the sentence below it."""

    title: str
    lead: str


STATES: dict[JobState, Words] = {
    JobState.CREATED: Words("Your film is in line", "We begin as soon as we can."),
    JobState.QUEUED: Words("Your film is in line", "We look at the last of your footage, then we begin."),
    JobState.PLANNING: Words("We are choosing the moments", "Whole sentences, the best pictures, and the Promise."),
    JobState.RENDERING: Words("We are making your film", "You can close this page; the work goes on."),
    JobState.ASSEMBLING: Words("We are putting it together", "Almost there."),
    JobState.PACKAGING: Words("We are checking the film", "Every second of picture, sound and captions is measured."),
    JobState.IN_REVIEW: Words(
        "Your film is ready to review", "Watch it, read its captions, approve it or ask for changes."
    ),
    JobState.APPROVED: Words("Your film is approved", "Download it, and share it with your community."),
    JobState.DELIVERED: Words("Your film is delivered", "It can be downloaded and shared again."),
    JobState.FAILED: Words("The film could not be made", "Your footage is safe. Here is what stopped us."),
    JobState.CANCELLED: Words("Stopped", "Your footage is safe; you can make the film again."),
}

STAGES: tuple[tuple[str, str], ...] = (
    ("queued", "Looking at your footage"),
    ("planning", "Choosing the moments"),
    ("rendering", "Making the pictures and the sound"),
    ("assembling", "Putting it together"),
    ("packaging", "Checking every second"),
)
"""What the page shows of the work, in order."""

SHORT: dict[JobState, str] = {
    JobState.IN_REVIEW: "Ready to review",
    JobState.APPROVED: "Approved",
    JobState.DELIVERED: "Delivered",
    JobState.FAILED: "Not made",
    JobState.CANCELLED: "Stopped",
}

KINDS: dict[str, str] = {"interview": "video", "broll": "video", "photo": "photo", "narration": "sound"}
"""Which kind of file a slot takes."""

OF_SOUND = frozenset(
    {
        *("no_sound", "silent", "sound_unreadable", "sound_changes", "clipped", "quiet", "out_of_phase"),
        *("one_channel", "several_tracks"),
    }
)
"""Codes of the notes on a clip's sound."""

Tone = Literal["", "good", "warn", "bad"]


def label_of(variable: str) -> str:
    """A storyboard's variable as the label of its field: `vote_day` is “Vote day”."""
    return " ".join(variable.replace("-", "_").split("_")).strip().capitalize()


def length_of(seconds: float) -> str:
    """A film's length to the half minute, as people say it."""
    halves = round(seconds / 30)
    return f"{halves // 2}{'½' * (halves % 2)} minutes"


def words_for(job: Job, *, gone: bool = False) -> Words:
    """Heading and lead of a job's page; `gone` when the film's files were deleted as agreed."""
    if gone:
        return Words("This film is not kept any more", "Send footage again to make a new one.")
    if job.state is JobState.IN_REVIEW and job.preview:
        return Words("Your preview is ready to watch", "A first look, in a smaller picture than the film will have.")
    if job.state is JobState.IN_REVIEW and job.review == "draft":
        return Words("Your draft is ready to watch", "It is not complete yet; below you see what is missing.")
    return STATES[job.state]


def words_under_way() -> dict[str, tuple[str, str]]:
    """Heading and lead of each state among the stages, for a page that stays open from one to the next."""
    return {name: (STATES[JobState(name)].title, STATES[JobState(name)].lead) for name, _ in STAGES}


def time_left(seconds: float | None) -> str:
    """The time left to the minute, to stand after how much is done; nothing while nobody can tell."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if seconds < 60:
        return ", less than a minute left"
    return f", about {minutes} {'minute' if minutes == 1 else 'minutes'} left"


def short(state: JobState) -> str:
    """A state in a word or two."""
    return SHORT.get(state, "Being made")


def tone(state: JobState) -> Tone:
    """The colour of a state."""
    tones: dict[JobState, Tone] = {JobState.IN_REVIEW: "warn", JobState.APPROVED: "good", JobState.DELIVERED: "good"}
    return tones.get(state, "bad" if state is JobState.FAILED else "")


def stage_now(state: JobState) -> int:
    """The place of a state among the stages."""
    return next((n for n, (name, _) in enumerate(STAGES) if name == state), 0)


def uses_of(storyboard: Storyboard) -> list[dict[str, str]]:
    """What a file may be for: the storyboard's slots, those for silent scenes first since most files are, and music."""
    slots = sorted(storyboard.slots, key=lambda slot: slot.takes != "broll")
    uses = [{"id": one.id, "title": one.title, "takes": one.takes, "kind": KINDS[one.takes]} for one in slots]
    return [*uses, {"id": "music", "title": "Music", "takes": "music", "kind": "sound"}]


def uses_for(storyboard: Storyboard, record: ClipRecord) -> list[dict[str, str]]:
    """What a clip that was looked at may be for."""
    kind = record.clip.kind.value if record.clip else ""
    return [one for one in uses_of(storyboard) if one["kind"] == kind]


def place_in(storyboard: Storyboard, record: ClipRecord) -> str:
    """Where a clip goes in the film, in the storyboard's words."""
    if record.details.music:
        return "Music"
    titles = {slot.id: slot.title for slot in storyboard.slots}
    if record.details.slot:
        return titles.get(record.details.slot, record.details.slot)
    clip = record.clip
    if clip is None:
        return "Footage"
    return {Kind.VIDEO: titles.get("broll", "Video"), Kind.PHOTO: "Photo", Kind.SOUND: "Sound"}[clip.kind]


def notes_of(storyboard: Storyboard, record: ClipRecord) -> tuple[Note, ...]:
    """What its sender should know of a clip that was looked at.

    Nothing of sound that the film does not use, and nothing that asks for a choice which was made.
    """
    if record.clip is None or record.expired_at:
        return ()
    needless = set(OF_SOUND) if _is_scene(storyboard, record, record.clip) else set()
    needless |= {"sound_only"} if record.details.music or record.details.slot else set()
    return tuple(note for note in record.clip.notes if note.code not in needless)


def _is_scene(storyboard: Storyboard, record: ClipRecord, clip: Clip) -> bool:
    """Whether a clip is for looking at alone: nobody said that it is to be heard, and no words came with it."""
    takes = {slot.id: slot.takes for slot in storyboard.slots}
    if record.details.slot:
        return takes.get(record.details.slot) == "broll"
    return clip.kind is Kind.VIDEO and not clip.sentences


def standing_of(storyboard: Storyboard, record: ClipRecord) -> tuple[str, Tone]:
    """What we think of a clip, in a word or two, and its colour."""
    clip = record.clip
    if record.expired_at:
        return "Deleted", ""
    if clip is None or record.failed:
        return ("Not looked at", "bad") if record.failed else ("Being looked at…", "")
    if clip.verdict is Verdict.REFUSED:
        return "Cannot be used", "bad"
    if record.details.left_out:
        return "Left out of films", ""
    if is_copy(clip):
        return "Not used: a copy", "warn"
    return ("Good, with notes", "warn") if notes_of(storyboard, record) else ("Good", "good")


def is_copy(clip: Clip) -> bool:
    """Whether a clip is left out of films because another one shows the same."""
    return any(note.code == DUPLICATE for note in clip.notes)


def size_of(size: int) -> str:
    """Bytes as people say them."""
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}" if size < 10 * bytes_ else f"{size / bytes_:.0f} {unit}"
    return f"{size} bytes"


def day(seconds: float) -> str:
    """A moment since 1970 as its day."""
    return f"{datetime.fromtimestamp(seconds, UTC):%B %-d, %Y}"


def stamp(seconds: float) -> str:
    """A moment since 1970 as programs read it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def minute(seconds: float) -> str:
    """A moment since 1970 to the minute."""
    return f"{datetime.fromtimestamp(seconds, UTC):%B %-d, %Y, %H:%M} UTC"
