"""Filling the silent beats: everyday scenes stretched to what the film needs, and photos."""

from collections.abc import Callable, Collection, Mapping, Sequence

from editing.assignment import Assignment
from editing.broll import cut, made_up, parted
from editing.fitting import stretched
from editing.narration import NarratedScenes
from editing.stock import EVERYTHING, Piece, Stock
from editing.stretches import SHORTEST
from ingest.clip import SMALL_PICTURE, Clip
from storyboards.storyboard import Broll, Photos

PHOTO_LIMIT = 210
"""Frames a photo may be stretched to."""

PhotoGroups = dict[int, tuple[tuple[Clip, int], ...]]
"""For each photo beat, by position: its photos, each with its frames."""


def broll_frames(
    beats: Mapping[int, Broll], stocks: Mapping[str, Stock], wanted: int, *, lift: bool = False
) -> dict[int, int]:
    """Frames for each b-roll beat out of `wanted`, between its least and its most, as far as the footage reaches.

    With `lift` the beats' upper limits do not hold, but for scenes that are there for a voice.
    """
    given: dict[int, int] = {}
    for slot in dict.fromkeys(beat.slot for beat in beats.values()):
        mine = {i: beat for i, beat in beats.items() if beat.slot == slot}
        there = stocks[slot].capacity
        least = [_least(beat) for beat in mine.values()]
        most = [_most(beat, there if lift else 0) for beat in mine.values()]
        total = min(there, max(0, wanted - sum(given.values())))
        given |= dict(zip(mine, stretched(total, least, most, SHORTEST), strict=True))
    return given


def least_frames(beats: Mapping[int, Broll], stocks: Mapping[str, Stock]) -> int:
    """Frames that all b-roll beats take at least, as far as there is footage."""
    return sum(broll_frames(beats, stocks, sum(map(_least, beats.values()))).values())


def cut_scenes(
    beats: Mapping[int, Broll], stocks: Mapping[str, Stock], frames: Mapping[int, int], *, lift: bool = False
) -> tuple[dict[int, tuple[Piece, ...]], dict[str, Stock]]:
    """The shots of each b-roll beat, taken from its slot's stock, and what the stocks have left.

    A beat that ran short is made up for by others; with `lift` they may pass their upper limits for that. Where it is
    not made up for, the footage is parted evenly instead when that fills more.
    """
    pieces: dict[int, tuple[Piece, ...]] = {}
    left = dict(stocks)
    for slot in dict.fromkeys(beat.slot for beat in beats.values()):
        mine = {i: beat for i, beat in beats.items() if beat.slot == slot}
        wanted = sum(frames[i] for i in mine)
        best = None
        for way in (cut, parted):
            stock = stocks[slot].afresh()
            found = _cut_in(way, mine, stock, frames, lift=lift)
            if best is None or sum(map(_length, found.values())) > sum(map(_length, best[0].values())):
                best = found, stock
            if sum(map(_length, best[0].values())) >= wanted:
                break
        assert best is not None
        pieces |= best[0]
        left[slot] = best[1]
    return pieces, left


def _cut_in(
    way: Callable[[Sequence[tuple[int, int]], Stock], tuple[tuple[Piece, ...], ...]],
    beats: Mapping[int, Broll],
    stock: Stock,
    frames: Mapping[int, int],
    *,
    lift: bool,
) -> dict[int, tuple[Piece, ...]]:
    """The shots of the beats of one slot, cut in one way, what ran short made up for by others."""
    needs = [(frames[i], round(beat.shot_s * 30)) for i, beat in beats.items()]
    found = dict(zip(beats, way(needs, stock), strict=True))
    lacking = sum(frames[i] for i in beats) - sum(map(_length, found.values()))
    for i, beat in beats.items():
        room = _most(beat, EVERYTHING if lift else frames[i]) - _length(found[i])
        more = made_up(found[i], min(lacking, room), stock)
        lacking -= _length(more) - _length(found[i])
        found[i] = more
    return found


def make_up(
    beats: Mapping[int, Broll], stocks: Mapping[str, Stock], pieces: Mapping[int, tuple[Piece, ...]], lacking: int
) -> dict[int, tuple[Piece, ...]]:
    """The shots with frames that are lacking added, beyond what the beats take at most; not where a voice is heard."""
    done = dict(pieces)
    for i, beat in beats.items():
        if not isinstance(beat, NarratedScenes):
            done[i] = made_up(pieces[i], lacking, stocks[beat.slot])
            lacking -= _length(done[i]) - _length(pieces[i])
    return done


def choose_photos(beats: Mapping[int, Photos], cast: Assignment, elsewhere: Collection[str] = ()) -> PhotoGroups:
    """Photos for each photo beat, each once and none that is shown elsewhere; small ones where there are no others."""
    shown = set(elsewhere)
    found: PhotoGroups = {}
    for i, beat in beats.items():
        left = [clip for clip in cast.slots[beat.slot] if clip.file not in shown]
        ranked = sorted(left, key=lambda clip: any(note.code == SMALL_PICTURE for note in clip.notes))
        best = {clip.file for clip in ranked[: beat.max_count]}
        chosen = [clip for clip in left if clip.file in best]
        shown |= {clip.file for clip in chosen}
        found[i] = tuple((clip, max(SHORTEST, min(PHOTO_LIMIT, round(beat.photo_s * 30)))) for clip in chosen)
    return found


def photo_slack(groups: PhotoGroups, limits: Mapping[int, int]) -> int:
    """Frames that photos can be held longer; `limits` are the most frames of each beat that has a limit."""
    return sum(_slack(group, limits.get(i)) for i, group in groups.items())


def hold_photos(groups: PhotoGroups, lacking: int, limits: Mapping[int, int]) -> tuple[PhotoGroups, int]:
    """Photos held longer, up to their limit, when frames are lacking; and what is lacking still."""
    count = sum(map(len, groups.values()))
    held: PhotoGroups = {}
    for i, group in groups.items():
        longer, slack = [], _slack(group, limits.get(i))
        for clip, frames in group:
            more = min(PHOTO_LIMIT - frames, slack, -(-max(0, lacking) // count))
            longer.append((clip, frames + more))
            lacking, slack, count = lacking - more, slack - more, count - 1
        held[i] = tuple(longer)
    return held, lacking


def _slack(group: Sequence[tuple[Clip, int]], most: int | None) -> int:
    slack = sum(PHOTO_LIMIT - frames for _, frames in group)
    return slack if most is None else max(0, min(slack, most - sum(frames for _, frames in group)))


def _least(beat: Broll) -> int:
    return max(SHORTEST, round(beat.min_s * 30))


def _most(beat: Broll, there: int) -> int:
    """Frames a beat takes at most; `there` when that is more, unless a voice says how long it lasts."""
    usual = max(_least(beat), round(beat.max_s * 30))
    return usual if isinstance(beat, NarratedScenes) else max(usual, there)


def _length(pieces: Sequence[Piece]) -> int:
    return sum(piece.frames for piece in pieces)
