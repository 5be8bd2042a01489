"""The picture lines of the craft, measured on the decoded film: black, frozen, stuttering and flashing pictures."""

import math
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from delivery.delivery import Check, checked
from delivery.survey import Survey
from editing.timeline import CardShot, Timeline, VideoShot
from ingest import flashes

HELD_CHANGE = 0.03
"""Mean luma change below which two neighbouring pictures are the same one."""
MOVING_CHANGE = 0.3
SLOWEST_RATE = 10.0
"""Pictures a second taken for granted of a clip whose rate is not known."""
UNEVEN_HOLD = 8
"""Frames a clip of variable rate may hold a picture longer than its mean rate says."""


def picture_checks(survey: Survey, timeline: Timeline, rates: Mapping[str, tuple[float, bool]]) -> list[Check]:
    """Checks on the pictures themselves; `rates` gives pictures a second and whether they vary, by file of footage."""
    errors = survey.errors()
    return [
        checked("decodes cleanly", errors[0][:160] if errors else "yes", "no decoder error", not errors),
        _black(survey, timeline),
        _frozen(survey, timeline),
        _stutter(survey, timeline, rates),
        *_flashing(survey, timeline),
    ]


def _card_spans(timeline: Timeline) -> list[tuple[float, float]]:
    rate = timeline.rate
    return [(float(s.start / rate), float(s.end / rate)) for s in timeline.shots if isinstance(s, CardShot)]


def _outside(run: tuple[float, float], kept: list[tuple[float, float]]) -> float:
    """Seconds of a run that no kept span covers."""
    covered = sum(max(0.0, min(run[1], end) - max(run[0], start)) for start, end in kept)
    return max(0.0, run[1] - run[0] - covered)


def _black(survey: Survey, timeline: Timeline) -> Check:
    length, cards = float(timeline.frames / timeline.rate), _card_spans(timeline)
    runs = [(float(a), float(b)) for a, b in re.findall(r"black_start:([\d.]+) black_end:([\d.]+)", survey.log)]
    long = [
        f"{start:.1f} to {end:.1f} s"
        for start, end in runs
        if _outside((start, end), cards) > (2.0 if start < 0.1 or end > length - 0.1 else 1.0)
    ]
    return checked("black outside cards", ", ".join(long) or "none", "none over 1 s inside or 2 s at an end", not long)


def _frozen(survey: Survey, timeline: Timeline) -> Check:
    length = float(timeline.frames / timeline.rate)
    runs, since = [], None  # type: list[tuple[float, float]], float | None
    for kind, at in re.findall(r"freeze_(start|end): ([\d.]+)", survey.log):
        if kind == "end" and since is not None:
            runs.append((since, float(at)))
        since = float(at) if kind == "start" else None
    if since is not None:
        runs.append((since, length))
    share = sum(_outside(run, _card_spans(timeline)) for run in runs) / length
    return checked("frozen outside cards, share of the film", round(share, 3), "0.3 at most", share <= 0.3)


def _stutter(survey: Survey, timeline: Timeline, rates: Mapping[str, tuple[float, bool]]) -> Check:
    """Pictures held longer than the footage's own rate explains, inside shots that otherwise move."""
    changes = survey.changes()
    held, moving, first = 0, 0, None
    for shot in timeline.shots:
        if not isinstance(shot, VideoShot):
            continue
        rate, uneven = rates.get(shot.file, (SLOWEST_RATE, True))
        hold = math.ceil(float(timeline.rate) / max(rate, 1.0))
        run = changes[shot.start + 1 + shot.transition.frames : min(shot.end, len(changes))]
        if not _moves(run, hold):
            continue
        moving += len(run)
        extra = _held_frames(run, hold + 1 + (UNEVEN_HOLD if uneven else 0))
        held += extra
        if extra and first is None:
            first = shot
    share = held / moving if moving else 0.0
    where = f", first in {first.file}" if first else ""
    return checked("pictures held in moving shots", f"{share:.1%} of their frames{where}", "1 % at most", share <= 0.01)


def _moves(changes: NDArray[np.float32], hold: int) -> bool:
    """Whether a shot moves in four fifths of the moments its own rate gives it."""
    moments = len(changes) // hold
    if moments < 4:
        return False
    largest = changes[: moments * hold].reshape(moments, hold).max(axis=1)
    return float((largest > MOVING_CHANGE).mean()) >= 0.8


def _held_frames(changes: NDArray[np.float32], allowed: int) -> int:
    """Frames beyond `allowed` in every run of unchanged pictures."""
    held, run = 0, 0
    for change in [*changes.tolist(), math.inf]:
        if change <= HELD_CHANGE:
            run += 1
        else:
            held += max(0, run - allowed)
            run = 0
    return held


def _flashing(survey: Survey, timeline: Timeline) -> list[Check]:
    window = max(1, round(float(timeline.rate)))
    light = flashes.worst(
        (flashes.luminance(rgb) for rgb in survey.cell_rgb()), flashes.LIGHT_STEP, flashes.LIGHT_CEILING, window
    )
    red = flashes.worst((flashes.redness(rgb) for rgb in survey.cell_rgb()), flashes.RED_STEP, math.inf, window)
    return [
        checked(
            name,
            f"{found.area:.2f} of the picture at {float(found.frame / timeline.rate):.1f} s",
            "more than three flashes a second on 0.25 of the picture at most",
            found.area <= flashes.LARGEST_AREA,
        )
        for name, found in (("flashing", light), ("red flashing", red))
    ]
