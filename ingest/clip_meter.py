"""Counts where a source's sound stands flat at full scale: overloaded when it was recorded, which nothing mends later.

It must see the sound as it was decoded: changing the rate or the channels rounds flat tops off.
"""

from collections import Counter

import av
import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 0.985
"""A sample from here on stands at full scale; lossy coding moves flat tops by about so much."""

CREST = 0.9
"""Where the crest of a wave begins that may be flat."""

FLAT_SHARE = 0.6
"""Share of a crest that stands at full scale when it is flat; of a whole sine of full height it is 0.38."""

RUN = 3
"""A crest with fewer samples at full scale is a peak."""

MOST_PLANES = 7
"""PyAV reads past the end of more planes than this; such frames are interleaved first."""


class ClipMeter:
    """Takes decoded frames of one sound stream in order."""

    def __init__(self, zero_s: float) -> None:
        """`zero_s` is the clip's own zero on the container's clock, in seconds."""
        self._zero_s = zero_s
        self._next_s = zero_s
        self._runs: Counter[int] = Counter()

    def take(self, frame: av.AudioFrame) -> None:
        """Take the next frame, of any sample format; sound before the clip's zero is left out."""
        start_s = self._next_s if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
        self._next_s = start_s + frame.samples / frame.sample_rate
        samples = as_floats(frame)
        if not samples.size or max(samples.max(), -samples.min()) < FULL_SCALE:
            return
        for at in flat_crests(samples):
            second = (start_s - self._zero_s + at / frame.sample_rate) // 1
            if second >= 0:
                self._runs[int(second)] += 1

    def runs(self, seconds: int) -> tuple[int, ...]:
        """Flat crests in each of the clip's first `seconds` seconds, all channels together."""
        return tuple(self._runs[second] for second in range(seconds))


def as_floats(frame: av.AudioFrame) -> NDArray[np.float32]:
    """A frame's samples, shape (channels, n), full scale 1, of whatever format."""
    if frame.format.is_planar and frame.layout.nb_channels > MOST_PLANES:
        (frame,) = av.AudioResampler(format=frame.format.packed).resample(frame)
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    floats = samples.astype(np.float32)
    if samples.dtype == np.uint8:
        floats -= 128
        floats /= 127
    elif samples.dtype.kind == "i":
        floats /= 2 ** (8 * samples.dtype.itemsize - 1)
    return floats


def flat_crests(samples: NDArray[np.float32]) -> list[int]:
    """Index of the first sample of every crest of shape (channels, n) sound that stands flat at full scale."""
    found: list[int] = []
    for channel in samples:
        for sign in (1.0, -1.0):
            crest = np.concatenate([[False], sign * channel >= CREST, [False]])
            edges = np.flatnonzero(np.diff(crest.astype(np.int8)))
            full = np.concatenate([[0], np.cumsum(sign * channel >= FULL_SCALE)])
            starts, ends = edges[::2], edges[1::2]
            at_full = full[ends] - full[starts]
            flat = (at_full >= RUN) & (at_full >= FLAT_SHARE * (ends - starts))
            found += starts[flat].tolist()
    return found
