"""Scenes for the sample footage, drawn of plain shapes: streets, parks and rooms, and people without faces.

Places are shares of a scene's height, from its top left corner; a scene is as wide as it needs to be.
"""

from collections.abc import Callable

from PIL import Image, ImageColor, ImageDraw, ImageFilter

Colour = str
FINER = 2
"""Drawn so many times larger, so that edges come out smooth."""
NAVY, SKIN, HAIR = "#1B2F52", ("#E0B394", "#9C6B4A", "#C68E6A", "#6F4A35"), ("#3A2A20", "#20191A", "#7A5536")
COATS = ("#7A8C5A", "#B0614A", "#5B7FA6", "#C9A24D", "#6D5A86", "#8A5A5A")


class Scene:
    """A picture that is being drawn, on a ground that goes from one colour to another, or on none."""

    def __init__(self, wide: float, height: int, ground: tuple[Colour, Colour] | None) -> None:
        self._height = height * FINER
        self.wide = wide
        self._size = (round(wide * self._height), self._height)
        self._image = Image.new("RGB" if ground else "RGBA", self._size)
        self._pen = ImageDraw.Draw(self._image)
        if ground:
            self.shade(0, 1, *ground)

    def shade(self, top: float, bottom: float, first: Colour, last: Colour) -> None:
        """A band from edge to edge that goes from one colour to another."""
        from_, to = ImageColor.getrgb(first), ImageColor.getrgb(last)
        rows = range(round(top * self._height), round(bottom * self._height))
        for n, y in enumerate(rows):
            share = n / max(len(rows) - 1, 1)
            mixed = tuple(round(a + (b - a) * share) for a, b in zip(from_, to, strict=True))
            self._pen.line([(0, y), (self._size[0], y)], fill=mixed)

    def box(self, x: float, y: float, w: float, h: float, colour: Colour, round_: float = 0.0) -> None:
        """A rectangle."""
        self._pen.rounded_rectangle(self._scaled(x, y, x + w, y + h), round_ * self._height, fill=colour)

    def disc(self, x: float, y: float, w: float, h: float, colour: Colour) -> None:
        """An ellipse about a point."""
        self._pen.ellipse(self._scaled(x - w / 2, y - h / 2, x + w / 2, y + h / 2), fill=colour)

    def shape(self, colour: Colour, *points: tuple[float, float]) -> None:
        """A polygon."""
        self._pen.polygon([(x * self._height, y * self._height) for x, y in points], fill=colour)

    def soften(self, by: float) -> None:
        """Out of focus, as what lies behind somebody who speaks."""
        self._image = self._image.filter(ImageFilter.GaussianBlur(by * self._height))
        self._pen = ImageDraw.Draw(self._image)

    def picture(self) -> Image.Image:
        """The scene in its own size."""
        return self._image.resize((self._size[0] // FINER, self._size[1] // FINER), Image.Resampling.LANCZOS)

    def _scaled(self, *places: float) -> tuple[float, ...]:
        return tuple(place * self._height for place in places)


def tree(scene: Scene, x: float, foot: float, size: float, leaves: Colour = "#4F7A4B") -> None:
    """A tree with a round crown."""
    scene.box(x - size * 0.035, foot - size * 0.45, size * 0.07, size * 0.45, "#5B4433")
    for dx, dy, wide in ((-0.16, 0.55, 0.4), (0.16, 0.55, 0.4), (0, 0.74, 0.5)):
        scene.disc(x + dx * size, foot - dy * size, wide * size, wide * size, leaves)


def person(scene: Scene, x: float, foot: float, tall: float, coat: Colour, look: int, *, officer: bool = False) -> None:
    """Somebody who stands, seen from afar."""
    legs = "#16233C" if officer else "#454B57"
    for side in (-1, 1):
        scene.box(
            x + side * tall * 0.055 - tall * 0.04, foot - tall * 0.45, tall * 0.08, tall * 0.45, legs, tall * 0.02
        )
        scene.box(
            x + side * tall * 0.15 - tall * 0.035, foot - tall * 0.78, tall * 0.07, tall * 0.36, coat, tall * 0.03
        )
    scene.box(x - tall * 0.13, foot - tall * 0.82, tall * 0.26, tall * 0.42, coat, tall * 0.06)
    scene.disc(x, foot - tall * 0.925, tall * 0.145, tall * 0.15, HAIR[look % len(HAIR)])
    scene.disc(x, foot - tall * 0.9, tall * 0.125, tall * 0.135, SKIN[look % len(SKIN)])
    if officer:
        scene.box(x - tall * 0.085, foot - tall, tall * 0.17, tall * 0.055, NAVY, tall * 0.02)
        scene.box(x - tall * 0.07, foot - tall * 0.952, tall * 0.14, tall * 0.015, "#0B1526")
        scene.disc(x + tall * 0.06, foot - tall * 0.7, tall * 0.04, tall * 0.05, "#C8A14B")


def house(scene: Scene, x: float, foot: float, wide: float, tall: float, wall: Colour, awning: Colour = "") -> None:
    """A house front with windows, and an awning over its shop."""
    scene.box(x, foot - tall, wide, tall, wall)
    scene.box(x - wide * 0.02, foot - tall, wide * 1.04, tall * 0.05, "#4A4F58")
    floors = max(1, round(tall / 0.17) - 1)
    for floor in range(floors):
        for column in range(3):
            left, top = x + wide * (0.12 + 0.29 * column), foot - tall + tall * (0.12 + 0.66 * floor / floors)
            scene.box(left, top, wide * 0.18, tall * 0.4 / floors, "#DDE7EE")
            scene.box(left, top + tall * 0.2 / floors, wide * 0.18, 0.004, wall)
    if awning:
        scene.box(x + wide * 0.08, foot - tall * 0.2, wide * 0.84, tall * 0.2, "#33414F")
        scene.shape(
            awning,
            (x, foot - tall * 0.2),
            (x + wide, foot - tall * 0.2),
            (x + wide * 0.95, foot - tall * 0.29),
            (x + wide * 0.05, foot - tall * 0.29),
        )


def main_street(height: int) -> Image.Image:
    """House fronts in the morning, with trees and people before them."""
    scene = Scene(2.6, height, ("#A9CBE6", "#F3E7D2"))
    fronts = (
        (0.34, 0.58, "#B5705A", "#27466E"),
        (0.32, 0.56, "#C98F62", ""),
        (0.4, 0.42, "#B5705A", "#8A2F2F"),
        (0.34, 0.57, "#8C9AA8", ""),
        (0.34, 0.58, "#A7B49A", "#2F5D50"),
        (0.42, 0.41, "#9A6B6B", "#2F5D50"),
        (0.42, 0.48, "#D8C3A0", ""),
        (0.2, 0.52, "#C98F62", "#27466E"),
    )
    x = -0.1
    for wide, tall, wall, awning in fronts:
        house(scene, x, 0.74, wide, tall, wall, awning)
        x += wide
    scene.box(0, 0.74, scene.wide, 0.08, "#CFC7BA")
    scene.shade(0.82, 1, "#5B6068", "#474B52")
    for n in range(14):
        scene.box(n * 0.2, 0.905, 0.11, 0.012, "#E6E1D3")
    for x in (0.24, 0.93, 1.62, 2.28):
        tree(scene, x, 0.79, 0.4)
    for n, x in enumerate((0.45, 0.55, 1.15, 1.3, 1.85, 2.05, 2.45)):
        person(scene, x, 0.8, 0.2 + 0.015 * (n % 3), COATS[n % len(COATS)], n)
    return scene.picture()


def ball_field(height: int) -> Image.Image:
    """A field with a fence and trees behind it, and a game on it."""
    scene = Scene(2.6, height, ("#8FBDE3", "#DDEBF2"))
    scene.disc(0.5, 0.16, 0.4, 0.09, "#F4F8FA")
    scene.disc(1.8, 0.12, 0.5, 0.1, "#F4F8FA")
    for n in range(12):
        tree(scene, 0.05 + n * 0.24, 0.6, 0.3 + 0.05 * (n % 3), ("#4B6F43", "#5F8450", "#3F6340")[n % 3])
    scene.shade(0.58, 1, "#6E9A4E", "#88B25C")
    for n in range(7):
        scene.box(0, 0.62 + n * 0.06, scene.wide, 0.028, "#7DA855")
    scene.shape("#C59A68", (1.3, 0.62), (2.1, 0.8), (1.3, 1.02), (0.5, 0.8))
    scene.shape("#7DA855", (1.3, 0.68), (1.85, 0.8), (1.3, 0.94), (0.75, 0.8))
    for x, y in ((1.3, 0.66), (1.95, 0.8), (0.65, 0.8)):
        scene.disc(x, y, 0.05, 0.022, "#FFFFFF")
    for n in range(54):
        scene.box(n * 0.05, 0.53, 0.004, 0.07, "#D9DDDF")
    scene.box(0, 0.53, scene.wide, 0.006, "#D9DDDF")
    for n, (x, y, tall) in enumerate(((0.66, 0.8, 0.24), (1.28, 0.72, 0.2), (1.94, 0.8, 0.24), (1.55, 0.9, 0.3))):
        person(scene, x, y, tall, ("#B03A3A", "#F2F2F2")[n % 2], n)
    person(scene, 1.05, 0.93, 0.34, NAVY, 1, officer=True)
    return scene.picture()


def foot_patrol(height: int) -> Image.Image:
    """Two officers on a path through a park, with neighbors."""
    scene = Scene(2.6, height, ("#B9D6E8", "#F0EAD6"))
    for n in range(9):
        tree(scene, 0.1 + n * 0.31, 0.62, 0.42 + 0.06 * (n % 2), ("#5E8C57", "#7A9C4E")[n % 2])
    scene.shade(0.6, 1, "#86AD66", "#6B9451")
    scene.shape("#D9CBAF", (0, 0.8), (scene.wide, 0.72), (scene.wide, 0.9), (0, 1.0))
    for x in (0.35, 1.75):
        scene.box(x, 0.64, 0.26, 0.025, "#7A5B3E")
        scene.box(x, 0.69, 0.26, 0.03, "#7A5B3E")
        scene.box(x + 0.02, 0.7, 0.015, 0.06, "#3E4650")
        scene.box(x + 0.225, 0.7, 0.015, 0.06, "#3E4650")
    person(scene, 0.88, 0.93, 0.44, NAVY, 0, officer=True)
    person(scene, 1.06, 0.94, 0.42, NAVY, 3, officer=True)
    for n, x in enumerate((1.36, 1.47, 2.2, 0.2)):
        person(scene, x, 0.86 + 0.02 * (n % 2), 0.36 - 0.05 * (n % 3), COATS[(n + 2) % len(COATS)], n + 1)
    return scene.picture()


def swearing_in(height: int) -> Image.Image:
    """Officers in a row in a hall, with banners behind them."""
    scene = Scene(1.5, height, ("#D9CDB8", "#C7B798"))
    for n in range(6):
        scene.box(0.02 + n * 0.25, 0, 0.015, 0.78, "#B7A684")
    for x in (0.2, 1.14):
        scene.box(x, 0.06, 0.16, 0.44, NAVY)
        scene.disc(x + 0.08, 0.24, 0.1, 0.1, "#C8A14B")
    scene.shade(0.76, 1, "#8A6A48", "#6E5238")
    for n in range(5):
        person(scene, 0.3 + n * 0.225, 0.95, 0.6 + 0.02 * (n % 2), NAVY, n, officer=True)
    return scene.picture()


def open_house(height: int) -> Image.Image:
    """The station with its door open, and people before it."""
    scene = Scene(1.5, height, ("#9CC4E4", "#EFE8D8"))
    scene.box(0.16, 0.28, 1.18, 0.5, "#B98A6A")
    scene.box(0.12, 0.24, 1.26, 0.05, "#5A4A42")
    for x in (0.26, 0.44, 0.94, 1.12):
        scene.box(x, 0.38, 0.12, 0.2, "#DCE8EF")
    scene.box(0.65, 0.42, 0.2, 0.36, "#2E3A48")
    scene.box(0.6, 0.36, 0.3, 0.045, NAVY)
    for n in range(12):
        x = 0.16 + n * 0.1
        colour = (NAVY, "#C8A14B", "#F4F1E8")[n % 3]
        scene.shape(colour, (x, 0.29), (x + 0.08, 0.29), (x + 0.04, 0.35))
    scene.shade(0.77, 1, "#A9A79F", "#8F8D86")
    for n, x in enumerate((0.2, 0.36, 0.5, 0.98, 1.12, 1.3)):
        person(scene, x, 0.93 + 0.02 * (n % 2), 0.4 - 0.06 * (n % 3 == 2), COATS[n], n)
    person(scene, 0.75, 0.94, 0.44, NAVY, 2, officer=True)
    return scene.picture()


def room(height: int, colours: tuple[Colour, Colour]) -> Image.Image:
    """What lies behind somebody who speaks, out of focus."""
    scene = Scene(2.2, height, colours)
    for n in range(4):
        scene.box(0.1 + n * 0.62, 0.1, 0.3, 0.46, "#F2EBD8")
        scene.box(0.24 + n * 0.62, 0.1, 0.02, 0.46, colours[0])
    for n in range(9):
        scene.box(0.45 + (n // 3) * 0.62, 0.16 + (n % 3) * 0.14, 0.2, 0.1, ("#8A5A44", "#C8A14B", "#3E5A78")[n % 3])
    scene.box(0, 0.78, scene.wide, 0.22, "#3B2F2A")
    scene.soften(0.018)
    return scene.picture()


def speaker(height: int, coat: Colour, look: int, *, officer: bool) -> Image.Image:
    """Head and shoulders, on nothing."""
    scene = Scene(16 / 9, height, None)
    x = 0.82
    scene.box(x - 0.36, 0.62, 0.72, 0.6, coat, 0.2)
    scene.box(x - 0.075, 0.48, 0.15, 0.2, SKIN[look], 0.05)
    scene.shape("#F4F1E8", (x - 0.1, 0.62), (x + 0.1, 0.62), (x, 0.78))
    scene.disc(x, 0.33, 0.3, 0.36, HAIR[look % len(HAIR)])
    for side in (-1, 1):
        scene.disc(x + side * 0.135, 0.39, 0.05, 0.08, SKIN[look])
    scene.disc(x, 0.385, 0.265, 0.33, SKIN[look])
    if officer:
        scene.shape("#1A1E26", (x - 0.028, 0.64), (x + 0.028, 0.64), (x + 0.02, 0.9), (x - 0.02, 0.9))
        scene.disc(x + 0.19, 0.8, 0.075, 0.085, "#C8A14B")
        scene.box(x - 0.24, 0.78, 0.13, 0.03, "#C8A14B", 0.006)
    return scene.picture()


BROLL: tuple[Callable[[int], Image.Image], ...] = (main_street, ball_field, foot_patrol)
PHOTOS: tuple[Callable[[int], Image.Image], ...] = (swearing_in, open_house)
