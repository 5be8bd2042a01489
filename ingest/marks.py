"""Perceptual hashes: 64 bits of a picture's coarse pattern that survive another encode, size or brightness."""

import numpy as np

from ingest.small_picture import Plane, resized

SIDE = 32
"""The picture is squeezed to this many pixels each way before its pattern is taken."""
WAVES = 8
FAINTEST = 0.5
"""Strength of waves (luma steps) below which there is no pattern, only noise: such a picture's mark is all zeros."""


def mark(luma: Plane) -> str:
    """The hash of a picture as 16 hex digits: which of its 64 coarsest waves are stronger than their median."""
    import cv2

    waves = cv2.dct(resized(luma, (SIDE, SIDE)).astype(np.float32))[:WAVES, :WAVES].ravel()
    # The mean of the picture is its brightness, not its pattern.
    waves[0] = 0.0
    if float(np.abs(waves).mean()) / SIDE < FAINTEST:
        return "0" * 16
    bits = np.packbits(waves > np.median(waves))
    return bits.tobytes().hex()


def distance(one: str, other: str) -> int:
    """Number of bits (0 to 64) in which two marks differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
