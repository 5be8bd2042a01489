"""The film by MoviePy as its documentation shows it: clips with a start, `CrossFadeIn`, `TextClip`, one composite.

`python -m benchmarks.peer_moviepy MATERIAL.json OUT [SHARE]`. With a SHARE below 1 only that part of the film is
written, in ten pieces spread evenly over it.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from moviepy import (
    AudioFileClip,
    CompositeAudioClip,
    CompositeVideoClip,
    ImageClip,
    TextClip,
    VideoFileClip,
    afx,
    concatenate_audioclips,
    concatenate_videoclips,
    vfx,
)

from benchmarks.peer_material import HEIGHT, WIDTH, Material, Part
from editing.colouring import rgb
from editing.encoding import PICTURE
from editing.layout import CAPTION_BOTTOM, CAPTION_SIZE
from editing.timeline import PhotoShot, VideoShot

PIECES = 10


def film(material: Material) -> Any:
    """The whole film as a clip."""
    layers = [_placed(part, material) for part in material.parts()]
    for number, third in enumerate(material.timeline.lower_thirds):
        layer = ImageClip(str(material.third(number))).with_duration((third.end - third.start) / 30)
        layers.append(layer.with_start(third.start / 30).with_effects([vfx.CrossFadeIn(0.4), vfx.CrossFadeOut(0.3)]))
    for cue in material.timeline.cues:
        text = TextClip(
            font=str(material.fonts / "caption.ttf"),
            text="\n".join(cue.lines),
            font_size=CAPTION_SIZE * 3 // 4,
            color="white",
            bg_color=(0, 0, 0, 178),
            text_align="center",
            margin=(12, 8),
        )
        top = HEIGHT - CAPTION_BOTTOM - text.h
        layers.append(
            text.with_start(cue.start / 30).with_duration((cue.end - cue.start) / 30).with_position(("center", top))
        )
    whole = CompositeVideoClip(layers, size=(WIDTH, HEIGHT)).with_duration(material.seconds)
    return whole.with_audio(_sound(material))


def piece_middles(frames: int, share: float) -> dict[int, int]:
    """The middle frame of each piece that a share of a film of so many frames is written in, and its place there."""
    step = frames / PIECES
    own = round(step * share)
    return {round(piece * step) + own // 2: piece * own + own // 2 for piece in range(PIECES)}


def _placed(part: Part, material: Material) -> Any:
    """A shot in its place, with its dissolve or dips."""
    shot = part.shot
    if isinstance(shot, VideoShot):
        clip = _footage(part, shot, material)
    elif isinstance(shot, PhotoShot):
        (one, other), length = shot.zoom, part.frames / 30
        photo = _covering(ImageClip(str(material.still(part))))
        moved = photo.with_duration(length).resized(lambda t: one + (other - one) * t / length)
        clip = CompositeVideoClip([moved.with_position("center")], size=(WIDTH, HEIGHT))
    else:
        clip = ImageClip(str(material.still(part)))
    effects: list[Any] = [vfx.CrossFadeIn(part.dissolve / 30)] if part.dissolve else []
    effects += [vfx.FadeIn(part.dip_in / 30, list(rgb(part.dip_in_from)))] if part.dip_in else []
    effects += [vfx.FadeOut(part.dip_out / 30, list(rgb(part.dip_out_to)))] if part.dip_out else []
    return clip.with_duration(part.frames / 30).with_start(shot.start / 30).with_effects(effects)


def _footage(part: Part, shot: VideoShot, material: Material) -> Any:
    path, start = material.footage / shot.file, shot.source_start / 30
    source = VideoFileClip(str(path), audio=False)
    clip = source.subclipped(start, min(start + part.frames / 30, source.duration))
    if shot.framing == "cover":
        return _covering(clip)
    over = clip.resized(min(WIDTH / clip.w, HEIGHT / clip.h)).with_position("center")
    back = _covering(clip.resized(width=192)).image_transform(lambda picture: (picture * 0.62).astype(np.uint8))
    return CompositeVideoClip([back, over], size=(WIDTH, HEIGHT))


def _covering(clip: Any) -> Any:
    large = clip.resized(max(WIDTH / clip.w, HEIGHT / clip.h))
    return large.cropped(x_center=large.w / 2, y_center=large.h / 2, width=WIDTH, height=HEIGHT)


def _sound(material: Material) -> Any:
    """Speech at its frames over the music, which is quieter where somebody speaks."""
    timeline, parts = material.timeline, []
    for run in timeline.sounds:
        voice = AudioFileClip(str(material.footage / run.file)).subclipped(
            run.source_start / 30, (run.source_start + run.end - run.start) / 30
        )
        gain = 10 ** (material.speech_db(run.file) / 20)
        fades = [afx.MultiplyVolume(gain), afx.AudioFadeIn(0.01), afx.AudioFadeOut(0.01)]
        parts.append(voice.with_effects(fades).with_start(run.start / 30))
    if timeline.music:
        by, quiet = material.quiet()
        music = AudioFileClip(str(material.footage / timeline.music))
        whole = concatenate_audioclips([music] * (int(material.seconds / music.duration) + 1))
        whole = whole.with_duration(material.seconds).with_effects(
            [afx.MultiplyVolume(10 ** (material.music_db() / 20))]
        )
        for start, end in quiet:
            whole = whole.with_effects([afx.MultiplyVolume(10 ** (by / 20), start / 30, end / 30)])
        parts.append(whole.with_effects([afx.AudioFadeOut(4)]))
    return CompositeAudioClip(parts).with_duration(material.seconds)


def main() -> None:
    """Write the film, or a share of it."""
    material = Material.model_validate_json(Path(sys.argv[1]).read_bytes())
    share = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    whole = film(material)
    if share < 1:
        step = material.seconds / PIECES
        cuts = [whole.subclipped(n * step, n * step + step * share) for n in range(PIECES)]
        whole = concatenate_videoclips(cuts)
    more = ["-crf", str(PICTURE["crf"]), "-profile:v", "high", "-g", str(PICTURE["g"]), "-bf", str(PICTURE["bf"])]
    whole.write_videofile(
        sys.argv[2],
        fps=30,
        codec="libx264",
        preset=PICTURE["preset"],
        audio_codec="aac",
        audio_fps=48000,
        audio_bitrate="192k",
        ffmpeg_params=[*more, "-pix_fmt", "yuv420p"],
        logger=None,
    )


if __name__ == "__main__":
    main()
