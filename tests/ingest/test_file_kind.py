"""Files that are no media are named, and something is said that their sender can do."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ingest.file_kind import is_raw_photo, kind_of
from ingest.inspect import inspect
from ingest.photo import is_photo

TEXTS = {
    "page.mp4": ("<!DOCTYPE html>\n<html><head><title>Video</title></head></html>", "a web page"),
    "old_page.mp4": ('\n<?xml version="1.0"?>\n<html xmlns="x"><body/></html>', "a web page"),
    "badge.svg": ('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "a drawing"),
    "list.m3u8": ("#EXTM3U\n#EXT-X-ENDLIST\n", "a playlist"),
    "list.m3u": ("Clips/one.mp4\nClips/two.MOV\n", "a playlist"),
    "list.txt": ("https://example.org/one\n", "a playlist"),
    "list.pls": ("[playlist]\nFile1=one.mp3\n", "a playlist"),
    "words.srt": ("1\n00:00:01,000 --> 00:00:02,000\nGood morning.\n", "subtitles"),
    "words.vtt": ("WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning.\n", "subtitles"),
    "words.ass": ("[Script Info]\nTitle: x\n", "subtitles"),
    "letter.mp4": ("Dear Chief,\n\nplease find the video attached.\n", "plain text"),
    "IMG_1.AAE": (
        '<?xml version="1.0"?><plist><key>adjustmentFormatIdentifier</key></plist>',
        "list of changes to a photo",
    ),
    "list.wpl": ('<?wpl version="1.0"?>\n<smil><body/></smil>', "a playlist"),
    "list.xspf": ('<?xml version="1.0"?><playlist xmlns="http://xspf.org/ns/0/"/>', "a playlist"),
    "clip.url": ("[InternetShortcut]\nURL=https://example.org/clip\n", "a link to a page"),
    "clip.webloc": ('<?xml version="1.0"?><plist><dict><key>URL</key></dict></plist>', "a link to a page"),
    "denied.mp4": ('<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "the answer of a web site"),
    "error.mp4": ('{"error": "not found"}', "the answer of a web site"),
    "clip.rtf": ("{\\rtf1\\ansi Good morning.}", "a text document"),
    "clip.eml": ("From: chief@example.org\nTo: editor@example.org\n\nHello\n", "a letter"),
    "C0001M01.XML": ('<?xml version="1.0"?><NonRealTimeMeta/>', "a list in XML"),
}
"""Files of text, and what they are called."""


def zipped(*names: str) -> bytes:
    """An archive of empty files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return packed.getvalue()


BYTES = {
    "a.zip": (zipped("one.mp4", "two.mp4"), "a ZIP archive"),
    "a.docx": (zipped("[Content_Types].xml", "word/document.xml"), "a Word document"),
    "a.pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint presentation"),
    "a.xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"),
    "a.key": (zipped("Index/Document.iwa", "preview.jpg"), "a Pages, Numbers or Keynote document"),
    "a.doc": (b"\xd0\xcf\x11\xe0" + bytes(4096), "an Office document"),
    "Thumbs.db": (b"\xd0\xcf\x11\xe0" + bytes(1000) + "Catalog".encode("utf-16-le") + bytes(99), "(Thumbs.db)"),
    ".DS_Store": (b"\0\0\0\x01Bud1\0\0", "(.DS_Store)"),
    "._clip.mov": (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "a note of a Mac"),
    "clip.dav": (b"DHAV\xfd\0\0\0" + bytes(99), "a security recorder"),
    "a.pdf": (b"%PDF-1.7\n" + bytes(500), "a PDF document"),
    "a.exe": (b"MZ\x90\0" + bytes(500), "a program for Windows"),
    "a.bmp": (b"BM" + bytes(500), "a BMP picture"),
    "zeros.mp4": (bytes(200_000), "empty inside"),
}
"""Other files, and what they are called."""


def tiff(order: str, tags: list[tuple[int, int]], behind: list[tuple[int, int]] = ()) -> bytes:  # type: ignore[assignment]
    """A TIFF file with short tags, and a second directory among its own."""
    start = 8 + 2 + 12 * (len(tags) + 1) + 4
    rows = [struct.pack(order + "HHIHH", tag, 3, 1, value, 0) for tag, value in tags]
    rows.append(struct.pack(order + "HHII", 330, 4, 1, start))
    body = struct.pack(order + "H", len(rows)) + b"".join(rows) + bytes(4)
    more = b"".join(struct.pack(order + "HHIHH", tag, 3, 1, value, 0) for tag, value in behind)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + body + struct.pack(order + "H", len(behind)) + more + bytes(100)


RAW = {
    "apple.dng": tiff("<", [(259, 7), (262, 6), (0xC612, 0x104)]),
    "nikon.nef": tiff(">", [(254, 1), (262, 2)], [(259, 34713), (262, 32803)]),
    "sony.arw": tiff("<", [(254, 1), (259, 6)], [(259, 32767)]),
    "canon.cr2": b"II*\0\x10\0\0\0CR\x02\0" + bytes(100),
    "canon.cr3": b"\0\0\0\x18ftypcrx " + bytes(100),
    "fuji.raf": b"FUJIFILMCCD-RAW 0201" + bytes(100),
    "olympus.orf": b"IIRO\x08\0\0\0" + bytes(100),
    "panasonic.rw2": b"IIU\0\x18\0\0\0" + bytes(100),
}


@pytest.mark.parametrize("name", [*TEXTS, *BYTES])
def test_what_is_no_media_is_called_what_it_is(tmp_path: Path, name: str) -> None:
    data, called = (TEXTS | BYTES)[name]
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    kind = kind_of(path)
    assert kind is not None
    assert called in kind.what
    assert kind.action.endswith(".")


@pytest.mark.parametrize("name", RAW)
def test_a_raw_photo_is_not_taken_for_the_small_picture_in_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(RAW[name])
    kind = kind_of(path)
    assert kind is not None
    assert "a raw photo" in kind.what
    assert is_raw_photo(path) or not is_photo(path)


def test_a_tiff_that_is_no_raw_photo_stays_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    Image.new("RGB", (400, 300), "navy").save(path, compression="tiff_lzw")
    assert is_photo(path)
    assert not is_raw_photo(path)


def test_text_of_any_coding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "words.srt"
    for coding in ("utf-8-sig", "utf-16"):
        path.write_text("1\n00:00:01,000 --> 00:00:02,000\nGuten Morgen, Jürgen.\n", coding)
        kind = kind_of(path)
        assert kind is not None
        assert kind.what == "subtitles"


def test_directories_that_lead_in_circles_end(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0" + struct.pack("<IHHHII", 8, 1, 330, 4, 1, 8) + bytes(100))
    assert not is_raw_photo(path)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("clip.mp4", TEXTS["page.mp4"][0].encode(), "Download the video itself"),
        ("IMG_1.DNG", RAW["apple.dng"], "Save it as JPEG"),
        ("clips.mp4", BYTES["a.zip"][0], "Unpack it"),
        ("odd.mkv", b"\x1aE\xdf\xa3" + bytes(40), "Export it again"),
    ],
)
def test_a_refusal_says_what_to_send_instead(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    clip = inspect(path, name)
    (note,) = clip.notes
    assert (clip.verdict, note.code) == ("refused", "unreadable")
    assert words in note.action
    assert ("It is" in note.message) == (name != "odd.mkv")
