"""Everything a clip's pictures tell, measured while its conformed frames go by once."""

from array import array
from pathlib import Path

import numpy as np

from ingest.analysis import Face, PictureSeries, Stretch
from ingest.faces import MAX_FACE_SAMPLES, PHOTO_SIDE, FaceFinder, usual_centre
from ingest.flashes import COLUMNS, ROWS, FlashFinder
from ingest.marks import mark
from ingest.picture_series import SeriesMeter
from ingest.sampling import EvenSamples
from ingest.screen import ScreenMeter
from ingest.shake import ShakeMeter
from ingest.shots import ShotFinder
from ingest.small_picture import Plane, SmallPicture, difference, resized, shrink
from ingest.thumbnails import Thumbnails, looks
from kit.values import Value

RATE = 30
"""Conformed frames a second."""
SAMPLE_FRAMES = 15
"""Frames from one full-size look (sharpness, screen, poster) to the next."""


class PictureFindings(Value):
    """What a clip's pictures told: the picture half of an `Analysis`, and the sums of it that a `Clip` carries."""

    picture: PictureSeries = PictureSeries()
    shots: tuple[int, ...] = ()
    flashes: tuple[Stretch, ...] = ()
    faces: tuple[Face, ...] = ()
    face_samples: int = 0
    screen: float = 0.0
    marks: tuple[str, ...] = ()
    sharpness: float = 0.0
    """`Clip.sharpness`: median over the samples."""
    motion: float = 0.0
    """`Clip.motion`: mean luma difference of samples half a second apart."""
    face: tuple[float, float] | None = None
    """`Clip.faces`: the usual centre of the largest face."""


class PictureMeter:
    """Watches the conformed frames of one clip go by; holds numbers and thumbnails, no frames but the poster's."""

    def __init__(self) -> None:
        self._frames = 0
        self._shots, self._shake, self._screen = ShotFinder(), ShakeMeter(), ScreenMeter()
        self._flashes, self._faces, self._pages = FlashFinder(RATE), FaceFinder(), Thumbnails()
        self._face_samples: EvenSamples[Face | None] = EvenSamples(RATE, MAX_FACE_SAMPLES)
        self._before: SmallPicture | None = None
        self._sampled: Plane | None = None
        self._series = SeriesMeter()
        self._sharpness, self._sample_motion = array("d"), array("d")
        self._marks: list[str] = []

    def take(self, luma: Plane, blue: Plane, red: Plane, frame: int) -> None:
        """Take conformed frame `frame`, the one after the last: upright, BT.709 limited range, 540 lines at most.

        The planes (height, width) and twice (height/2, width/2) may be views that die after the call.
        """
        small = shrink(luma, blue, red)
        moved = difference(small.luma, self._before.luma) if self._before else None
        self._series.take(small.luma, moved, begins=frame % RATE == 0)
        if frame % RATE == 0:
            self._marks.append(mark(small.luma))
        change = self._shots.take(small, frame)
        if change > 0 or self._before is None:
            self._shake.take(small, frame // RATE, luma.shape[0] / luma.shape[1])
        grid = (COLUMNS, ROWS) if luma.shape[1] >= luma.shape[0] else (ROWS, COLUMNS)
        self._flashes.take(*(resized(plane, grid).ravel() for plane in small))
        self._pages.take(luma, blue, red, frame)
        if frame % SAMPLE_FRAMES == 0:
            self._sample(luma, blue, red, small, change, frame)
        self._before = small
        self._frames = frame + 1

    def finish(self) -> PictureFindings:
        """What the clip's pictures told; call it once, after the last frame."""
        searched = self._face_samples.kept
        faces = [face for face in searched if face]
        return PictureFindings(
            picture=self._series.finish(self._shake.finish(self._series.seconds)),
            shots=self._shots.finish() if self._frames else (),
            flashes=self._flashes.finish(),
            faces=tuple(faces),
            face_samples=len(searched),
            screen=self._screen.finish(),
            marks=tuple(self._marks),
            sharpness=round(float(np.median(self._sharpness)), 2) if self._sharpness else 0.0,
            motion=round(float(np.mean(self._sample_motion)), 2) if self._sample_motion else 0.0,
            face=usual_centre(faces, len(searched)),
        )

    def write(self, folder: Path) -> None:
        """Write poster and strip (`ingest.renditions`) into a folder; nothing if no frame came. Raises OSError."""
        self._pages.write(folder)

    def _sample(self, luma: Plane, blue: Plane, red: Plane, small: SmallPicture, change: float, frame: int) -> None:
        sharp = sharpness(luma)
        self._sharpness.append(sharp)
        self._series.look(sharp)
        self._screen.take(luma)
        if self._sampled is not None:
            self._sample_motion.append(difference(small.luma, self._sampled))
        self._sampled = small.luma
        face = None
        if self._face_samples.wants(frame):
            face = self._faces.find(luma, frame)
            self._face_samples.add(face)
        self._pages.consider(luma, blue, red, looks(sharp, small.luma, change, face is not None))


def sharpness(luma: Plane) -> float:
    """Variance of the Laplacian of luma."""
    import cv2

    _, deviation = cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_16S))
    return float(deviation[0, 0]) ** 2


def measure_photo(luma: Plane) -> PictureFindings:
    """What one upright picture tells: luma of limited range, 16 pixels a side at least, the shorter one 540 at most."""
    meter = PictureMeter()
    grey = np.full((max(1, luma.shape[0] // 2), max(1, luma.shape[1] // 2)), 128, np.uint8)
    meter.take(luma, grey, grey, 0)
    faces = FaceFinder().find_all(luma, 0, PHOTO_SIDE)
    return meter.finish().model_copy(update={"faces": faces})
