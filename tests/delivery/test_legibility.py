"""The contrast of captions and lower thirds is measured on the film, against the pixels that are really behind them."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from agencies.agency import Agency, Colours
from delivery.delivery import Check
from delivery.look import FRAME_BYTES, HEIGHT, WIDTH, joined, look_at, packed, unpacked
from delivery.measure_legibility import legibility_checks
from delivery.survey import kept_frames, look_of, words_frames
from editing.graph import Frame
from editing.layout import Box, caption_box, lower_third_box
from editing.render import render_segment
from editing.segments import split
from editing.timeline import Cue, LowerThird, Timeline, VideoShot
from ingest.clip import Clip, Kind, Picture, Verdict
from kit.process import run_ffmpeg

FRAMES = 45
PLAN = Timeline(
    storyboard="x",
    frames=FRAMES,
    shots=(VideoShot(start=0, end=FRAMES, file="a.mp4", slot="leader", source_start=0),),
    cues=(Cue(start=4, end=FRAMES, lines=("We serve this community,", "and we listen to it.")),),
    lower_thirds=(LowerThird(start=0, end=FRAMES, name="Speaker One", role="Chief of Police"),),
)
BEHIND = {
    "white": "color=white:s=1920x1080",
    "black": "color=black:s=1920x1080",
    "stripes": "color=black:s=1920x1080,drawbox=iw/8:0:iw/8:ih:white:t=fill,drawbox=iw/2:0:iw/8:ih:white:t=fill",
}


def filmed(behind: str, colours: Colours, folder: Path) -> list[Check]:
    """The checks of a film of one shot of such footage, as it is rendered in full size."""
    footage, film = folder / "a.mp4", folder / "film.mp4"
    told = "format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    coded = ["-frames:v", str(FRAMES + 5), "-r", "30", "-preset", "ultrafast", str(footage)]
    run_ffmpeg(["-f", "lavfi", "-i", f"{BEHIND[behind]},{told}", *coded])
    picture = Picture(stream=0, width=1920, height=1080, rate=Fraction(30), duration_s=1.6)
    known = {"file": "a.mp4", "digest": "a", "size": 1, "kind": Kind.VIDEO, "verdict": Verdict.ACCEPTED}
    clip = Clip(**known, picture=picture, frames=FRAMES + 5, duration_s=1.6)
    (segment,) = split(PLAN)
    (folder / "scratch").mkdir()
    agency = Agency(name="Anytown Police Department", colours=colours)
    render_segment(segment, {"a.mp4": clip}, agency, lambda _: footage, film, folder / "scratch", Frame())
    return legibility_checks(look_of(film, kept_frames(PLAN), folder), PLAN)


def ratio(check: Check) -> float:
    return float(str(check.value).split(":")[0])


@pytest.mark.parametrize("colours", [Colours(), Colours(ground="#FFD400"), Colours(ground="#777777")])
@pytest.mark.parametrize("behind", BEHIND)
def test_words_are_readable_over_white_and_black_footage(behind: str, colours: Colours, tmp_path: Path) -> None:
    captions, thirds = filmed(behind, colours, tmp_path)
    assert (captions.name, thirds.name) == ("weakest caption contrast", "weakest lower third contrast")
    assert captions.ok
    assert thirds.ok
    # White on black that lets three tenths through: 8.6:1 at worst, and over stripes the white ones count.
    assert ratio(captions) > 19 if behind == "black" else ratio(captions) == pytest.approx(8.6, abs=0.5)
    if colours == Colours():
        assert ratio(thirds) > 15 if behind == "black" else ratio(thirds) == pytest.approx(9.0, abs=0.7)


def painted(ground: int, behind: dict[Box, int], ink: int = 235) -> list[Check]:
    """The checks of a picture of one luma, but for plates of others, with letters of `ink` upon the film's plates."""
    pixels = np.full((FRAMES, FRAME_BYTES), 128, np.uint8)
    view = pixels[:, : WIDTH * HEIGHT].reshape(FRAMES, HEIGHT, WIDTH)
    view[:] = ground
    for box, luma in behind.items():
        view[:, box.top // 10 : box.bottom // 10 + 1, box.left // 10 : box.right // 10 + 1] = luma
    for box in (caption_box(PLAN.cues[0].lines), lower_third_box(PLAN.lower_thirds[0])):
        view[:, box.top // 10 + 2 : box.bottom // 10 - 1 : 3, box.left // 10 + 4 : box.right // 10 - 2 : 2] = ink
    return legibility_checks(look_at(pixels, kept_frames(PLAN)), PLAN)


def test_words_upon_bright_pixels_fall_short_wherever_these_are() -> None:
    assert [check.ok for check in painted(40, {})] == [True, True]
    assert [check.ok for check in painted(180, {})] == [False, False]
    third = lower_third_box(PLAN.lower_thirds[0])
    corner = third._replace(left=third.right - 80)
    captions, thirds = painted(40, {corner: 180})
    assert captions.ok
    assert not thirds.ok
    assert [check.ok for check in painted(180, {}, ink=16)] == [True, True], "dark words on bright plates"
    assert [check.ok for check in painted(180, {corner: 70}, ink=16)] == [True, False]


def test_films_without_captions_or_names_have_no_such_check() -> None:
    look = look_at(np.full((FRAMES, FRAME_BYTES), 128, np.uint8), ())
    assert legibility_checks(look, PLAN.model_copy(update={"cues": (), "lower_thirds": ()})) == []


def test_pieces_keep_the_frames_that_the_whole_is_measured_by() -> None:
    """A caption and a lower third over several pieces are measured at a frame of their own, never beside them."""
    picture = np.random.default_rng(3).integers(0, 255, (120, FRAME_BYTES), np.uint8)
    cue, third = Cue(start=33, end=81, lines=("x",)), LowerThird(start=2, end=92, name="A", role="B")
    for cuts in ((40,), (60, 70), (34, 80), (10, 50, 90)):
        looks = []
        for start, part in zip((0, *cuts), np.split(picture, cuts), strict=True):
            here = {"start": cue.start - start, "end": cue.end - start}
            cues = [cue.model_copy(update=here)] if here["end"] > 0 and here["start"] < len(part) else []
            late = third.model_copy(update={"start": third.start - start, "end": third.end - start})
            looks.append(unpacked(packed(look_at(part, words_frames(cues, [late], len(part))))))
        look = joined(looks)
        for middle, first, last in ((57, 33, 80), (48, 14, 82)):
            kept = look.luma(middle)
            assert any(np.array_equal(kept.ravel(), row[: WIDTH * HEIGHT]) for row in picture[first : last + 1])
