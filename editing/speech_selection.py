"""Which sentences of an interview are kept: whole ones, in runs, within a budget of frames."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.clip import Clip, Kind, Sentence, Word
from kit.timing import FILM_RATE, frames_before

PAD_BEFORE, PAD_AFTER = 7, 12
"""Frames of picture kept around speech: 0.25 s before (rounded down) and 0.4 s after."""
JOIN = 45
"""Frames of silence up to which sentences stay in one shot."""
SHORTEST_SHOT = 30
"""Frames under which a shot is only a flicker; a single `yes` is given its silence to reach it."""
LONG_SENTENCE_S = 25.0
"""A longer `sentence` is a transcript without punctuation; it is parted at its pauses."""
CLEAN = 90
"""What a window is worth more, in frames, for starting or ending where a thought does."""


class Speech(NamedTuple):
    """A sentence with its place in the clip, in film-rate frames."""

    sentence: Sentence
    number: int
    """Position in the clip, before any bounds."""
    start: int
    end: int
    low: int
    """First frame the picture may start at without touching the words before."""
    high: int
    """Last frame (exclusive) the picture may run to."""


class Run(NamedTuple):
    """One shot of a speaker: source frames [start, end) and the words said in it."""

    clip: Clip
    start: int
    end: int
    words: tuple[tuple[Word, int], ...]
    """Each word with the number of its sentence in the clip; empty when nothing is known of what is said."""

    @property
    def frames(self) -> int:
        """How long the shot is."""
        return self.end - self.start


def bounds_of(clip: Clip) -> tuple[int, int]:
    """First frame and end of what may be used of a clip: all of it, or what in and out points leave."""
    frames = clip.frames if clip.kind is Kind.VIDEO else frames_before(clip.duration_s)
    low = min(frames, max(0, _up(clip.in_s))) if clip.in_s is not None else 0
    high = min(frames, frames_before(clip.out_s)) if clip.out_s is not None else frames
    return low, max(low, high)


def speeches_of(clip: Clip) -> tuple[Speech, ...]:
    """The whole sentences inside the clip's bounds, in order of time."""
    low, high = bounds_of(clip)
    sentences = [part for one in sorted(clip.sentences, key=lambda one: one.start_s) for part in _tamed(one)]
    spans = [(max(0, _down(one.start_s)), _up(one.end_s)) for one in sentences]
    found = []
    for i, (one, (start, stop)) in enumerate(zip(sentences, spans, strict=True)):
        # A transcript may run a blink past the picture: half a second is forgiven, more is not this clip's speech.
        if start < low or start + 9 > high or stop > high + (15 if clip.out_s is None else 0):
            continue
        end = min(stop, high)
        before = max((_up(other.end_s) for other in sentences[:i]), default=None)
        after = min((_down(other.start_s) for other in sentences[i + 1 :]), default=None)
        # Sentences that follow each other at once meet inside one frame, which is shown with the first alone.
        met = before if before is not None and before - start == 1 else start
        # Neighbours share the pause between them, so that no frame can be shown with both.
        least = low if before is None else max(low, (before + met) // 2)
        most = high if after is None else min(high, (end + after) // 2)
        found.append(Speech(one, i, met, end, min(met, least), max(end, most)))
    return tuple(found)


class Window(NamedTuple):
    """Neighbouring sentences that could be heard."""

    speeches: tuple[Speech, ...]
    frames: int
    """Frames of picture they take."""
    clean: int
    """How many of its two ends lie where a thought begins or ends; both in a transcript without punctuation."""


def windows(speeches: Sequence[Speech], most: int) -> Iterator[Window]:
    """Every run of neighbouring sentences that takes `most` frames at most and does not flicker."""
    stops = [ends_thought(one.sentence) for one in speeches]
    punctuated = any(stops)
    for i in range(len(speeches)):
        for j in range(i, len(speeches)):
            if j > i and speeches[j].number != speeches[j - 1].number + 1:
                break
            window = tuple(speeches[i : j + 1])
            spans = _spans(window)
            length = sum(b - a for a, b in spans)
            if length > most:
                break
            if min(b - a for a, b in spans) < SHORTEST_SHOT:
                continue
            opens = not punctuated or i == 0 or stops[i - 1]
            closes = not punctuated or stops[j]
            yield Window(window, length, opens + closes)


def choose(speeches: Sequence[Speech], budget: int, *, at_least_one: bool = False) -> tuple[Speech, ...]:
    """The best run of neighbouring sentences that fits a budget of frames.

    Longer is better; starting after and ending with a full stop is worth three seconds each.
    """
    best = max(windows(speeches, budget), key=lambda one: one.frames + CLEAN * one.clean, default=None)
    if best is None and at_least_one:
        long_enough = [one for one in speeches if length_of((one,)) >= SHORTEST_SHOT]
        return tuple(sorted(long_enough, key=lambda one: (one.end - one.start, one.number))[:1])
    return best.speeches if best else ()


def length_of(speeches: Sequence[Speech]) -> int:
    """Frames of picture a choice of sentences takes."""
    return sum(b - a for a, b in _spans(speeches))


def runs_of(clip: Clip, speeches: Sequence[Speech]) -> tuple[Run, ...]:
    """The shots that show a choice of sentences."""
    runs = []
    for start, end in _spans(speeches):
        inside = [one for one in speeches if start <= one.start and one.end <= end]
        words = tuple((word, one.number) for one in inside for word in one.sentence.words)
        runs.append(Run(clip, start, end, words))
    return tuple(runs)


def _spans(speeches: Sequence[Speech]) -> list[tuple[int, int]]:
    """Source frames of the shots: neighbours with a small gap run on, others are cut apart."""
    groups: list[list[Speech]] = []
    for one in speeches:
        last = groups[-1][-1] if groups else None
        if last is None or one.number != last.number + 1 or one.start - last.end > JOIN:
            groups.append([])
        groups[-1].append(one)
    return [_padded(group[0], group[-1]) for group in groups]


def _padded(first: Speech, last: Speech) -> tuple[int, int]:
    """Source frames from one sentence to another with a little silence around; more of it around a very short one."""
    start, end = max(first.low, first.start - PAD_BEFORE), min(last.high, last.end + PAD_AFTER)
    end = min(last.high, max(end, start + SHORTEST_SHOT))
    return max(first.low, min(start, end - SHORTEST_SHOT)), end


def _tamed(sentence: Sentence) -> list[Sentence]:
    """A sentence, or its parts at the best pauses when it is far too long to be one."""
    words = sentence.words
    if sentence.end_s - sentence.start_s <= LONG_SENTENCE_S or len(words) < 4:
        return [sentence]

    def worth(i: int) -> tuple[float, float]:
        pause = words[i].start_s - words[i - 1].end_s
        middle = abs((words[i].start_s + words[i - 1].end_s - sentence.start_s - sentence.end_s) / 2)
        stop = 0.5 if words[i - 1].text.endswith((",", ";", ":", "–", "—")) else 0.0
        return pause + stop - middle / (sentence.end_s - sentence.start_s), -float(i)

    place = max(range(1, len(words)), key=worth)
    return [*_tamed(Sentence(words=words[:place])), *_tamed(Sentence(words=words[place:]))]


def ends_thought(sentence: Sentence) -> bool:
    """Whether a sentence ends with a full stop, a question or an exclamation."""
    return sentence.words[-1].text.rstrip("\"'”’)]").endswith((".", "!", "?", "…"))


def _down(seconds: float) -> int:
    return math.floor(seconds * float(FILM_RATE) + 1e-6)


def _up(seconds: float) -> int:
    return math.ceil(seconds * float(FILM_RATE) - 1e-6)
