"""The agency's seal as a picture: read, and refused in plain words when it cannot stand on a card."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kit.errors import InputRefused

MOST_BYTES = 20 << 20
MOST_PIXELS = 50_000_000
_TOO_LARGE = "the seal is too large: save it with 4000 pixels a side or fewer"
LEAST_SIDE = 64
"""A smaller seal would be a blot even at twice its size."""


def read_seal(path: Path) -> Image.Image:
    """The seal upright as RGBA, cut to what is not clear. Raises InputRefused."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputRefused("the seal's file is too large: save it as a PNG under 20 MB")
        with path.open("rb") as file:
            head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
        if head.startswith(b"<"):
            raise InputRefused(
                "the seal is an SVG drawing, which films cannot show: save it as a PNG, 600 pixels or more"
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=("PNG", "JPEG")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise InputRefused(_TOO_LARGE)
                seal = ImageOps.exif_transpose(opened).convert("RGBA")
    except FileNotFoundError as error:
        raise InputRefused(f"there is no seal at {path}") from error
    except Image.DecompressionBombError as error:
        raise InputRefused(_TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise InputRefused("the seal cannot be read: save it as a PNG or JPEG") from error
    seal = seal.crop(seal.getchannel("A").getbbox() or (0, 0, 1, 1))
    if min(seal.size) < LEAST_SIDE:
        raise InputRefused(f"the seal is too small: it needs {LEAST_SIDE} pixels a side at least, better 600")
    return seal
