"""The index of an MP4 that we wrote: where its coded pictures lie, and what a decoder of them must know.

Whoever opens a film by FFmpeg's libraries waits until they have decoded its first picture; the index alone is there at
once. Nothing is decoded.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kit.boxes import Box, boxes

_NESTS = (b"mdia", b"minf", b"stbl")
_TABLES = (b"hdlr", b"stsd", b"stsz", b"stsc", b"stco", b"co64", b"stss")


class FilmIndex(NamedTuple):
    """What the index tells of the first picture track."""

    configuration: bytes = b""
    """The decoder's configuration (avcC)."""
    pictures: tuple[tuple[int, int], ...] = ()
    """First byte and bytes of every coded picture, in the order of the file."""
    keys: tuple[int, ...] = ()
    """Numbers of those from which decoding can begin, counted from 0."""

    @property
    def prefix(self) -> int:
        """Bytes of the lengths that stand before the units of a picture."""
        return ((self.configuration or bytes(5))[4] & 3) + 1

    def coded(self, film: Path, numbers: Iterable[int] | None = None) -> Iterator[bytes]:
        """Coded pictures of the film that this is the index of: those of these numbers, or all. Raises OSError."""
        with film.open("rb") as file:
            for at, length in self.pictures if numbers is None else map(self.pictures.__getitem__, numbers):
                file.seek(at)
                yield file.read(length)


def read_index(film: Path) -> FilmIndex:
    """The index of a film; an empty one where there is none, or no picture track. Raises OSError."""
    with film.open("rb") as file:
        for index in _inside(file, Box(0, 0, film.stat().st_size, b"", open_ended=False), b"moov"):
            for track in _inside(file, index, b"trak"):
                tables = dict(_tables(file, track))
                if tables.get(b"hdlr", b"")[8:12] == b"vide":
                    return _index(tables)
    return FilmIndex()


def _inside(file: BinaryIO, box: Box, *kinds: bytes) -> Iterator[Box]:
    found = list(boxes(file, box.at + box.head, box.at + box.length))
    return (one for one in found if one.kind in kinds)


def _tables(file: BinaryIO, box: Box) -> Iterator[tuple[bytes, bytes]]:
    """What the tables below a box hold, by their kinds."""
    for one in _inside(file, box, *_NESTS, *_TABLES):
        if one.kind in _NESTS:
            yield from _tables(file, one)
        else:
            file.seek(one.at + one.head)
            yield one.kind, file.read(one.length - one.head)


def _index(tables: dict[bytes, bytes]) -> FilmIndex:
    described = tables.get(b"stsd", b"")
    at = described.find(b"avcC")
    configuration = described[at + 4 : at - 4 + int.from_bytes(described[at - 4 : at], "big")] if at > 0 else b""
    alike, count, *sizes = _numbers(tables.get(b"stsz", bytes(12))[4:])
    chunks = _numbers(tables.get(b"co64", b"")[8:], "Q") or _numbers(tables.get(b"stco", b"")[8:])
    pictures = tuple(_places([alike] * count if alike else sizes, chunks, _numbers(tables.get(b"stsc", b"")[8:])))
    # Without this table every picture is a key.
    keys = _numbers(tables[b"stss"][8:]) if b"stss" in tables else range(1, len(pictures) + 1)
    return FilmIndex(configuration, pictures, tuple(number - 1 for number in keys))


def _numbers(data: bytes, kind: str = "I") -> tuple[int, ...]:
    return tuple(number for (number,) in struct.iter_unpack(f">{kind}", data))


def _places(sizes: Sequence[int], chunks: Sequence[int], runs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First byte and bytes of each picture: they lie one after the other in chunks, runs of which hold equally many."""
    held = dict(zip(runs[::3], runs[1::3], strict=True))
    taken, many = 0, 0
    for number, start in enumerate(chunks, start=1):
        many = held.get(number, many)
        inside = sizes[taken : taken + many]
        yield from zip(accumulate(inside, initial=start), inside, strict=False)
        taken += many
