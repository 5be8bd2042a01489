"""How a photo is moved over: which way, how near, never across a face. Pure; shares of the photo's width and height.

A move goes from one view to another in a straight line, so what lies in both views lies in every view between them.
"""

from typing import Literal, NamedTuple

from editing.timeline import PhotoShot
from ingest.clip import Clip

WIDE = 16 / 9
NEAR, NEAR_FITTED = 1.12, 1.05
"""Closest view of a photo that fills the picture, and of one that stands whole on a blurred ground."""
FITTED = 0.94
"""Share of the picture that a photo standing whole takes: the closest view still shows all of it."""
_NARROWEST, _PANORAMA = WIDE * 0.75 - 0.01, 2.2
"""Shapes from which on a photo is cropped to fill the picture, and panned along."""
_TRAVEL = 0.5
"""How far a pan goes, in widths of the view."""
_HEAD = (0.25, 0.45, 0.25, 0.3)
"""What a head adds to its found face at left, top, right and bottom, in widths and heights of the face."""


class Box(NamedTuple):
    """A part of a photo."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return round((self.left + self.right) / 2, 4), round((self.top + self.bottom) / 2, 4)


class Move(NamedTuple):
    """The fields of a `PhotoShot` that say how it moves."""

    framing: Literal["cover", "blur"]
    zoom: tuple[float, float]
    centre: tuple[tuple[float, float], tuple[float, float]]


def heads_of(clip: Clip) -> Box | None:
    """The part of a photo that holds every head found, or None."""
    faces = clip.analysis.faces if clip.analysis else ()
    if not faces:
        return None
    left, top, right, bottom = _HEAD
    return Box(
        max(0.0, min(face.x - face.width * (0.5 + left) for face in faces)),
        max(0.0, min(face.y - face.height * (0.5 + top) for face in faces)),
        min(1.0, max(face.x + face.width * (0.5 + right) for face in faces)),
        min(1.0, max(face.y + face.height * (0.5 + bottom) for face in faces)),
    )


def move_of(clip: Clip, *, inwards: bool) -> Move:
    """The move over a photo; `inwards` decides its direction where nothing in the photo does.

    Heads that would not all fit into the view are kept by showing the photo whole on a blurred ground.
    """
    assert clip.picture is not None
    width, height = clip.picture.upright_size
    shape, heads = width / max(1, height), heads_of(clip)
    across, down = min(1.0, WIDE / shape), min(1.0, shape / WIDE)
    fit = min(across / (heads.right - heads.left), down / (heads.bottom - heads.top)) if heads else NEAR
    if shape < _NARROWEST or fit < 1:
        ends = (1.0, NEAR_FITTED) if inwards else (NEAR_FITTED, 1.0)
        return Move("blur", ends, ((0.5, 0.5), (0.5, 0.5)))
    if shape > _PANORAMA:
        return _pan(across, heads, rightwards=inwards)
    near = min(NEAR, fit)
    focus = heads.centre if heads else clip.faces or (0.5, 0.45)
    if heads:
        # Small heads are gone towards; heads that fill the view are left, so that one sees where they are.
        inwards = fit > 2
    ends = (1.0, round(near, 4)) if inwards else (round(near, 4), 1.0)
    return Move("cover", ends, (focus, focus))


def _pan(across: float, heads: Box | None, *, rightwards: bool) -> Move:
    """Along a panorama, no farther than keeps every head in view."""
    lowest, highest = across / 2, 1 - across / 2
    if heads:
        lowest, highest = max(lowest, heads.right - across / 2), min(highest, heads.left + across / 2)
    middle = (lowest + highest) / 2
    reach = min((highest - lowest) / 2, across * _TRAVEL / 2)
    ends = (round(middle - reach, 4), 0.5), (round(middle + reach, 4), 0.5)
    return Move("cover", (1.0, 1.0), ends if rightwards else (ends[1], ends[0]))


def views_of(shot: PhotoShot, size: tuple[int, int]) -> tuple[Box, Box]:
    """First and last view of a shot: 16:9, inside its photo of that size (or the stage it stands whole on)."""
    shape = WIDE if shot.framing == "blur" else size[0] / max(1, size[1])
    across, down = min(1.0, WIDE / shape), min(1.0, shape / WIDE)

    def view(zoom: float, centre: tuple[float, float]) -> Box:
        left = min(max(centre[0] - across / zoom / 2, 0.0), 1 - across / zoom)
        top = min(max(centre[1] - down / zoom / 2, 0.0), 1 - down / zoom)
        return Box(left, top, left + across / zoom, top + down / zoom)

    return view(shot.zoom[0], shot.centre[0]), view(shot.zoom[1], shot.centre[1])


def stage_of(shot: PhotoShot, size: tuple[int, int]) -> Box:
    """The part of a photo that its shot shows at any time."""
    first, last = views_of(shot, size)
    return Box(*map(min, first[:2], last[:2]), *map(max, first[2:], last[2:]))


def on_stage(view: Box, stage: Box) -> Box:
    """A view as shares of the stage."""
    across, down = stage.right - stage.left, stage.bottom - stage.top
    return Box(
        (view.left - stage.left) / across,
        (view.top - stage.top) / down,
        (view.right - stage.left) / across,
        (view.bottom - stage.top) / down,
    )
