"""The boxes that MP4 and MOV files are made of (ISO/IEC 14496-12), as far as their heads tell; nothing is decoded.

Raises OSError.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_MOST = 100_000
"""Boxes in a row that are looked at."""


class Box(NamedTuple):
    """A box by its head."""

    at: int
    """Of its first byte in the file."""
    head: int
    """Bytes of the head itself, after which what it holds begins."""
    length: int
    """Bytes in all, by its own account."""
    kind: bytes
    open_ended: bool
    """Its head leaves open where it ends; then `length` reaches to the end of what was looked at."""


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes that follow one another between two places of a file; ends after one that cannot be."""
    at = start
    for _ in range(_MOST):
        if at + 8 > end:
            return
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        large = length == 1
        if large:
            length = int.from_bytes(head[8:16], "big")
        yield Box(at, 16 if large else 8, length or end - at, kind, length == 0)
        if length < 8:
            return
        at += length
