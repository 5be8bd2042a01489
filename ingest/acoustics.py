"""How likely each sound of English is at each moment, by the acoustic model that comes with pocketsphinx.

Its own decoder follows one short text closely and loses a long one in noise, so the likelihoods are worked out here,
for each sound without its neighbours, and searched by `placement`.
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.mel import Floats, Levels, cepstra, loud_middle

STATES = 3
"""A sound has a beginning, a middle and an end."""

_WEIGHT_STEP = 1024 * np.log(1.0001)
"""What one step of a stored mixture weight is worth."""

_LEAST_VARIANCE = 1e-4
_BLOCK = 64
"""Readings that are done at once, so that long sounds need little memory."""


class Model(NamedTuple):
    """Gaussians of each sound in three streams (cepstra, their change, its change), shaped for matrix products."""

    sounds: tuple[str, ...]
    factors: Floats
    """Of the squares, the values and one: (streams, sounds, 2 x 13 + 1, densities)."""
    weights: Floats
    """(streams, sounds, densities, states)."""


@cache
def model() -> Model:
    """The model, read from the folder of pocketsphinx."""
    from pocketsphinx import get_model_path

    folder = Path(get_model_path()) / "en-us" / "en-us"
    means, variances = _gaussians(folder / "means"), np.maximum(_gaussians(folder / "variances"), _LEAST_VARIANCE)
    sounds, of_all = _sounds(folder / "mdef")
    streams, densities = means.shape[1:3]
    # The file ends in one byte for each stream, density and state; the states of lone sounds come first.
    stored = np.fromfile(folder / "sendump", np.uint8)[-streams * densities * of_all :].reshape(streams, densities, -1)
    weights = np.exp(-_WEIGHT_STEP * stored[:, :, : STATES * len(sounds)].astype(np.float64))
    constants = -0.5 * (means**2 / variances + np.log(variances)).sum(axis=3, keepdims=True)
    factors = np.concatenate([-0.5 / variances, means / variances, constants], axis=3)
    return Model(
        sounds,
        np.ascontiguousarray(factors.transpose(1, 0, 3, 2), np.float32),
        weights.reshape(streams, densities, len(sounds), STATES).transpose(0, 2, 1, 3).astype(np.float32),
    )


def _gaussians(path: Path) -> NDArray[np.float64]:
    """Numbers of a file of means or variances: (sounds, streams, densities, values)."""
    data = path.read_bytes()
    at = data.index(b"endhdr\n") + len(b"endhdr\n") + 4
    books, streams, densities, size = struct.unpack_from("<4i", data, at)
    values = np.frombuffer(data, np.float32, books * streams * densities * size, at + 16 + 4 * streams)
    return values.reshape(books, streams, densities, size).astype(np.float64)


def _sounds(path: Path) -> tuple[tuple[str, ...], int]:
    """Names of the sounds, and how many states the model has for them with and without neighbours."""
    data = path.read_bytes()
    at = 12 + struct.unpack_from("<i", data, 8)[0]
    count, _, _, _, of_all = struct.unpack_from("<5i", data, at)
    names = data[at + 40 :].split(b"\0", count)[:count]
    return tuple(name.decode("ascii") for name in names), of_all


def likelihoods(levels: Levels, spoken_s: float) -> Iterator[Floats]:
    """Log-likelihood of each state of each sound, block by block: (readings, sounds, 3).

    `levels` are those of `mel.mel_levels`; about `spoken_s` seconds of them are speech.
    """
    middle = loud_middle(levels, spoken_s)
    for at in range(0, len(levels), _BLOCK):
        piece = cepstra(levels[max(at - 3, 0) : at + _BLOCK + 3]) - middle
        missing = (max(3 - at, 0), max(at + _BLOCK + 3 - len(levels), 0) - max(at + _BLOCK - len(levels), 0))
        piece = np.pad(piece, (missing, (0, 0)), "edge")
        change = piece[4:] - piece[:-4]
        yield _scores((piece[3:-3], change[1:-1], change[2:] - change[:-2]))


def _scores(streams: tuple[Floats, ...]) -> Floats:
    found = model()
    total = np.zeros((len(streams[0]), len(found.sounds), STATES), np.float32)
    for values, factors, weights in zip(streams, *found[1:], strict=True):
        inputs = np.concatenate([values**2, values, np.ones_like(values[:, :1])], axis=1)
        for n in range(len(found.sounds)):  # one at a time stays within the processor's cache
            each = inputs @ factors[n]
            most = each.max(axis=1, keepdims=True)
            each -= most
            total[:, n] += np.log(np.exp(each, out=each) @ weights[n] + 1e-30) + most
    return total
