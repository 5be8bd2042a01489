"""Drawing the still layers of cards and lower thirds: the only module that uses MoviePy.

Layouts are made for 1920x1080 and scaled. Each card is a ground and a few layers with the frames at which they come and
go; FFmpeg holds, fades and stacks them (`editing.graph`), which is many times faster than composing every frame here.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from agencies.agency import Agency
from agencies.seal import read_seal
from editing.card_layout import Row, lay_out
from editing.colouring import BLACK, WHITE, Palette, contrast, dimmed, palette, plate_colours, plate_opacity, rgb
from editing.layout import ABOVE, BAR, BESIDE_BAR, THIRD_OUT, lower_third_box, lower_third_lines
from editing.timeline import CardShot, LowerThird
from editing.typesetting import font_file, width
from kit.values import Value

STAGGER = 3
"""Frames between two lines that come up."""
MARGIN = 26
"""Clear pixels around a moving layer: more than it rises, and than an opening card's edge is pushed outwards."""
SOFT = 4
"""Pixels around what is drawn into which scaling reaches."""
PLATE = 0.06
"""Room around a seal on its plate, as a share of its height."""


Move = Literal["still", "rise", "grow"]


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
    move: Move = "still"
    """What it does while it fades in: come up from a little below, or grow from its left edge."""


class _Part(NamedTuple):
    """Rows that make one layer."""

    rows: tuple[Row, ...]
    fade_in: int = -1
    fade_out: int = -1
    dim: bool = False
    """Whether they have been read already."""
    move: Move = "still"


class Drawing(Value):
    """A card or lower third as stills on disk."""

    ground: str = ""
    """File of the opaque ground; empty for a lower third."""
    layers: tuple[Layer, ...]


def _text_image(text: str, size: int, colour: str, weight: str) -> NDArray[np.uint8]:
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
    colours[:] = rgb(colour)
    return np.dstack([colours, (np.clip(alpha, 0, 1) * 255).round().astype(np.uint8)])


@lru_cache(maxsize=2)
def ground(colours: Palette, width: int, height: int) -> Image.Image:
    """A soft vertical gradient of the ground colour with fine grain, so that it does not band.

    Kept, because all cards of a film stand on one; whoever is given it does not write into it.
    """
    top, bottom = (np.array(rgb(end), np.float32) for end in (colours.top, colours.bottom))
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    grain = np.random.default_rng(7).normal(0, 1.1, (height, width, 1)).astype(np.float32)
    pixels = top + (bottom - top) * ramp + grain
    return Image.fromarray(np.clip(pixels.round(), 0, 255).astype(np.uint8))


def _row_image(row: Row, colours: Palette) -> tuple[Image.Image, int, int]:
    """A row of text or a rule as a picture, and where its upper left corner stands."""
    if row.kind == "rule":
        return Image.new("RGBA", (round(row.wide), row.height), colours.accent), round(row.left), row.top
    images = [_text_image(run.text, row.size, getattr(colours, run.tone), row.weight) for run in row.runs]
    blank = width(" ", row.size, row.weight)
    line = Image.new("RGBA", (round(row.wide + blank) + 2 * row.size, max(image.shape[0] for image in images)))
    at = 0.0
    for run, image in zip(row.runs, images, strict=True):
        line.alpha_composite(Image.fromarray(image), (round(at), 0))
        at += width(run.text, row.size, row.weight) + blank
    return line, round(row.left) - row.size // 2, row.top - row.size // 2


