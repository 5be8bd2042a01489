"""What a file that no reader opens is, told by its first bytes, and what to send in its place.

Functions raise OSError.
"""

import re
import struct
from pathlib import Path, PurePath
from typing import NamedTuple

_HEAD = 1 << 16

_MOST_DIRECTORIES = 16

_CFA, _LINEAR_RAW = 32803, 34892
_RAW_PACKINGS = (32767, 32769, 34713, 65000, 65535)
"""Ways in which only raw pictures are packed: Sony's, Epson's, Nikon's, Kodak's, Pentax's."""


class FileKind(NamedTuple):
    """What a file is, to follow “It is”, and what its sender can do."""

    what: str
    action: str


RAW = FileKind(
    "a raw photo, as a camera keeps it before it is developed",
    "Save it as JPEG in the camera or in the program for its photos, and send that.",
)
_UNPACK = "Unpack it and send the videos, photos and sounds that are in it."
_ITSELF = "Send the video, sound or photo itself."
_OUT_OF_IT = "Save the videos and photos in it as files of their own and send those."
_AS_PHOTO = "Save it as JPEG or PNG and send that."
_FROM_RECORDER = "Export it as MP4 or AVI with the recorder's own program and send that."

_SIGNS = (
    (b"GIF8", FileKind("a GIF picture", "Export it as MP4 if it moves, else as JPEG or PNG.")),
    (b"%PDF", FileKind("a PDF document", _OUT_OF_IT)),
    (b"Rar!", FileKind("a RAR archive", _UNPACK)),
    (b"7z\xbc\xaf", FileKind("a 7-Zip archive", _UNPACK)),
    (b"\x1f\x8b", FileKind("a packed file", _UNPACK)),
    (b"MZ", FileKind("a program for Windows", _ITSELF)),
    (b"\x7fELF", FileKind("a program", _ITSELF)),
    (b"BM", FileKind("a BMP picture", _AS_PHOTO)),
    (b"8BPS", FileKind("a Photoshop file", _AS_PHOTO)),
    (b"\xff\x0a", FileKind("a JPEG XL picture", _AS_PHOTO)),
    (b"\0\0\0\x0cJXL ", FileKind("a JPEG XL picture", _AS_PHOTO)),
    (b"bplist", FileKind("a list that a phone or a Mac keeps about a photo, not the photo", _ITSELF)),
    (b"\0\x05\x16\x07", FileKind("a note of a Mac about a file, not the file", _ITSELF)),
    (b"\0\0\0\x01Bud1", FileKind("a note of a Mac about a folder (.DS_Store)", "Leave it out; nothing is lost.")),
    (b"MThd", FileKind("a list of notes to be played (MIDI), not sound", "Export it as WAV or MP3 and send that.")),
    (b"DVDVIDEO", FileKind("the menu of a DVD, not its video", "Send the large VOB files that lie beside it.")),
    (b"DHAV", FileKind("a recording of a security recorder (Dahua)", _FROM_RECORDER)),
    (b"IMKH", FileKind("a recording of a security recorder (Hikvision)", _FROM_RECORDER)),
    (b"\0\0\0\x01\x67", FileKind("video as a security recorder hands it out, without its clock", _FROM_RECORDER)),
    (b"\0\0\0\x01\x40", FileKind("video as a security recorder hands it out, without its clock", _FROM_RECORDER)),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"FOVb", RAW),
    (b"IIRO", RAW),
    (b"IIRS", RAW),
    (b"IIU\0", RAW),
)

_PAGE = FileKind("a web page, saved in place of the video", "Download the video itself from that page and send it.")
_LINK = FileKind("a link to a page, not the video", "Open it, download the video itself from that page and send it.")
_ANSWER = FileKind(
    "the answer of a web site, often an error, saved in place of the video",
    "Download the video itself once more and send it.",
)
_DOCUMENT = FileKind("a text document (RTF)", _ITSELF)
_LETTER = FileKind("a letter saved by a mail program", _OUT_OF_IT)
_ZEROS = FileKind(
    "empty inside: nothing was written where the video should be",
    "Copy it from the camera again; a download or a copy that broke off leaves such files.",
)
_DRAWING = FileKind("a drawing (SVG)", "Save it as PNG and send that.")
_PLAYLIST = FileKind("a playlist, which only names other files", "Send the files that it names.")
_SUBTITLES = FileKind("subtitles", "Send them with the ending .srt or .vtt, under the name of the clip they belong to.")
_NOTE_OF_PHONE = FileKind("a phone's list of changes to a photo (AAE), not the photo", _ITSELF)
_XML = FileKind("a list in XML, as cameras and programs write beside their files", _ITSELF)
_TEXT = FileKind(
    "plain text", "If these are the words of a clip, send them as .txt under its name; else send the video."
)

_ENTRIES = (
    (b"word/", FileKind("a Word document", _OUT_OF_IT)),
    (b"ppt/", FileKind("a PowerPoint presentation", "Export it as MP4, or save the videos and photos in it.")),
    (b"xl/", FileKind("an Excel workbook", _OUT_OF_IT)),
    (b".iwa", FileKind("a Pages, Numbers or Keynote document", "Export it as MP4 or PDF, or save the photos in it.")),
    (b"META-INF/manifest.xml", FileKind("an OpenOffice document", _OUT_OF_IT)),
)
_ARCHIVE = FileKind("a ZIP archive", _UNPACK)
_OFFICE = FileKind("an Office document", _OUT_OF_IT)
_THUMBNAILS = FileKind("Windows' own list of small pictures (Thumbs.db)", "Leave it out; nothing is lost.")

