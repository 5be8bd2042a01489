"""A storyboard is seen before there is footage: every card as it will stand, and the film as bars of time."""

from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from agencies.agency import Agency
from editing.sketch import bars_of, imagined_film
from editing.sketch_drawing import draw_card_picture, draw_timeline
from editing.timeline import CardShot
from storyboards.library import list_ids, load
from storyboards.storyboard import Music

AGENCY = Agency(name="Anytown Police Department")
PROMISE = load("promise")


@pytest.mark.parametrize("name", list_ids())
def test_every_shipped_storyboard_has_a_film_of_its_length(name: str) -> None:
    storyboard = load(name)
    film = imagined_film(storyboard, AGENCY)
    assert abs(film.frames / 30 - storyboard.target_s) <= 2
    pictures = [bar for bar in bars_of(film, storyboard) if bar.lane == "Picture"]
    assert pictures[0].start == 0
    assert pictures[-1].end == film.frames
    assert all(one.end == other.start for one, other in pairwise(pictures))


def test_the_promise_as_bars() -> None:
    bars = bars_of(imagined_film(PROMISE, AGENCY), PROMISE)
    voices = [bar for bar in bars if bar.lane == "Voice"]
    inserts = [bar for bar in bars for voice in voices if voice.start < bar.start and bar.end < voice.end]
    beats = [bar.words for bar in bars if bar.lane == "Picture" and not (bar.words == "b-roll" and bar in inserts)]
    assert [words for words, _ in groupby(beats)] == [
        *("Opening", "b-roll", "leader", "b-roll", "officers", "b-roll", "Chapter", "community", "photos", "b-roll"),
        *("Promise", "End"),
    ]
    assert [bar.words for bar in voices] == ["leader", "officers", "community"]
    assert [bar.words for bar in bars if bar.lane == "Names"] == ["leader", "officers", "community"]
    music = [bar for bar in bars if bar.lane == "Music"]
    assert [bar.tone for bar in music][:2] == ["music", "low"]
    assert all(one.end == other.start for one, other in pairwise(music))
    assert sum(bar.end - bar.start for bar in music) == imagined_film(PROMISE, AGENCY).frames


def test_a_storyboard_without_music_has_no_bars_of_it() -> None:
    silent = PROMISE.model_copy(update={"music": Music(style="none")})
    assert not [bar for bar in bars_of(imagined_film(silent, AGENCY), silent) if bar.lane == "Music"]


def test_a_card_is_drawn_as_it_stands_before_it_goes(tmp_path: Path) -> None:
    film = imagined_film(PROMISE, AGENCY)
    breaths, whole = (shot for shot in film.shots if isinstance(shot, CardShot) and shot.kind == "promise")
    brightness = []
    for card in (breaths, whole):
        draw_card_picture(card, AGENCY, tmp_path, None, tmp_path / "card.png")
        with Image.open(tmp_path / "card.png") as picture:
            assert picture.size == (1920, 1080)
            brightness.append((np.asarray(picture.convert("L")) > 200).sum())
    assert 0 < brightness[0] < brightness[1] / 2, "phrases already read are dimmed, and shown once"


def test_bars_are_drawn_where_they_lie_in_time(tmp_path: Path) -> None:
    film = imagined_film(PROMISE, AGENCY)
    bars = bars_of(film, PROMISE)
    draw_timeline("Promise", film.frames, bars, tmp_path / "film.png")
    with Image.open(tmp_path / "film.png") as picture:
        row = np.asarray(picture)[158]
    promise = next(bar for bar in bars if bar.tone == "promise")
    dark = np.flatnonzero((row == [0x16, 0x2E, 0x51]).all(axis=1))
    share = (dark[-1] - dark[0]) / (1870 - 150)
    assert share == pytest.approx((promise.end - promise.start) / film.frames, abs=0.005)
