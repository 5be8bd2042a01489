"""Faces, with OpenCV's bundled cascades, in sampled frames."""

from pathlib import Path
from typing import Any

import numpy as np

from ingest.analysis import Face
from ingest.small_picture import Plane

FACE_SIDE = 360
"""Longer side of the picture faces are looked for in; a face smaller than a fifteenth of it is not an interview."""
PHOTO_SIDE = 720
"""The same for a photo, which is searched once and for all its faces, small ones in a group too."""
FACE_SHARE = 0.25
"""A face must be seen in this share of the samples; cascades see faces in foliage now and then."""
MAX_FACE_SAMPLES = 120
"""Frames searched that are kept at most (even): one a second, half as often each time a clip grows past that."""


class FaceFinder:
    """Looks for the largest face of a picture."""

    def __init__(self) -> None:
        self._cascade: Any = None

    def find(self, luma: Plane, frame: int) -> Face | None:
        """The largest face of an upright picture, or None."""
        return max(self.find_all(luma, frame), key=lambda face: face.width * face.height, default=None)

    def find_all(self, luma: Plane, frame: int, side: int = FACE_SIDE) -> tuple[Face, ...]:
        """Every face of an upright picture that is a fifteenth of 360 pixels or more of its longer side of `side`."""
        import cv2

        if self._cascade is None:
            folder = Path(cv2.__file__).parent / "data"
            self._cascade = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_alt2.xml"))
        height, width = luma.shape
        scale = side / max(width, height)
        small = cv2.resize(luma, (max(1, round(width * scale)), max(1, round(height * scale))))
        least = FACE_SIDE // 15
        found = self._cascade.detectMultiScale(small, scaleFactor=1.2, minNeighbors=4, minSize=(least, least))
        height, width = small.shape
        return tuple(
            Face(
                frame=frame,
                x=round((left + across / 2) / width, 4),
                y=round((top + down / 2) / height, 4),
                width=round(across / width, 4),
                height=round(down / height, 4),
            )
            for left, top, across, down in ((int(side) for side in box) for box in found)
        )


def usual_centre(faces: list[Face], samples: int) -> tuple[float, float] | None:
    """Median centre of the faces seen in so many samples; None where faces are too rare to be true."""
    if not faces or len(faces) < FACE_SHARE * samples:
        return None
    across, down = np.median([(face.x, face.y) for face in faces], axis=0)
    return round(float(across), 4), round(float(down), 4)
