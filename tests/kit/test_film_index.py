"""The index says of a film what opening it says: where its pictures lie, which are keys, how to decode them."""

from pathlib import Path

import av
import pytest

from editing.encoding import PICTURE, SOUND
from kit.film_index import FilmIndex, read_index
from kit.process import run_ffmpeg


def options(coding: dict[str, object]) -> list[str]:
    return [part for name, value in coding.items() for part in (f"-{name}", str(value))]


@pytest.mark.parametrize("frames", [1, 2, 150])
@pytest.mark.parametrize("sound", [False, True])
@pytest.mark.parametrize("first", ["moov", "mdat"])
def test_the_index_tells_what_opening_the_film_tells(tmp_path: Path, frames: int, sound: bool, first: str) -> None:
    film = tmp_path / "film.mp4"
    tone = ["-f", "lavfi", "-i", "sine=r=48000", "-shortest", *options(SOUND)] if sound else []
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30"]
    front = ["-movflags", "+faststart"] if first == "moov" else []
    run_ffmpeg([*source, *tone, "-frames:v", str(frames), *options(PICTURE), *front, str(film)])
    index = read_index(film)
    with av.open(str(film)) as box:
        packets = [packet for packet in box.demux(video=0) if packet.size]
        assert index.configuration == box.streams.video[0].codec_context.extradata
    assert [place for place, _ in index.pictures] == [packet.pos for packet in packets]
    assert list(index.coded(film)) == [bytes(packet) for packet in packets]
    assert index.keys == tuple(n for n, packet in enumerate(packets) if packet.is_keyframe)
    assert [*index.coded(film, index.keys)] == [bytes(packets[n]) for n in index.keys]


def test_what_is_no_film_has_an_empty_index(tmp_path: Path) -> None:
    for data in (b"", b"words", bytes(100), b"\x00\x00\x00\x10moov\x00\x00\x00\x08trak"):
        (tmp_path / "film.mp4").write_bytes(data)
        assert read_index(tmp_path / "film.mp4") == FilmIndex()
