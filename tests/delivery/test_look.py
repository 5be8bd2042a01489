"""The looks of a film's pieces, put together, are the look of the film, and are believed of no other film."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from delivery.look import FRAME_BYTES, HEIGHT, WIDTH, Look, joined, look_at, packed, unpacked
from delivery.survey import look_at_piece, look_of, see
from editing.encoding import PREVIEW, SOUND
from editing.join import join
from editing.timeline import CardShot, Timeline
from kit.process import run_ffmpeg

LENGTHS = (20, 1, 45, 30)
PLAN = Timeline(
    storyboard="x", frames=sum(LENGTHS), shots=(CardShot(start=0, end=sum(LENGTHS), kind="end", lines=("A",)),)
)


def assert_alike(one: Look, other: Look) -> None:
    for field in fields(Look):
        if field.name not in ("kept", "stills"):
            assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name


def test_looks_of_parts_make_the_look_of_the_whole() -> None:
    rng = np.random.default_rng(5)
    picture = rng.integers(0, 255, (sum(LENGTHS), FRAME_BYTES), np.uint8)
    picture[30:60, : WIDTH * HEIGHT] = 16
    parts = np.split(picture, np.cumsum(LENGTHS)[:-1])
    whole = joined([unpacked(packed(look_at(part, (len(part) // 2,)))) for part in parts])
    assert_alike(whole, look_at(picture, ()))
    assert np.array_equal(whole.luma(43), picture[43, : WIDTH * HEIGHT].reshape(HEIGHT, WIDTH))


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pieces")
    coding = [part for name, value in PREVIEW.items() for part in (f"-{name}", str(value))]
    for number, frames in enumerate(LENGTHS):
        source = f"testsrc2=s=960x540:r=30,hue=h={number * 40},format=yuv420p"
        run_ffmpeg(["-f", "lavfi", "-i", source, "-frames:v", str(frames), *coding, str(folder / f"{number}.mp4")])
    return [folder / f"{number}.mp4" for number in range(len(LENGTHS))]


def joined_film(pieces: list[Path], folder: Path) -> Path:
    coding = [part for name, value in SOUND.items() for part in (f"-{name}", str(value))]
    tone = f"sine=440:r=48000:d={sum(LENGTHS) / 30}"
    run_ffmpeg(["-f", "lavfi", "-i", tone, *coding, str(folder / "sound.m4a")])
    join(list(zip(pieces, LENGTHS, strict=True)), folder / "sound.m4a", folder / "film.mp4", folder)
    return folder / "film.mp4"


def test_a_film_is_measured_from_its_pieces_and_another_is_decoded(pieces: list[Path], tmp_path: Path) -> None:
    film = joined_film(pieces, tmp_path)
    together = joined([look_of(piece, (5,), tmp_path) for piece in pieces])
    decoded = see(film, PLAN, tmp_path)
    assert_alike(together, decoded)
    assert see(film, PLAN, tmp_path, together) is together
    swapped = joined([look_of(piece, (5,), tmp_path) for piece in reversed(pieces)])
    mistrusted = see(film, PLAN, tmp_path, swapped)
    assert mistrusted is not swapped
    assert_alike(mistrusted, decoded)


def sampled(piece: Path, source: str, frames: int, folder: Path) -> Path:
    """A source encoded to `piece`; the grid pixels that the encoder was given."""
    coding = [part for name, value in PREVIEW.items() for part in (f"-{name}", str(value))]
    told = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    graph = f"[0]{told},split[a][b];[b]scale=192:108:flags=neighbor,format=yuv420p[seen]"
    grid = folder / "seen.raw"
    coded = ["-map", "[a]", *coding, "-frames:v", str(frames), str(piece)]
    seen = ["-map", "[seen]", "-f", "rawvideo", "-frames:v", str(frames), str(grid)]
    run_ffmpeg(["-f", "lavfi", "-i", source, "-filter_complex", graph, *coded, *seen])
    return grid


def test_a_piece_is_looked_at_as_it_is_encoded(tmp_path: Path) -> None:
    piece, frames = tmp_path / "piece.mp4", 130
    grid = sampled(piece, "testsrc2=s=960x540:r=30,noise=alls=20:allf=t,format=yuv420p", frames, tmp_path)
    seen, decoded = look_at_piece(piece, (5,), grid), look_of(piece, (5,), tmp_path)
    assert seen.errors == decoded.errors == ()
    assert np.array_equal(seen.coded, decoded.coded)
    assert seen.frames == decoded.frames == frames
    assert np.abs(seen.cells.astype(int) - decoded.cells.astype(int)).mean() < 2


def test_key_frames_tell_other_pictures_and_damage(tmp_path: Path) -> None:
    piece, frames = tmp_path / "piece.mp4", 70
    grid = sampled(piece, "testsrc2=s=960x540:r=30,format=yuv420p", frames, tmp_path)
    rows = np.fromfile(grid, np.uint8).reshape(frames, FRAME_BYTES)
    other = tmp_path / "other.raw"
    # The second key frame comes after two seconds.
    np.concatenate([rows[:60], 255 - rows[60:]]).tofile(other)
    assert look_at_piece(piece, (5,), other).errors == ("picture 60 of piece.mp4 is not the one that was encoded",)
    data = bytearray(piece.read_bytes())
    start = data.index(b"mdat") + 3000
    data[start : start + 20_000] = bytes(20_000)
    piece.write_bytes(data)
    assert look_at_piece(piece, (5,), grid).errors
