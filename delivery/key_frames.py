"""Holding a piece's key frames against what its encoder was given: a few decoded pictures that vouch for the others."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from delivery.graph import SAMPLE_SIZE
from ingest.flashes import cells
from kit.film_index import read_index

ALIKE = 4.0
"""Mean difference of the coarse cells' luma, in codes of 8 bits, up to which a decoded picture is the one encoded."""


def key_frame_errors(piece: Path, rows: NDArray[np.uint8]) -> list[str]:
    """What is wrong with a piece: that its key frames do not decode, or that they show something else than `rows`.

    `rows` holds the grid pixels of every picture in film order, planar 4:2:0.
    """
    width, height = SAMPLE_SIZE
    errors, found = [], 0
    try:
        for frame, picture in _key_frames(piece):
            small = picture.reformat(width, height, "yuv420p", interpolation="POINT")
            decoded = np.asarray(small.to_ndarray(), np.uint8).reshape(-1)
            found += 1
            if frame >= len(rows) or _apart(decoded, rows[frame]) > ALIKE:
                errors.append(f"picture {frame} of {piece.name} is not the one that was encoded")
    except av.FFmpegError as error:
        errors.append(f"{piece.name}: {error}")
    return errors if found else [*errors, f"{piece.name} has no key frame that can be decoded"]


def _key_frames(piece: Path) -> Iterator[tuple[int, av.VideoFrame]]:
    """The key frames of a piece by their numbers, which closed groups let count as they lie in the file."""
    index = read_index(piece)
    decoder = av.VideoCodecContext.create("h264", "r")
    decoder.extradata = index.configuration
    for number, coded in zip(index.keys, index.coded(piece, index.keys), strict=True):
        packet = av.Packet(coded)
        packet.pts = number
        yield from ((picture.pts or 0, picture) for picture in decoder.decode(packet))
    yield from ((picture.pts or 0, picture) for picture in decoder.decode(None))


def _apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    width, height = SAMPLE_SIZE
    now, then = (cells(row[: width * height].reshape(height, width)).astype(np.int16) for row in (one, other))
    return float(np.abs(now - then).mean())
