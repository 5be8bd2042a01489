"""Rendering one segment: lay out what FFmpeg needs in a scratch folder, run it once, prove the frames are all there."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from agencies.agency import Agency
from editing.captioning import script
from editing.graph import CLEAN, SEEN, SHOWN, STAGE, Frame, footage_name, segment_arguments
from editing.photo_stage import draw_photo_stage
from editing.segments import Segment
from editing.timeline import CardShot, LowerThird, PhotoShot, Shot, VideoShot
from editing.titles import Drawing, Layer, draw_card, draw_ground, draw_lower_third, ground_file, plan_card
from editing.typesetting import font_file
from ingest.clip import Clip
from ingest.photo import open_upright
from kit.errors import Bug
from kit.film_index import read_index
from kit.process import run_ffmpeg

LONGEST_SIDE = 4096
"""Pixels that a photo's longer side is brought to at most before its stage is cut, for a picture of 1080 lines."""

Media = Callable[[str], Path]
"""Where a clip's file lies on this machine, by its name in the project."""


class Grid(NamedTuple):
    """Where single pixels of every picture go as they are given to the encoder, in rows of planar 4:2:0 bytes."""

    path: Path
    across: int
    down: int


def shots_drawn(segment: Segment) -> Iterator[tuple[str, Shot]]:
    """The segment's shots by the part they play in the graph."""
    yield "take", segment.take.shot
    if segment.dissolve_from:
        yield "dissolve_from", segment.dissolve_from.shot


def drawings_planned(segment: Segment) -> dict[str, Drawing]:
    """Names of the stills, without drawing them: enough for a fingerprint, not for a picture."""
    stand_in = Layer(file="lower_third.png", x=0, y=0)
    drawings = {
        part: plan_card(shot, part) if isinstance(shot, CardShot) else Drawing(ground=ground_file(part), layers=())
        for part, shot in shots_drawn(segment)
    }
    return drawings | ({"lower_third": Drawing(layers=(stand_in,))} if segment.lower_third else {})


def _draw(
    segment: Segment, clips: Mapping[str, Clip], agency: Agency, media: Media, scratch: Path, frame: Frame
) -> dict[str, Drawing]:
    drawings: dict[str, Drawing] = {}
    for part, shot in shots_drawn(segment):
        if isinstance(shot, CardShot):
            drawings[part] = draw_card(
                shot, agency, scratch, part, frame.width, frame.height, media(shot.seal) if shot.seal else None
            )
        elif isinstance(shot, PhotoShot):
            upright = open_upright(media(shot.file), LONGEST_SIDE * frame.height // 1080)
            width, height = round(frame.width * STAGE) // 2 * 2, round(frame.height * STAGE) // 2 * 2
            picture = clips[shot.file].picture
            assert picture is not None
            draw_photo_stage(upright, shot, picture.upright_size, scratch / ground_file(part), width, height)
            drawings[part] = Drawing(ground=ground_file(part), layers=())
    for part in segment.through_ground:
        draw_ground(agency, scratch, part, frame.width, frame.height)
    if segment.lower_third:
        third: LowerThird = segment.lower_third
        drawings["lower_third"] = draw_lower_third(third, agency, scratch, "lower_third", frame.height)
    return drawings


def render_segment(
    segment: Segment,
    clips: Mapping[str, Clip],
    agency: Agency,
    media: Media,
    out: Path,
    scratch: Path,
    frame: Frame,
    on_frame: Callable[[int], None] | None = None,
    *,
    clean: Path | None = None,
    grid: Grid | None = None,
) -> None:
    """Encode a segment to `out`, and without its captions to `clean` if given, using `scratch` (an empty folder).

    Decoding and composing are done once for both; `on_frame` hears the frames of one. Pixels of what `out` shows go to
    `grid`. Raises Bug when frames are missing.
    """
    size = (grid.across, grid.down) if grid else None
    arguments = lay_out(segment, clips, agency, media, scratch, frame, clean=clean is not None, grid=size)
    run_ffmpeg(arguments, cwd=scratch, on_frame=on_frame)
    for name, target in ((SHOWN, out), (CLEAN, clean)):
        if target is not None:
            _prove(scratch / name, segment)
            shutil.move(scratch / name, target)
    if grid:
        shutil.move(scratch / SEEN, grid.path)


def lay_out(
    segment: Segment,
    clips: Mapping[str, Clip],
    agency: Agency,
    media: Media,
    scratch: Path,
    frame: Frame,
    *,
    clean: bool = False,
    grid: tuple[int, int] | None = None,
) -> list[str]:
    """Put all that FFmpeg reads into `scratch` (an empty folder); returns the arguments to run it with there."""
    (scratch / "footage").mkdir()
    for part, shot in shots_drawn(segment):
        if isinstance(shot, VideoShot):
            (scratch / footage_name(clips[shot.file], part)).symlink_to(media(shot.file).resolve())
    if segment.cues:
        (scratch / "fonts").mkdir()
        shutil.copy(font_file("SemiBold"), scratch / "fonts")
        (scratch / "captions.ass").write_text(script(segment.cues, segment.captions), "utf-8")
    drawings = _draw(segment, clips, agency, media, scratch, frame)
    return segment_arguments(segment, clips, agency, drawings, frame, clean=clean, grid=grid)


def _prove(encoded: Path, segment: Segment) -> None:
    made = len(read_index(encoded).pictures)
    if made != segment.frames:
        raise Bug(
            f"a segment came out with {made} frames where {segment.frames} were planned (at frame {segment.start})"
        )
