"""A file opened for one of its streams alone.

While an MP4 or MOV file is open, FFmpeg keeps a table of the packets of all its tracks, 40 bytes for each. Here the
other tracks are hidden from it; picture and sound are read one after the other, and the tables of both never stand in
memory at once.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from av.container import InputContainer
from av.stream import Discard, Stream

from ingest.probe import open_media
from kit.boxes import Box, boxes

_TABLE, _TRACK, _TRACK_HEAD = b"moov", b"trak", b"tkhd"
_NUMBER_AT = {0: 12, 1: 20}
"""Where a track's head of each version holds the track's number."""

_KIND_AT = 4
"""Where in its head a box tells its kind."""

_SKIPPED = b"free"
"""The kind of a box that every reader skips."""


@contextmanager
def open_alone(path: Path, index: int, numbers: Sequence[int]) -> Iterator[tuple[InputContainer, Stream]]:
    """A file opened as by `open_media`, and its stream of that index there; packets of others are not wanted.

    `numbers` are the file's `Probe.tracks`: without them it would be opened whole to ask. Raises av errors and OSError.
    """
    number = numbers[index] if numbers else 0
    with path.open("rb", buffering=0) as file:
        hidden = _others(file, number) if numbers else ()
        with open_media(_View(file, hidden) if hidden else path) as container:
            streams = container.streams
            stream = next(each for each in streams if each.id == number) if hidden else streams[index]
            for other in streams:
                if other is not stream:
                    other.discard = Discard.all
            yield container, stream


def _others(file: io.FileIO, number: int) -> tuple[int, ...]:
    """Where the kinds of the boxes of all other tracks stand; nothing where it is not plain which track is which."""
    size = file.seek(0, io.SEEK_END)
    found = tracks(file, size)
    numbers = [each for each, _ in found]
    if numbers.count(number) != 1 or len(set(numbers)) != len(numbers):
        return ()
    return tuple(box.at + _KIND_AT for each, box in found if each != number)


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


class _View(io.RawIOBase):
    """A file of bytes as it is, but for a few boxes that are of a kind which is skipped."""

    def __init__(self, file: io.FileIO, kinds: tuple[int, ...]) -> None:
        self._file, self._kinds = file, kinds
        self._file.seek(0)
        self._first, self._last = min(kinds), max(kinds) + len(_SKIPPED)

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # all that its `read` gives
        at = self._file.tell()
        count = self._file.readinto(buffer)
        if at < self._last and at + count > self._first:
            shown = memoryview(buffer)[:count]
            for kind in self._kinds:
                for place, letter in enumerate(_SKIPPED, start=kind - at):
                    if 0 <= place < count:
                        shown[place] = letter
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
