"""What pages show of a clip: one telling picture and a strip of thumbnails, collected while frames go by."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.renditions import MOST_THUMBNAILS, POSTER, STRIP
from ingest.sampling import EvenSamples
from ingest.small_picture import Plane, resized

LINES = 72
WIDEST = 1024
"""Pixels of a thumbnail across at most, so that a strip of any shape fits into a JPEG."""
QUALITY = 85
RATE = 30
FACE_BONUS = 1.5
ENOUGH_SHARPNESS = 100.0
"""Variance of the Laplacian at which a picture is half as good as it gets."""

Picture = NDArray[np.uint8]


class Thumbnails:
    """Collects thumbnails at an even step, and the best-looking picture so far."""

    def __init__(self) -> None:
        self._strip: EvenSamples[Picture] = EvenSamples(RATE, MOST_THUMBNAILS)
        self._poster: tuple[Plane, Plane, Plane] | None = None
        self._best = -1.0

    def take(self, luma: Plane, blue: Plane, red: Plane, frame: int) -> None:
        """Take a conformed frame, every one or at least the first of each second."""
        if self._strip.wants(frame):
            width = min(WIDEST, max(2, round(luma.shape[1] * LINES / luma.shape[0] / 2) * 2))
            full, half = (width, LINES), (width // 2, LINES // 2)
            self._strip.add(bgr(resized(luma, full), resized(blue, half), resized(red, half)))

    def consider(self, luma: Plane, blue: Plane, red: Plane, looks: float) -> None:
        """Keep a copy of a frame as the poster when it looks better than all before."""
        if looks > self._best:
            self._best, self._poster = looks, (luma.copy(), blue.copy(), red.copy())

    def write(self, folder: Path) -> None:
        """Write the poster and the strip into a folder. Raises OSError; writes nothing when no frame was taken."""
        if self._poster is None or not self._strip.kept:
            return
        _write_jpeg(folder / POSTER, bgr(*self._poster))
        _write_jpeg(folder / STRIP, np.concatenate(self._strip.kept, axis=1))


def looks(sharpness: float, luma: Plane, change: float, face: bool) -> float:
    """How well a frame would do as a poster, 0 upwards.

    It counts when the small `luma` has light and contrast, the frame is sharp, did not `change` much from the one
    before (it is no blend at a cut, nor blurred by movement), and shows a face.
    """
    light = (float(luma.mean()) - 16) / 219
    exposed = max(0.0, 1 - abs(light - 0.45) / 0.5)
    contrast = min(1.0, float(luma.std()) / 40)
    sharp = sharpness / (sharpness + ENOUGH_SHARPNESS)
    return exposed * contrast * sharp / (1 + change / 10) * (FACE_BONUS if face else 1.0)


def bgr(luma: Plane, blue: Plane, red: Plane) -> Picture:
    """Full-range 8-bit picture, shape (height, width, 3), blue first, of BT.709 limited-range 4:2:0 planes."""
    import cv2

    size = (luma.shape[1], luma.shape[0])
    y = (luma.astype(np.float32) - 16) * (255 / 219)
    cb, cr = ((cv2.resize(plane, size).astype(np.float32) - 128) * (255 / 224) for plane in (blue, red))
    picture = np.stack([y + 1.8556 * cb, y - 0.1873 * cb - 0.4681 * cr, y + 1.5748 * cr], axis=-1)
    return np.asarray(np.rint(picture.clip(0, 255)), dtype=np.uint8)


def _write_jpeg(path: Path, picture: Picture) -> None:
    import cv2

    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    path.write_bytes(data.tobytes())
