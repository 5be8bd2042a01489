"""Boxes of MP4 and MOV files (ISO 14496-12), to write by hand what no encoder would."""

import struct
from collections.abc import Callable
from pathlib import Path

FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"}
"""Boxes that hold nothing but boxes."""

Change = Callable[[bytes, bytes], bytes | None]
"""Takes a box's kind and content; returns the new content, or None to take the box out."""


def rewrite(data: bytes, change: Change) -> bytes:
    """The file with every box's content changed, innermost first. The media must come before the header, because
    places in it are told from the start of the file."""
    out, at = b"", 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        size = size or len(data) - at
        assert size >= 8, "large boxes are not read"
        content = data[at + 8 : at + size]
        if kind in FOLDERS:
            content = rewrite(content, change)
        new = change(kind, content)
        if new is not None:
            out += struct.pack(">I4s", len(new) + 8, kind) + new
        at += size
    return out


def with_edits(path: Path, edits: list[tuple[float, float]]) -> None:
    """Give each track of an MP4 file this edit list: seconds shown, and the second of the track they are taken from
    (below 0: nothing is shown)."""
    data = path.read_bytes()
    assert data.index(b"mdat") < data.index(b"moov")
    header = data.index(b"mvhd") + 4
    film_clock = int.from_bytes(data[header + 12 : header + 16], "big")

    def track(content: bytes) -> bytes:
        at = content.index(b"mdhd") + 4
        clock = int.from_bytes(content[at + 12 : at + 16], "big")
        entries = b"".join(
            struct.pack(">Iihh", round(shown * film_clock), -1 if start < 0 else round(start * clock), 1, 0)
            for shown, start in edits
        )
        elst = struct.pack(">II", 0, len(edits)) + entries
        edts = struct.pack(">I4s", len(elst) + 8, b"elst") + elst
        head_size = int.from_bytes(content[:4], "big")
        return content[:head_size] + struct.pack(">I4s", len(edts) + 8, b"edts") + edts + content[head_size:]

    def change(kind: bytes, content: bytes) -> bytes | None:
        if kind == b"edts":
            return None
        return track(content) if kind == b"trak" else content

    path.write_bytes(rewrite(data, change))
