"""Every kind of picture a film has, held against one that is made without FFmpeg and without our drawing code.

Bounds are what a right picture reaches with some room; each is shown to part it from one that is nearly right.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from agencies.agency import Agency
from agencies.promise import promise_phrases, promise_text
from editing.card_layout import Row, lay_out
from editing.colouring import Palette, dimmed, palette, plate_colours, plate_opacity, rgb
from editing.graph import Frame
from editing.layout import (
    ABOVE,
    BAR,
    BESIDE_BAR,
    CAPTION_BOTTOM,
    CAPTION_SIZE,
    caption_box,
    lower_third_box,
    lower_third_lines,
)
from editing.photo_move import FITTED
from editing.render import render_segment
from editing.segments import split
from editing.timeline import CardShot, Cue, LowerThird, PhotoShot, Shot, Timeline, Transition, VideoShot

from .likeness import HIGH, WIDE, Box, Planes, Sheet, alike, clip, photo, planes, scene, shown

AGENCY = Agency(name="Anytown Police Department")
SEAL = "seal-of-rings"
Draw = Callable[[], Image.Image | Planes]


class Case(NamedTuple):
    """A frame of a film and what it should show."""

    shots: tuple[Shot, ...]
    frame: int
    right: Draw
    wrong: Draw
    """Nearly the same, but not it."""
    bound: float = 0.985
    box: Box = (0, 0, WIDE, HIGH)
    more: dict[str, object] = {}  # noqa: RUF012  # a default of a named tuple, never written to
    """Fields of the timeline beside its shots."""


def ground(colours: Palette) -> Image.Image:
    """The ground of cards: its upper colour runs into its lower one."""
    top, bottom = (np.array(rgb(end), float) for end in (colours.top, colours.bottom))
    ramp = top + (bottom - top) * np.linspace(0, 1, HIGH)[:, None]
    return Image.fromarray(np.repeat(ramp[:, None], WIDE, axis=1).round().astype(np.uint8))


def seal() -> Image.Image:
    """A bright disc, which stands on dark cards by itself."""
    picture = Image.new("RGBA", (200, 200))
    ImageDraw.Draw(picture).ellipse((2, 2, 197, 197), fill="#E8E0C0", outline="#C03020", width=20)
    return picture.crop(picture.getbbox())


def card(shot: CardShot, *, zoom: float = 1.0, read: int = 0, hidden: int = 99) -> Image.Image:
    """A card at rest: phrases before the group `read` are dimmed, those from `hidden` on have not come."""
    colours, sheet = palette(AGENCY.colours), Sheet()
    for row in lay_out(shot, seal().size if shot.seal else None):
        if row.kind == "seal":
            sheet.picture(seal().resize((round(row.wide), row.height)), (round(row.left), row.top))
        elif row.kind == "rule":
            left = round(row.left)
            sheet.plate((left, row.top, left + round(row.wide), row.top + row.height), colours.accent)
        elif row.group < hidden:
            words(sheet, row, dimmed(colours) if row.group < read else colours)
    return sheet.on(ground(colours), zoom)


def words(sheet: Sheet, row: Row, colours: Palette) -> None:
    at: float = round(row.left)
    for run in row.runs:
        at = sheet.words(run.text, (at, row.top), row.size, row.weight, getattr(colours, run.tone))


def card_case(kind: str, *lines: str, frame: int = 50, **facts: object) -> Case:
    """A card of 60 frames; a wrong one has a letter otherwise."""
    shot = CardShot.model_validate({"start": 0, "end": 60, "kind": kind, "lines": lines, **facts})
    other = shot.model_copy(update={"lines": (lines[0].replace("e", "a", 1), *lines[1:])})
    share = frame / 59
    zoom = 1 + 0.02 * share * share * (3 - 2 * share) if kind == "opening" else 1.0
    # What moves is sampled between pixels, and softer by that.
    bound = 0.98 if kind == "opening" else 0.99
    rows = lay_out(shot, seal().size if shot.seal else None)
    left, right = min(round(row.left) for row in rows), max(round(row.left + row.wide) for row in rows)
    box = (max(0, left - 40), rows[0].top - 30, min(WIDE, right + 40), rows[-1].top + rows[-1].height + 30)
    return Case((shot,), frame, lambda: card(shot, zoom=zoom), lambda: card(other, zoom=zoom), bound, box)


def promise_case() -> Case:
    """The third phrase has come, two are read, the others are still to come."""
    lines = promise_phrases(AGENCY.name, "department")
    reveal = tuple(2 + 16 * n for n in range(len(lines)))
    shot = CardShot(start=0, end=110, kind="promise", lines=lines, reveal=reveal)
    frame = reveal[2] + 15
    return Case(
        (shot,),
        frame,
        lambda: card(shot, read=2, hidden=3),
        lambda: card(shot, read=1, hidden=3),
        0.985,
        (150, 300, 1770, 780),
    )


def of_scene(start: int, end: int, seed: int, **facts: object) -> VideoShot:
    row = {"start": start, "end": end, "file": f"scene-{seed}", "slot": "broll", "source_start": 0, **facts}
    return VideoShot.model_validate(row)


def dip_case(through: str, colour: str, frame: int, share: float, seed: int) -> Case:
    """12 frames to a colour and 12 from it; a wrong one is two frames on."""
    dip = Transition.model_validate({"kind": "dip", "frames": 12, "through": through})
    shots = (of_scene(0, 20, 1), of_scene(20, 40, 2, transition=dip))
    plain = Image.new("RGB", (WIDE, HIGH), colour)
    return Case(
        shots,
        frame,
        lambda: Image.blend(scene(seed), plain, share),
        lambda: Image.blend(scene(seed), plain, share + 2 / 12),
    )


THIRD = LowerThird(start=0, end=50, name="Speaker One", role="Chief of Police")


def lower_third(role: str) -> Image.Image:
    """A plate with a bar, name and role."""
    (text, accent), box, sheet = plate_colours(AGENCY.colours), lower_third_box(THIRD), Sheet()
    sheet.plate(box, AGENCY.colours.ground, plate_opacity(AGENCY.colours.ground, text))
    sheet.plate((box.left, box.top, box.left + BAR, box.bottom), accent)
    top = box.top + ABOVE
    for line in lower_third_lines(THIRD.model_copy(update={"role": role})):
        sheet.words(line.text, (box.left + BAR + BESIDE_BAR, top), line.size, line.weight, text)
        top += line.height
    return sheet.on(scene(3))


CAPTION = ("We answer every call,", "by day and by night.")
LETTERS = CAPTION_SIZE * 2048 / (2189 + 600)
"""Size of a caption's letters: libass counts a line from the typeface's ascender to its descender."""


def caption(*lines: str, solid: float = 178 / 255) -> Image.Image:
    """White words in a dark box."""
    sheet = Sheet()
    sheet.plate(caption_box(CAPTION), "#000000", solid)
    first = HIGH - CAPTION_BOTTOM - CAPTION_SIZE * len(lines)
    for number, line in enumerate(lines):
        baseline = first + CAPTION_SIZE * number + LETTERS * 2189 / 2048
        sheet.spaced(line, baseline, LETTERS, 0.3)
    return sheet.on(scene(3))


def view(seed: int, size: tuple[int, int], zoom: float, centre: tuple[float, float]) -> Image.Image:
    """A part of a photo, 16:9 and so much nearer than what just fills the picture, as far as the photo reaches."""
    whole = scene(seed, *size)
    across, down = size[0] / zoom, size[0] * 9 / 16 / zoom
    left = min(max(centre[0] * size[0] - across / 2, 0), size[0] - across)
    top = min(max(centre[1] * size[1] - down / 2, 0), size[1] - down)
    return whole.resize((WIDE, HIGH), Image.Resampling.LANCZOS, (left, top, left + across, top + down))


PHOTO = (2400, 1600)
MOVE = PhotoShot(start=0, end=30, file="photo-5", slot="photos", zoom=(1.0, 1.12), centre=((0.3, 0.5), (0.65, 0.4)))


def standing(seed: int, size: tuple[int, int], share: float) -> Image.Image:
    """An upright picture whole in the middle, so much of the height."""
    high = HIGH * share
    small = scene(seed, *size).resize((round(high * size[0] / size[1]), round(high)), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", (WIDE, HIGH))
    picture.paste(small, ((WIDE - small.width) // 2, (HIGH - small.height) // 2))
    return picture


def fill(darker: float) -> Planes:
    """What is left and right of an upright clip: itself, soft, darker and paler; its colours are softer still."""
    small = scene(7, 1080, 1920).resize((192, 342), Image.Resampling.BOX).crop((0, 117, 192, 225))
    light, tint = (soft(small.resize(size, Image.Resampling.BOX)) for size in ((192, 108), (96, 54)))
    blue, red = (128 + (plane - 128) * 0.85 for plane in planes(tint)[1:])
    return 16 + (planes(light)[0] - 16) * darker, blue, red


def soft(picture: Image.Image) -> Image.Image:
    """A small picture blurred and brought to the film's size."""
    for _ in range(2):
        picture = picture.filter(ImageFilter.BoxBlur(5))
    return picture.resize((WIDE, HIGH), Image.Resampling.BICUBIC)


