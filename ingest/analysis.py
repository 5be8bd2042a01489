"""What one decode of a clip measured, on the clip's own conformed frames (30 a second) and seconds. Frozen values only.

Second n of a series covers frames 30 n to 30 n + 29 (picture) and the same stretch of time (sound), from the clip's
own zero; the last one may be shorter.
"""

from kit.values import Value


class Stretch(Value):
    """A run of conformed frames, the end left out."""

    start: int
    end: int


class Face(Value):
    """A face seen in one sampled frame, as shares of the upright picture's width and height."""

    frame: int
    x: float
    """Centre."""
    y: float
    width: float
    height: float


class PictureSeries(Value):
    """The picture second by second; all series have one entry a second."""

    sharpness: tuple[float, ...] = ()
    """Variance of the Laplacian of luma at 540 lines; higher is sharper."""
    shake: tuple[float, ...] = ()
    """Unsteadiness of the camera: frame-to-frame movement less its smooth part, thousandths of the picture's width."""
    motion: tuple[float, ...] = ()
    """Mean absolute luma change from frame to frame, 0 to 255."""
    exposure: tuple[float, ...] = ()
    """Mean luma, 0 (black) to 1 (white)."""
    black: tuple[float, ...] = ()
    """Share of the picture that is black or nearly so."""
    blown: tuple[float, ...] = ()
    """Share of the picture that is burnt out to white."""


class SoundSeries(Value):
    """The conformed sound second by second; all series have one entry a second."""

    loudness: tuple[float, ...] = ()
    """K-weighted level in LUFS (ungated, floor -120)."""
    peak: tuple[float, ...] = ()
    """True peak in dBTP (floor -120)."""
    clipped: tuple[int, ...] = ()
    """Runs of samples of the source that stand flat at full scale, all channels together."""


class Analysis(Value):
    """Everything that one decode of a clip told beside its facts."""

    picture: PictureSeries | None = None
    sound: SoundSeries | None = None
    shots: tuple[int, ...] = ()
    """First frame of every shot; the first is 0."""
    flashes: tuple[Stretch, ...] = ()
    """Where the picture flashes beyond WCAG 2.3.1."""
    faces: tuple[Face, ...] = ()
    """The largest face of every sampled frame that shows one; of a photo every face."""
    face_samples: int = 0
    """How many frames were searched for faces."""
    pauses: tuple[Stretch, ...] = ()
    """Where nobody speaks for 0.3 s or longer, in sound that holds speech."""
    screen: float = 0.0
    """How much the picture looks like a recording of a screen, 0 to 1."""
    marks: tuple[str, ...] = ()
    """Perceptual hash of one picture a second (64 bits as 16 hex digits), for finding the same footage again."""
