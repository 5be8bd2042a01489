"""Photos: told by their first bytes, set upright, freed of tags and made plain RGB."""

import io
import re
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps
from PIL.Image import DecompressionBombWarning

from kit.errors import InputRefused
from kit.values import Value

MAX_PIXELS = 170_000_000
"""More than any camera makes; a larger picture is a bomb (Pillow opens none above 178 million)."""

TOO_LARGE = "this photo is too large: make it smaller than 170 megapixels"

CUT_SHORT = "this photo is cut short: send it again"
UNREADABLE = "this photo cannot be read: save it again as JPEG or PNG"

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF")

_BROKEN = (OSError, ValueError, SyntaxError, RuntimeError, LookupError, EOFError, TypeError, struct.error, zlib.error)
"""What Pillow and the readers behind it raise for broken photos."""

_ORIENTATION = 0x0112
_GPS = 0x8825
_COORDINATES = (2, 4, 20, 22)
"""EXIF tags of latitude and longitude: of the camera, and of what it looks at."""
_XMP_PLACES = (b"GPSLatitude", b"LocationCreated", b"LocationShown", b"photoshop:City", b"Iptc4xmpCore:Location")
_XMP_MOTION = re.compile(rb"(MotionPhoto|MicroVideo)(=[\"']|>)1")
_XMP_GAIN_MAP = (b"hdrgm:", b"HDRGainMap")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")


class PhotoFacts(Value):
    """What a photo's header tells."""

    width: int
    """Pixels as a viewer sees it."""
    height: int
    has_place: bool = False
    """It says where it was taken."""
    motion: bool = False
    """A short video is stored with it."""
    gain_map: bool = False
    """A second picture makes it brighter on HDR screens."""
    blank: bool = False
    """Nothing is to be seen in it; known once the picture has been read."""


def is_photo(path: Path) -> bool:
    """Whether the first bytes are a photo's, whatever the file is called. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(16)
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS)
    )


def open_upright(path: Path, max_side: int) -> Image.Image:
    """The photo upright, RGB in sRGB without tags, no side longer than `max_side` pixels. Raises InputRefused."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            # Our own limit stands right below; Pillow's is lower than some cameras' pictures.
            warnings.simplefilter("ignore", DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as photo:
                if photo.width * photo.height > MAX_PIXELS:
                    raise InputRefused(TOO_LARGE)
                photo.draft("RGB", (max_side, max_side))
                upright = ImageOps.exif_transpose(photo)
                upright = _in_srgb(upright)
    except InputRefused:
        raise
    except Image.DecompressionBombError as error:
        raise InputRefused(TOO_LARGE) from error
    except _BROKEN as error:
        raise InputRefused(CUT_SHORT if "truncated" in str(error) else UNREADABLE) from error
    upright.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return upright


def photo_facts(path: Path) -> PhotoFacts:
    """What is known of a photo before its picture is read. Raises InputRefused."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    try:
        with Image.open(path, formats=FORMATS) as photo:
            width, height = photo.size
            tags = photo.getexif()
            # These readers of Pillow tell the size of the picture already turned.
            turned = tags.get(_ORIENTATION, 1) in (5, 6, 7, 8) and photo.format not in ("HEIF", "TIFF")
            gps, xmp = tags.get_ifd(_GPS), _xmp(photo)
            aside = "".join(map(str, photo.info.get("aux") or ()))
    except Image.DecompressionBombError as error:
        raise InputRefused(TOO_LARGE) from error
    except _BROKEN as error:
        raise InputRefused(CUT_SHORT if "truncated" in str(error) else UNREADABLE) from error
    return PhotoFacts(
        width=height if turned else width,
        height=width if turned else height,
        has_place=any(tag in gps for tag in _COORDINATES) or any(name in xmp for name in _XMP_PLACES),
        motion=_XMP_MOTION.search(xmp) is not None,
        gain_map=any(name in xmp for name in _XMP_GAIN_MAP) or "hdrgainmap" in aside,
    )


def _xmp(photo: Image.Image) -> bytes:
    told = photo.info.get("xmp") or b""
    return told if isinstance(told, bytes) else str(told).encode()


def _in_srgb(photo: Image.Image) -> Image.Image:
    profile = photo.info.get("icc_profile")
    if photo.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would clip them to eight instead of scaling.
        photo = Image.fromarray((np.asarray(photo, np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    if "A" in photo.getbands() or "transparency" in photo.info:
        seen = photo.convert("RGBA")
        photo = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    plain = photo.convert("RGB") if photo.mode not in ("RGB", "CMYK") else photo
    if profile and plain.mode == photo.mode:
        try:
            found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            done = ImageCms.profileToProfile(plain, found, ImageCms.createProfile("sRGB"), outputMode="RGB")
            plain = done or plain
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A broken profile is worth less than the picture: its numbers are taken as sRGB.
            plain = plain.convert("RGB")
    plain = plain.convert("RGB")
    bare = Image.new("RGB", plain.size)
    bare.paste(plain)
    return bare