CASES = {
    "an opening card": card_case("opening", AGENCY.name, "A Peace Officer Promise documentary", seal=SEAL, frame=55),
    "a chapter card": card_case("chapter", "Voices of our community", "and of its neighbors"),
    "a quote card": card_case("quote", "Peace is what we keep, every day and every night.", "Speaker One", "Chief"),
    "a whole Promise": card_case("promise", promise_text(AGENCY.name, "department")),
    "a Promise phrase by phrase": promise_case(),
    "an end card": card_case("end", AGENCY.name, "Some notice that has to be here", seal=SEAL),
    "a lower third": Case(
        (of_scene(0, 50, 3),),
        30,
        lambda: lower_third("Chief of Police"),
        lambda: lower_third("Chief of Palice"),
        0.985,
        (76, 690, 520, 862),
        {"lower_thirds": (THIRD,)},
    ),
    "a caption": Case(
        (of_scene(0, 50, 3),),
        30,
        lambda: caption(*CAPTION),
        lambda: caption(CAPTION[0], "by day and by might."),
        0.94,
        (500, 850, 1420, 1034),
        {"cues": (Cue(start=0, end=50, lines=CAPTION),)},
    ),
    "the picture above a caption": Case(
        (of_scene(0, 50, 3),),
        30,
        lambda: scene(3),
        lambda: ImageChops.offset(scene(3), 0, 1),
        0.985,
        (0, 0, WIDE, caption_box(CAPTION).top - 2),
        {"cues": (Cue(start=0, end=50, lines=CAPTION),)},
    ),
    "a dissolve": Case(
        (of_scene(0, 20, 1), of_scene(20, 40, 2, transition=Transition(kind="dissolve", frames=8))),
        24,
        lambda: Image.blend(scene(1), scene(2), 0.5),
        lambda: Image.blend(scene(1), scene(2), 0.75),
    ),
    "a dip to the ground": dip_case("ground", AGENCY.colours.ground, 14, 0.5, 1),
    "a dip from the ground": dip_case("ground", AGENCY.colours.ground, 26, 0.5, 2),
    "a dip to black": dip_case("black", "#000000", 14, 0.5, 1),
    "a dip from black": dip_case("black", "#000000", 26, 0.5, 2),
    "a photo's first view": Case(
        (MOVE,), 0, lambda: view(5, PHOTO, 1.0, (0.3, 0.5)), lambda: view(5, PHOTO, 1.03, (0.3, 0.5))
    ),
    "a photo's last view": Case(
        (MOVE,), 29, lambda: view(5, PHOTO, 1.12, (0.65, 0.4)), lambda: view(5, PHOTO, 1.12, (0.65, 0.42))
    ),
    "a photo that stands whole": Case(
        (PhotoShot(start=0, end=30, file="photo-6", slot="photos", framing="blur", zoom=(1.0, 1.05)),),
        0,
        lambda: standing(6, (1000, 1500), FITTED),
        lambda: standing(6, (1000, 1500), FITTED + 0.02),
        0.97,
        (640, 60, 1280, 1020),
    ),
    "an upright clip in the middle of its fill": Case(
        (of_scene(0, 30, 7, framing="blur"),),
        10,
        lambda: standing(7, (1080, 1920), 1.0),
        lambda: standing(7, (1080, 1920), 1.02),
        0.985,
        (664, 0, 1256, HIGH),
    ),
    "the fill beside an upright clip": Case(
        (of_scene(0, 30, 7, framing="blur"),), 10, lambda: fill(0.62), lambda: fill(0.8), 0.985, (0, 0, 640, HIGH)
    ),
}


