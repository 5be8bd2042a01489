"""The picture lines of the craft, measured on the decoded film: black, frozen, stuttering and flashing pictures."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from delivery.delivery import Check, checked
from delivery.look import Look
from editing.timeline import CardShot, Timeline, VideoShot
from ingest import flashes

HELD_CHANGE = 0.03
"""Mean luma change below which two neighbouring pictures are the same one."""
MOVING_CHANGE = 0.3
SLOWEST_RATE = 10.0
"""Pictures a second taken for granted of a clip whose rate is not known."""
STILL_CHANGE, STILL_DRIFT = 0.255, 0.5
"""Mean luma change from the frame before, and of the coarse cells since the run began, below which a picture stands."""
FROZEN_S = 1.0
UNEVEN_HOLD = 8
"""Frames a clip of variable rate may hold a picture longer than its mean rate says."""


def picture_checks(look: Look, timeline: Timeline, rates: Mapping[str, tuple[float, bool]]) -> list[Check]:
    """Checks on the pictures themselves; `rates` gives pictures a second and whether they vary, by file of footage."""
    errors = look.errors
    return [
        checked("decodes cleanly", errors[0][:160] if errors else "yes", "no decoder error", not errors),
        _black(look, timeline),
        _frozen(look, timeline),
        _stutter(look, timeline, rates),
        *_flashing(look, timeline),
    ]


def _card_spans(timeline: Timeline) -> list[tuple[float, float]]:
    rate = timeline.rate
    return [(float(s.start / rate), float(s.end / rate)) for s in timeline.shots if isinstance(s, CardShot)]


def _outside(run: tuple[float, float], kept: list[tuple[float, float]]) -> float:
    """Seconds of a run that no kept span covers."""
    covered = sum(max(0.0, min(run[1], end) - max(run[0], start)) for start, end in kept)
    return max(0.0, run[1] - run[0] - covered)


def _black(look: Look, timeline: Timeline) -> Check:
    length, cards = float(timeline.frames / timeline.rate), _card_spans(timeline)
    long = [
        f"{start:.1f} to {end:.1f} s"
        for start, end in _runs(look.dark, timeline)
        if _outside((start, end), cards) > (2.0 if start < 0.1 or end > length - 0.1 else 1.0)
    ]
    return checked("black outside cards", ", ".join(long) or "none", "none over 1 s inside or 2 s at an end", not long)


def _frozen(look: Look, timeline: Timeline) -> Check:
    """Pictures that stand still for a second or longer: none differs from the one before, nor from the first."""
    length = float(timeline.frames / timeline.rate)
    frame = float(1 / timeline.rate)
    runs = [(start - frame, end) for start, end in _runs(_standing(look), timeline) if end - start + frame >= FROZEN_S]
    share = sum(_outside(run, _card_spans(timeline)) for run in runs) / length
    return checked("frozen outside cards, share of the film", round(share, 3), "0.3 at most", share <= 0.3)


def _standing(look: Look) -> NDArray[np.bool_]:
    """Which pictures are the first of their run once more; a slow drift ends a run as a sudden change does."""
    luma = look.cells[:, 0].astype(np.int16)
    standing, first = np.zeros(look.frames, bool), 0
    for frame in range(1, look.frames):
        drift = float(np.abs(luma[frame] - luma[first]).mean())
        standing[frame] = look.changes[frame] <= STILL_CHANGE and drift <= STILL_DRIFT
        first = first if standing[frame] else frame
    return standing


def _runs(frames: NDArray[np.bool_], timeline: Timeline) -> list[tuple[float, float]]:
    """Start and end in seconds of every run of marked frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], frames.astype(np.int8), [0]])))
    return [(float(a / timeline.rate), float(b / timeline.rate)) for a, b in edges.reshape(-1, 2).tolist()]


def _stutter(look: Look, timeline: Timeline, rates: Mapping[str, tuple[float, bool]]) -> Check:
    """Pictures held longer than the footage's own rate explains, inside shots that otherwise move."""
    changes = look.changes
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


def _flashing(look: Look, timeline: Timeline) -> list[Check]:
    window = max(1, round(float(timeline.rate)))
    cells = [rgb for run in look.cell_rgb() for rgb in run]
    light = flashes.worst(map(flashes.luminance, cells), flashes.LIGHT_STEP, flashes.LIGHT_CEILING, window)
    red = flashes.worst(map(flashes.redness, cells), flashes.RED_STEP, math.inf, window)
    return [
        checked(
            name,
            f"{found.area:.2f} of the picture {_when(found, look, timeline)}",
            "more than three flashes a second on 0.25 of the picture at most",
            found.area <= flashes.LARGEST_AREA,
        )
        for name, found in (("flashing", light), ("red flashing", red))
    ]


def _when(found: flashes.Flashing, look: Look, timeline: Timeline) -> str:
    """When a film flashes: the moment it does most, or from when to when each time that it does too much."""
    rate = float(timeline.rate)
    if found.area <= flashes.LARGEST_AREA:
        return f"at {found.frame / rate:.1f} s"
    finder = flashes.FlashFinder(max(1, round(rate)))
    for luma, blue, red in look.cells:
        finder.take(luma, blue, red)
    return ", ".join(f"from {one.start / rate:.1f} to {one.end / rate:.1f} s" for one in finder.finish())
