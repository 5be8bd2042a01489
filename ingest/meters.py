"""The meters that watch a clip go by, as one watcher of `ingest.reading`."""

from pathlib import Path

import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from ingest.analysis import Analysis
from ingest.clip_meter import ClipMeter
from ingest.picture_meter import PictureFindings, PictureMeter
from ingest.probe import LONGEST_S
from ingest.sound_meter import SoundFindings, SoundMeter
from kit.values import Value


class Measures(Value):
    """What the meters found."""

    picture: PictureFindings | None = None
    sound: SoundFindings | None = None

    def analysis(self) -> Analysis:
        """The findings as a clip carries them."""
        picture, sound = self.picture or PictureFindings(), self.sound
        return Analysis(
            picture=self.picture and self.picture.picture,
            sound=sound and sound.series,
            shots=picture.shots,
            flashes=picture.flashes,
            faces=picture.faces,
            face_samples=picture.face_samples,
            pauses=sound.pauses if sound else (),
            screen=picture.screen,
            marks=picture.marks,
        )


class Meters:
    """Feeds every meter with one clip; holds numbers, no film."""

    def __init__(self) -> None:
        self._picture: PictureMeter | None = None
        self._sound: SoundMeter | None = None
        self._overload: ClipMeter | None = None

    def picture(self, frame: VideoFrame, number: int) -> None:
        """As in `ingest.reading.Watcher`."""
        self._picture = self._picture or PictureMeter()
        planes = np.asarray(frame.to_ndarray(), np.uint8)
        luma, chroma = planes[: frame.height], planes[frame.height :]
        blue, red = chroma.reshape(2, frame.height // 2, frame.width // 2)
        self._picture.take(luma, blue, red, number)

    def source(self, frame: AudioFrame, zero_s: float) -> None:
        """As in `ingest.reading.Watcher`."""
        self._overload = self._overload or ClipMeter(zero_s)
        self._overload.take(frame)

    def sound(self, frame: AudioFrame) -> None:
        """As in `ingest.reading.Watcher`."""
        self._sound = self._sound or SoundMeter()
        self._sound.take(np.asarray(frame.to_ndarray(), np.float32))

    def finish(self, frames: int | None) -> Measures:
        """What was found in a clip of so many conformed frames (None: as long as its sound); call it once."""
        picture = self._picture.finish() if self._picture else None
        if self._sound is None:
            return Measures(picture=picture)
        clipped = self._overload.runs(int(LONGEST_S)) if self._overload else ()
        return Measures(picture=picture, sound=self._sound.finish(frames, clipped=clipped))

    def write(self, folder: Path) -> None:
        """Write what pages draw of the clip (`ingest.renditions`); after `finish`. Raises OSError."""
        for meter in (self._picture, self._sound):
            if meter:
                meter.write(folder)