class Films:
    """The cases' films, each rendered once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        seal().save(folder / SEAL, "PNG")
        made = [clip(folder, 1), clip(folder, 2), clip(folder, 3), clip(folder, 7, 1080, 1920)]
        made += [photo(folder, 5, *PHOTO), photo(folder, 6, 1000, 1500)]
        self._clips = {one.file: one for one in made}
        self._rendered: dict[str, Path] = {}

    def picture(self, case: Case) -> Planes:
        """The case's frame as its film has it."""
        row = {"storyboard": "test", "frames": case.shots[-1].end, "shots": case.shots, **case.more}
        segment = next(one for one in split(Timeline.model_validate(row)) if case.frame < one.start + one.frames)
        name = segment.model_dump_json()
        if name not in self._rendered:
            scratch = self._folder / f"film-{len(self._rendered)}"
            scratch.mkdir()
            film = self._rendered.setdefault(name, self._folder / f"{scratch.name}.mp4")
            render_segment(segment, self._clips, AGENCY, self._folder.joinpath, film, scratch, Frame())
        return shown(self._rendered[name], case.frame - segment.start)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    return Films(tmp_path_factory.mktemp("scenes"))


@pytest.mark.parametrize("name", CASES)
def test_a_picture_is_what_it_should_be(name: str, films: Films) -> None:
    case = CASES[name]
    picture = films.picture(case)

    def held(drawn: Image.Image | Planes) -> tuple[float, float]:
        return alike(picture, planes(drawn) if isinstance(drawn, Image.Image) else drawn, case.box)

    likeness, off = held(case.right())
    assert likeness >= case.bound
    assert off <= 2
    assert held(case.wrong())[0] < case.bound - 0.005
