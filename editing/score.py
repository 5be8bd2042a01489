"""How good a film is, as one number: what planning aims at and tests hold it to. Pure.

Frames are the measure. A frame of speech is worth up to two by how much is heard already in its beat, and half more
for a voice that was not heard for long; a frame of scenes is worth up to one by how good it looks.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from editing.parts import BrollPart, Part, SpeechPart, frames_of
from editing.quality import quality, weigh
from editing.speech_selection import CLEAN, speeches_of, windows
from editing.stock import AGAIN, Piece
from storyboards.storyboard import Beat, Broll, Interview, Storyboard

ON_TARGET = 60
"""Frames by which a film may miss its target."""
OVERRUN = 1.0
"""What each frame costs that a beat takes beyond its storyboard's wish."""
_OFF_TARGET = 0.8
"""Share of its worth that a film keeps which just misses its target."""
_LOST = 1800
"""Frames beyond `ON_TARGET` that cost all of a film's worth."""
_LEVEL = 1800
"""Frames of one voice beyond which more of it adds nothing of its own."""
NEW_CLIP = 90
"""What the first shot of a clip is worth more than another one of it."""

Frames = int | NDArray[np.int64]


def score(storyboard: Storyboard, shown: Sequence[tuple[Beat, Part]]) -> float:
    """What a film is worth whose beats are shown by these parts, in order.

    0 when a required slot is not heard or seen, or frames are shown twice.
    """
    parts = [part for _, part in shown]
    needed = {slot.id for slot in storyboard.slots if slot.required and slot.takes in ("interview", "broll")}
    if needed - {part.slot for part in parts if isinstance(part, SpeechPart | BrollPart)} or _shows_twice(parts):
        return 0.0
    worth = scenes_worth([part.pieces for part in parts if isinstance(part, BrollPart)])
    for beat, part in shown:
        if isinstance(beat, Interview) and isinstance(part, SpeechPart):
            worth += float(beat_worth(frames_of(part), beat.max_s)) + _voices(part)
        elif isinstance(beat, Broll):
            worth -= OVERRUN * max(0, frames_of(part) - round(beat.max_s * 30))
    missed = abs(sum(map(frames_of, parts)) - round(storyboard.target_s * 30))
    return float(landing(missed)) * max(0.0, worth)


def landing(missed: Frames) -> NDArray[np.float64]:
    """Share of a film's worth that is left when it misses its target by so many frames."""
    beyond = np.asarray(missed) - ON_TARGET
    share: NDArray[np.float64] = np.where(beyond > 0, np.maximum(0.0, _OFF_TARGET - beyond / _LOST), 1.0)
    return share


def beat_worth(frames: Frames, max_s: float) -> NDArray[np.float64]:
    """What it is worth that a beat is heard for so long: the first frames most; those beyond its limit cost."""
    whole = max_s * 30
    share = np.minimum(1.0, np.asarray(frames) / whole)
    worth: NDArray[np.float64] = whole * (share + share * (2 - share) / 2)
    return worth - OVERRUN * np.maximum(0.0, np.asarray(frames) - whole)


def voice_worth(frames: int, clean: int) -> float:
    """What one voice of a beat adds: everybody a little rather than one for long, and thoughts that are whole."""
    kept = min(frames, _LEVEL)
    return kept * (1 - kept / (2 * _LEVEL)) / 2 + CLEAN * clean / 3


def scenes_worth(beats: Iterable[Sequence[Piece]]) -> float:
    """What the scenes are worth: how good each looks, clips that are new, and none twice in a row."""
    pieces = [piece for beat in beats for piece in beat]
    good = [one.frames * float(quality(weigh(one.clip), np.array([one.start]), one.frames)[0]) for one in pieces]
    again = sum(a.clip.file == b.clip.file for a, b in pairwise(pieces))
    return sum(good) + NEW_CLIP * (len({piece.clip.file for piece in pieces}) - AGAIN * again)


def _voices(part: SpeechPart) -> float:
    """What the voices of a beat add."""
    frames = Counter[str]()
    for run in part.runs:
        frames[run.clip.file] += run.frames
    total = 0.0
    for clip in {run.clip.file: run.clip for run in part.runs}.values():
        said = {number for run in part.runs if run.clip.file == clip.file for _, number in run.words}
        found = windows(speeches_of(clip), frames[clip.file])
        clean = next((one.clean for one in found if {each.number for each in one.speeches} == said), 0)
        total += voice_worth(frames[clip.file], clean)
    return total


def _shows_twice(parts: Sequence[Part]) -> bool:
    spans: dict[str, list[tuple[int, int]]] = {}
    for part in parts:
        if isinstance(part, BrollPart):
            for piece in part.pieces:
                spans.setdefault(piece.clip.file, []).append((piece.start, piece.start + piece.frames))
        elif isinstance(part, SpeechPart):
            for run in part.runs:
                spans.setdefault(run.clip.file, []).append((run.start, run.end))
    return any(a[1] > b[0] for found in spans.values() for a, b in pairwise(sorted(found)))
