"""How a picture of any shape fills the 16:9 film."""

from typing import Literal

from ingest.clip import Clip

_WIDE = 16 / 9
_NARROWEST = _WIDE * 0.75 - 0.01
"""4:3 may still be cropped to fill; anything narrower would lose heads."""


def framing_of(clip: Clip) -> tuple[Literal["cover", "blur"], tuple[float, float]]:
    """Framing and the point to keep in view (shares of upright width and height)."""
    assert clip.picture is not None
    width, height = clip.picture.upright_size
    shape = width / max(1, height)
    if shape < _NARROWEST:
        return "blur", (0.5, 0.5)
    return "cover", clip.faces or ((0.5, 0.4) if shape < _WIDE * 0.9 else (0.5, 0.5))
