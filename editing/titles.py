"""Drawing the still layers of cards, lower thirds and photo stages: the only module that uses MoviePy.

Layouts are made for 1920x1080 and scaled. Each card is a ground and a few layers with the frames at which they come and
go; FFmpeg holds, fades and stacks them (`editing.graph`), which is many times faster than composing every frame here.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agencies.agency import Agency
from editing.layout import LOWER_THIRD_BOTTOM
from editing.timeline import CardShot, LowerThird
from editing.typesetting import balance, fit, font_file
from kit.values import Value

WHITE = "#FFFFFF"
DIM = 0.5
"""Opacity of phrases already read."""


class Layer(Value):
    """One still laid over the ground."""

    file: str
    x: int
    """Left edge, pixels of the film's picture."""
    y: int
    fade_in: int = -1
    """Frame at which it begins to fade in; -1: there from the first frame."""
    fade_out: int = -1
    """Frame at which it begins to fade out; -1: it stays."""


class Drawing(Value):
    """A card or lower third as stills on disk."""

    ground: str = ""
    """File of the opaque ground; empty for a lower third."""
    layers: tuple[Layer, ...]


class _Row(Value):
    """A line of text or a rule waiting for its place; sizes in pixels of 1920x1080."""

    text: str
    size: int
    colour: str
    weight: str = "SemiBold"
    gap: int = 0
    """Space above."""
    group: int = 0
    """Rows of one group come and go together."""
    opacity: float = 1.0


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(rgb: tuple[int, int, int]) -> float:
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, two: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((_luminance(_rgb(one)), _luminance(_rgb(two))))
    return (light + 0.05) / (dark + 0.05)


def text_colours(agency: Agency) -> tuple[str, str]:
    """Text and accent colour readable on the agency's ground (the gradient's lighter end counts too)."""
    lighter = "#" + "".join(f"{min(255, round(c * 1.25) + 8):02X}" for c in _rgb(agency.colours.ground))
    text = max((WHITE, "#0B1420"), key=lambda c: min(contrast(c, agency.colours.ground), contrast(c, lighter)))
    accent = agency.colours.accent
    legible = min(contrast(accent, agency.colours.ground), contrast(accent, lighter)) >= 4.5
    return text, accent if legible else text


