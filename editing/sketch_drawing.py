"""Pictures of a storyboard before there is footage: each card as it will stand, and the film as bars of time."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from agencies.agency import Agency
from editing.sketch import LANES, Bar, Tone
from editing.timeline import CardShot
from editing.titles import Drawing, draw_card
from editing.typesetting import font_file, width

_PAPER, _INK, _QUIET, _LINE = "#FFFFFF", "#1B1B1B", "#565C65", "#DFE1E2"
_FILLS: dict[Tone, str] = {
    "card": "#3D4551",
    "promise": "#162E51",
    "voice": "#C3EBFA",
    "scenes": "#D7E5C8",
    "photos": "#FAE3C0",
    "music": "#B9A7D6",
    "low": "#E6DFF2",
}
_ON: dict[Tone, str] = {"card": "#FFFFFF", "promise": "#FFFFFF"}
"""Words on dark bars; elsewhere they are ink."""
_LEFT, _RIGHT, _TOP = 150, 1870, 150
_HEIGHTS = {"Picture": 190, "Voice": 90, "Names": 140, "Music": 44}
_GAP, _SIZE, _MARK = 14, 22, 14


def draw_card_picture(card: CardShot, agency: Agency, folder: Path, seal: Path | None, out: Path) -> None:
    """A card as it stands before it goes, 1920x1080 as PNG; `folder` takes the stills it is made of.

    Raises InputRefused for a seal that cannot be read.
    """
    drawing = draw_card(card, agency, folder, out.stem, 1920, 1080, seal)
    stacked(drawing, folder, card.end - card.start).save(out)


def stacked(drawing: Drawing, folder: Path, frame: int) -> Image.Image:
    """The layers of a card that are there at a frame of it, upon its ground."""
    with Image.open(folder / drawing.ground) as ground:
        picture: Image.Image = ground.convert("RGBA")
    for layer in drawing.layers:
        if layer.fade_in < frame and not 0 <= layer.fade_out < frame:
            with Image.open(folder / layer.file) as still:
                picture.alpha_composite(still.convert("RGBA"), (max(layer.x, 0), max(layer.y, 0)))
    return picture.convert("RGB")


def draw_timeline(title: str, frames: int, bars: Sequence[Bar], out: Path) -> None:
    """The film as bars of time, one lane above the other, as PNG of 1920 pixels across."""
    bottom = _TOP + sum(_HEIGHTS.values()) + _GAP * (len(_HEIGHTS) - 1)
    picture = Image.new("RGB", (1920, bottom + 50), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.text((_LEFT, 28), title, _INK, _font(34))
    for second in range(0, frames // 30 + 1, 10):
        across = _across(second * 30, frames)
        pen.line((across, _TOP - 16, across, bottom), _LINE, 1)
        if second % 30 == 0:
            pen.text((across, _TOP - 22), f"{second // 60}:{second % 60:02}", _QUIET, _font(20), anchor="mb")
    top = _TOP
    for lane in LANES:
        high = _HEIGHTS[lane]
        pen.text((_LEFT - 20, top + high / 2), lane, _QUIET, _font(20), anchor="rm")
        for bar in bars:
            if bar.lane == lane:
                _draw_bar(picture, bar, top, high, frames)
        top += high + _GAP
    picture.save(out)


def _draw_bar(picture: Image.Image, bar: Bar, top: int, high: int, frames: int) -> None:
    pen = ImageDraw.Draw(picture)
    left, right = _across(bar.start, frames), max(_across(bar.end, frames), _across(bar.start, frames) + 3)
    pen.rectangle((left, top, right - 2, top + high - 1), _FILLS[bar.tone])
    for cut in bar.cuts:
        # Short marks at both edges, so that no line runs through the words.
        for at in (top, top + high - _MARK):
            pen.line((_across(cut, frames), at, _across(cut, frames), at + _MARK), _INK, 1)
    if not bar.words:
        return
    ink, seconds = _ON.get(bar.tone, _INK), f"{(bar.end - bar.start) / 30:.0f} s"
    wide, long, big = right - left - 12, width(bar.words, _SIZE, "SemiBold"), high > 80
    across, down = (left + right) / 2, top + high / 2
    if long <= wide:
        pen.text((across, down - 14 * big), bar.words, ink, _font(_SIZE, "SemiBold"), anchor="mm")
        if big:
            pen.text((across, down + 16), seconds, ink, _font(18), anchor="mm")
    elif long <= high - 12 and wide >= 12:
        upright = Image.new("RGBA", (high, _SIZE + 10))
        size = _SIZE if wide >= _SIZE else 16
        ImageDraw.Draw(upright).text((high / 2, (_SIZE + 10) / 2), bar.words, ink, _font(size, "SemiBold"), anchor="mm")
        turned = upright.rotate(90, expand=True)
        picture.paste(turned, (round(across - turned.width / 2), top), turned)


def _across(frame: int, frames: int) -> int:
    return round(_LEFT + (_RIGHT - _LEFT) * frame / frames)


def _font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(weight)), size)
