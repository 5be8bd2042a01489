"""Loudness and true peak after ITU-R BS.1770-4 of stereo sound at 48 kHz. Pure."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Block = NDArray[np.float32]

ROW = 160
"""Samples that are filtered as one matrix product; between rows four numbers carry on."""

FLOOR_DB = -120.0
"""Below this, loudness and peaks are told as this."""

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = 10.0
_OFFSET_LU = -0.691
_STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
)
"""Numerators and denominators (without their leading 1) of the head's shelf and of the high-pass, BS.1770-4 annex 1."""

_BETWEEN = 3
"""Points that are made between two samples: four times oversampling."""

_TAPS = 32
"""Samples that each of them is made from."""

_STRIDE = 32
"""Samples whose points are made as one matrix product."""


class KWeighting:
    """Filters stereo sound that comes in blocks as if it came in one."""

    def __init__(self) -> None:
        self._state = np.zeros((2, 4))

    def weigh(self, samples: Block) -> Samples:
        """The K-weighted samples of a block of shape (2, n), n a multiple of ROW."""
        to_output, to_state, across, from_state = _filter()
        rows = samples.reshape(2, -1, ROW).astype(np.float64)
        pushes = rows @ to_state
        states = np.empty((2, rows.shape[1], 4))
        for row in range(rows.shape[1]):
            states[:, row] = self._state
            self._state = self._state @ across + pushes[:, row]
        weighted = rows @ to_output + states @ from_state
        return weighted.reshape(2, -1)


class TruePeak:
    """Finds the highest point of stereo sound that comes in blocks, between its samples too."""

    def __init__(self) -> None:
        self._tail = np.zeros((2, _TAPS - 1), np.float32)

    def highest(self, samples: Block) -> float:
        """True peak (1 is full scale) of a block of shape (2, n); points closer than 16 samples to its end come with
        the next block, so the last one is silence. Only the last may have an n that is no multiple of 32."""
        held = np.concatenate([self._tail, np.pad(samples, ((0, 0), (0, -samples.shape[1] % _STRIDE)))], axis=1)
        self._tail = held[:, 1 - _TAPS :]
        windows = np.lib.stride_tricks.sliding_window_view(held, _STRIDE + _TAPS - 1, axis=1)[:, ::_STRIDE]
        between = np.ascontiguousarray(windows).reshape(-1, _STRIDE + _TAPS - 1) @ _oversampling()
        return max(float(np.abs(part).max(initial=0.0)) for part in (samples, between))


def lufs(power: float) -> float:
    """Loudness of a mean square that is summed over both channels, in LUFS."""
    return max(FLOOR_DB, _OFFSET_LU + 10 * float(np.log10(max(power, 1e-13))))


def integrated(tenths: Samples) -> float:
    """Gated loudness in LUFS of the powers of successive 100 ms; the floor when nothing passes the gate."""
    if not len(tenths):
        return FLOOR_DB
    # Sound shorter than a block of 400 ms is one block.
    length = min(4, len(tenths))
    blocks = np.convolve(tenths, np.full(length, 1 / length), mode="valid")
    heard = blocks[blocks > _power(ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return FLOOR_DB
    limit = _power(lufs(float(heard.mean())) - RELATIVE_GATE_LU)
    return lufs(float(heard[heard > limit].mean()))


def _power(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET_LU) / 10))


@cache
def _filter() -> tuple[Samples, Samples, Samples, Samples]:
    """Both stages as one linear system over a row: sample to output, sample to state, state to state and to output."""
    (a1, b1, c1, d1), (a2, b2, c2, d2) = (_stage(*stage) for stage in _STAGES)
    step = np.block([[a1, np.zeros((2, 2))], [np.outer(b2, c1), a2]])
    push, read = np.concatenate([b1, b2 * d1]), np.concatenate([d2 * c1, c2])
    powers = [np.eye(4)]
    for _ in range(ROW):
        powers.append(step @ powers[-1])
    response = np.array([d1 * d2, *(read @ power @ push for power in powers[: ROW - 1])])
    lag = np.arange(ROW)[None, :] - np.arange(ROW)[:, None]
    to_output = np.where(lag >= 0, response[np.maximum(lag, 0)], 0.0)
    to_state = np.array([power @ push for power in reversed(powers[:ROW])])
    from_state = np.array([read @ power for power in powers[:ROW]]).T
    return to_output, to_state, powers[ROW].T.copy(), from_state


def _stage(above: tuple[float, float, float], below: tuple[float, float]) -> tuple[Samples, Samples, Samples, float]:
    """One biquad in transposed direct form: state to state, sample to state, state to output, sample to output."""
    straight = above[0]
    step = np.array([[-below[0], 1.0], [-below[1], 0.0]])
    push = np.array([above[1] - below[0] * straight, above[2] - below[1] * straight])
    return step, push, np.array([1.0, 0.0]), straight


@cache
def _oversampling() -> Block:
    """Weights, shape (63, 96), that make the points between 32 samples: a sinc under a Kaiser window."""
    weights = np.zeros((_STRIDE + _TAPS - 1, _STRIDE, _BETWEEN))
    offsets = np.arange(_TAPS) - _TAPS // 2 + 1
    for point in range(_BETWEEN):
        away = offsets - (point + 1) / (_BETWEEN + 1)
        taps = np.sinc(away) * np.i0(9 * np.sqrt(np.maximum(1 - (2 * away / _TAPS) ** 2, 0)))
        for sample in range(_STRIDE):
            weights[sample : sample + _TAPS, sample, point] = taps / taps.sum()
    return np.asarray(weights.reshape(_STRIDE + _TAPS - 1, -1), dtype=np.float32)