_PLAYLIST_STARTS = ("#extm3u", "ffconcat", "[playlist]", "<asx", "<smil", "<?wpl")
_PLAYLIST_MARKS = ("<mpd", "xspf.org/ns", "<smil")

_CUE = re.compile(r"\d\d?:\d\d[:,.\d]* *--> *\d\d?:\d\d")
_NAMES_MEDIA = re.compile(r"(?i)^(?!.*\s-->).*(://|\.(mp4|mov|m4v|mkv|avi|ts|mts|mpe?g|mp3|m4a|aac|wav|flac|ogg)$)")
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def kind_of(path: Path) -> FileKind | None:
    """What a file that is no media seems to be; None when that cannot be told."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(size - _HEAD, 0))
        tail = file.read(_HEAD)
    if _is_raw(head):
        return RAW
    if head.startswith(b"PK\x03\x04"):
        return next((kind for entry, kind in _ENTRIES if entry in head or entry in tail), _ARCHIVE)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _THUMBNAILS if "Catalog".encode("utf-16-le") in head else _OFFICE
    if size and not any(head) and not any(tail):
        return _ZEROS
    text = _text(head)
    if text is not None:
        return _kind_of_text(text, PurePath(path).suffix.lower())
    return next((kind for sign, kind in _SIGNS if head.startswith(sign)), None)


def is_raw_photo(path: Path) -> bool:
    """Whether a file is a camera's raw photo: most are TIFF files that begin with a small picture as any TIFF does."""
    with path.open("rb") as file:
        return _is_raw(file.read(_HEAD))


def _is_raw(head: bytes) -> bool:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(head[:4])
    if order is None:
        return head[4:12] == b"ftypcrx "
    return head[8:10] == b"CR" or any(_says_raw(tags) for tags in _directories(head, order))


def _says_raw(tags: dict[int, int]) -> bool:
    return 0xC612 in tags or tags.get(262) in (_CFA, _LINEAR_RAW) or tags.get(259) in _RAW_PACKINGS


def _directories(head: bytes, order: str) -> list[dict[int, int]]:
    """The tags of a TIFF file with the first number of each, directory by directory, as far as its head holds them."""
    places = [_number(head, 4, 4, order)]
    found: list[dict[int, int]] = []
    for at in places:
        if at < 8 or at + 2 > len(head) or len(found) == _MOST_DIRECTORIES:
            continue
        tags: dict[int, int] = {}
        for entry in range(at + 2, min(at + 2 + 12 * _number(head, at, 2, order), len(head) - 12), 12):
            tag, kind, count = struct.unpack_from(order + "HHI", head, entry)
            tags[tag] = _number(head, entry + 8, 2 if kind == 3 else 4, order)
            if tag == 330:  # directories of other pictures: the raw one often is among them
                where = tags[tag]
                places += (
                    [where] if count == 1 else [_number(head, where + 4 * n, 4, order) for n in range(min(count, 8))]
                )
        found.append(tags)
    return found


def _number(data: bytes, at: int, size: int, order: str) -> int:
    return int.from_bytes(data[at : at + size], "little" if order == "<" else "big")


def _kind_of_text(text: str, ending: str) -> FileKind:
    start = text.lstrip().lower()
    lines = [line.strip() for line in text.splitlines()[:-1] or [text] if line.strip()]
    named = [line for line in lines if not line.startswith("#")]
    names_media = ending in (".m3u", ".m3u8", ".pls") or (bool(named) and all(map(_NAMES_MEDIA.match, named)))
    marked, listed = start.startswith("<"), start.startswith(("<?xml", "<plist", "<x:xmpmeta"))
    found = (
        (marked and "<svg" in start, _DRAWING),
        (marked and ("<html" in start[:2000] or start.startswith("<!doctype html")), _PAGE),
        (start.startswith(_PLAYLIST_STARTS) or any(mark in start[:500] for mark in _PLAYLIST_MARKS), _PLAYLIST),
        (start.startswith("[internetshortcut]") or (listed and "<key>url</key>" in start[:1000]), _LINK),
        (start.startswith("{\\rtf"), _DOCUMENT),
        (start.startswith(("{", "[{")) and ending != ".json", _ANSWER),
        (marked and "<error>" in start[:500], _ANSWER),
        (start.startswith(("return-path:", "received:", "delivered-to:", "mime-version:", "from: ")), _LETTER),
        (listed and "adjustmentformatidentifier" in start, _NOTE_OF_PHONE),
        (listed, _XML),
        (start.startswith(("webvtt", "[script info]")) or _CUE.search(text[:4000]) is not None, _SUBTITLES),
        (names_media, _PLAYLIST),
    )
    return next((kind for holds, kind in found if holds), _TEXT)


def _text(head: bytes) -> str | None:
    """The first characters of a text; None for anything else."""
    coding = next((coding for mark, coding in _BOMS.items() if head.startswith(mark)), None)
    if coding:
        return head.decode(coding, "replace")
    if not head or _CONTROLS.intersection(head):
        return None
    try:
        return head[: len(head) - 4 if len(head) == _HEAD else None].decode("utf-8")
    except UnicodeDecodeError:
        return None