def _seal_image(seal: Image.Image, row: Row, colours: Palette) -> Image.Image:
    """The seal in its place's size; on a soft plate where it would not stand out from the ground by itself."""
    small = seal.resize((round(row.wide), row.height), Image.Resampling.LANCZOS)
    pixels = np.asarray(small).astype(np.int16)
    solid = pixels[..., 3] > 128
    rim = solid & ~np.asarray(small.getchannel("A").filter(ImageFilter.MinFilter(9))).astype(bool)
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    if solid.mean() < 0.97:
        seen = np.median(pixels[rim][:, :3], axis=0) if rim.any() else np.zeros(3)
        if contrast(_hex(seen), colours.top) >= 1.7:
            return small
        plate = WHITE if contrast(WHITE, _hex(seen)) >= contrast(BLACK, _hex(seen)) else BLACK
    else:
        plate = _hex(np.median(edges[:, :3], axis=0))
    room = round(row.height * PLATE)
    inner = small.resize((small.width - 2 * room, small.height - 2 * room), Image.Resampling.LANCZOS)
    mask = Image.new("L", (small.width * 4, small.height * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), room * 8, fill=255)
    back = Image.new("RGBA", small.size, plate)
    back.alpha_composite(inner, (room, room))
    back.putalpha(mask.resize(small.size, Image.Resampling.LANCZOS))
    return back


def _hex(colour: NDArray[np.float64]) -> str:
    return "#" + "".join(f"{round(float(part)):02X}" for part in colour)


def _group_image(rows: Sequence[Row], colours: Palette, seal: Image.Image | None) -> Image.Image:
    """Rows as they stand on the whole picture."""
    canvas = Image.new("RGBA", (1920, 1080), (*rgb(colours.text), 0))
    for row in rows:
        if row.kind == "seal":
            assert seal is not None
            canvas.alpha_composite(_seal_image(seal, row, colours), (round(row.left), row.top))
        else:
            image, left, top = _row_image(row, colours)
            canvas.alpha_composite(image, (max(0, left), max(0, top)))
    return canvas


def _save_layer(canvas: Image.Image, folder: Path, name: str, scale: float, margin: int = 0) -> tuple[str, int, int]:
    """Save the part of the canvas that is not empty, on even pixels; its file name and place.

    A clear `margin` around it lets the layer move within its own picture.
    """
    if scale != 1:
        canvas = _scaled(canvas, scale)
    left, top, right, bottom = canvas.getchannel("A").getbbox() or (0, 0, 2, 2)
    left, top = (left - margin) // 2 * 2, (top - margin) // 2 * 2
    right, bottom = (right + margin + 1) // 2 * 2, (bottom + margin + 1) // 2 * 2
    canvas.crop((left, top, right, bottom)).save(folder / name, compress_level=1)
    return name, left, top


def _scaled(canvas: Image.Image, scale: float) -> Image.Image:
    """The canvas in another size; the empty part of it, which is most, is not worked on."""
    small = Image.new(canvas.mode, (round(canvas.width * scale), round(canvas.height * scale)))
    if drawn := canvas.getchannel("A").getbbox():
        left, top = (max(0, int(edge * scale) - SOFT) for edge in drawn[:2])
        right, bottom = (min(ceil(edge * scale) + SOFT, most) for edge, most in zip(drawn[2:], small.size, strict=True))
        part = (left / scale, top / scale, min(right / scale, canvas.width), min(bottom / scale, canvas.height))
        small.paste(canvas.resize((right - left, bottom - top), Image.Resampling.LANCZOS, box=part), (left, top))
    return small


def ground_file(stem: str) -> str:
    """What the ground of a part is called: pixels as they are, because packing them costs more than drawing them."""
    return f"{stem}-ground.ppm"


def draw_ground(agency: Agency, folder: Path, stem: str, across: int, height: int) -> None:
    """Draw what all cards of an agency stand on as `ground_file(stem)` in a folder."""
    ground(palette(agency.colours), across, height).save(folder / ground_file(stem))


def plan_card(card: CardShot, stem: str) -> Drawing:
    """A card's layers as `draw_card` names and moves them, without their places: enough for a fingerprint."""
    parts = _parts(card, lay_out(card, (400, 400) if card.seal else None))
    return Drawing(ground=ground_file(stem), layers=tuple(_layer(n, part, stem) for n, part in enumerate(parts)))


