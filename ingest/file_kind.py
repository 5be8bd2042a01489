"""Why a file that no reader opens could not be read, told by its first bytes and its outer boxes."""

from pathlib import Path

_HEAD = 4096

_SIGNS = (
    (b"GIF8", "a GIF picture: export it as MP4 if it moves, else as JPEG or PNG"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document: unpack it and send the video itself"),
    (b"Rar!", "a RAR archive: unpack it and send the video itself"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it and send the video itself"),
    (b"\x1f\x8b", "a packed file: unpack it and send the video itself"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"MZ", "a program for Windows"),
    (b"\x7fELF", "a program"),
    (b"BM", "a BMP picture: save it as JPEG or PNG"),
    (b"8BPS", "a Photoshop file: save it as JPEG or PNG"),
    (b"{\\rtf", "a text document"),
)

_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def kind_of(path: Path) -> str:
    """What a file that is no media seems to be, to follow “It is”; nothing when that cannot be told. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            return kind
    return "plain text" if head and not _CONTROLS.intersection(head) and _is_text(head) else ""


def ends_early(path: Path) -> bool:
    """Whether a file begins as MP4 or MOV and ends before its table of contents does. Raises OSError.

    Cameras write that table last, so it is what an interrupted copy lacks.
    """
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if at == 0 and kind not in (b"ftyp", b"wide", b"moov", b"mdat"):
                return False
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            length = length or size - at
            if at + length > size:
                return True
            if length < 8 or kind == b"moov":
                return False
            at += length
    return size >= 8


def _is_text(head: bytes) -> bool:
    try:
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
