"""Where nobody speaks: runs of frames between spoken words, long enough to describe pictures in. Pure."""

from typing import NamedTuple

from editing.timeline import Timeline

SHORTEST_RUN = 45
"""Frames below which a gap is too short to say anything in."""


class Span(NamedTuple):
    """Frames of the film from start up to, not including, end."""

    start: int
    end: int


def speech_spans(timeline: Timeline) -> list[Span]:
    """Where words are spoken, in order, touching and overlapping spans joined."""
    joined: list[Span] = []
    for span in sorted(Span(row.start, row.end) for row in timeline.speech):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def silent_runs(timeline: Timeline, within: Span, shortest: int = SHORTEST_RUN) -> list[Span]:
    """The runs inside `within` where nobody speaks, each at least `shortest` frames."""
    runs, at = [], within.start
    for span in speech_spans(timeline):
        if span.end <= at or span.start >= within.end:
            continue
        runs.append(Span(at, span.start))
        at = span.end
    runs.append(Span(at, within.end))
    return [run for run in runs if run.end - run.start >= shortest]


def overlap(one: Span, two: Span) -> int:
    """Frames both spans hold."""
    return max(0, min(one.end, two.end) - max(one.start, two.start))
