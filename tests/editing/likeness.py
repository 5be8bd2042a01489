"""Pictures of films held against pictures that are made without FFmpeg and without our drawing code."""

from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

from editing.typesetting import font_file
from ingest.clip import Clip, Kind, Picture, Verdict
from kit.process import run_ffmpeg

Plane = NDArray[np.float64]
Planes = tuple[Plane, Plane, Plane]
"""Luma, and blue and red differences at half the size, in codes of BT.709 limited range."""
Box = tuple[int, int, int, int]

WIDE, HIGH = 1920, 1080
GRAIN = 20.0
"""Variance of luma, in codes squared, below which there is nothing to see."""
_BT709 = np.array([0.2126, 0.7152, 0.0722])


def ssim(one: Plane, other: Plane) -> float:
    """Structural similarity of two planes, 1 for the same: Wang's, over a Gaussian window of 11 samples.

    The mean is that of places at which either shows something; what is even, or grain, would hide a wrong word.
    """
    low, high = (0.01 * 255) ** 2, (0.03 * 255) ** 2

    def smooth(plane: Plane) -> Plane:
        return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5), np.float64)

    mean, mean_other = smooth(one), smooth(other)
    spread = smooth(one * one) - mean * mean
    spread_other = smooth(other * other) - mean_other * mean_other
    both = smooth(one * other) - mean * mean_other
    found = (2 * mean * mean_other + low) * (2 * both + high)
    alike = found / ((mean * mean + mean_other * mean_other + low) * (spread + spread_other + high))
    seen = np.maximum(spread, spread_other) > GRAIN
    return float(alike[seen].mean() if seen.any() else alike.mean())


