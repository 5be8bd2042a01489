"""Damping flashes that cannot be left out: a speaker before light bars whose words are needed. Pure.

A coarse copy of the picture is held against its mean over a second, and what it differs by is taken off the whole
picture. Light that comes and goes over an area stops flashing; lips, eyes and edges, which the coarse copy does not
hold, go on moving in sync.
"""

from typing import Any

import ffmpeg

from editing.stretches import Range, flashes_of
from ingest.clip import Clip

COARSE = (64, 36)
"""Size of the coarse copy: a flash as large as a cell or larger is damped."""
REACH = 15
"""Frames before and after each one that its mean is made of, the near ones weighing most: at three flashes a second
and above a twentieth of the swing is left at most."""
CORE = 4
"""Steps of 255 of light that are let be, so that ordinary movement casts no shadow; twice as many are no flash at any
level. Of colour a red flash may be as small, so there nothing is let be."""
EASE = 10
"""Frames in which the damping comes and goes."""


def damped_in(clip: Clip, start: int, end: int) -> tuple[Range, ...]:
    """The flashes of a clip that the frames [start, end) of it show."""
    return tuple(flash for flash in flashes_of(clip) if flash[0] < end and start < flash[1])


def camera_shots(clip: Clip, start: int, end: int) -> list[Range]:
    """The frames [start, end) parted at the camera's own cuts, over which no mean may run."""
    cuts = [cut for cut in (clip.analysis.shots if clip.analysis else ()) if start < cut < end]
    return list(zip([start, *cuts], [*cuts, end], strict=True))


def reach_around(clip: Clip, first: int, frames: int, damped: tuple[Range, ...]) -> tuple[int, int] | None:
    """Frames of the clip to read before and after a run for its means; None when nothing in it is damped."""
    if _share(first, frames, damped) == "0":
        return None
    cuts = clip.analysis.shots if clip.analysis else ()
    low = max((cut for cut in cuts if cut <= first), default=0)
    high = min((cut for cut in cuts if cut >= first + frames), default=clip.frames)
    return min(REACH, first - low), min(REACH, max(high, first + frames) - first - frames)


def damp(
    stream: Any, first: int, frames: int, around: tuple[int, int], damped: tuple[Range, ...], size: tuple[int, int]
) -> Any:
    """The `frames` conformed frames of a clip from `first` on without their flashes, at `size` pixels.

    `stream` holds as many more before and after as `around` says; where there are fewer than a mean is made of, its
    first and last picture stand in.
    """
    before, after = around
    both = stream.filter_multi_output("split")
    picture = both[0].filter("trim", start_frame=before, end_frame=before + frames).filter("setpts", "PTS-STARTPTS")
    held = {"start": REACH - before, "stop": REACH - after, "start_mode": "clone", "stop_mode": "clone"}
    coarse = both[1].filter("scale", *COARSE, flags="area").filter("tpad", **held).filter_multi_output("split")
    weights = " ".join(str(REACH + 1 - abs(n)) for n in range(-REACH, REACH + 1))
    mean = coarse[0].filter("tmix", frames=2 * REACH + 1, weights=weights)
    mean = mean.filter("trim", start_frame=2 * REACH).filter("setpts", "PTS-STARTPTS")
    now = coarse[1].filter("trim", start_frame=REACH).filter("setpts", "PTS-STARTPTS")
    share = _share(first, frames, damped)
    light, colour = f"128+sgn(A-B)*max(0,abs(A-B)-{CORE})*{share}", f"128+(A-B)*{share}"
    taken = ffmpeg.filter([mean, now], "blend", c0_expr=light, c1_expr=colour, c2_expr=colour, shortest=1)
    taken = taken.filter("scale", *size, flags="bicubic")
    return ffmpeg.filter([picture, taken], "blend", all_mode="grainmerge", shortest=1)


def _share(first: int, frames: int, damped: tuple[Range, ...]) -> str:
    """Expression of how much is taken off at frame N of a run: all of it inside a stretch, less and less beside it."""
    share = "0"
    for start, end in damped:
        if start - EASE < first + frames and first < end + EASE:
            ease = f"clip(min(N-{start - EASE - first},{end + EASE - first}-N)/{EASE},0,1)"
            share = ease if share == "0" else f"max({share},{ease})"
    return share