def draw_card(
    card: CardShot, agency: Agency, folder: Path, stem: str, across: int, height: int, seal: Path | None = None
) -> Drawing:
    """Draw a card's ground and layers as files `stem-*` in a folder; `seal` is the agency's, if it gave one.

    Raises InputRefused for a seal that cannot be read.
    """
    scale, colours = height / 1080, palette(agency.colours)
    draw_ground(agency, folder, stem, across, height)
    picture = read_seal(seal) if seal else None
    layers: list[Layer] = []
    for number, part in enumerate(_parts(card, lay_out(card, picture.size if picture else None))):
        layer = _layer(number, part, stem)
        canvas = _group_image(part.rows, dimmed(colours) if part.dim else colours, picture)
        margin = 0 if part.move == "still" else round(MARGIN * scale)
        _, x, y = _save_layer(canvas, folder, layer.file, scale, margin)
        layers.append(layer.model_copy(update={"x": x, "y": y}))
    return Drawing(ground=ground_file(stem), layers=tuple(layers))


def _layer(number: int, part: _Part, stem: str) -> Layer:
    file = f"{stem}-{number}{'-dim' if part.dim else ''}.png"
    return Layer(file=file, x=0, y=0, fade_in=part.fade_in, fade_out=part.fade_out, move=part.move)


def _parts(card: CardShot, rows: Sequence[Row]) -> list[_Part]:
    """What of a card comes and goes together, and when."""
    if card.kind != "promise":
        turns = enumerate(_in_turn(card, rows))
        return [_Part(group, STAGGER * min(number, 5), move=move) for number, (group, move) in turns]
    if not card.reveal:
        return [_Part(tuple(rows), 0)]
    parts: list[_Part] = []
    for group, frame in enumerate(card.reveal):
        phrase = tuple(row for row in rows if row.group == group)
        dims = card.reveal[group + 1] if group + 1 < len(card.reveal) else -1
        if dims >= 0:
            parts.append(_Part(phrase, dims, dim=True))
        parts.append(_Part(phrase, frame, dims))
    return parts


def _in_turn(card: CardShot, rows: Sequence[Row]) -> list[tuple[tuple[Row, ...], Move]]:
    """What comes up one after the other: single lines, of the end card the seal, the name, the rule and all notices."""
    if card.kind != "end":
        return [((row,), "grow" if row.kind == "rule" else "rise") for row in rows]
    rule = [row.kind for row in rows].index("rule")
    seal, name = (tuple(row for row in rows[:rule] if row.kind == kind) for kind in ("seal", "text"))
    turns: list[tuple[tuple[Row, ...], Move]] = [(seal, "still"), (name, "rise"), ((rows[rule],), "grow")]
    return [turn for turn in (*turns, (tuple(rows[rule + 1 :]), "still")) if turn[0]]


def draw_lower_third(third: LowerThird, agency: Agency, folder: Path, stem: str, height: int) -> Drawing:
    """Draw who speaks: gold bar, name and role on the ground colour, as one layer.

    The ground lets 20 % of the picture through, less where the words could not be read over black or white footage.
    """
    (text, accent), box = plate_colours(agency.colours), lower_third_box(third)
    canvas = Image.new("RGBA", (1920, 1080), (*rgb(agency.colours.ground), 0))
    solid = plate_opacity(agency.colours.ground, text)
    canvas.paste((*rgb(agency.colours.ground), round(255 * solid)), box)
    canvas.paste((*rgb(accent), 255), (box.left, box.top, box.left + BAR, box.bottom))
    left, top = box.left + BAR + BESIDE_BAR, box.top + ABOVE
    for line in lower_third_lines(third):
        row = Image.fromarray(_text_image(line.text, line.size, text, line.weight))
        canvas.alpha_composite(row, (left - line.size // 2, top - line.size // 2))
        top += line.height
    name, x, y = _save_layer(canvas, folder, f"{stem}.png", height / 1080)
    return Drawing(layers=(Layer(file=name, x=x, y=y, fade_in=third.start, fade_out=third.end - THIRD_OUT),))
