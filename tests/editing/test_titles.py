"""Cards as drawn: everything inside the safe area, readable, and the same every time."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from agencies.agency import Agency, Colours
from editing import titles
from editing.colouring import contrast, dimmed, palette, plate_colours, rgb
from editing.photo_stage import draw_photo_stage
from editing.timeline import CardShot, LowerThird, PhotoShot
from editing.titles import Drawing, draw_card, draw_lower_third, plan_card
from ingest.flashes import luminance

PHRASES = ("We, the {name},", "promise that while doing our best to control crime,", "to do no harm", "to all.")


@pytest.mark.parametrize("name", ["Anytown Police Department", "X", "Quảng Ngãi & Łódź " * 6, "W" * 120])
@pytest.mark.parametrize("kind", ["opening", "promise", "end"])
def test_every_layer_lies_inside_the_title_safe_area(name: str, kind: str, tmp_path: Path) -> None:
    name = name.strip()[:120]
    lines = tuple(line.format(name=name) for line in PHRASES) if kind == "promise" else (name, "A line below")
    drawing = draw_card(CardShot(start=0, end=90, kind=kind, lines=lines), Agency(name=name), tmp_path, "c", 1920, 1080)
    for layer in drawing.layers:
        with Image.open(tmp_path / layer.file) as image:
            left, top, right, bottom = image.getchannel("A").getbbox()
            assert layer.x + left >= 96
            assert layer.x + right <= 1824
            assert layer.y + top >= 54
            assert layer.y + bottom <= 1026


def test_phrases_appear_one_by_one_and_dim(tmp_path: Path) -> None:
    card = CardShot(start=0, end=300, kind="promise", lines=("one", "two", "three"), reveal=(10, 60, 110))
    layers = draw_card(card, Agency(name="A"), tmp_path, "c", 1920, 1080).layers
    bright = [layer for layer in layers if "dim" not in layer.file]
    assert [layer.fade_in for layer in bright] == [10, 60, 110]
    assert [layer.fade_out for layer in bright] == [60, 110, -1]


def test_words_that_have_been_read_go_back_as_far_as_they_can_be_read_again() -> None:
    for ground in range(0, 256, 17):
        colours = palette(Colours(ground=f"#{ground:02X}{255 - ground:02X}80", accent="#C8A14B"))
        read = dimmed(colours)
        weakest = min(contrast(tone, end) for tone in (read.text, read.emphasis) for end in (read.top, read.bottom))
        assert weakest >= 4.5
    navy = palette(Colours())
    assert contrast(dimmed(navy).text, navy.top) < contrast(navy.text, navy.top) / 2


def test_the_end_card_comes_up_seal_name_rule_and_notices(tmp_path: Path) -> None:
    card = CardShot(start=0, end=300, kind="end", lines=("Anytown Police", "A notice", "Credits"), seal="s")
    layers = draw_card(
        card, Agency(name="A"), tmp_path, "c", 1920, 1080, seal(tmp_path, (0, 0, 0, 0), "#C8A14B")
    ).layers
    assert [(layer.fade_in, layer.move) for layer in layers] == [(0, "still"), (3, "rise"), (6, "grow"), (9, "still")]
    bare = plan_card(card.model_copy(update={"seal": None}), "c").layers
    assert [(layer.fade_in, layer.move) for layer in bare] == [(0, "rise"), (3, "grow"), (6, "still")]


def test_a_promise_planned_all_at_once_comes_up_as_one() -> None:
    (layer,) = plan_card(CardShot(start=0, end=300, kind="promise", lines=("We promise", "to do no harm.")), "c").layers
    assert (layer.fade_in, layer.fade_out, layer.move) == (0, -1, "still")


def test_drawing_is_deterministic(tmp_path: Path) -> None:
    card = CardShot(start=0, end=90, kind="end", lines=("Anytown", "Notice"))
    for stem in ("a", "b"):
        titles.ground.cache_clear()
        draw_card(card, Agency(name="A"), tmp_path, stem, 960, 540)
    for part in ("ground.ppm", "0.png"):
        assert (tmp_path / f"a-{part}").read_bytes() == (tmp_path / f"b-{part}").read_bytes()


def seal(folder: Path, ground: tuple[int, int, int, int], ink: str, side: int = 400) -> Path:
    """A disc on a square ground."""
    picture = Image.new("RGBA", (side, side), ground)
    ImageDraw.Draw(picture).ellipse((side // 20, side // 20, side - side // 20, side - side // 20), fill=ink)
    picture.save(folder / "seal.png")
    return folder / "seal.png"


def composed(drawing: Drawing, folder: Path) -> NDArray[np.uint8]:
    picture = Image.open(folder / drawing.ground).convert("RGBA")
    for layer in drawing.layers:
        picture.alpha_composite(Image.open(folder / layer.file), (layer.x, layer.y))
    return np.asarray(picture.convert("RGB"))


OPENING = CardShot(start=0, end=195, kind="opening", lines=("Anytown Police Department", "A documentary"), seal="s")


@pytest.mark.parametrize(("ground", "ink"), [((255, 255, 255, 255), "#203060"), ((0, 0, 0, 0), "#0B1F3A")])
def test_a_seal_that_would_box_or_drown_gets_a_round_cornered_plate(
    tmp_path: Path, ground: tuple[int, int, int, int], ink: str
) -> None:
    """Opaque white, or navy on a navy card: the plate is light, and its corners show the card."""
    drawing = draw_card(OPENING, Agency(name="A"), tmp_path, "c", 1920, 1080, seal(tmp_path, ground, ink))
    shown = composed(drawing, tmp_path)
    bright = (shown[:480] > 250).all(axis=2)
    rows, columns = np.nonzero(bright)
    top, left, bottom, right = rows.min(), columns.min(), rows.max(), columns.max()
    assert abs((left + right) / 2 - 959.5) <= 1
    assert shown[top : top + 3, left : left + 3].max() < 120
    assert bright[(top + bottom) // 2, left + 5]


def test_a_small_seal_is_not_blown_up(tmp_path: Path) -> None:
    path = seal(tmp_path, (0, 0, 0, 0), "#C8A14B", side=80)
    shown = composed(draw_card(OPENING, Agency(name="A"), tmp_path, "c", 1920, 1080, path), tmp_path)
    columns = np.nonzero((shown[:480] > 150).any(axis=(0, 2)))[0]
    assert 120 <= columns.max() - columns.min() <= 160


@pytest.mark.parametrize(
    "colours",
    [
        ("#FFFFFF", "#FFFFFF"),
        ("#FFD400", "#FFFFFF"),
        ("#B01020", "#108030"),
        ("#777777", "#7A7A7A"),
        ("#0B1F3A", "#C8A14B"),
    ],
)
def test_words_stand_out_from_the_pixels_behind_them(tmp_path: Path, colours: tuple[str, str]) -> None:
    agency = Agency(name="A", colours=Colours(ground=colours[0], accent=colours[1]))
    card = CardShot(start=0, end=90, kind="promise", lines=("We promise to do no harm to anyone, anywhere.",))
    drawing = draw_card(card, agency, tmp_path, "c", 1920, 1080)
    (layer,) = drawing.layers
    with Image.open(tmp_path / layer.file) as image:
        ink = np.asarray(image)
    behind = np.asarray(Image.open(tmp_path / drawing.ground))
    behind = behind[layer.y : layer.y + ink.shape[0], layer.x : layer.x + ink.shape[1]]
    solid = ink[..., 3] > 250
    weakest = min(luminance_ratio(ink[..., :3][solid], behind[solid]))
    assert weakest >= 4.4, "grain included"
    assert np.median(luminance_ratio(ink[..., :3][solid], behind[solid])) >= 4.5


def luminance_ratio(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.floating]:
    first, second = (luminance(_linear(pixels)) for pixels in (one, other))
    return (np.maximum(first, second) + 0.05) / (np.minimum(first, second) + 0.05)


def test_a_lower_third_lies_above_the_captions(tmp_path: Path) -> None:
    third = LowerThird(start=15, end=165, name="Speaker One", role="Chief of Police")
    (layer,) = draw_lower_third(third, Agency(name="A"), tmp_path, "t", 1080).layers
    with Image.open(tmp_path / layer.file) as image:
        assert layer.x == 96
        assert layer.y + image.height == 842


def test_a_portrait_photo_is_kept_whole_over_a_blurred_fill(tmp_path: Path) -> None:
    photo = np.zeros((900, 300, 3), np.uint8)
    photo[:450, :, 0] = 255
    shot = PhotoShot(start=0, end=90, file="p", slot="photos", framing="blur")
    draw_photo_stage(Image.fromarray(photo), shot, (300, 900), tmp_path / "s.png", 640, 360)
    stage = np.asarray(Image.open(tmp_path / "s.png"))
    assert stage.shape == (360, 640, 3)
    assert stage[15, 320, 0] > 240
    assert stage[345, 320, 0] < 15


@pytest.mark.parametrize("ground", ["#777777", "#B01020", "#FFD400", "#0B1F3A", "#FFFFFF"])
@pytest.mark.parametrize("behind", [0, 255])
def test_a_lower_third_can_be_read_over_black_and_white_footage(tmp_path: Path, ground: str, behind: int) -> None:
    agency = Agency(name="A", colours=Colours(ground=ground))
    third = LowerThird(start=0, end=150, name="Speaker One", role="Chief of Police")
    (layer,) = draw_lower_third(third, agency, tmp_path, "t", 1080).layers
    with Image.open(tmp_path / layer.file) as image:
        footage = Image.new("RGBA", image.size, (behind, behind, behind, 255))
        footage.alpha_composite(image)
    shown = np.asarray(footage.convert("RGB"))
    plate, (text, _) = shown[4, -8], plate_colours(agency.colours)
    ink = np.array(rgb(text), np.uint8)
    assert (shown == ink).all(axis=2).sum() > 500
    assert luminance_ratio(ink[None, None], plate[None, None]).item() >= 4.5


def _linear(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    share = pixels.astype(np.float32) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)
