"""Filling the silent beats: everyday scenes stretched to what the film needs, and photos."""

from collections.abc import Mapping

from editing.assignment import Assignment
from editing.broll import cut
from editing.fitting import stretched
from editing.stock import Piece, Stock
from editing.stretches import SHORTEST
from ingest.clip import Clip
from storyboards.storyboard import Broll, Photos

PHOTO_LIMIT = 210
"""Frames a photo may be stretched to."""

PhotoGroups = dict[int, tuple[tuple[Clip, int], ...]]
"""For each photo beat, by position: its photos, each with its frames."""


def broll_frames(
    beats: Mapping[int, Broll], stocks: Mapping[str, Stock], wanted: int, *, lift: bool = False
) -> dict[int, int]:
    """Frames for each b-roll beat out of `wanted`, between its least and its most, as far as the footage reaches.

    With `lift` the storyboard's upper limits do not hold.
    """
    given: dict[int, int] = {}
    for slot in dict.fromkeys(beat.slot for beat in beats.values()):
        mine = {i: beat for i, beat in beats.items() if beat.slot == slot}
        there = stocks[slot].capacity
        least = [_least(beat) for beat in mine.values()]
        most = [there if lift else max(_least(beat), round(beat.max_s * 30)) for beat in mine.values()]
        total = min(there, max(0, wanted - sum(given.values())))
        given |= dict(zip(mine, stretched(total, least, most, SHORTEST), strict=True))
    return given


def least_frames(beats: Mapping[int, Broll], stocks: Mapping[str, Stock]) -> int:
    """Frames that all b-roll beats take at least, as far as there is footage."""
    return sum(broll_frames(beats, stocks, sum(map(_least, beats.values()))).values())


def cut_scenes(
    beats: Mapping[int, Broll], stocks: Mapping[str, Stock], frames: Mapping[int, int]
) -> dict[int, tuple[Piece, ...]]:
    """The shots of each b-roll beat, taken from its slot's stock."""
    pieces: dict[int, tuple[Piece, ...]] = {}
    for slot in dict.fromkeys(beat.slot for beat in beats.values()):
        mine = {i: beat for i, beat in beats.items() if beat.slot == slot}
        needs = [(frames[i], round(beat.shot_s * 30)) for i, beat in mine.items()]
        pieces |= dict(zip(mine, cut(needs, stocks[slot]), strict=True))
    return pieces


def choose_photos(beats: Mapping[int, Photos], cast: Assignment) -> PhotoGroups:
    """Photos for each photo beat, each photo once."""
    shown: set[str] = set()
    found: PhotoGroups = {}
    for i, beat in beats.items():
        chosen = [clip for clip in cast.slots[beat.slot] if clip.file not in shown][: beat.max_count]
        shown |= {clip.file for clip in chosen}
        found[i] = tuple((clip, max(SHORTEST, min(PHOTO_LIMIT, round(beat.photo_s * 30)))) for clip in chosen)
    return found


def hold_photos(groups: PhotoGroups, lacking: int) -> tuple[PhotoGroups, int]:
    """Photos held longer, up to their limit, when frames are lacking; and what is lacking still."""
    count = sum(map(len, groups.values()))
    held: PhotoGroups = {}
    for i, group in groups.items():
        longer = []
        for clip, frames in group:
            more = min(PHOTO_LIMIT - frames, -(-max(0, lacking) // count))
            longer.append((clip, frames + more))
            lacking, count = lacking - more, count - 1
        held[i] = tuple(longer)
    return held, lacking


def _least(beat: Broll) -> int:
    return max(SHORTEST, round(beat.min_s * 30))
