"""A stream read alone yields what it yields among the others, and the others' tables are not read."""

import hashlib
from pathlib import Path

import pytest
from av.container import InputContainer
from av.stream import Stream

from ingest.one_track import open_alone, tracks
from ingest.probe import open_media
from tests.ingest.boxes import with_edits
from tests.ingest.charts import make

SOURCES = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3", "-f", "lavfi", "-i", "sine=440:d=3")
TWO_SOUNDS = ("-map", "0", "-map", "1", "-map", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25")
WAYS = {
    "header first.mp4": ("-movflags", "+faststart"),
    "header last.mov": (),
    "fragments.mp4": ("-movflags", "+frag_keyframe+empty_moov"),
    "edited.mp4": ("-use_editlist", "0"),
    "matroska.mkv": (),
    "transport.ts": (),
}
HIDES = (".mp4", ".mov")


def made(folder: Path, name: str) -> Path:
    path = make(folder / name, *SOURCES, *TWO_SOUNDS, *WAYS[name])
    if name.startswith("edited"):
        with_edits(path, [(0.4, -1.0), (2.0, 0.5)])
    return path


def packets(container: InputContainer, stream: Stream) -> list[tuple[int | None, int | None, bool, str]]:
    return [
        (packet.pts, packet.dts, packet.is_keyframe, hashlib.sha256(bytes(packet)).hexdigest())
        for packet in container.demux(stream)
    ]


@pytest.mark.parametrize("name", WAYS)
def test_each_stream_alone_is_what_it_is_among_the_others(tmp_path: Path, name: str) -> None:
    path = made(tmp_path, name)
    for index in range(3):
        with open_media(path) as whole:
            expected = packets(whole, whole.streams[index])
            numbers = [stream.id for stream in whole.streams] if path.suffix in HIDES else []
        with open_alone(path, index, numbers) as (container, stream):
            assert packets(container, stream) == expected
            assert len(container.streams) == (1 if path.suffix in HIDES else 3)
        assert len(expected) > 20


def test_tracks_that_share_a_number_are_all_shown(tmp_path: Path) -> None:
    path = made(tmp_path, "header last.mov")
    data = bytearray(path.read_bytes())
    with path.open("rb") as file:
        (_, first), (_, second), _ = tracks(file, len(data))
    heads = [data.index(b"tkhd", track.at) + 16 for track in (first, second)]
    data[heads[1] : heads[1] + 4] = data[heads[0] : heads[0] + 4]
    path.write_bytes(data)
    with open_media(path) as whole:
        numbers = [stream.id for stream in whole.streams]
    with open_alone(path, 1, numbers) as (container, stream):
        assert len(container.streams) == 3
        assert stream.type == "audio"


@pytest.mark.parametrize("version", [0, 1])
def test_tracks_are_found_by_their_numbers(tmp_path: Path, version: int) -> None:
    def box(kind: bytes, held: bytes, *, large: bool = False) -> bytes:
        if large:
            return (1).to_bytes(4, "big") + kind + (len(held) + 16).to_bytes(8, "big") + held
        return (len(held) + 8).to_bytes(4, "big") + kind + held

    def track(number: int) -> bytes:
        head = bytes([version, 0, 0, 7]) + bytes(16 if version else 8) + number.to_bytes(4, "big") + bytes(8)
        return box(b"trak", box(b"edts", b"") + box(b"tkhd", head))

    path = tmp_path / "two.mp4"
    headless = box(b"trak", box(b"edts", b""))
    table = box(b"moov", box(b"mvhd", bytes(9)) + track(7) + headless + track(300), large=True)
    path.write_bytes(box(b"ftyp", b"isom") + table + box(b"mdat", b"trak"))
    with path.open("rb") as file:
        found = tracks(file, path.stat().st_size)
        assert [number for number, _ in found] == [7, 0, 300]
        for _, box_ in found:
            file.seek(box_.at + 4)
            assert file.read(4) == b"trak"


def test_a_table_that_leads_out_of_the_file_ends_the_search(tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"\0\0\0\x08ftyp" + b"\0\0\xff\xffmoov" + b"\0\0\xff\xfftrak" + b"\0\0\0\x07tkhd")
    with path.open("rb") as file:
        assert [number for number, _ in tracks(file, path.stat().st_size)] == [0]
