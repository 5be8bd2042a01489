"""Drawing the still that a photo's move passes over."""

from pathlib import Path

from PIL import Image


def draw_photo_stage(photo: Path, out: Path, centre: tuple[float, float], width: int, height: int) -> None:
    """Crop a photo to the picture's shape around a centre; a portrait is set whole over a blurred copy of itself."""
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    if image.width * 1.15 < image.height:
        small = image.resize((96, max(1, round(96 * image.height / image.width))), Image.Resampling.BOX)
        back = _cover(small, (0.5, 0.5), 96, 54).resize((width, height), Image.Resampling.BICUBIC)
        back = Image.blend(back, Image.new("RGB", back.size, (0, 0, 0)), 0.35)
        fitted = image.resize((max(2, round(height * image.width / image.height)), height), Image.Resampling.LANCZOS)
        back.paste(fitted, ((width - fitted.width) // 2, 0))
        back.save(out, compress_level=1)
        return
    _cover(image, centre, width, height).save(out, compress_level=1)


def _cover(image: Image.Image, centre: tuple[float, float], width: int, height: int) -> Image.Image:
    scale = min(image.width / width, image.height / height)
    crop_w, crop_h = width * scale, height * scale
    left = min(max(centre[0] * image.width - crop_w / 2, 0), image.width - crop_w)
    top = min(max(centre[1] * image.height - crop_h / 2, 0), image.height - crop_h)
    box = (left, top, left + crop_w, top + crop_h)
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box)
