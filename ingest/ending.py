"""Whether a file ends where it says it does, told by its outer structure: what an interrupted copy or recording lacks.

Nothing is decoded here. Every function raises OSError.
"""

import struct
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from kit.boxes import boxes

_HEAD = 1 << 16

_UNKNOWN_RIFF = 0x7FFF0000
"""Recorders that do not go back to write the length leave a number from here on."""

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_SEGMENT = b"\x18\x53\x80\x67"


class Table(StrEnum):
    """What became of the table of contents of an MP4 or MOV file, which cameras write last."""

    THERE = "there"
    CUT_OFF = "cut_off"
    """The file ends before it comes."""
    NEVER_WRITTEN = "never_written"
    """Nothing is missing in front of it: whoever recorded the file did not close it."""


def table_of(path: Path) -> Table:
    """Where the table of an MP4 or MOV file is; there, as far as is known, for any other file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        for number, box in enumerate(boxes(file, 0, size)):
            if number == 0 and box.kind not in (b"ftyp", b"wide", b"moov", b"mdat"):
                return Table.THERE
            if box.at + box.length > size:
                return Table.CUT_OFF
            if box.kind in (b"moov", b"meta") or box.length < 8:
                return Table.THERE
            if box.open_ended and box.kind == b"mdat":
                return Table.NEVER_WRITTEN
    return Table.NEVER_WRITTEN if size >= 8 else Table.THERE


def share_there(path: Path) -> float:
    """The share of a file's bytes that is there, by what it says of its own length; 1 where it says nothing."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        told = _told(head, file, size)
    return min(1.0, size / told) if told else 1.0


def _told(head: bytes, file: BinaryIO, size: int) -> int:
    """Bytes of the whole file by its own account; 0 where it gives none."""
    if head[4:8] == b"ftyp":
        return max((box.at + box.length for box in boxes(file, 0, size)), default=0)
    readers: tuple[tuple[bytes, Callable[[bytes, BinaryIO, int], int]], ...] = (
        (b"RIFF", _riff_end),
        (b"\x1aE\xdf\xa3", _segment_end),
        (_ASF_HEADER, _asf_size),
        (b"FLV", _flv_size),
        (b"OggS", _last_page_end),
        (b"ID3", _mp3_end),
        (b"\xff", _mp3_end),
    )
    return next((told(head, file, size) for sign, told in readers if head.startswith(sign)), 0)


def _riff_end(_head: bytes, file: BinaryIO, size: int) -> int:
    """Long recordings are several such chunks after one another."""
    at = 0
    while at + 12 <= size:
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        if kind != b"RIFF" or not 4 <= length < _UNKNOWN_RIFF:
            break
        at += 8 + length
    return at


def _segment_end(head: bytes, _file: BinaryIO, _size: int) -> int:
    at = head.find(_SEGMENT)
    if at < 0 or at + 12 > len(head) or not head[at + 4]:
        return 0
    length = 9 - head[at + 4].bit_length()
    told = int.from_bytes(head[at + 4 : at + 4 + length], "big") & ((1 << 7 * length) - 1)
    return 0 if told == (1 << 7 * length) - 1 else at + 4 + length + told


def _asf_size(head: bytes, _file: BinaryIO, _size: int) -> int:
    at = head.find(_ASF_FILE)
    return int.from_bytes(head[at + 40 : at + 48], "little") if at >= 0 else 0


def _flv_size(head: bytes, _file: BinaryIO, _size: int) -> int:
    at = head.find(b"filesize\0")
    told = struct.unpack_from(">d", head, at + 9)[0] if 0 <= at < len(head) - 17 else 0.0
    return int(told) if 0 < told < 1 << 60 else 0


def _mp3_end(head: bytes, _file: BinaryIO, _size: int) -> int:
    """The first frame of most MP3 files holds no sound but tells how long they are."""
    at = max(head.find(b"Xing"), head.find(b"Info"))
    if at < 36 or at + 16 > len(head) or not head[at + 7] & 2:
        return 0
    stands = at + 12 if head[at + 7] & 1 else at + 8
    # Between the start of that frame and its mark lie 36 bytes at most, which is little.
    return at - 36 + int.from_bytes(head[stands : stands + 4], "big")


def _last_page_end(_head: bytes, file: BinaryIO, size: int) -> int:
    start = max(size - _HEAD * 2, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0:
        return 0
    segments = tail[at + 26] if at + 27 <= len(tail) else 255
    lacks = start + at + 27 + segments + sum(tail[at + 27 : at + 27 + segments]) > size
    # How many pages would follow is told nowhere.
    return size + max(size // 100, 1) if lacks else size
