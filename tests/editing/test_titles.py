"""Cards as drawn: everything inside the safe area, readable, and the same every time."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from agencies.agency import Agency, Colours
from editing.timeline import CardShot, LowerThird
from editing.titles import contrast, draw_card, draw_lower_third, draw_photo_stage, text_colours

PHRASES = ("We, the {name},", "promise that while doing our best to control crime,", "to do no harm", "to all.")


@pytest.mark.parametrize("name", ["Anytown Police Department", "X", "Quảng Ngãi & Łódź " * 6, "W" * 120])
@pytest.mark.parametrize("kind", ["opening", "promise", "end"])
def test_every_layer_lies_inside_the_title_safe_area(name: str, kind: str, tmp_path: Path) -> None:
    name = name.strip()[:120]
    lines = tuple(line.format(name=name) for line in PHRASES) if kind == "promise" else (name, "A line below")
    drawing = draw_card(CardShot(start=0, end=90, kind=kind, lines=lines), Agency(name=name), tmp_path, "c", 1920, 1080)
    for layer in drawing.layers:
        with Image.open(tmp_path / layer.file) as image:
            assert layer.x >= 96
            assert layer.x + image.width <= 1824
            assert layer.y >= 54
            assert layer.y + image.height <= 1026


def test_phrases_appear_one_by_one_and_dim(tmp_path: Path) -> None:
    card = CardShot(start=0, end=300, kind="promise", lines=("one", "two", "three"), reveal=(10, 60, 110))
    layers = draw_card(card, Agency(name="A"), tmp_path, "c", 1920, 1080).layers
    bright = [layer for layer in layers if "dim" not in layer.file]
    assert [layer.fade_in for layer in bright] == [10, 60, 110]
    assert [layer.fade_out for layer in bright] == [60, 110, -1]


def test_drawing_is_deterministic(tmp_path: Path) -> None:
    card = CardShot(start=0, end=90, kind="end", lines=("Anytown", "Notice"))
    for stem in ("a", "b"):
        draw_card(card, Agency(name="A"), tmp_path, stem, 960, 540)
    for part in ("ground", "0"):
        assert (tmp_path / f"a-{part}.png").read_bytes() == (tmp_path / f"b-{part}.png").read_bytes()


@pytest.mark.parametrize("colour", ["#0B1F3A", "#FFFFFF", "#C8A14B", "#7F7F7F", "#E8D9A0"])
def test_text_is_readable_on_any_brand_colour(colour: str) -> None:
    text, accent = text_colours(Agency(name="A", colours=Colours(ground=colour)))
    assert contrast(text, colour) >= 4.5
    assert contrast(accent, colour) >= 4.5


def test_a_lower_third_lies_above_the_captions(tmp_path: Path) -> None:
    third = LowerThird(start=15, end=165, name="Speaker One", role="Chief of Police")
    (layer,) = draw_lower_third(third, Agency(name="A"), tmp_path, "t", 1080).layers
    with Image.open(tmp_path / layer.file) as image:
        assert layer.x == 96
        assert layer.y + image.height == 842


def test_a_portrait_photo_is_kept_whole_over_a_blurred_fill(tmp_path: Path) -> None:
    photo = np.zeros((900, 300, 3), np.uint8)
    photo[:450, :, 0] = 255
    Image.fromarray(photo).save(tmp_path / "p.png")
    draw_photo_stage(tmp_path / "p.png", tmp_path / "s.png", (0.5, 0.5), 640, 360)
    stage = np.asarray(Image.open(tmp_path / "s.png"))
    assert stage.shape == (360, 640, 3)
    assert stage[5, 320, 0] > 240
    assert stage[355, 320, 0] < 15
