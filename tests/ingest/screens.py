"""Believable recordings of screens, drawn and encoded: windows, lines of text, a moving pointer, scrolling."""

import random
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, RATE, FRAMES = 1280, 720, 15, 18
WORDS = (
    "report",
    "case",
    "unit",
    "time",
    "street",
    "officer",
    "record",
    "call",
    "number",
    "witness",
    "north",
    "signed",
)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Open Sans at a size in pixels."""
    spec = find_spec("ttf_opensans")
    assert spec is not None
    assert spec.origin is not None
    return ImageFont.truetype(str(Path(spec.origin).parent / "ttf" / "OpenSans-Regular.ttf"), size)


@cache
def lines(count: int, words: int, seed: int = 1) -> list[str]:
    """Made-up lines of text."""
    drawn = random.Random(seed)
    return [" ".join(drawn.choices(WORDS, k=drawn.randint(words // 2, words))) for _ in range(count)]


def windows(frame: int) -> Image.Image:
    """A desktop with two windows; somebody types in one, the pointer wanders."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (38, 79, 120))
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom, seed in ((40, 40, 760, 620, 1), (620, 120, 1240, 660, 2)):
        draw.rectangle((left, top, right, bottom), fill=(250, 250, 250), outline=(90, 90, 90))
        draw.rectangle((left, top, right, top + 30), fill=(225, 228, 232))
        draw.text((left + 12, top + 5), "Record " + str(seed), fill=(30, 30, 30), font=font(15))
        for row, text in enumerate(lines(20, 9, seed)):
            draw.text((left + 16, top + 44 + 24 * row), text, fill=(20, 20, 20), font=font(15))
    draw.text((636, 630), lines(1, 12, 5)[0][: frame // 2], fill=(20, 20, 20), font=font(15))
    draw.rectangle((0, HEIGHT - 36, WIDTH, HEIGHT), fill=(24, 26, 30))
    return pointer(picture, 200 + 12 * frame, 500 - 5 * frame)


def scrolling(frame: int) -> Image.Image:
    """A page of text that is scrolled through, with pauses."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255))
    draw = ImageDraw.Draw(picture)
    gone = 40 * min(frame % 15, 6) + 240 * (frame // 15)
    for row, text in enumerate(lines(80, 14)):
        if -30 < 90 + 30 * row - gone < HEIGHT:
            draw.text((240, 90 + 30 * row - gone), text, fill=(40, 40, 40), font=font(18))
    draw.rectangle((0, 0, WIDTH, 70), fill=(240, 240, 243))
    draw.rectangle((120, 18, 1100, 52), fill=(255, 255, 255), outline=(180, 180, 180))
    return pointer(picture, 900, 400)


def terminal(frame: int) -> Image.Image:
    """White letters on black, a line more now and then."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (12, 12, 12))
    draw = ImageDraw.Draw(picture)
    for row, text in enumerate(lines(12 + frame // 4, 12)):
        draw.text((10, 10 + 26 * row), text, fill=(204, 204, 204), font=font(18))
    return picture


def table(frame: int) -> Image.Image:
    """A table of numbers with a marked cell that moves."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 90), fill=(33, 115, 70))
    for row in range(26):
        for column in range(10):
            box = (60 + 122 * column, 90 + 24 * row, 182 + 122 * column, 114 + 24 * row)
            marked = (row, column) == (frame // 5, 3)
            draw.rectangle(box, outline=(212, 212, 212), fill=(200, 225, 210) if marked else None)
            draw.text((box[0] + 8, box[1] + 3), str(row * 1371 % 977 + column), fill=(30, 30, 30), font=font(14))
    return pointer(picture, 400 + 4 * frame, 300)


def pointer(picture: Image.Image, x: int, y: int) -> Image.Image:
    """The picture with an arrow at a place."""
    arrow = [(x, y), (x, y + 18), (x + 5, y + 13), (x + 12, y + 13)]
    ImageDraw.Draw(picture).polygon(arrow, fill=(255, 255, 255), outline=(0, 0, 0))
    return picture


SCREENS: dict[str, Callable[[int], Image.Image]] = {
    "windows": windows,
    "scrolling": scrolling,
    "terminal": terminal,
    "table": table,
}


def record(draw: Callable[[int], Image.Image], path: Path) -> Path:
    """Encode what is drawn, as screen recorders do: H.264 of ordinary quality."""
    size = f"{WIDTH}x{HEIGHT}"
    given = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(RATE), "-i", "-"]
    coded = ["-vf", "scale=out_color_matrix=bt709", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
    pictures = b"".join(draw(frame).tobytes() for frame in range(FRAMES))
    subprocess.run([get_ffmpeg_exe(), "-v", "error", "-y", *given, *coded, str(path)], input=pictures, check=True)
    return path
