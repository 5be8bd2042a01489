"""Seeded damage to media: what broken cameras, broken copies and hostile senders do to a file. Pure.

Every mutator takes the bytes, the bytes of another file and a seeded random source, and gives other bytes; those of one
container leave bytes of another as they are.
"""

import struct
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

Mutator = Callable[[bytes, bytes, Random], bytes]

HUGE = (0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 1_000_000)
"""What 32-bit fields are set to: nothing, the least, the largest, and what is negative when read with a sign."""

PARENTS = frozenset(b"moov trak mdia minf stbl edts udta dinf mvex moof traf iprp ipco meta".split())
TABLES = frozenset(b"stts ctts elst stsz stsc stco stss mdhd mvhd tkhd trun tfdt hdlr iloc ispe ipma pitm stsd".split())
CLOCKS = frozenset(b"stts ctts elst mdhd mvhd".split())
TS_PACKET = 188


class Box(NamedTuple):
    """An atom of an MP4, MOV or HEIF file."""

    start: int
    size: int
    kind: bytes


def cut_tail(data: bytes, _: bytes, chance: Random) -> bytes:
    """Truncated anywhere."""
    return data[: chance.randrange(1, len(data))]


def cut_head(data: bytes, _: bytes, chance: Random) -> bytes:
    """The first bytes missing: a few, or up to half."""
    return data[chance.choice((1, 4, 16, 188, 512, chance.randrange(1, len(data) // 2))) :]


def cut_middle(data: bytes, _: bytes, chance: Random) -> bytes:
    """A run of bytes missing."""
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, 20_000) :]


def flip_few(data: bytes, _: bytes, chance: Random) -> bytes:
    """One to eight bits flipped, half of the time in the header."""
    reach = chance.choice((min(2048, len(data)), len(data)))
    return _flipped(data, (chance.randrange(reach) for _ in range(chance.randint(1, 8))), chance)


def flip_many(data: bytes, _: bytes, chance: Random) -> bytes:
    """One byte in a thousand changed."""
    return _flipped(data, (chance.randrange(len(data)) for _ in range(max(8, len(data) // 1000))), chance)


def flip_cluster(data: bytes, _: bytes, chance: Random) -> bytes:
    """Two hundred bits flipped within a kilobyte."""
    start = chance.randrange(len(data))
    reach = min(1024, len(data) - start)
    return _flipped(data, (start + chance.randrange(reach) for _ in range(200)), chance)


def zero_run(data: bytes, _: bytes, chance: Random) -> bytes:
    """A run of bytes zeroed, as a card does that lost a block."""
    at, run = chance.randrange(len(data)), chance.choice((16, 512, 4096, 65_536))
    return data[:at] + bytes(min(run, len(data) - at)) + data[at + run :]


def repeat_run(data: bytes, _: bytes, chance: Random) -> bytes:
    """A run of bytes twice."""
    at, run = chance.randrange(len(data)), chance.randrange(1, 20_000)
    return data[: at + run] + data[at:]


def other_header(data: bytes, other: bytes, chance: Random) -> bytes:
    """The first bytes of another file over those of this one."""
    size = min(chance.choice((4, 12, 32, 256, 4096)), len(data), len(other))
    return other[:size] + data[size:]


def other_tail(data: bytes, other: bytes, chance: Random) -> bytes:
    """The second half of another file behind the first half of this one."""
    at = chance.randrange(1, len(data))
    return data[:at] + other[len(other) // 2 :]


def join(data: bytes, other: bytes, _: Random) -> bytes:
    """Two files in one."""
    return data + other


def join_itself(data: bytes, _: bytes, __: Random) -> bytes:
    """The same file twice in one."""
    return data + data


def junk_in_front(data: bytes, _: bytes, chance: Random) -> bytes:
    """Bytes that mean nothing before the first that does."""
    return chance.randbytes(chance.choice((1, 100, 5000))) + data


def tag_in_front(data: bytes, _: bytes, chance: Random) -> bytes:
    """An ID3 tag before the file, its size right, wrong, or beyond all bounds."""
    size = chance.choice((b"\0\0\0\x20", b"\0\0\x7f\x7f", b"\x7f\x7f\x7f\x7f", b"\xff\xff\xff\xff"))
    return b"ID3\x04\0\0" + size + bytes(32) + data


def brand(data: bytes, _: bytes, chance: Random) -> bytes:
    """Another brand in `ftyp`: a photo's for a video, an unknown one, a playlist's mark."""
    if data[4:8] != b"ftyp":
        return data
    return data[:8] + chance.choice((b"heic", b"avif", b"M4A ", b"qt  ", b"\0\0\0\0", b"zzzz")) + data[12:]


def box_size(data: bytes, _: bytes, chance: Random) -> bytes:
    """The size of an atom set to nothing, one, beyond the file, negative, or over its neighbour."""
    box = _any_box(data, chance)
    if box is None:
        return data
    wrong = chance.choice((*HUGE, box.size + 8, max(0, box.size - 8), box.size * 2, len(data)))
    return _put(data, box.start, wrong)


def box_twice(data: bytes, _: bytes, chance: Random) -> bytes:
    """An atom twice, its parent as long as before."""
    box = _any_box(data, chance)
    return data if box is None else data[: box.start + box.size] + data[box.start :]


def box_swap(data: bytes, _: bytes, chance: Random) -> bytes:
    """Two atoms in each other's place."""
    boxes = list(walk(data))
    pairs = [(a, b) for a in boxes for b in boxes if a.start + a.size <= b.start]
    if not pairs:
        return data
    a, b = chance.choice(pairs)
    end = b.start + b.size
    between = data[a.start + a.size : b.start]
    return data[: a.start] + data[b.start : end] + between + data[a.start : a.start + a.size] + data[end:]


def box_nest(data: bytes, _: bytes, chance: Random) -> bytes:
    """The header of an atom inside others of its own kind, a hundred or ten thousand deep."""
    parents = [box for box in walk(data) if box.kind in PARENTS]
    if not parents:
        return data
    box, depth = chance.choice(parents), chance.choice((3, 100, 10_000))
    shells = b"".join(struct.pack(">I4s", box.size + 8 * (depth - n), box.kind) for n in range(depth))
    return data[: box.start] + shells + data[box.start :]


def box_name(data: bytes, _: bytes, chance: Random) -> bytes:
    """An atom under another's name."""
    box = _any_box(data, chance)
    if box is None:
        return data
    name = chance.choice([*sorted(TABLES | PARENTS), b"free", b"\0\0\0\0"])
    return data[: box.start + 4] + name + data[box.start + 8 :]


def box_table(data: bytes, _: bytes, chance: Random) -> bytes:
    """One to four fields of a table changed: sizes, offsets, counts."""
    return _edit_tables(data, TABLES, chance)


def box_clock(data: bytes, _: bytes, chance: Random) -> bytes:
    """One to four fields of the time tables changed: steps, shifts, edit lists, time scales."""
    return _edit_tables(data, CLOCKS, chance)


def ebml_size(data: bytes, _: bytes, chance: Random) -> bytes:
    """The sizes of Matroska elements swapped, made unknown, or beyond the file."""
    if data[:4] != b"\x1aE\xdf\xa3":
        return data
    found = [element for element in elements(data) if element[1]]
    (at, length), (other_at, other_length) = chance.choice(found)[:2], chance.choice(found)[:2]
    wrong = chance.choice(
        (
            data[other_at : other_at + other_length],
            bytes([(1 << (9 - length)) - 1]) + b"\xff" * (length - 1),
            bytes([1 << (8 - length)]) + b"\xff" * (length - 1),
            bytes([1 << (8 - length)]) + bytes(length - 1),
        )
    )
    return data[:at] + wrong + data[at + length :]


def ebml_value(data: bytes, _: bytes, chance: Random) -> bytes:
    """Small values of Matroska elements changed: time scale, durations, time codes, sizes of the picture."""
    if data[:4] != b"\x1aE\xdf\xa3":
        return data
    changed = bytearray(data)
    small = [(at + length, size) for at, length, size in elements(data) if 0 < size <= 8]
    for at, size in chance.sample(small, min(len(small), chance.randint(1, 3))):
        changed[at : at + size] = chance.choice((bytes(size), b"\xff" * size, b"\x7f" * size, chance.randbytes(size)))
    return bytes(changed)


def ts_packets(data: bytes, _: bytes, chance: Random) -> bytes:
    """Packets of a transport stream dropped, in another order, without their mark, or of another stream."""
    if data[:1] != b"G" or data[TS_PACKET : TS_PACKET + 1] != b"G":
        return data
    packets = [bytearray(data[at : at + TS_PACKET]) for at in range(0, len(data), TS_PACKET)]
    way = chance.choice(("drop", "shuffle", "mark", "stream", "clock"))
    if way == "drop":
        return b"".join(packet for packet in packets if chance.random() > 0.05)
    if way == "shuffle":
        at = chance.randrange(len(packets))
        part = packets[at : at + 40]
        chance.shuffle(part)
        return b"".join([*packets[:at], *part, *packets[at + 40 :]])
    for packet in chance.sample(packets, max(1, len(packets) // 20)):
        if way == "mark":
            packet[0] = chance.randrange(256)
        elif way == "stream":
            packet[1:3] = chance.randbytes(2)
        else:
            packet[4:16] = chance.randbytes(12)
    return b"".join(packets)


def riff_size(data: bytes, _: bytes, chance: Random) -> bytes:
    """The size of a chunk of AVI, WAV or WebP changed."""
    return data if data[:4] != b"RIFF" else _after_mark(data, (b"RIFF", b"LIST", b"fmt ", b"data", b"VP8 "), chance)


def ogg_page(data: bytes, _: bytes, chance: Random) -> bytes:
    """Pages of an Ogg file dropped, their clock or number changed."""
    if data[:4] != b"OggS":
        return data
    pages = [bytearray(b"OggS" + page) for page in data.split(b"OggS")[1:]]
    way = chance.choice(("drop", "clock", "number"))
    if way == "drop":
        return b"".join(page for page in pages if chance.random() > 0.2)
    page = chance.choice(pages)
    at, size = (6, 8) if way == "clock" else (14, 8)
    page[at : at + size] = chance.choice((b"\xff" * size, bytes(size), b"\x7f" * size, chance.randbytes(size)))
    return b"".join(pages)


def jpeg_segment(data: bytes, _: bytes, chance: Random) -> bytes:
    """A segment of a JPEG with another length, twice, or gone."""
    marks = [at for at in range(2, min(len(data), 70_000) - 4) if data[at] == 0xFF and 0xC0 <= data[at + 1] <= 0xFE]
    if data[:2] != b"\xff\xd8" or not marks:
        return data
    at = chance.choice(marks)
    size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    way = chance.choice(("length", "twice", "gone"))
    if way == "length":
        return data[: at + 2] + chance.choice((b"\0\0", b"\0\1", b"\xff\xff")) + data[at + 4 :]
    return data[: at + size] + data[at:] if way == "twice" else data[:at] + data[at + size :]


def exif_loop(data: bytes, _: bytes, __: Random) -> bytes:
    """A directory of tags in a photo whose next directory is itself, and whose GPS directory is it, too."""
    at = data.find(b"Exif\0\0")
    if at < 0:
        return data
    start = at + 6
    order = "<" if data[start : start + 2] == b"II" else ">"
    tags = struct.pack(f"{order}H", 2)
    tags += struct.pack(f"{order}HHII", 0x8769, 4, 1, 8) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 8)
    tags += struct.pack(f"{order}I", 8)
    return data[: start + 8] + tags + data[start + 8 + len(tags) :]


def picture_size(data: bytes, _: bytes, chance: Random) -> bytes:
    """The size that a PNG, JPEG or MP4 header tells, changed."""
    marks = (b"\xff\xc0\x00\x11\x08", b"\xff\xc2\x00\x11\x08", b"ispe\0\0\0\0", b"avc1", b"hvc1", b"hev1", b"VP8X")
    return _after_mark(data, marks, chance)


ANY_FILE: tuple[Mutator, ...] = (
    *(cut_tail, cut_head, cut_middle, flip_few, flip_many, flip_cluster, zero_run, repeat_run),
    *(other_header, other_tail, join, join_itself, junk_in_front, tag_in_front),
)
BY_MARK: tuple[Mutator, ...] = (
    *(brand, box_size, box_twice, box_swap, box_nest, box_name, box_table, box_clock),
    *(ebml_size, ebml_value, ts_packets, riff_size, ogg_page, jpeg_segment, exif_loop, picture_size),
)


def mutate(data: bytes, other: bytes, chance: Random) -> tuple[str, bytes]:
    """The name of a mutator that changes `data`, and what it makes of it; half of them know the container."""
    knowing = [(one.__name__, made) for one in BY_MARK if (made := one(data, other, chance)) != data]
    if knowing and chance.random() < 0.6:
        return chance.choice(knowing)
    one = chance.choice(ANY_FILE)
    return one.__name__, one(data, other, chance)


def walk(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The atoms of a sound file and of the parents among them; none for other containers."""
    end = len(data) if end is None else end
    if start == 0 and data[4:8] not in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if not 8 <= size <= end - start:
            return
        yield Box(start, size, kind)
        if kind in PARENTS:
            yield from walk(data, start + (12 if kind == b"meta" else 8), start + size)
        start += size


def elements(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where the size of each Matroska element stands, how many bytes it takes, and what it says."""
    masters = (b"\x18S\x80g", b"\x16T\xaek", b"\xae", b"\xe0", b"\xe1", b"\x15I\xa9f", b"\x1fC\xb6u", b"\xa0")
    at = 0
    while at < len(data) - 12 and data[at]:
        name = data[at : at + 9 - data[at].bit_length()]
        at += len(name)
        if not data[at]:
            return
        length = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1)
        yield at, length, size
        at += length + (0 if name in masters else size)


def _any_box(data: bytes, chance: Random) -> Box | None:
    boxes = list(walk(data))
    return chance.choice(boxes) if boxes else None


def _edit_tables(data: bytes, kinds: frozenset[bytes], chance: Random) -> bytes:
    tables = [box for box in walk(data) if box.kind in kinds and box.size >= 20]
    for _ in range(chance.randint(1, 4) if tables else 0):
        box = chance.choice(tables)
        # Past the version and the flags; the first entries matter most.
        field = chance.randrange(min((box.size - 12) // 4, 12))
        data = _put(data, box.start + 12 + 4 * field, chance.choice((*HUGE, chance.getrandbits(32))))
    return data


def _after_mark(data: bytes, marks: tuple[bytes, ...], chance: Random) -> bytes:
    found = [at + len(mark) for mark in marks if 0 <= (at := data.find(mark)) < len(data) - 40]
    if not found:
        return data
    at = chance.choice(found) + chance.choice((0, 0, 0, 24))
    return data[:at] + chance.choice((bytes(4), b"\xff" * 4, b"\xff\xff\xff\x7f", chance.randbytes(4))) + data[at + 4 :]


def _put(data: bytes, at: int, number: int) -> bytes:
    return data[:at] + struct.pack(">I", number & 0xFFFFFFFF) + data[at + 4 :]


def _flipped(data: bytes, places: Iterator[int], chance: Random) -> bytes:
    changed = bytearray(data)
    for place in places:
        changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)
