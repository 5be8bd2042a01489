"""Segments as FFmpeg argument lists, built with ffmpeg-python. Pure: values in, arguments out.

Every file is named relative to the folder that FFmpeg runs in (`footage/<digest>`, `captions.ass`, `fonts`, stills),
so the arguments of a segment are the same on every machine and their digest is its fingerprint.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ffmpeg

from agencies.agency import Agency
from editing.damping import damp, reach_around
from editing.encoding import PICTURE, PREVIEW
from editing.layout import THIRD_IN, THIRD_OUT
from editing.photo_move import on_stage, stage_of, views_of
from editing.segments import Segment, Take
from editing.timeline import CardShot, PhotoShot, Shot, Through, VideoShot
from editing.titles import Drawing, Layer, ground_file
from ingest.clip import Clip
from ingest.graph import conform_video, video_input
from kit.timing import FILM_RATE
from kit.values import Value

SLIDE = 24
"""Pixels of 1080 that a lower third slides."""

REVEAL = 15
"""Frames in which a phrase of the Promise appears or dims."""

STAGE = 1.12
"""How much larger than the picture a photo's stage is, so that the closest view is still sharp."""

RISE = 12
"""Pixels of 1080 that a line comes up from."""

DRIFT = 0.02
"""How far an opening card pushes in over its length."""

ARRIVED = "1"
"""How far a move has come that is over."""


SHOWN, CLEAN, SEEN = "segment.mp4", "segment-clean.mp4", "segment.raw"
"""Files that a segment is encoded to: as it is, and without its captions; and what the encoder is given, sampled."""


class Frame(Value):
    """The picture's size in pixels."""

    width: int = 1920
    height: int = 1080


def footage_name(clip: Clip, part: str = "take") -> str:
    """Where a clip lies in the folder that FFmpeg runs in.

    Each part of a segment has its own name for it: a graph that opens one file twice would be merged into one branch.
    """
    return f"footage/{clip.digest}" if part == "take" else f"footage/{clip.digest}-{part}"


def segment_arguments(
    segment: Segment,
    clips: Mapping[str, Clip],
    agency: Agency,
    drawings: Mapping[str, Drawing],
    frame: Frame,
    *,
    clean: bool = False,
    grid: tuple[int, int] | None = None,
) -> list[str]:
    """FFmpeg's arguments that encode a segment to `SHOWN`, its frames exactly as many as planned.

    `drawings` holds the stills of `take`, `dissolve_from` and `lower_third` where they have any; the grounds of
    `segment.through_ground` are named by `ground_file`. With `clean` the same
    composed pictures also go to `CLEAN` without the segment's captions, each file as if it were made alone. With `grid`
    so many single pixels across and down of each picture that is encoded to `SHOWN` go to `SEEN`, planar 4:2:0.
    """
    picture = _composed(segment, clips, agency, drawings, frame)
    both = picture.filter_multi_output("split") if clean else None
    shown = _finished(_captioned(both[0] if both else picture, segment))
    seen = shown.filter_multi_output("split") if grid else None
    outputs = [_encoded(seen[0] if seen else shown, segment, frame, SHOWN)]
    if both:
        outputs.append(_encoded(_finished(both[1]), segment, frame, CLEAN))
    if seen and grid:
        outputs.append(_sampled(seen[1], segment, grid))
    return list(ffmpeg.merge_outputs(*outputs).get_args() if len(outputs) > 1 else outputs[0].get_args())


def _composed(
    segment: Segment, clips: Mapping[str, Clip], agency: Agency, drawings: Mapping[str, Drawing], frame: Frame
) -> Any:
    """The segment's pictures with everything on them but captions."""
    picture = _take("take", segment.take, segment.frames, clips, agency, drawings.get("take"), frame)
    if segment.dissolve_from:
        part = "dissolve_from"
        outgoing = _take(part, segment.dissolve_from, segment.frames, clips, agency, drawings.get(part), frame)
        seconds = float(segment.frames / FILM_RATE)
        picture = ffmpeg.filter([outgoing, picture], "xfade", transition="fade", duration=f"{seconds:.6f}", offset=0)
        picture = picture.filter("format", "yuv420p")
    if segment.fade_in:
        veil = _veil("fade_in", segment.fade_in_from, segment.fade_in, frame)
        picture = _veiled(picture, veil, 0, segment.fade_in, "out")
    if segment.fade_out:
        veil, first = _veil("fade_out", segment.fade_out_to, segment.fade_out, frame), segment.frames - segment.fade_out
        picture = _veiled(picture, veil, first, segment.fade_out, "in")
    if segment.lower_third and "lower_third" in drawings:
        picture = _lower_third(picture, segment, drawings["lower_third"], frame)
    return picture


