"""What is known of one file of footage: facts, measurements, speech and a verdict. Frozen values only."""

from enum import StrEnum
from fractions import Fraction

from ingest.analysis import Analysis
from kit.values import Value

DUPLICATE = "duplicate"
"""Code of the note on a clip that is left out because another one shows the same (`ingest.duplicates`)."""


MACHINE_WORDS = "machine_words"
"""Code of the note on a clip whose sentences no person wrote down (`ingest.whisper`)."""
BLANK_PICTURE = "blank"
"""The code of the note on a picture of one even colour."""
SMALL_PICTURE = "small"
"""The code of the note on a picture that must be enlarged much."""


class Kind(StrEnum):
    """What a file is used as."""

    VIDEO = "video"
    PHOTO = "photo"
    SOUND = "sound"


class Verdict(StrEnum):
    """Whether a file can be used."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_NOTES = "accepted_with_notes"
    REFUSED = "refused"


class Note(Value):
    """One remark on a file: a stable code, plain words, and what the sender can do."""

    code: str
    message: str
    action: str = ""


class Picture(Value):
    """The picture stream as decoded (not as the container claims)."""

    stream: int
    """Index of the stream in the container, for `-map 0:N`."""
    width: int
    """Pixels of the stored frame, before rotation and pixel aspect."""
    height: int
    pixel_aspect: Fraction = Fraction(1)
    rotation: int = 0
    """Degrees the stored picture must be turned clockwise to stand upright: 0, 90, 180 or 270."""
    mirrored: bool = False
    """The stored picture must be mirrored left to right before the turn."""
    interlaced: str = "progressive"
    """progressive, tff (top field first), bff, or mixed: only the pictures that say so."""
    transfer: str = "sdr"
    """sdr, hlg or pq."""
    matrix: str = "bt709"
    """bt709, bt601, bt2020 or rgb: the matrix to decode with."""
    full_range: bool = False
    pixel_format: str = "yuv420p"
    codec: str = ""
    rate: Fraction = Fraction(30)
    """Mean frames a second."""
    variable_rate: bool = False
    start_s: float = 0.0
    """Presentation time of the first picture on the container's clock."""
    duration_s: float = 0.0
    """First picture to end of last picture."""

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height as a viewer sees them: square pixels, after the turn."""
        width, height = round(self.width * self.pixel_aspect), self.height
        return (height, width) if self.rotation in (90, 270) else (width, height)


class Sound(Value):
    """The chosen sound stream."""

    stream: int
    channels: int
    layout: str
    sample_rate: int
    start_s: float = 0.0
    duration_s: float = 0.0
    speech_channel: str = "all"
    """Where speech lies: all, left, right or centre; the others are left out when conforming."""
    out_of_phase: bool = False
    """Left and right cancel each other out, so only the left is used."""
    track: int = 1
    """Which of the file's sound tracks it is, counted from 1."""
    tracks: int = 1
    """How many sound tracks the file has."""
    voice: float = 0.0
    """How much it is like a clear voice, 0 to 1."""
    loudness_lufs: float | None = None
    """Integrated loudness after conforming to centred stereo; None for silence."""
    peak_dbtp: float | None = None


class Word(Value):
    """One spoken word with the seconds it is spoken at, on the clip's own clock (0 = first picture)."""

    text: str
    start_s: float
    end_s: float


class Sentence(Value):
    """A run of words that is never cut: a cue of a timed sidecar or a sentence of a plain transcript."""

    words: tuple[Word, ...]

    @property
    def start_s(self) -> float:
        """When its first word starts."""
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        """When its last word ends."""
        return self.words[-1].end_s

    @property
    def text(self) -> str:
        """Its words joined by blanks."""
        return " ".join(word.text for word in self.words)


class Clip(Value):
    """One file of footage, inspected."""

    file: str
    """Name inside the project, as the agency gave it."""
    digest: str
    """SHA-256 of the bytes, hex; empty for a hollow file, which is not read."""
    size: int
    kind: Kind
    verdict: Verdict
    notes: tuple[Note, ...] = ()
    container: str = ""
    seekable: bool = True
    """False where seeking lands on wrong frames (WMV/ASF): decode from the start instead."""
    seek_margin_s: float = 1.0
    """How much earlier than wanted to seek, so that decoding has settled: longer where key frames are far apart."""
    picture: Picture | None = None
    sound: Sound | None = None
    frames: int = 0
    """Frames at the film's rate that conforming this clip yields (videos); 0 for photos and sound."""
    duration_s: float = 0.0
    sentences: tuple[Sentence, ...] = ()
    """What is said, when a transcript says so."""
    slot: str | None = None
    """The slot it was assigned to by hand, if any."""
    speaker_name: str | None = None
    speaker_role: str | None = None
    in_s: float | None = None
    """Use nothing before this, when given by hand."""
    out_s: float | None = None
    sharpness: float = 0.0
    """Variance of the Laplacian at 540 lines, median over sampled frames; higher is sharper."""
    motion: float = 0.0
    """Mean absolute luma difference of neighbouring sampled frames, 0 to 255."""
    faces: tuple[float, float] | None = None
    """Centre of the largest face over sampled frames, as shares of upright width and height."""
    analysis: Analysis | None = None
    """What decoding it once measured; of a photo its faces alone; None for refused files."""
    renditions: tuple[str, ...] = ()
    """Names of the renditions that were made of it (`ingest.renditions`)."""
    proxy: str | None = None
    """SHA-256 of the proxy's bytes, hex, when one was made."""
