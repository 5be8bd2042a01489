"""Holding a piece's key frames against what its encoder was given: a few decoded pictures that vouch for the others."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from delivery.graph import SAMPLE_SIZE
from ingest.flashes import cells

ALIKE = 4.0
"""Mean difference of the coarse cells' luma, in codes of 8 bits, up to which a decoded picture is the one encoded."""


def key_frame_errors(piece: Path, rows: NDArray[np.uint8]) -> list[str]:
    """What is wrong with a piece: that its key frames do not decode, or that they show something else than `rows`.

    `rows` holds the grid pixels of every picture in film order, planar 4:2:0.
    """
    width, height = SAMPLE_SIZE
    errors, found = [], 0
    try:
        with av.open(str(piece)) as box:
            stream = box.streams.video[0]
            stream.codec_context.skip_frame = "NONKEY"
            for picture in box.decode(stream):
                frame = round(picture.time * stream.average_rate) if stream.average_rate else 0
                small = picture.reformat(width, height, "yuv420p", interpolation="POINT")
                decoded = np.asarray(small.to_ndarray(), np.uint8).reshape(-1)
                found += 1
                if frame >= len(rows) or _apart(decoded, rows[frame]) > ALIKE:
                    errors.append(f"picture {frame} of {piece.name} is not the one that was encoded")
    except av.FFmpegError as error:
        errors.append(f"{piece.name}: {error}")
    return errors if found else [*errors, f"{piece.name} has no key frame that can be decoded"]


def _apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    width, height = SAMPLE_SIZE
    now, then = (cells(row[: width * height].reshape(height, width)).astype(np.int16) for row in (one, other))
    return float(np.abs(now - then).mean())
