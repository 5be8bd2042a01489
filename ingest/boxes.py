"""The boxes that MP4 and MOV files are made of (ISO/IEC 14496-12), as far as their heads tell; nothing is decoded.

Every function raises OSError.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_MOST = 100_000
"""Boxes in a row that are looked at."""

_TABLE, _TRACK, _TRACK_HEAD = b"moov", b"trak", b"tkhd"
_NUMBER_AT = {0: 12, 1: 20}
"""Where a track's head of each version holds the track's number."""


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


def tracks(file: BinaryIO, size: int) -> list[tuple[int, Box]]:
    """The number and box of every track that the table of a file of so many bytes tells of."""
    found = []
    for table in boxes(file, 0, size):
        if table.kind != _TABLE:
            continue
        for track in boxes(file, table.at + table.head, min(table.at + table.length, size)):
            if track.kind == _TRACK:
                found.append((_number(file, track), track))
    return found


def _number(file: BinaryIO, track: Box) -> int:
    """A track's number; 0, which none has, where its head is missing."""
    for box in boxes(file, track.at + track.head, track.at + track.length):
        if box.kind == _TRACK_HEAD:
            file.seek(box.at + box.head)
            held = file.read(24)
            place = _NUMBER_AT.get(held[0], 24) if held else 24
            return int.from_bytes(held[place : place + 4], "big")
    return 0