def _veil(part: str, through: Through, frames: int, frame: Frame) -> Any:
    """What a dip goes through, held for so many frames: the very ground of the cards, so that theirs stays, or black.

    `part` keeps the two veils of one segment apart, which would else be merged into one branch.
    """
    if through == "ground":
        return _still(ground_file(part), frames, "yuva420p")
    size, seconds = f"{frame.width}x{frame.height}", f"{float(frames / FILM_RATE):.6f}"
    return ffmpeg.input(f"color@{part}=c=black:s={size}:r={FILM_RATE}:d={seconds}", f="lavfi").filter(
        "format", "yuva420p"
    )


def _veiled(picture: Any, veil: Any, first: int, frames: int, fade: str) -> Any:
    """A veil over `frames` frames from `first` on, coming (`in`) or going (`out`).

    `fade` with a colour would turn every picture of the segment into RGB and back, for the sake of a few.
    """
    veil = veil.filter("fade", type=fade, start_frame=0, nb_frames=frames, alpha=1)
    if first:
        veil = veil.filter("setpts", f"PTS+{first}/{FILM_RATE}/TB")
    return picture.overlay(veil, eof_action="pass", format="yuv420")


def _captioned(picture: Any, segment: Segment) -> Any:
    if not segment.cues:
        return picture
    return picture.filter("subtitles", "captions.ass", fontsdir="fonts", original_size="1920x1080")


def _finished(picture: Any) -> Any:
    # All of these are written into each segment's header, and headers must agree to be joined.
    return picture.filter("format", "yuv420p").filter(
        "setparams",
        range="tv",
        color_primaries="bt709",
        color_trc="bt709",
        colorspace="bt709",
        chroma_location="left",
    )


def _sampled(picture: Any, segment: Segment, grid: tuple[int, int]) -> Any:
    pixels = picture.filter("scale", *grid, flags="neighbor").filter("format", "yuv420p")
    return ffmpeg.output(pixels, SEEN, **{"f": "rawvideo", "fps_mode": "passthrough", "frames:v": segment.frames})


def _encoded(picture: Any, segment: Segment, frame: Frame, out: str) -> Any:
    settings = PICTURE if frame.height >= 1080 else PREVIEW
    bare = {"map_metadata": -1, "an": None, "sn": None, "dn": None}
    return ffmpeg.output(picture, out, **settings, **bare, **{"frames:v": segment.frames})


def _take(
    part: str,
    take: Take,
    frames: int,
    clips: Mapping[str, Clip],
    agency: Agency,
    drawing: Drawing | None,
    frame: Frame,
) -> Any:
    shot = take.shot
    if isinstance(shot, VideoShot):
        clip = clips[shot.file]
        first = shot.source_start + take.first
        around = reach_around(clip, first, frames, shot.damped)
        before, after = around or (0, 0)
        stored = video_input(clip, Path(footage_name(clip, part)), first - before, before + frames + after)
        picture = conform_video(
            stored,
            clip,
            width=frame.width,
            height=frame.height,
            framing=shot.framing,
            centre=shot.centre,
            ground=agency.colours.ground,
        )
        return damp(picture, first, frames, around, shot.damped, (frame.width, frame.height)) if around else picture
    assert drawing is not None
    if isinstance(shot, PhotoShot):
        picture = clips[shot.file].picture
        assert picture is not None
        return _photo(shot, take.first, frames, picture.upright_size, drawing, frame)
    return _card(shot, take.first, frames, drawing, frame)


def _still(name: str, frames: int, pixels: str = "yuv420p") -> Any:
    """An RGB still in the film's colours, decoded once and held for so many frames."""
    still = ffmpeg.input(name, framerate=str(FILM_RATE))
    still = still.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", pixels)
    held = still.filter("loop", loop=frames - 1, size=1)
    return held.filter("setpts", f"N/({FILM_RATE}*TB)")


def _from(stream: Any, first: int, frames: int) -> Any:
    """Keep `frames` frames from `first` on, timed from zero."""
    return stream.filter("trim", start_frame=first, end_frame=first + frames).filter("setpts", "PTS-STARTPTS")


def _shot_length(shot: Shot) -> int:
    return shot.end - shot.start


def ease(first: int, length: int) -> str:
    """Expression of how far a move has come, 0 to 1, at `on` (FFmpeg's output frame, from 1): slow at both ends.

    What is over stays where it is, however long it took.
    """
    if first >= max(1, length - 1):
        return ARRIVED
    way = f"clip((on-1+{first})/{max(1, length - 1)},0,1)"
    return f"(st(0,{way});ld(0)*ld(0)*(3-2*ld(0)))"