def _text_image(text: str, size: int, colour: str, weight: str, opacity: float) -> NDArray[np.uint8]:
    """RGBA pixels of one line, cropped to nothing: height is a fixed 1.6 of the size so that baselines agree."""
    from moviepy import TextClip

    clip: Any = TextClip(
        font=str(font_file(weight)),
        text=text,
        font_size=size,
        color=colour,
        method="label",
        margin=(size // 2, size // 2, size // 2, size),
        transparent=True,
    )
    try:
        colours = clip.get_frame(0).astype(np.uint8)
        alpha = clip.mask.get_frame(0)
    finally:
        clip.close()
    colours[:] = _rgb(colour)
    return np.dstack([colours, (np.clip(alpha, 0, 1) * 255 * opacity).round().astype(np.uint8)])


def ground(agency: Agency, width: int, height: int) -> Image.Image:
    """A soft vertical gradient of the ground colour with fine grain, so that it does not band."""
    top = np.array(_rgb(agency.colours.ground), np.float32)
    bottom = np.minimum(top * 1.25 + 8, 255)
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    grain = np.random.default_rng(7).normal(0, 1.1, (height, width, 1)).astype(np.float32)
    pixels = top + (bottom - top) * ramp + grain
    return Image.fromarray(np.clip(pixels.round(), 0, 255).astype(np.uint8))


def _opening(card: CardShot, agency: Agency) -> list[_Row]:
    text, accent = text_colours(agency)
    size, lines = fit(card.lines[0], (84, 80, 76, 72, 68, 64), 1500, most_lines=3)
    if len(lines) > 3:
        size, lines = fit(card.lines[0], range(36, 64, 4), 1600, most_lines=5)
    rows = [_Row(text=line, size=size, colour=text) for line in lines]
    rows.append(_Row(text="", size=3, colour=accent, gap=34))
    for number, line in enumerate(card.lines[1:]):
        for part in balance(line, 40, 1500, "Regular"):
            rows.append(_Row(text=part, size=40, colour=text, weight="Regular", gap=0 if number else 26))
    return rows


def _promise(card: CardShot, agency: Agency) -> list[_Row]:
    text, accent = text_colours(agency)
    size = fit(" ".join(card.lines), (60, 56, 52, 48, 44, 40, 36), 1560, most_lines=7)[0]
    rows: list[_Row] = []
    for group, phrase in enumerate(card.lines):
        colour = accent if phrase.strip(" .").lower() == "to do no harm" else text
        for number, line in enumerate(balance(phrase, size, 1560)):
            gap = 22 if group and not number and len(card.lines) > 1 else 0
            rows.append(_Row(text=line, size=size, colour=colour, gap=gap, group=group))
    return rows


def _end(card: CardShot, agency: Agency) -> list[_Row]:
    text, accent = text_colours(agency)
    size, lines = fit(card.lines[0], (64, 60, 56, 52, 48, 44, 40, 36), 1500, most_lines=3)
    rows = [_Row(text=line, size=size, colour=text) for line in lines]
    rows.append(_Row(text="", size=3, colour=accent, gap=30))
    for number, line in enumerate(card.lines[1:]):
        for row, part in enumerate(balance(line, 32, 1400, "Regular")):
            gap = (26 if not number else 20) if not row else 0
            rows.append(_Row(text=part, size=32, colour=text, weight="Regular", gap=gap))
    return rows


def _chapter(card: CardShot, agency: Agency) -> list[_Row]:
    text, accent = text_colours(agency)
    size, lines = fit(card.lines[0], (72, 64, 56, 48), 1500, most_lines=2)
    rows = [_Row(text=line, size=size, colour=text) for line in lines]
    rows.append(_Row(text="", size=3, colour=accent, gap=28))
    for line in card.lines[1:]:
        rows += [
            _Row(text=part, size=40, colour=text, weight="Regular", gap=20)
            for part in balance(line, 40, 1500, "Regular")
        ]
    return rows


_ROWS = {"opening": _opening, "promise": _promise, "end": _end, "chapter": _chapter}


def _draw_row(row: _Row, opacity: float) -> NDArray[np.uint8]:
    if not row.text:
        bar = np.zeros((row.size, 240, 4), np.uint8)
        bar[:] = (*_rgb(row.colour), round(255 * opacity))
        return bar
    return _text_image(row.text, row.size, row.colour, row.weight, opacity)


def _stack(rows: list[_Row]) -> list[tuple[_Row, int]]:
    """Centre the rows as one block on the picture: the top of each line's box in pixels of 1080."""
    heights = [row.gap + (row.size if not row.text else round(row.size * 1.36)) for row in rows]
    top = (1080 - sum(heights)) // 2
    placed = []
    for row, height in zip(rows, heights, strict=True):
        placed.append((row, top + row.gap))
        top += height
    return placed


def _group_image(placed: list[tuple[_Row, int]], group: int, opacity: float) -> Image.Image:
    canvas = Image.new("RGBA", (1920, 1080), (*_rgb(placed[0][0].colour), 0))
    for row, top in placed:
        if row.group == group:
            image = Image.fromarray(_draw_row(row, opacity * row.opacity))
            offset = row.size // 2 if row.text else 0
            canvas.alpha_composite(image, ((1920 - image.width) // 2, max(0, top - offset)))
    return canvas


def _save_layer(canvas: Image.Image, folder: Path, name: str, scale: float) -> tuple[str, int, int]:
    """Save the part of the canvas that is not empty, on even pixels; its file name and place."""
    if scale != 1:
        size = (round(canvas.width * scale), round(canvas.height * scale))
        canvas = canvas.resize(size, Image.Resampling.LANCZOS)
    left, top, right, bottom = canvas.getchannel("A").getbbox() or (0, 0, 2, 2)
    left, top, right, bottom = left // 2 * 2, top // 2 * 2, (right + 1) // 2 * 2, (bottom + 1) // 2 * 2
    canvas.crop((left, top, right, bottom)).save(folder / name, compress_level=1)
    return name, left, top


def draw_card(card: CardShot, agency: Agency, folder: Path, stem: str, width: int, height: int) -> Drawing:
    """Draw a card's ground and layers as PNG files `stem-*.png` in a folder."""
    scale = height / 1080
    ground(agency, width, height).save(folder / f"{stem}-ground.png", compress_level=1)
    placed = _stack(_ROWS[card.kind](card, agency))
    layers: list[Layer] = []
    if not card.reveal:
        for group in sorted({row.group for row, _ in placed}):
            name, x, y = _save_layer(_group_image(placed, group, 1), folder, f"{stem}-{group}.png", scale)
            layers.append(Layer(file=name, x=x, y=y))
        return Drawing(ground=f"{stem}-ground.png", layers=tuple(layers))
    for group, frame in enumerate(card.reveal):
        last = group == len(card.reveal) - 1
        if not last:
            dim, x, y = _save_layer(_group_image(placed, group, DIM), folder, f"{stem}-{group}-dim.png", scale)
            layers.append(Layer(file=dim, x=x, y=y, fade_in=card.reveal[group + 1]))
        name, x, y = _save_layer(_group_image(placed, group, 1), folder, f"{stem}-{group}.png", scale)
        layers.append(Layer(file=name, x=x, y=y, fade_in=frame, fade_out=-1 if last else card.reveal[group + 1]))
    return Drawing(ground=f"{stem}-ground.png", layers=tuple(layers))


def draw_lower_third(third: LowerThird, agency: Agency, folder: Path, stem: str, height: int) -> Drawing:
    """Draw who speaks: gold bar, name and role on the ground colour at 80 %, as one layer."""
    accent = agency.colours.accent
    text = max((WHITE, "#0B1420"), key=lambda c: contrast(c, agency.colours.ground))
    name_size, names = fit(third.name, (46, 42, 38, 34), 1100, most_lines=1)
    rows = [_text_image(line, name_size, text, "SemiBold", 1) for line in names]
    roles = balance(third.role, 32, 1100, "Regular") if third.role else ()
    rows += [_text_image(line, 32, text, "Regular", 1) for line in roles]
    sizes = [name_size] * len(names) + [32] * len(roles)
    inner = sum(round(size * 1.36) for size in sizes)
    wide = max(row.shape[1] - size for row, size in zip(rows, sizes, strict=True))
    box = (96, LOWER_THIRD_BOTTOM - inner - 36, 96 + 6 + 28 + wide + 34, LOWER_THIRD_BOTTOM)
    canvas = Image.new("RGBA", (1920, 1080), (*_rgb(agency.colours.ground), 0))
    canvas.paste((*_rgb(agency.colours.ground), 204), box)
    canvas.paste((*_rgb(accent), 255), (box[0], box[1], box[0] + 6, box[3]))
    top = box[1] + 18
    for row, size in zip(rows, sizes, strict=True):
        canvas.alpha_composite(Image.fromarray(row), (box[0] + 34 - size // 2, top - size // 2))
        top += round(size * 1.36)
    name, x, y = _save_layer(canvas, folder, f"{stem}.png", height / 1080)
    return Drawing(layers=(Layer(file=name, x=x, y=y, fade_in=third.start, fade_out=third.end - 9),))


def draw_photo_stage(photo: Path, out: Path, centre: tuple[float, float], width: int, height: int) -> None:
    """Crop a photo to the picture's shape around a centre; a portrait is set whole over a blurred copy of itself."""
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    if image.width * 1.15 < image.height:
        small = image.resize((96, max(1, round(96 * image.height / image.width))), Image.Resampling.BOX)
        back = _cover(small, (0.5, 0.5), 96, 54).resize((width, height), Image.Resampling.BICUBIC)
        back = Image.blend(back, Image.new("RGB", back.size, (0, 0, 0)), 0.35)
        fitted = image.resize((max(2, round(height * image.width / image.height)), height), Image.Resampling.LANCZOS)
        back.paste(fitted, ((width - fitted.width) // 2, 0))
        back.save(out, compress_level=1)
        return
    _cover(image, centre, width, height).save(out, compress_level=1)


def _cover(image: Image.Image, centre: tuple[float, float], width: int, height: int) -> Image.Image:
    scale = min(image.width / width, image.height / height)
    crop_w, crop_h = width * scale, height * scale
    left = min(max(centre[0] * image.width - crop_w / 2, 0), image.width - crop_w)
    top = min(max(centre[1] * image.height - crop_h / 2, 0), image.height - crop_h)
    box = (left, top, left + crop_w, top + crop_h)
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box)
