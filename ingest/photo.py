"""Photos as they should be seen: upright, in RGB, of a bounded size."""

import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from kit.errors import InputRefused

LARGEST = 120_000_000
"""Pixels above which a photo is refused: twice what today's phones take, far below what exhausts memory."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".avif", ".tif", ".tiff", ".bmp"})

_FORMATS = ("JPEG", "MPO", "PNG", "HEIF", "WEBP", "AVIF", "TIFF", "BMP")


def open_photo(path: Path) -> Image.Image:
    """Open a photo upright and in sRGB, its first picture only. Raises InputRefused when it cannot be read."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    Image.init()
    formats = [name for name in _FORMATS if name in Image.OPEN]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=formats) as opened:
                if opened.width * opened.height > LARGEST:
                    raise InputRefused(f"the photo is too large ({opened.width}x{opened.height}): send a smaller copy")
                opened.load()
                upright = ImageOps.exif_transpose(opened)
    except InputRefused:
        raise
    except Image.DecompressionBombError as error:
        raise InputRefused("the photo is too large: send a smaller copy") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise InputRefused("the photo cannot be read: send it again, or save it as a JPEG first") from error
    return _in_srgb(upright)


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    flat = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGB")
    if profile:
        try:
            from io import BytesIO

            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            rgb = flat.convert("RGB")
            return ImageCms.profileToProfile(rgb, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or rgb
        except (ImageCms.PyCMSError, OSError):
            return flat.convert("RGB")
    if flat.mode == "RGBA":
        white = Image.new("RGBA", flat.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, flat).convert("RGB")
    return flat.convert("RGB")


def prepare_photo(path: Path, out: Path, max_side: int) -> tuple[int, int]:
    """Write a photo as an upright RGB PNG no side of which exceeds `max_side`; its width and height in pixels.

    Raises InputRefused when the photo cannot be read.
    """
    image = open_photo(path)
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    image.save(out, format="PNG", compress_level=1)
    return image.width, image.height