def _photo(shot: PhotoShot, first: int, frames: int, size: tuple[int, int], drawing: Drawing, frame: Frame) -> Any:
    """The move over a photo's stage; `perspective` samples between pixels and so moves without jitter."""
    way, stage = ease(first, _shot_length(shot)), stage_of(shot, size)
    views = zip(*(on_stage(view, stage) for view in views_of(shot, size)), strict=True)
    left, top, right, bottom = (
        f"{other:.6f}" if way == ARRIVED else f"({one:.6f}+({other - one:.6f})*{way})" for one, other in views
    )
    corners = {"x0": f"W*{left}", "y0": f"H*{top}", "x1": f"W*{right}", "y1": f"H*{top}"}
    corners |= {"x2": f"W*{left}", "y2": f"H*{bottom}", "x3": f"W*{right}", "y3": f"H*{bottom}"}
    moved = _still(drawing.ground, frames).filter("perspective", **corners, interpolation="linear", eval="frame")
    return moved.filter("scale", frame.width, frame.height, flags="bicubic").filter("setsar", 1)


def _card(shot: CardShot, first: int, frames: int, drawing: Drawing, frame: Frame) -> Any:
    skipped = first if all(max(layer.fade_in, layer.fade_out) + REVEAL <= first for layer in drawing.layers) else 0
    length = first + frames - skipped
    picture = _still(drawing.ground, length)
    for layer in drawing.layers:
        if skipped and layer.fade_out >= 0:
            continue
        still = _still(layer.file, length, "yuva420p")
        if layer.fade_in >= 0 and not skipped:
            still = still.filter("fade", type="in", start_frame=layer.fade_in, nb_frames=REVEAL, alpha=1)
        if layer.fade_out >= 0:
            still = still.filter("fade", type="out", start_frame=layer.fade_out, nb_frames=REVEAL, alpha=1)
        still = _moved(still, shot, layer, skipped, frame)
        picture = picture.overlay(still, x=layer.x, y=layer.y, format="yuv420")
    return _from(picture, first - skipped, frames).filter("setsar", 1)


def _moved(still: Any, shot: CardShot, layer: Layer, skipped: int, frame: Frame) -> Any:
    """A layer that rises or grows as it comes, and all of an opening card as it is slowly pushed towards the viewer.

    Only the layer's own pixels are moved, at sub-pixel steps: the ground is a gradient, on which no one sees it.
    """
    pushed, coming = shot.kind == "opening", layer.move != "still" and not skipped
    if not pushed and not coming:
        return still
    zoom = f"(1+{DRIFT}*{ease(skipped, _shot_length(shot))})" if pushed else "1"
    left = f"{frame.width / 2 - layer.x:g}*(1-1/{zoom})"
    top = f"{frame.height / 2 - layer.y:g}*(1-1/{zoom})"
    right, bottom = f"{left}+W/{zoom}", f"{top}+H/{zoom}"
    if coming:
        left_to_go = f"pow(1-clip((on-{layer.fade_in})/{REVEAL},0,1),3)"
        if layer.move == "grow":
            right = f"{left}+W/{zoom}/max(1-{left_to_go},0.01)"
        else:
            rise = f"{RISE * frame.height / 1080:g}*{left_to_go}"
            top, bottom = f"{top}-{rise}", f"{bottom}-{rise}"
    corners = {"x0": left, "y0": top, "x1": right, "y1": top, "x2": left, "y2": bottom, "x3": right, "y3": bottom}
    # A card that only rises is still again after a moment.
    until = {} if pushed else {"enable": f"lt(n,{layer.fade_in + REVEAL})"}
    return still.filter("perspective", **corners, interpolation="linear", eval="frame", **until)


def _lower_third(picture: Any, segment: Segment, drawing: Drawing, frame: Frame) -> Any:
    third, layer = segment.lower_third, drawing.layers[0]
    assert third is not None
    length, late = third.end - third.start, max(0, third.start)
    still = _still(layer.file, length, "yuva420p")
    still = still.filter("fade", type="in", start_frame=0, nb_frames=THIRD_IN, alpha=1)
    still = still.filter("fade", type="out", start_frame=length - THIRD_OUT, nb_frames=THIRD_OUT, alpha=1)
    gone = max(0, -third.start)
    still = _from(still, gone, length - gone)
    if late:
        still = still.filter("setpts", f"PTS+{late}/{FILM_RATE}/TB")
    slide = SLIDE * frame.height // 1080
    come = f"clip((n-{third.start})/{THIRD_IN},0,1)"
    x = f"{layer.x}-{slide}*(1-{come})*(1-{come})"
    return picture.overlay(still, x=x, y=layer.y, eof_action="pass", eval="frame", format="yuv420")
