"""What one speaker says at a stretch, where pictures may leave him, and what is then still seen of him. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from editing.parts import SpeechPart
from editing.speech_selection import Run
from editing.stretches import Range, flashes_of
from ingest.clip import Clip
from kit.timing import nearest_frame

_BREATH, _NEW_SENTENCE, _SOURCE_CUT = 15, 15, 25
"""What speaks for a place between words: up to so much for the frames of silence there, so much for the end of a
sentence; and so much for a cut that the clip itself has there."""
_OFF = 6
"""Frames from the wished place that weigh as much as one frame of silence."""


class Talk(NamedTuple):
    """Neighbouring runs of one clip, each with its first frame counted from the start of their part."""

    runs: tuple[tuple[int, Run], ...]
    named: bool
    """Whether the speaker's name is to be shown here."""
    places: tuple[tuple[int, float], ...] = ()
    """Every place between two words of a run, and what speaks for it."""

    @property
    def start(self) -> int:
        """First frame."""
        return self.runs[0][0]

    @property
    def end(self) -> int:
        """One past the last frame."""
        at, run = self.runs[-1]
        return at + run.frames

    @property
    def clip(self) -> Clip:
        """Who speaks."""
        return self.runs[0][1].clip

    @property
    def jumps(self) -> tuple[int, ...]:
        """Where the picture would jump from one part of the clip to another."""
        return tuple(at for at, _ in self.runs[1:])

    @property
    def source_cuts(self) -> tuple[int, ...]:
        """Where the clip itself cuts from one shot of the camera to another."""
        told = self.clip.analysis
        cuts = told.shots[1:] if told else ()
        return tuple(at + cut - run.start for at, run in self.runs for cut in cuts if run.start < cut < run.end)

    @property
    def flashes(self) -> tuple[Range, ...]:
        """Where the picture flashes beyond what may be shown."""
        return tuple(
            (at + max(start, run.start) - run.start, at + min(end, run.end) - run.start)
            for at, run in self.runs
            for start, end in flashes_of(run.clip)
            if start < run.end and run.start < end
        )


def talks_of(part: SpeechPart, names: set[str]) -> list[Talk]:
    """The talks of a part; `names` are those shown before, and get those to be shown here."""
    talks: list[Talk] = []
    at = 0
    for run in part.runs:
        if talks and talks[-1].clip.file == run.clip.file:
            talks[-1] = talks[-1]._replace(runs=(*talks[-1].runs, (at, run)))
        else:
            talks.append(Talk(((at, run),), named=False))
        at += run.frames
    for n, talk in enumerate(talks):
        name = " ".join((talk.clip.speaker_name or "").split())
        if part.lower_third and name and name not in names:
            names.add(name)
            talks[n] = talk._replace(named=True)
    return [talk._replace(places=tuple(_places(talk))) for talk in talks]


def between_words(talk: Talk, low: int, high: int, wish: int) -> int:
    """The frame in [low, high] at which a picture may best come or go: between words, near the wish; else the wish."""
    best = max(
        ((worth - abs(at - wish) / _OFF, -at) for at, worth in talk.places if low <= at <= high),
        default=None,
    )
    return -best[1] if best else min(high, max(low, wish))


def seen(talk: Talk, covers: Sequence[Range]) -> list[Range]:
    """Where the speaker is seen, part by part: covers, jumps and the clip's own cuts part what is seen."""
    edges = sorted({talk.start, talk.end, *talk.jumps, *talk.source_cuts})
    return [part for span in pairwise(edges) for part in without(span, covers)]


def without(span: Range, covers: Iterable[Range]) -> list[Range]:
    """A range less what covers hold."""
    left, at = [], span[0]
    for start, end in sorted(covers):
        if start > at:
            left.append((at, min(start, span[1])))
        at = max(at, end)
        if at >= span[1]:
            break
    if at < span[1]:
        left.append((at, span[1]))
    return [part for part in left if part[1] > part[0]]


def _places(talk: Talk) -> list[tuple[int, float]]:
    """Every place between two words of a run, and what speaks for it."""
    places: list[tuple[int, float]] = [(at, _SOURCE_CUT) for at in talk.source_cuts]
    for at, run in talk.runs:
        for (word, sentence), (following, another) in pairwise(run.words):
            end, start = (at + nearest_frame(time) - run.start for time in (word.end_s, following.start_s))
            if end <= start:
                worth = min(_BREATH, start - end) + _NEW_SENTENCE * (sentence != another)
                places.append(((start + end) // 2, worth))
    return places
