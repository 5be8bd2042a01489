"""How a picture of any shape fills the 16:9 film."""

from typing import Literal

from ingest.clip import Clip
from storyboards.storyboard import Portrait

Framing = Literal["cover", "fit", "blur"]
_UPRIGHT: dict[Portrait, Framing] = {"blur": "blur", "crop": "cover", "bars": "fit"}

_WIDE = 16 / 9
_NARROWEST = _WIDE * 0.75 - 0.01
"""4:3 may still be cropped to fill; anything narrower would lose heads."""


def framing_of(clip: Clip, portrait: Portrait = "blur") -> tuple[Framing, tuple[float, float]]:
    """Framing and the point to keep in view (shares of upright width and height); `portrait` is for upright footage."""
    assert clip.picture is not None
    width, height = clip.picture.upright_size
    shape = width / max(1, height)
    if shape < _NARROWEST:
        return _UPRIGHT[portrait], (clip.faces or (0.5, 0.4)) if portrait == "crop" else (0.5, 0.5)
    return "cover", clip.faces or ((0.5, 0.4) if shape < _WIDE * 0.9 else (0.5, 0.5))
