"""What the peers cut their film from: our plan, and our cards, lower thirds, photos and captions as plain files.

So that the films are alike, a card is given to them whole; how ours comes in and moves is left to us.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from agencies.agency import Agency
from editing.captioning import script
from editing.colouring import BLACK
from editing.documentary import RenderContext
from editing.ducking import duck_db, spoken_stretches
from editing.photo_move import Box, on_stage, stage_of, views_of
from editing.photo_stage import draw_photo_stage
from editing.timeline import CardShot, PhotoShot, Shot, Timeline, Transition
from editing.titles import draw_card, draw_lower_third
from editing.typesetting import font_file
from ingest.clip import Clip
from ingest.photo import open_upright
from kit.values import Value

WIDTH, HEIGHT = 1920, 1080
PHOTO_SIDE = 3840
"""Longer side of the photos that the peers move over."""


class Part(NamedTuple):
    """A shot with all that a peer has to know of it."""

    shot: Shot
    number: int
    frames: int
    """Its own, and those that play on under the dissolve that follows."""
    dissolve: int
    """Frames in which it comes over the shot before; 0 for none."""
    dip_in: int
    dip_in_from: str
    """`#RRGGBB`."""
    dip_out: int
    dip_out_to: str


class Material(Value):
    """A folder of stills, captions and fonts beside the plan they belong to."""

    context: RenderContext
    footage: Path
    folder: Path

    @property
    def timeline(self) -> Timeline:
        """The plan."""
        return self.context.timeline

    @property
    def agency(self) -> Agency:
        """Whose film it is."""
        return self.context.agency

    @property
    def captions(self) -> Path:
        """All cues as an ASS script."""
        return self.folder / "captions.ass"

    @property
    def fonts(self) -> Path:
        """A folder with the one font of the captions."""
        return self.folder / "fonts"

    @property
    def seconds(self) -> float:
        """How long the film is."""
        return self.timeline.frames / 30

    def clip(self, file: str) -> Clip:
        """What is known of a clip."""
        return self.context.by_name[file]

    def upright(self, file: str) -> tuple[int, int]:
        """Width and height of footage as it is seen."""
        picture = self.clip(file).picture
        assert picture
        return picture.upright_size

    def views(self, shot: PhotoShot) -> tuple[Box, Box]:
        """What a photo's move shows first and last, as shares of its still."""
        size = self.upright(shot.file)
        stage = stage_of(shot, size)
        first, last = (on_stage(view, stage) for view in views_of(shot, size))
        return first, last

    def still(self, part: Part) -> Path:
        """The picture of a card or photo."""
        return self.folder / f"shot-{part.number}.png"

    def third(self, number: int) -> Path:
        """A lower third as a clear picture of the film's size."""
        return self.folder / f"third-{number}.png"

    def parts(self) -> Iterator[Part]:
        """The shots in film order."""
        shots = self.timeline.shots
        for number, shot in enumerate(shots):
            after = shots[number + 1].transition if number + 1 < len(shots) else None
            tail = after.frames if after and after.kind == "dissolve" else 0
            yield Part(
                shot=shot,
                number=number,
                frames=shot.end - shot.start + tail,
                dissolve=shot.transition.frames if shot.transition.kind == "dissolve" and number else 0,
                dip_in=shot.transition.frames if shot.transition.kind == "dip" else 0,
                dip_in_from=self._dipped(shot.transition),
                dip_out=after.frames if after and after.kind == "dip" else 0,
                dip_out_to=self._dipped(after),
            )

    def _dipped(self, dip: Transition | None) -> str:
        return BLACK if dip and dip.through == "black" else self.agency.colours.ground

    def quiet(self) -> tuple[float, tuple[tuple[int, int], ...]]:
        """By how many decibels the music gives way to speech, and in which frames."""
        return duck_db(self.timeline), spoken_stretches(self.timeline.speech)

    def music_db(self) -> float:
        """Decibels that bring the music to its level under speech of -20 LUFS."""
        sound = self.clip(self.timeline.music).sound if self.timeline.music else None
        loudness = sound.loudness_lufs if sound and sound.loudness_lufs is not None else -20.0
        return -20.0 + self.timeline.music_gain_db - loudness

    def speech_db(self, file: str) -> float:
        """Decibels that bring a speaker to -20 LUFS."""
        sound = self.clip(file).sound
        return -20.0 - (sound.loudness_lufs if sound and sound.loudness_lufs is not None else -20.0)


def lay_out_material(context: RenderContext, footage: Path, folder: Path) -> Material:
    """Draw what the peers need into a folder (made when missing)."""
    folder.mkdir(parents=True, exist_ok=True)
    material = Material(context=context, footage=footage.resolve(), folder=folder.resolve())
    material.captions.write_text(script(material.timeline.cues), "utf-8")
    material.fonts.mkdir(exist_ok=True)
    (material.fonts / "caption.ttf").write_bytes(font_file("SemiBold").read_bytes())
    for part in material.parts():
        if isinstance(part.shot, CardShot):
            _card(part.shot, material, material.still(part))
        elif isinstance(part.shot, PhotoShot):
            _photo(part.shot, material, material.still(part))
    for number, third in enumerate(material.timeline.lower_thirds):
        (layer,) = draw_lower_third(third, material.agency, folder, f"drawn-{number}", HEIGHT).layers
        whole = Image.new("RGBA", (WIDTH, HEIGHT))
        with Image.open(folder / layer.file) as drawn:
            whole.paste(drawn, (layer.x, layer.y))
        whole.save(material.third(number))
    return material


def _photo(shot: PhotoShot, material: Material, out: Path) -> None:
    """The stage of the photo's move, its widest view twice the film's size, so that every peer moves over the same."""
    photo = open_upright(material.footage / shot.file, PHOTO_SIDE)
    draw_photo_stage(photo, shot, material.upright(shot.file), out, 2 * WIDTH, 2 * HEIGHT)


def _card(shot: CardShot, material: Material, out: Path) -> None:
    seal = material.footage / shot.seal if shot.seal else None
    drawing = draw_card(shot, material.agency, material.folder, out.stem, WIDTH, HEIGHT, seal)
    with Image.open(material.folder / drawing.ground) as ground:
        card = ground.convert("RGBA")
    for layer in drawing.layers:
        if layer.fade_out < 0:
            with Image.open(material.folder / layer.file) as drawn:
                card.alpha_composite(drawn.convert("RGBA"), (max(layer.x, 0), max(layer.y, 0)))
    Image.fromarray(np.asarray(card.convert("RGB"))).save(out)
