"""What is kept of the pictures of a film, or of one of its pieces: enough to measure it, a few bytes a picture.

The looks of a film's pieces, put together, are the look of the film: nothing in one depends on the pictures before it
but the first picture's change, which the joint knows.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from delivery.graph import SAMPLE_SIZE
from delivery.measure_file import SLICES, units
from ingest.flashes import Levels, cells, linear_rgb
from kit.film_index import read_index

Bytes = NDArray[np.uint8]
WIDTH, HEIGHT = SAMPLE_SIZE
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2
DARKEST, ALL_DARK = 16 + 0.06 * 219, 0.995
"""Luma up to which a pixel is black, and the share of such pixels that makes a picture black."""
RUN = 256
"""Frames whose cells are turned into linear light at once."""
SETTLED = 12
"""Frames before its fade, or its end, at which all of a card stands."""


@dataclass(frozen=True)
class Look:
    """Numbers of a run of pictures."""

    cells: Bytes
    """Means of the coarse cells, shape (frames, 3, cells): luma, blue and red difference, limited range."""
    changes: NDArray[np.float32]
    """Mean absolute luma change from the frame before, 0 to 255, one a frame; the first is 0."""
    dark: NDArray[np.bool_]
    """Which pictures are black."""
    kept: NDArray[np.int64]
    """Numbers of the frames whose grid pixels are kept whole, rising: the first, the last, and one to read."""
    stills: Bytes
    """Grid pixels of the kept frames, a row of planar 4:2:0 each."""
    coded: NDArray[np.uint64]
    """Digest of every picture as it lies in the file, in the order of the file; empty when it came from no file."""
    errors: tuple[str, ...] = ()
    """What the decoder complained of."""

    @property
    def frames(self) -> int:
        """How many pictures there are."""
        return len(self.changes)

    def cell_rgb(self) -> Iterator[Levels]:
        """Linear RGB of the coarse cells, a run of frames at a time, shape (frames, cells, 3)."""
        for start in range(0, self.frames, RUN):
            run = self.cells[start : start + RUN]
            yield linear_rgb(run[:, 0], run[:, 1], run[:, 2])

    def luma(self, frame: int) -> Bytes:
        """Grid pixels of the kept frame nearest to `frame`, shape (108, 192), limited range."""
        return _luma(self._still(frame))

    def chroma(self, frame: int) -> Bytes:
        """Blue and red difference of the kept frame nearest to `frame`, shape (2, 54, 96), limited range."""
        return _chroma(self._still(frame))

    def rgb(self, frame: int) -> Levels:
        """Linear RGB of the kept frame nearest to `frame`, shape (108, 192, 3)."""
        still = self._still(frame)
        blue, red = (np.repeat(np.repeat(plane, 2, 0), 2, 1) for plane in _chroma(still))
        return linear_rgb(_luma(still), blue, red)

    def _still(self, frame: int) -> Bytes:
        return np.asarray(self.stills[int(np.argmin(np.abs(self.kept - frame)))])


def look_at(
    picture: Bytes, kept: Sequence[int], *, coded: NDArray[np.uint64] | None = None, errors: Sequence[str] = ()
) -> Look:
    """The look of pictures given as grid pixels, a row a frame; `kept` names the frames that are kept whole."""
    frames = len(picture)
    means = np.array([[cells(plane) for plane in (_luma(row), *_chroma(row))] for row in picture], np.uint8)
    changes = np.zeros(frames, np.float32)
    for frame in range(1, frames):
        changes[frame] = _apart(picture[frame], picture[frame - 1])
    dark = [(_luma(row) <= DARKEST).mean() >= ALL_DARK for row in picture]
    whole = sorted({min(max(frame, 0), frames - 1) for frame in (0, *kept, frames - 1)} if frames else set())
    return Look(
        cells=means.reshape(frames, 3, -1),
        changes=changes,
        dark=np.array(dark, bool),
        kept=np.array(whole, np.int64),
        stills=picture[whole],
        coded=coded if coded is not None else np.zeros(0, np.uint64),
        errors=tuple(errors),
    )


def joined(looks: Sequence[Look]) -> Look:
    """The look of a film from the looks of its pieces in film order."""
    starts = np.cumsum([0, *(look.frames for look in looks[:-1])])
    changes = [look.changes.copy() for look in looks]
    for before, after, moved in zip(looks, looks[1:], changes[1:], strict=False):
        moved[0] = _apart(after.stills[0], before.stills[-1])
    return Look(
        cells=np.concatenate([look.cells for look in looks]),
        changes=np.concatenate(changes),
        dark=np.concatenate([look.dark for look in looks]),
        kept=np.concatenate([look.kept + start for look, start in zip(looks, starts, strict=True)]),
        stills=np.concatenate([look.stills for look in looks]),
        coded=np.concatenate([look.coded for look in looks]),
        errors=tuple(error for look in looks for error in look.errors),
    )


def coded_pictures(film: Path) -> NDArray[np.uint64]:
    """A digest of every coded picture of a film, in the order of the file, without decoding.

    Joining may write parameters and remarks before a picture, so that its slices alone are digested.
    """
    index = read_index(film)
    return np.frombuffer(b"".join(_slices(picture, index.prefix) for picture in index.coded(film)), np.uint64)


def _slices(picture: bytes, prefix: int) -> bytes:
    digest = hashlib.blake2b(digest_size=8)
    for unit in units(picture, prefix):
        if unit[0] & 31 in SLICES:
            digest.update(unit)
    return digest.digest()


def packed(look: Look) -> bytes:
    """A look as bytes to be stored."""
    out = io.BytesIO()
    arrays = {name: getattr(look, name) for name in ("cells", "changes", "dark", "kept", "stills", "coded")}
    np.savez_compressed(out, **arrays, errors=np.array(look.errors, str))
    return out.getvalue()


def unpacked(data: bytes) -> Look:
    """The look that `packed` made into bytes."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files if name != "errors"}
        return Look(**found, errors=tuple(map(str, arrays["errors"])))


def _luma(row: Bytes) -> Bytes:
    return row[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)


def _chroma(row: Bytes) -> Bytes:
    return row[WIDTH * HEIGHT :].reshape(2, HEIGHT // 2, WIDTH // 2)


def _apart(one: Bytes, two: Bytes) -> float:
    now, before = _luma(one), _luma(two)
    return float((np.maximum(now, before) - np.minimum(now, before)).mean())