def planes(picture: Image.Image) -> Planes:
    """The planes of an RGB picture."""
    share = np.asarray(picture.convert("RGB"), np.float64) / 255
    luma = share @ _BT709
    small = share.reshape(picture.height // 2, 2, picture.width // 2, 2, 3).mean(axis=(1, 3))
    bright = small @ _BT709
    blue, red = (small[..., 2] - bright) / 1.8556, (small[..., 0] - bright) / 1.5748
    return 16 + 219 * luma, 128 + 224 * blue, 128 + 224 * red


def shown(film: Path, frame: int) -> Planes:
    """The planes of one frame of an encoded film."""
    with av.open(str(film)) as box:
        found = next(picture for number, picture in enumerate(box.decode(video=0)) if number == frame)
    codes = found.to_ndarray().astype(np.float64)
    high, wide = found.height, found.width
    blue, red = codes[high : high + high // 4], codes[high + high // 4 :]
    return codes[:high], blue.reshape(high // 2, wide // 2), red.reshape(high // 2, wide // 2)


def alike(ours: Planes, wanted: Planes, box: Box = (0, 0, WIDE, HIGH)) -> tuple[float, float]:
    """SSIM of the luma of a box (left, top, right, bottom), and the codes that its colours are off by in the mean."""
    left, top, right, bottom = box
    half = slice(top // 2, bottom // 2), slice(left // 2, right // 2)
    off = max(float(np.abs(a[half] - b[half]).mean()) for a, b in zip(ours[1:], wanted[1:], strict=True))
    return ssim(ours[0][top:bottom, left:right], wanted[0][top:bottom, left:right]), off


@cache
def scene(seed: int, wide: int = WIDE, high: int = HIGH) -> Image.Image:
    """A made-up picture: soft light and colour with rounds of other colours upon it, another one for each seed."""
    chance = np.random.default_rng(seed)
    soft = chance.uniform(40, 215, (9, 16, 3)).astype(np.float32)
    light = np.asarray(cv2.resize(soft, (wide, high), interpolation=cv2.INTER_CUBIC)).clip(0, 255)
    picture = Image.fromarray(light.astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y = int(chance.integers(0, wide)), int(chance.integers(0, high))
        across, down = (int(side) for side in chance.integers(high // 20, high // 5, 2))
        red, green, blue = (int(one) for one in chance.integers(30, 225, 3))
        pen.ellipse((x - across, y - down, x + across, y + down), fill=(red, green, blue))
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def clip(folder: Path, seed: int, wide: int = WIDE, high: int = HIGH) -> Clip:
    """A clip of two seconds that shows a scene without loss."""
    name = f"scene-{seed}"
    scene(seed, wide, high).save(folder / f"{name}.png", compress_level=1)
    held = ["-framerate", "30", "-i", str(folder / f"{name}.png"), "-frames:v", "60"]
    as_film = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,loop=59:1,setpts=N/(30*TB)"
    coded = ["-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-threads", "1", "-f", "mp4"]
    run_ffmpeg([*held, "-vf", as_film, *coded, str(folder / name)])
    picture = Picture(stream=0, width=wide, height=high, duration_s=2)
    facts = {"file": name, "digest": name, "size": 1, "frames": 60, "duration_s": 2, "picture": picture}
    return Clip(kind=Kind.VIDEO, verdict=Verdict.ACCEPTED, **facts)


def photo(folder: Path, seed: int, wide: int, high: int) -> Clip:
    """A photo of a scene."""
    name = f"photo-{seed}"
    scene(seed, wide, high).save(folder / name, "PNG", compress_level=1)
    picture = Picture(stream=0, width=wide, height=high)
    return Clip(file=name, digest=name, size=1, kind=Kind.PHOTO, verdict=Verdict.ACCEPTED, picture=picture)


class Sheet:
    """A transparent picture that words and plates are set on, by Pillow alone."""

    def __init__(self) -> None:
        self._over = Image.new("RGBA", (WIDE, HIGH), (255, 255, 255, 0))

    def plate(self, box: Box, colour: str, solid: float = 1.0) -> None:
        """A rectangle of a colour `#RRGGBB`; right and bottom are one past."""
        paint = (*ImageColor.getrgb(colour), round(255 * solid))
        self._over.alpha_composite(Image.new("RGBA", (box[2] - box[0], box[3] - box[1]), paint), box[:2])

    def words(self, text: str, place: tuple[float, float], size: int, weight: str, colour: str) -> float:
        """A line of text, its place the upper left of its highest letters; where the next word begins."""
        font = ImageFont.truetype(str(font_file(weight)), size)
        mask = Image.new("L", (WIDE, HIGH))
        ImageDraw.Draw(mask).text((round(place[0]), place[1]), text, 255, font, anchor="la")
        line = Image.new("RGBA", (WIDE, HIGH), colour)
        line.putalpha(mask)
        self._over.alpha_composite(line)
        return place[0] + font.getlength(f"{text} ")

    def spaced(self, text: str, baseline: float, size: float, apart: float) -> None:
        """A white line in the middle with so many pixels between its letters."""
        fine = 4
        font = ImageFont.truetype(str(font_file("SemiBold")), size * fine)
        places = [font.getlength(text[:number]) + number * apart * fine for number in range(len(text) + 1)]
        mask = Image.new("L", (WIDE * fine, HIGH * fine))
        pen = ImageDraw.Draw(mask)
        for letter, place in zip(text, places, strict=False):
            pen.text(((WIDE * fine - places[-1]) / 2 + place, baseline * fine), letter, 255, font, anchor="ls")
        line = Image.new("RGBA", (WIDE, HIGH), "white")
        line.putalpha(mask.resize((WIDE, HIGH), Image.Resampling.BOX))
        self._over.alpha_composite(line)

    def picture(self, picture: Image.Image, place: tuple[int, int]) -> None:
        """A picture with its upper left corner at the place."""
        self._over.alpha_composite(picture, place)

    def on(self, below: Image.Image, zoom: float = 1.0) -> Image.Image:
        """All of it over a picture, seen so much nearer around the middle."""
        over = self._over
        if zoom != 1:
            lens = (1 / zoom, 0, WIDE / 2 * (1 - 1 / zoom), 0, 1 / zoom, HIGH / 2 * (1 - 1 / zoom))
            over = over.transform(over.size, Image.Transform.AFFINE, lens, Image.Resampling.BICUBIC)
        whole = below.convert("RGBA")
        whole.alpha_composite(over)
        return whole.convert("RGB")
