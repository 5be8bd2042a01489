"""Drawing the still that a photo's move passes over."""

from pathlib import Path

from PIL import Image

from editing.photo_move import FITTED, stage_of, views_of
from editing.timeline import PhotoShot


def draw_photo_stage(
    image: Image.Image, shot: PhotoShot, size: tuple[int, int], out: Path, width: int, height: int
) -> None:
    """Write the part of an upright photo that its shot shows, its widest view `width` by `height` pixels.

    `size` is the photo's own, which `image` may be a smaller copy of. A photo that is shown whole stands on a dimmed,
    blurred copy of itself.
    """
    if shot.framing == "blur":
        _fitted(image, width, height).save(out)
        return
    stage, views = stage_of(shot, size), views_of(shot, size)
    widest = max(view.right - view.left for view in views)
    tallest = max(view.bottom - view.top for view in views)
    box = (stage.left * image.width, stage.top * image.height, stage.right * image.width, stage.bottom * image.height)
    across = round(width * (stage.right - stage.left) / widest / 2) * 2
    down = round(height * (stage.bottom - stage.top) / tallest / 2) * 2
    image.resize((across, down), Image.Resampling.LANCZOS, box=box).save(out)


def _fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    """The whole photo over a dimmed, blurred copy of itself that fills the picture."""
    back = _covering(image.resize((96, max(1, round(96 * image.height / image.width))), Image.Resampling.BOX))
    back = back.resize((width, height), Image.Resampling.BICUBIC)
    back = Image.blend(back, Image.new("RGB", back.size, (0, 0, 0)), 0.35)
    scale = FITTED * min(width / image.width, height / image.height)
    whole = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    back.paste(whole, ((width - whole.width) // 2, (height - whole.height) // 2))
    return back


def _covering(small: Image.Image) -> Image.Image:
    """The middle of a small picture, 16:9."""
    scale = min(small.width / 16, small.height / 9)
    across, down = 16 * scale, 9 * scale
    left, top = (small.width - across) / 2, (small.height - down) / 2
    return small.resize((96, 54), Image.Resampling.BICUBIC, box=(left, top, left + across, top + down))
