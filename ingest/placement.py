"""Where each sentence of a transcript is spoken: the most likely way to lay its sounds along the whole of the sound.

Two witnesses are weighed in every 10 ms: how well the acoustic model hears the sound that the text wants, against the
sound it hears best, and how much louder it is than the surroundings. Sentences keep their order, may have anything
between them, and may be left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.acoustics import model
from ingest.mel import READINGS_PER_S, Floats
from ingest.viterbi import Cue, Search, chain

Said = Sequence[Sequence[str]]
"""The sounds (ARPAbet) of each word of a sentence."""

Doubts = NDArray[np.uint8]
"""How much worse than what is heard best each state of each sound is, and last nobody's speech: (readings, columns)."""

_BACKGROUND = ("SIL", "+NSN+", "+SPN+")
"""What the model hears where nobody speaks: silence, noise, and noises of a mouth."""

_OTHER_SPEECH = 2.5
"""How much worse than the best sound a moment is that is nobody's word."""

_POOREST = 12.0
"""No moment fits worse than by this."""

_STEPS = 20
"""Steps that doubts are kept in, for each unit of logarithm."""

_QUIET_IN_PAUSE = 0.5
"""How much less quiet speaks for a pause between words than for a gap between sentences."""

_BLOCK = 1024
"""Readings that are weighed at once."""


class Place(NamedTuple):
    """Seconds a sentence is spoken in."""

    start_s: float
    end_s: float


def usual_length_s(said: Said) -> float:
    """Seconds a sentence takes to say."""
    return 0.25 + sum(map(len, said)) / 12.5


def doubts(heard: Iterable[Floats], count: int) -> Doubts:
    """What blocks of `acoustics.likelihoods`, `count` readings in all, leave in doubt."""
    names = model().sounds
    background = [names.index(name) for name in _BACKGROUND]
    found = np.empty((count, len(names) * 3 + 1), np.uint8)
    at = 0
    for block in heard:
        others = block[:, background].max(axis=(1, 2))
        best = np.delete(block, background, axis=1).max(axis=(1, 2))
        each = np.column_stack([block.reshape(len(block), -1), np.maximum(others, best - _OTHER_SPEECH)])
        worse = np.maximum(best, others)[:, None] - each
        found[at : at + len(block)] = np.rint(np.minimum(worse, _POOREST) * _STEPS)
        at += len(block)
    return found


def place(
    doubted: Doubts, active: Floats, sentences: Sequence[Said], cues: Sequence[Cue | None]
) -> tuple[Place | None, ...]:
    """The best place of each sentence, in order; None for one that is not spoken.

    `active` is `mel.activity` of the same sound.
    """
    numbers = {name: n for n, name in enumerate(model().sounds)}
    between = doubted.shape[1] - 1
    search = Search(
        chain([[[numbers[sound] for sound in word] for word in said] for said in sentences], between, between + 1), cues
    )
    for moment in _evidence(doubted, active):
        search.step(moment)
    places: list[Place | None] = [None] * len(sentences)
    for sentence, start, end in search.best():
        places[sentence] = Place(start / READINGS_PER_S, end / READINGS_PER_S)
    return tuple(places)


def _evidence(doubted: Doubts, active: Floats) -> Iterator[Floats]:
    """What each reading says for each state of each sound, then for a pause and for a gap."""
    for at in range(0, len(doubted), _BLOCK):
        worse = doubted[at : at + _BLOCK].astype(np.float32) / -_STEPS
        loud = active[at : at + _BLOCK]
        pause = worse[:, -1] - np.where(loud < 0, _QUIET_IN_PAUSE * loud, loud)
        yield from np.column_stack([worse[:, :-1], pause, worse[:, -1] - loud])
