"""Files made to do harm: bombs, hollow files, and files that send their reader elsewhere."""

import os
import socket
import struct
import zlib
from pathlib import Path

import pytest

from ingest.clip import Verdict
from ingest.inspect import inspect
from kit.errors import NotFound
from kit.process import run_ffmpeg


def png(width: int, height: int, lines: int = 1, more: bytes = b"") -> bytes:
    """A grey PNG that declares its size and carries so many black lines."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(width + 1)) for _ in range(lines)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + more + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _tiff(side: int) -> bytes:
    tags = [(256, side), (257, side), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, side), (279, 1000)]
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + rows + bytes(2000)


def _webp(side: int) -> bytes:
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (side - 1).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(canvas) + 4) + b"WEBP" + canvas


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("declared.png", png(100_000, 100_000)),
        ("unpacked.png", png(20_000, 20_000, lines=20_000)),
        ("declared.tif", _tiff(100_000)),
        ("declared.webp", _webp(100_000)),
        ("words.png", png(600, 600, 600, _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200 << 20))))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bomb_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    clip = inspect(path, name)
    assert clip.verdict is Verdict.REFUSED
    assert clip.notes[0].code in ("too_large", "unreadable")


@pytest.mark.parametrize("head", ["", "b_broll/people_event_640x480_3s.mp4"])
def test_fifty_gigabytes_of_nothing_are_refused_without_reading_them(footage: Path, tmp_path: Path, head: str) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes((footage / head).read_bytes() if head else b"")
    os.truncate(path, 50 << 30)
    began = sum(os.times()[:4])
    clip = inspect(path, "a.mp4")
    assert [note.code for note in clip.notes] == ["truncated"]
    assert sum(os.times()[:4]) - began < 5  # processor seconds; reading it takes over ten


def test_a_file_of_very_many_tracks_is_refused(tmp_path: Path) -> None:
    sound = ["-f", "lavfi", "-i", "sine=440:d=0.1"]
    run_ffmpeg([*sound, *["-map", "0"] * 100, "-c:a", "pcm_s16le", str(tmp_path / "many.mkv")])
    clip = inspect(tmp_path / "many.mkv", "many.mkv")
    assert [note.code for note in clip.notes] == ["too_many_streams"]


def test_what_is_no_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "device.mp4").symlink_to("/dev/zero")
    for name in ("folder.mp4", "pipe.mp4", "device.mp4"):
        with pytest.raises(NotFound):
            inspect(tmp_path / name, name)


REFERENCES = {
    "list.ts": "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{place}\n#EXT-X-ENDLIST\n",
    "script.mp4": "ffconcat version 1.0\nfile '{place}'\n",
    "session.mov": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
    "manifest.mp4": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet>'
    "<Representation><BaseURL>{place}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "drawing.jpg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{place}"/></svg>',
    "stream.wmv": '<asx version="3.0"><entry><ref href="{place}"/></entry></asx>',
}


@pytest.mark.parametrize("name", REFERENCES)
def test_a_file_that_names_another_place_opens_nothing(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "trap")  # whoever opened it to read would wait for ever
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        port = server.getsockname()[1]
        for place in (str(tmp_path / "trap"), f"http://127.0.0.1:{port}/a.mp4"):
            path = tmp_path / name
            path.write_text(REFERENCES[name].format(place=place, port=port))
            clip = inspect(path, name)
            assert [note.code for note in clip.notes] == ["unreadable"]
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "name",
    [
        "-i.mp4",
        "concat:a|b.mp4",
        "http:x.mp4",
        "pipe:0.mp4",
        "a%d.mp4",
        "new\nline.mp4",
        "\u202egpm.mp4",
        "z" * 251 + ".mp4",
    ],
)
def test_a_name_is_only_a_name(footage: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((footage / "d_old" / "h263_176x144.3gp").read_bytes())
    assert inspect(path, name).verdict is Verdict.ACCEPTED_WITH_NOTES
