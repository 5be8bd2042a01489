"""What pictures and sound are worth: sharpness, motion, faces and loudness, from few samples."""

import re
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from ingest.clip import Clip
from ingest.graph import bounded_sound
from kit.errors import PromiseReelError
from kit.process import run_ffmpeg
from kit.values import Value

SAMPLE_S = 0.5
SHORT_SIDE = 540
FACE_SIDE = 480
"""Longer side of the picture faces are looked for in; a face smaller than a fifteenth of it is not an interview."""

FACE_SHARE = 0.25
"""A face must be seen in this share of the samples; cascades see faces in foliage now and then."""

MAX_FACE_SAMPLES = 40
SILENCE_LUFS = -65.0
Grey = NDArray[np.uint8]


class Measures(Value):
    """What was measured on the pictures of one clip."""

    sharpness: float = 0.0
    motion: float = 0.0
    faces: tuple[float, float] | None = None


class PictureMeter:
    """Watches pictures go by and measures some of them."""

    def __init__(self) -> None:
        self._next_s = -np.inf
        self._next_face_s = -np.inf
        self._before: Grey | None = None
        self._sharpness: list[float] = []
        self._motion: list[float] = []
        self._faces: list[tuple[float, float] | None] = []
        self._cascade: Any = None

    def __call__(self, frame: VideoFrame, at_s: float, turn: int, mirrored: bool) -> None:
        """Take a decoded frame at a time in seconds that stands upright after a mirroring and a turn clockwise."""
        if at_s < self._next_s:
            return
        # A long clip is known well enough from fewer pictures.
        self._next_s = at_s + (SAMPLE_S if len(self._sharpness) < MAX_FACE_SAMPLES else 4 * SAMPLE_S)
        scale = min(1.0, SHORT_SIDE / min(frame.width, frame.height))
        width, height = (max(16, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
        grey: Grey = frame.reformat(width=width, height=height, format="gray").to_ndarray().astype(np.uint8)
        if mirrored:
            grey = grey[:, ::-1]
        self.take(np.ascontiguousarray(np.rot90(grey, -turn // 90)), at_s)

    def take(self, grey: Grey, at_s: float) -> None:
        """Take an upright picture, 540 lines on its shorter side."""
        import cv2

        self._sharpness.append(float(cv2.Laplacian(grey, cv2.CV_64F).var()))
        small = np.asarray(cv2.resize(grey, (160, 90), interpolation=cv2.INTER_AREA), dtype=np.uint8)
        if self._before is not None:
            self._motion.append(float(np.mean(np.abs(small.astype(np.int16) - self._before))))
        self._before = small
        if at_s >= self._next_face_s and len(self._faces) < MAX_FACE_SAMPLES:
            self._next_face_s = at_s + 1.0
            self._faces.append(self._largest_face(grey))

    def measures(self) -> Measures:
        """What was found so far."""
        seen = [face for face in self._faces if face]
        enough = bool(seen) and len(seen) >= FACE_SHARE * len(self._faces)
        centre = np.median(np.array(seen), axis=0) if enough else None
        return Measures(
            sharpness=round(float(np.median(self._sharpness)), 2) if self._sharpness else 0.0,
            motion=round(float(np.mean(self._motion)), 2) if self._motion else 0.0,
            faces=None if centre is None else (round(float(centre[0]), 4), round(float(centre[1]), 4)),
        )

    def _largest_face(self, grey: Grey) -> tuple[float, float] | None:
        import cv2

        if self._cascade is None:
            folder = Path(cv2.__file__).parent / "data"
            self._cascade = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_default.xml"))
        height, width = grey.shape
        scale = FACE_SIDE / max(width, height)
        small = cv2.resize(grey, (max(1, round(width * scale)), max(1, round(height * scale))))
        least = FACE_SIDE // 15
        found = self._cascade.detectMultiScale(small, scaleFactor=1.15, minNeighbors=6, minSize=(least, least))
        if not len(found):
            return None
        left, top, across, down = max(found, key=lambda box: box[2] * box[3])
        return (left + across / 2) / small.shape[1], (top + down / 2) / small.shape[0]


def loudness(clip: Clip, path: Path) -> tuple[float | None, float | None]:
    """Integrated loudness (LUFS) and true peak (dBTP) of the conformed sound; None for silence or no sound."""
    if clip.sound is None:
        return None, None
    metered = bounded_sound(clip, path).filter("ebur128", peak="true", framelog="quiet")
    try:
        log = run_ffmpeg(
            ffmpeg.output(metered, "-", format="null").get_args(), timeout_s=600, memory_bytes=2 << 30, cpu_seconds=300
        )
    except PromiseReelError:
        # Sound that FFmpeg gives up on is as good as none; the check says so.
        return None, None
    loud = re.findall(r"I:\s+(-?[\d.]+|-inf) LUFS", log)
    peak = re.findall(r"Peak:\s+(-?[\d.]+|-inf) dBFS", log)
    if not loud or not peak or float(loud[-1]) < SILENCE_LUFS:
        return None, None
    return float(loud[-1]), float(peak[-1])
